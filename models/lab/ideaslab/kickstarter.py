"""Reads and cleans the campaigns: what was known at launch, the outcome, and nothing else.

Titles carry marks that the platform added when a campaign had ended, such as "(Canceled)";
they foretell the outcome and are removed. Three columns tell of the creator's history and
were read after the end too (`created`, and beside it on the same page `backed`), or are
private (`facebookFriends`, mostly filled in with one value). They are kept apart, for the
table of leaks only.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from .clean import clean
from .duplicates import near_pairs, words
from .launch_plan import RATES, Plan
from .metrics import Floats

FILE = Path("kickstarter") / "campaigns_2017.csv"
HISTORY = ("created", "backed", "facebookFriends")
_MARK = re.compile(r"(?i)[ ]*\((?:canceled|cancelled|suspended|failed|successful|funded)\)")
_START = "%m/%d/%y %H:%M"


@dataclass(frozen=True)
class Campaign:
    """One campaign: its text, its plan, and its outcome."""

    title: str
    blurb: str
    plan: Plan
    creator: str
    success: float  # 1 or 0
    raw_title: str  # with the marks, for the table of leaks only
    history: tuple[float, ...]  # HISTORY, for the table of leaks only
    continent: str  # for slices


@dataclass(frozen=True)
class Collected:
    """All campaigns that can be used, and what cleaning did."""

    campaigns: list[Campaign]
    report: dict[str, int]

    @property
    def success(self) -> Floats:
        """The outcomes [n]."""
        return np.array([c.success for c in self.campaigns])

    @property
    def groups(self) -> list[int]:
        """One number for each creator, and for creators who share a text."""
        number: dict[str, int] = {}
        own = [number.setdefault(c.creator, len(number)) for c in self.campaigns]
        for i, j, _ in near_pairs([{"title": c.title, "blurb": c.blurb} for c in self.campaigns]):
            old, new = max(own[i], own[j]), min(own[i], own[j])
            own = [new if g == old else g for g in own]
        return own


def unmarked(title: str) -> str:
    """Return a title without the marks that say how a campaign ended."""
    return _MARK.sub("", title)


def _number(row: dict[str, str], name: str) -> float | None:
    text = row.get(name, "").strip()
    return float(text) if text else None


def _plan(row: dict[str, str]) -> Plan:
    rate = RATES.get(row["currency"].upper())

    def dollars(name: str) -> float | None:
        amount = _number(row, name)
        return None if amount is None or rate is None else amount * rate

    return Plan(
        goal=dollars("goal"),
        duration=_number(row, "duration"),
        category=row["category"],
        main_category=row["mainCategory"],
        main_video=_number(row, "mainVideo"),
        extra_videos=_number(row, "numAdditionalVideos"),
        images=_number(row, "numImages"),
        words=_number(row, "totWordCount"),
        collaborators=_number(row, "numCollaborators"),
        delivery=_number(row, "estimatedDelivery"),
        ships_worldwide=_number(row, "shippingWorld"),
        north_america=float(row["continent"] == "North America") if row["continent"] else None,
        start=datetime.strptime(row["startDate"], _START) if row["startDate"] else None,
        rewards=_number(row, "numPerks"),
        lowest_reward=dollars("lowestPerk"),
        median_reward=dollars("medianPerk"),
        highest_reward=dollars("highestPerk"),
    )


def collect(data: Path) -> Collected:
    """Read the campaigns under the data folder and clean them."""
    with (data / FILE).open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    count: Counter[str] = Counter(rows=len(rows))
    kept: list[Campaign] = []
    seen: set[tuple[str, ...]] = set()
    for row in rows:
        title, blurb = clean(unmarked(row["title"])), clean(row["blurb"])
        count["titles_with_a_mark"] += unmarked(row["title"]) != row["title"]
        text = tuple(words({"title": title, "blurb": blurb}))
        if not text or row["success"] not in ("0", "1"):
            count["set_aside_without_text_or_outcome"] += 1
            continue
        if text in seen:
            count["set_aside_same_text"] += 1
            continue
        seen.add(text)
        plan = _plan(row)
        count["plans_with_a_missing_field"] += any(v is None or v == "" for v in vars(plan).values())
        count["delivery_before_the_end"] += plan.delivery is not None and plan.delivery < 0
        kept.append(Campaign(
            title, blurb, plan, row["creator"], float(row["success"]), row["title"],
            tuple(float(row.get(name) or "nan") for name in HISTORY), row["continent"],
        ))
    count["campaigns"] = len(kept)
    count["creators"] = len({c.creator for c in kept})
    count["successes"] = sum(int(c.success) for c in kept)
    return Collected(kept, dict(count))
