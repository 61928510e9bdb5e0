"""What cleaning found and did, in counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from .clean import RULES, touched_by
from .compose import FIELDS
from .prepare import Prepared
from .proposals import Proposal

_QUANTILES = {"least": 0.0, "p10": 0.1, "median": 0.5, "p90": 0.9, "most": 1.0}


def _is_empty(name: str) -> Callable[[Proposal], bool]:
    return lambda p: not p.text[name]


# When a value is missing. A missing text is an empty field, a missing amount is 0, a missing label
# is masked in every loss and figure.
_MISSING: dict[str, Callable[[Proposal], bool]] = {
    **{name: _is_empty(name) for name in FIELDS},
    "requested amount": lambda p: p.requested_usd == 0,
    "budget of the call": lambda p: p.call_budget_usd == 0,
    "ratings": lambda p: not p.ratings,
    "outcome": lambda p: p.outcome is None,
    "votes": lambda p: p.support is None,
}


def _sorted(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items()))


def rules(collected: Iterable[Proposal]) -> dict[str, dict[str, int]]:
    """Return, by cleaning rule, how many fields and how many rows it changed."""
    fields: Counter[str] = Counter()
    rows: Counter[str] = Counter()
    for proposal in collected:
        found = [touched_by(text) for text in proposal.text.values()]
        fields.update(name for names in found for name in names)
        rows.update({name for names in found for name in names})
    return {name: {"fields": fields[name], "rows": rows[name]} for name, _ in RULES}


def lengths(rows: Sequence[Proposal]) -> dict[str, dict[str, float]]:
    """Return quantiles of the number of words, by field and over all four."""
    counted = {name: [len(p.text[name].split()) for p in rows] for name in FIELDS}
    counted["all"] = [sum(counts) for counts in zip(*counted.values(), strict=True)]
    return {
        name: {label: float(np.quantile(counts, q)) for label, q in _QUANTILES.items()}
        for name, counts in counted.items() if counts
    }


def report(collected: Sequence[Proposal], made: Prepared) -> dict[str, Any]:
    """Return the report: what came in, what each rule touched, what is missing, what was set aside, what is left."""
    return {
        "collected": _sorted(Counter(p.fund for p in collected)),
        "rows": _sorted(Counter(p.fund for p in made.rows)),
        "quarantine": _sorted(Counter(s.reason for s in made.quarantine)),
        "rules": rules(collected),
        "emptied_fields": sum(
            bool(before.text[name].strip()) and not after
            for before, cleaned in _pairs(collected, made) for name, after in cleaned.text.items()
        ),
        "missing": {name: sum(map(test, made.rows)) for name, test in _MISSING.items()},
        "languages": dict(Counter(language.code for language in made.languages).most_common()),
        "words": lengths(made.rows),
        "groups": len({p.group for p in made.rows}),
    }


def _pairs(collected: Sequence[Proposal], made: Prepared) -> Iterable[tuple[Proposal, Proposal]]:
    cleaned = {p.key: p for p in [*made.rows, *(s.row for s in made.quarantine)]}
    return ((p, cleaned[p.key]) for p in collected)
