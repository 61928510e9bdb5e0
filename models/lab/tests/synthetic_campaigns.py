"""A made-up table of campaigns in the layout of the real one, with a rule that can be learned."""

from __future__ import annotations

import csv
import random
from pathlib import Path

from ideaslab import kickstarter
from synthetic import BAD, GOOD, PLAIN

COLUMNS = (
    "id", "creator", "title", "blurb", "category", "mainCategory", "goal", "currency", "continent", "countryState",
    "duration", "startDate", "numPerks", "lowestPerk", "highestPerk", "medianPerk", "mainVideo", "numAdditionalVideos",
    "numImages", "totWordCount", "numCollaborators", "estimatedDelivery", "shippingWorld", "facebookFriends", "created",
    "backed", "success",
)


def campaigns(n: int = 160, seed: int = 3) -> list[dict[str, str]]:
    """Return rows of a made-up table: small goals and sober words succeed."""
    source = random.Random(seed)
    rows = []
    for i in range(n):
        good, small = source.random() < 0.5, source.random() < 0.5
        won = (good + small) / 2 > source.random()
        words = [source.choice((GOOD if good else BAD) if source.random() < 0.5 else PLAIN) for _ in range(14)]
        main = source.choice(("Games", "Music"))
        rows.append(dict(zip(COLUMNS, map(str, (
            i, f"c{i // 2}", " ".join(words[:4]) + (" (Canceled)" if i % 20 == 0 else ""), " ".join(words[4:]) + f" {i}",
            f"{main} {i % 3}", main, source.randint(500, 2000) if small else source.randint(50000, 90000), "usd",
            "Europe" if i % 5 == 0 else "North America", "X", 30, f"3/{1 + i % 28}/17 {i % 24}:05", source.randint(1, 9), 5,
            100, 20, i % 2, 0, i % 7, 100 + i, 0, 20.5, 1, 574.5, 1, 0, int(won),
        )), strict=True)))
    return rows


def write(folder: Path, rows: list[dict[str, str]]) -> Path:
    """Write rows as the data folder has them and return that folder."""
    (folder / "kickstarter").mkdir(parents=True)
    with (folder / kickstarter.FILE).open("w", encoding="utf-8", newline="") as out:
        table = csv.DictWriter(out, COLUMNS)
        table.writeheader()
        table.writerows(rows)
    return folder
