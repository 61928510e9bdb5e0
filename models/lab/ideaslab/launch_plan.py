"""What a campaign's founder knows and states before launch, and the features made of it.

The Go program reads the same plan (`internal/scoring/launch`) and makes the same features;
`golden_launch.jsonl` holds both sides to each other. Amounts are US dollars, durations days.
A field that is not stated is None and becomes NaN; the graph puts the usual value there.

What happened after launch has no field here: pledges, backers, comments, updates, and the
creator's counts of campaigns created and backed, which were read when the campaign had ended.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime

import numpy as np

from .metrics import Floats

# US dollars for one unit, averages of January to March 2017, rounded.
RATES = {
    "USD": 1.0, "EUR": 1.065, "GBP": 1.24, "CAD": 0.755, "AUD": 0.758, "NZD": 0.712, "CHF": 0.996, "SEK": 0.112,
    "NOK": 0.1185, "DKK": 0.143, "JPY": 0.0088, "HKD": 0.1289, "SGD": 0.706, "MXN": 0.0493, "CNY": 0.1452,
    "INR": 0.0149, "BRL": 0.318, "PLN": 0.2465,
}
# The span of each number; beyond it a stated value counts as the nearer end. None is below the first.
SPANS = {
    "goal": (0.0, 1e9), "duration": (0.0, 365.0), "main_video": (0.0, 1.0), "extra_videos": (0.0, 100.0),
    "images": (0.0, 1000.0), "words": (0.0, 100000.0), "collaborators": (0.0, 3.0), "delivery": (-60.0, 1500.0),
    "ships_worldwide": (0.0, 1.0), "north_america": (0.0, 1.0), "rewards": (0.0, 1000.0),
    "lowest_reward": (0.0, 1e6), "median_reward": (0.0, 1e6), "highest_reward": (0.0, 1e6),
}
FEATURES = (
    "log_goal", "duration", "main_video", "log_extra_videos", "log_images", "log_words", "collaborators", "delivery",
    "ships_worldwide", "north_america", "weekend", "hour_sin", "hour_cos", "log_rewards", "log_lowest_reward",
    "log_median_reward", "log_highest_reward", "goal_to_median", "goal_to_highest",
)


@dataclass(frozen=True)
class Plan:
    """A campaign's plan. `start` is a moment in UTC; `ships_worldwide` the share of rewards that do."""

    goal: float | None = None
    duration: float | None = None
    category: str = ""
    main_category: str = ""
    main_video: float | None = None
    extra_videos: float | None = None
    images: float | None = None
    words: float | None = None
    collaborators: float | None = None
    delivery: float | None = None  # days from the campaign's end to the promised delivery
    ships_worldwide: float | None = None
    north_america: float | None = None
    start: datetime | None = None
    rewards: float | None = None
    lowest_reward: float | None = None
    median_reward: float | None = None
    highest_reward: float | None = None


def within_spans(plan: Plan) -> Plan:
    """Return the plan with every number inside its span."""
    moved = {}
    for field in fields(plan):
        value = getattr(plan, field.name)
        if field.name in SPANS and value is not None:
            low, high = SPANS[field.name]
            moved[field.name] = min(max(value, low), high)
    return replace(plan, **moved)


def _log(value: float | None) -> float:
    return math.nan if value is None else math.log1p(value)


def _plain(value: float | None) -> float:
    return math.nan if value is None else value


def features(plan: Plan) -> list[float]:
    """Return the features in the order of FEATURES, NaN where the plan does not say."""
    p = within_spans(plan)
    log_goal = math.nan if p.goal is None else math.log10(max(p.goal, 1.0))
    clock = [math.nan] * 3
    if p.start is not None:
        turn = 2 * math.pi * p.start.hour / 24
        clock = [float(p.start.weekday() > 4), math.sin(turn), math.cos(turn)]

    def ratio(reward: float | None) -> float:
        return math.nan if reward is None else log_goal - math.log10(1 + reward)

    return [
        log_goal, _plain(p.duration), _plain(p.main_video), _log(p.extra_videos), _log(p.images), _log(p.words),
        _plain(p.collaborators), _plain(p.delivery), _plain(p.ships_worldwide), _plain(p.north_america), *clock,
        _log(p.rewards), _log(p.lowest_reward), _log(p.median_reward), _log(p.highest_reward),
        ratio(p.median_reward), ratio(p.highest_reward),
    ]


def matrix(plans: Sequence[Plan]) -> Floats:
    """Return the features of many plans, [n, len(FEATURES)]."""
    return np.array([features(plan) for plan in plans], dtype=np.float64).reshape(len(plans), len(FEATURES))


_NOT_NAME = re.compile(r"[^A-Za-z0-9]+")


def category_key(name: str) -> str:
    """Return a category's name as it is compared: lower-case ASCII letters and digits."""
    return _NOT_NAME.sub("", name).lower()
