"""Clean: from collected proposals to training and test rows, with a reason for each row left out."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from . import proposals
from .clean import clean
from .duplicates import near_pairs, words
from .proposals import Proposal

TRAIN_FUNDS = ("F4", "F5", "F6", "F7")
TEST_FUND = "F8"
MIN_WORDS = 5


@dataclass(frozen=True)
class Prepared:
    """The cleaned rows and, for each row set aside, why."""

    train: list[Proposal]
    test: list[Proposal]
    quarantine: list[tuple[Proposal, str]]

    def report(self) -> dict[str, object]:
        """Return counts by fund and by reason."""
        return {
            "train": dict(sorted(Counter(p.fund for p in self.train).items())),
            "test": dict(sorted(Counter(p.fund for p in self.test).items())),
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


def prepare(collected: list[Proposal]) -> Prepared:
    """Clean the texts, set unfit rows aside, drop copies inside a fund and training copies of test rows."""
    quarantine: list[tuple[Proposal, str]] = []
    fit: list[Proposal] = []
    for raw in collected:
        row = replace(raw, text={name: clean(value) for name, value in raw.text.items()})
        reason = _unfit(row)
        if reason:
            quarantine.append((row, reason))
        else:
            fit.append(row)
    out: dict[int, str] = {}
    for i, j, similarity in near_pairs([p.text for p in fit]):
        kind = "duplicate" if similarity == 1.0 else "near_duplicate"
        if i in out or j in out:
            continue
        if (fit[i].fund == TEST_FUND) != (fit[j].fund == TEST_FUND):
            out[i if fit[j].fund == TEST_FUND else j] = f"{kind}_of_test"
        else:
            # Of two copies the later one stays: it is the version that was last judged.
            out[i] = kind
    quarantine += [(fit[i], reason) for i, reason in sorted(out.items())]
    kept = [p for i, p in enumerate(fit) if i not in out]
    return Prepared(
        train=[p for p in kept if p.fund in TRAIN_FUNDS],
        test=[p for p in kept if p.fund == TEST_FUND],
        quarantine=quarantine,
    )


def run(data: Path, work: Path) -> Prepared:
    """Collect and clean `data` and leave train, test, quarantine and a report in `work`."""
    prepared = prepare(proposals.collect(data))
    proposals.write(prepared.train, work / "train.jsonl")
    proposals.write(prepared.test, work / "test.jsonl")
    with (work / "quarantine.jsonl").open("w", encoding="utf-8") as out:
        for row, reason in prepared.quarantine:
            out.write(json.dumps({"id": row.id, "fund": row.fund, "reason": reason}) + "\n")
    (work / "clean_report.json").write_text(json.dumps(prepared.report(), indent=1) + "\n", encoding="utf-8")
    return prepared
