"""Calibration and split-conformal intervals on ideas whose labels trained nothing.

The calibration set is the newest closed round (F8), because base rates drift between
rounds. Its own figures (Brier, ECE, coverage) come from cross-fitting: the set is halved
by group, each half is calibrated on the other.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from .encoder import CRITERIA
from .metrics import Floats, brier, ece
from .pack import Calibration
from .splits import folds

LEVEL = 0.8
HALVES_SEED = 3
Z = 1.959964  # normal quantile of a two-sided 95 % interval
BLOCK = 20  # ideas whose success rate an interval speaks of


def quantile(misses: Floats, level: float) -> float:
    """Return the split-conformal quantile: the ceil((n + 1) level)-th smallest of n misses."""
    n = len(misses)
    rank = min(n, math.ceil((n + 1) * level))
    return float(np.sort(misses)[rank - 1])


def block_misses(logits: Floats, funded: Floats, size: int = BLOCK) -> Floats:
    """Return, for neighbours in score taken `size` at a time, how far the logit of their success rate
    (half a success and half a failure added, so that it is finite) lies from their mean logit."""
    order = np.argsort(logits, kind="stable")
    blocks = [order[i : i + size] for i in range(0, len(order) - size + 1, size)]
    misses = []
    for block in blocks:
        won = funded[block].sum()
        misses.append(abs(math.log((won + 0.5) / (len(block) - won + 0.5)) - logits[block].mean()))
    return np.array(misses)


def line(success: Floats, funded: Floats) -> tuple[float, float]:
    """Return slope and intercept that turn a score into the logit of success; unknown outcomes (NaN) are left out.

    Raises ValueError when higher scores succeed less often.
    """
    known = ~np.isnan(funded)
    model = LogisticRegression(C=1e6, max_iter=2000).fit(success[known, None], funded[known])
    slope, intercept = float(model.coef_[0, 0]), float(model.intercept_[0])
    if slope <= 0:
        raise ValueError("the success head ranks the calibration set backwards")
    return slope, intercept


def fit(success: Floats, criteria: Floats, funded: Floats, ratings: Floats) -> Calibration:
    """Fit temperature and intercept of the success logit, a line per criterion, and the radii.

    `funded` [n] and `ratings` [n, 3] are NaN where unknown.
    """
    known = ~np.isnan(funded)
    slope, intercept = line(success, funded)
    logits = slope * success[known] + intercept
    slopes, radii = {}, {}
    for i, name in enumerate(CRITERIA):
        rated = ~np.isnan(ratings[:, i])
        x, y = criteria[rated, i], ratings[rated, i]
        fitted = np.polyfit(x, y, 1)
        slopes[name] = (float(fitted[0]), float(fitted[1]))
        radii[name] = quantile(np.abs(y - np.clip(np.polyval(fitted, x), 1, 5)), LEVEL)
    return Calibration(
        temperature=1.0 / slope,
        intercept=intercept,
        slopes=slopes,
        level=LEVEL,
        radius_logit=quantile(block_misses(logits, funded[known]), LEVEL),
        radii=radii,
    )


def probabilities(calibration: Calibration, success: Floats) -> Floats:
    """Return calibrated chances for raw logits."""
    return np.array([calibration.probability(float(x)) for x in success])


def cross_fitted_chance(score: Floats, funded: Floats, groups: Sequence[int]) -> Floats:
    """Return the chance of success of every row by the line fitted on the other half of the groups."""
    half = folds(groups, 2, HALVES_SEED)
    chance = np.full(len(score), np.nan)
    for side in (0, 1):
        slope, intercept = line(score[half != side], funded[half != side])
        chance[half == side] = 1 / (1 + np.exp(-(slope * score[half == side] + intercept)))
    return chance


def reliability(funded: Floats, chance: Floats, bins: int = 10) -> list[dict[str, float]]:
    """Return, for `bins` equal parts of the ideas in order of their chance, how many there are, their mean
    chance, and the share that succeeded with its 95 % interval (Wilson 1927)."""
    order = np.argsort(chance, kind="stable")
    found = []
    for part in np.array_split(order, min(bins, len(order))):
        n, share = len(part), float(funded[part].mean())
        middle = (share + Z**2 / (2 * n)) / (1 + Z**2 / n)
        reach = Z / (1 + Z**2 / n) * math.sqrt(share * (1 - share) / n + Z**2 / (4 * n**2))
        found.append({
            "n": n, "mean_probability": float(chance[part].mean()), "observed": share,
            "low": min(share, max(0.0, middle - reach)), "high": max(share, min(1.0, middle + reach)),
        })
    return found


def cross_fitted(
    success: Floats, criteria: Floats, funded: Floats, ratings: Floats, groups: Sequence[int]
) -> tuple[Floats, dict[str, Any]]:
    """Return each idea's probability by the other half's calibration, and Brier, ECE, coverages and reliability."""
    half = folds(groups, 2, HALVES_SEED)
    chance = np.full(len(success), np.nan)
    covered: dict[str, list[float]] = {name: [] for name in ("success_blocks", *CRITERIA)}
    widths: dict[str, list[float]] = {name: [] for name in CRITERIA}
    for side in (0, 1):
        learn, hold = half != side, half == side
        made = fit(success[learn], criteria[learn], funded[learn], ratings[learn])
        chance[hold] = probabilities(made, success[hold])
        judged = hold & ~np.isnan(funded)
        logits = success[judged] / made.temperature + made.intercept
        covered["success_blocks"] += list(block_misses(logits, funded[judged]) <= made.radius_logit)
        for i, name in enumerate(CRITERIA):
            rated = hold & ~np.isnan(ratings[:, i])
            slope, intercept = made.slopes[name]
            guess = np.clip(slope * criteria[rated, i] + intercept, 1, 5)
            covered[name] += list(np.abs(ratings[rated, i] - guess) <= made.radii[name])
            widths[name].append(2 * made.radii[name])
    known = ~np.isnan(funded)
    figures: dict[str, Any] = {
        "brier": brier(funded[known], chance[known]),
        "brier_of_base_rate": brier(funded[known], np.full(known.sum(), funded[known].mean())),
        "ece": ece(funded[known], chance[known]),
        "coverage_success_blocks": float(np.mean(covered["success_blocks"])),
    }
    for name in CRITERIA:
        figures[f"coverage_{name}"] = float(np.mean(covered[name]))
        figures[f"width_{name}"] = float(np.mean(widths[name]))
    figures["reliability"] = reliability(funded[known], chance[known])
    return chance, figures
