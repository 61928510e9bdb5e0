"""Collect: reads the Catalyst files and joins ratings to proposals.

What may become a feature is text, requested amount and the call; votes, outcomes
and ratings are labels only, and `Proposal.text` is all that the model ever sees.
"""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from .atomic import write_lines
from .encoder import CRITERIA

# Question numbers 1..3 of the F4–F5 forms ask for the three criteria in this order;
# 4..6 belong to challenge settings and ask something else.
_QUESTION = {1: "impact", 2: "feasibility", 3: "auditability"}


@dataclass(frozen=True)
class Proposal:
    """One idea with its labels. Ratings are means on 1..5; absent labels are None."""

    id: int
    fund: str
    group: int
    author: str
    call: int
    text: dict[str, str]  # title, problem, solution, team
    requested_usd: float
    call_budget_usd: float
    is_challenge_setting: bool
    outcome: str | None
    support: float | None  # yes / (yes + no) votes
    rating: float | None
    ratings: dict[str, float] = field(default_factory=dict)  # mean by criterion
    reviews: int = 0
    notes: str = ""  # of all reviewers, one a line; for teachers, never for features

    @property
    def key(self) -> tuple[str, int]:
        """What names the idea among all rounds."""
        return self.fund, self.id

    @property
    def funded(self) -> float | None:
        """1 if funded, 0 if not, None while unknown."""
        return None if self.outcome is None else float(self.outcome == "funded")

    @property
    def approved(self) -> float | None:
        """1 if the vote approved it, funded or not; None while unknown."""
        return None if self.outcome is None else float(self.outcome != "rejected")


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    opened = gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8")
    with opened as lines:
        for line in lines:
            yield json.loads(line)


@dataclass
class Reviews:
    """What the reviewers of one proposal gave: marks by criterion, and notes."""

    marks: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    notes: list[str] = field(default_factory=list)

    def add(self, criterion: str, mark: float | None, note: str | None) -> None:
        """Take one answer; a form may lack either part."""
        if mark is not None:
            self.marks[criterion].append(float(mark))
        if note and note.strip():
            self.notes.append(" ".join(note.split()))

    def means(self) -> dict[str, float]:
        """Return the mean mark by criterion."""
        return {name: sum(given) / len(given) for name, given in self.marks.items()}


def _reviews(catalyst: Path) -> dict[tuple[str, int], Reviews]:
    given: dict[tuple[str, int], Reviews] = defaultdict(Reviews)
    for row in _lines(catalyst / "reviews_f6_f8.jsonl.gz"):
        for name in CRITERIA:
            given[row["fund"], row["proposal_id"]].add(name, row[name], row.get(f"note_{name}"))
    for row in _lines(catalyst / "reviews_f4_f5.jsonl.gz"):
        name = _QUESTION.get(row["question"], "")
        if name:
            given[row["fund"], row["proposal_id"]].add(name, row["rating"], row.get("note"))
    return given


def collect(data: Path) -> list[Proposal]:
    """Return every proposal of `data`/catalyst as it was written, uncleaned, in file order."""
    catalyst = data / "catalyst"
    reviews = _reviews(catalyst)
    return [_proposal(row, reviews[row["fund"], row["id"]]) for row in _lines(catalyst / "proposals.jsonl")]


def _proposal(row: dict[str, Any], reviews: Reviews) -> Proposal:
    yes, no = row["yes"], row["no"]
    votes = (yes or 0) + (no or 0)
    return Proposal(
        id=row["id"],
        fund=row["fund"],
        group=row["group"],
        author=row["author"] or "",
        call=row["challenge_id"],
        text={
            "title": row["title"] or "",
            "problem": row["problem"] or "",
            "solution": row["solution"] or "",
            "team": row["experience"] or "",
        },
        requested_usd=float(row["requested_usd"] or 0),
        call_budget_usd=float(row["challenge_budget_usd"] or 0),
        is_challenge_setting=bool(row["is_challenge_setting"]),
        outcome=row["outcome"],
        support=yes / votes if yes is not None and votes else None,
        rating=row["mean_rating"],
        ratings=reviews.means(),
        reviews=row["n_reviews"] or 0,
        notes="\n".join(reviews.notes),
    )


def write(proposals: Iterable[Proposal], path: Path) -> None:
    """Write proposals as JSON Lines."""
    write_lines(path, map(asdict, proposals))


def read(path: Path) -> list[Proposal]:
    """Read what `write` wrote."""
    return [Proposal(**row) for row in _lines(path)]
