"""Clean: from collected proposals to rows fit to learn from, with a reason for each row left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from .clean import clean
from .duplicates import near_pairs, words
from .proposals import Proposal
from .splits import round_number

MIN_WORDS = 5


@dataclass(frozen=True)
class Prepared:
    """The cleaned rows, oldest round first, and, for each row set aside, why."""

    rows: list[Proposal]
    quarantine: list[tuple[Proposal, str]]

    def report(self) -> dict[str, object]:
        """Return counts by round and by reason."""
        return {
            "rows": dict(sorted(Counter(p.fund for p in self.rows).items())),
            "quarantine": dict(sorted(Counter(reason for _, reason in self.quarantine).items())),
        }


def _unfit(proposal: Proposal) -> str:
    if proposal.is_challenge_setting:
        return "challenge_setting"  # a proposal for a call, judged by other questions
    if len(words(proposal.text)) < MIN_WORDS:
        return "too_short"
    if proposal.rating is None and proposal.outcome is None:
        return "no_label"
    return ""


def _copies(rows: Sequence[Proposal]) -> dict[int, str]:
    """Return, by row number, why a row goes because a later one says the same.

    Of two copies the later one stays: it is the version that was last judged, and no
    round is left with the text of a later one, which may be its test.
    """
    out: dict[int, str] = {}
    for i, j, similarity in near_pairs([p.text for p in rows]):
        if i in out or j in out:
            continue
        kind = "duplicate" if similarity == 1.0 else "near_duplicate"
        out[i] = kind if rows[i].fund == rows[j].fund else f"{kind}_of_later_round"
    return out


def prepare(collected: Sequence[Proposal]) -> Prepared:
    """Clean the texts, set unfit rows aside, and keep the latest of several copies."""
    quarantine: list[tuple[Proposal, str]] = []
    fit: list[Proposal] = []
    for raw in sorted(collected, key=lambda p: round_number(p.fund)):
        row = replace(raw, text={name: clean(value) for name, value in raw.text.items()})
        reason = _unfit(row)
        if reason:
            quarantine.append((row, reason))
        else:
            fit.append(row)
    copies = _copies(fit)
    quarantine += [(fit[i], reason) for i, reason in sorted(copies.items())]
    return Prepared([p for i, p in enumerate(fit) if i not in copies], quarantine)
