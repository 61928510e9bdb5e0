"""Calibration and split-conformal intervals on ideas whose labels trained nothing.

The calibration set is the newest closed round (F8), because base rates drift between
rounds. Its own figures (Brier, ECE, coverage) come from cross-fitting: the set is halved
by group, each half is calibrated on the other.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression

from .encoder import CRITERIA
from .metrics import Floats, brier, ece
from .pack import Calibration
from .splits import folds

LEVEL = 0.8
BLOCK = 20  # ideas whose success rate an interval speaks of


def _quantile(misses: Floats, level: float) -> float:
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


def fit(success: Floats, criteria: Floats, funded: Floats, ratings: Floats) -> Calibration:
    """Fit temperature and intercept of the success logit, a line per criterion, and the radii.

    `funded` [n] and `ratings` [n, 3] are NaN where unknown.
    """
    known = ~np.isnan(funded)
    model = LogisticRegression(C=1e6, max_iter=2000).fit(success[known, None], funded[known])
    slope, intercept = float(model.coef_[0, 0]), float(model.intercept_[0])
    if slope <= 0:
        raise ValueError("the success head ranks the calibration set backwards")
    logits = slope * success[known] + intercept
    slopes, radii = {}, {}
    for i, name in enumerate(CRITERIA):
        rated = ~np.isnan(ratings[:, i])
        x, y = criteria[rated, i], ratings[rated, i]
        line = np.polyfit(x, y, 1)
        slopes[name] = (float(line[0]), float(line[1]))
        radii[name] = _quantile(np.abs(y - np.clip(np.polyval(line, x), 1, 5)), LEVEL)
    return Calibration(
        temperature=1.0 / slope,
        intercept=intercept,
        slopes=slopes,
        level=LEVEL,
        radius_logit=_quantile(block_misses(logits, funded[known]), LEVEL),
        radii=radii,
    )


def probabilities(calibration: Calibration, success: Floats) -> Floats:
    """Return calibrated chances for raw logits."""
    return np.array([calibration.probability(float(x)) for x in success])


def cross_fitted(
    success: Floats, criteria: Floats, funded: Floats, ratings: Floats, groups: Sequence[int]
) -> tuple[Floats, dict[str, float]]:
    """Return each idea's probability by the other half's calibration, and Brier, ECE and coverages."""
    half = folds(groups, 2, seed=3)
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
    figures = {
        "brier": brier(funded[known], chance[known]),
        "brier_of_base_rate": brier(funded[known], np.full(known.sum(), funded[known].mean())),
        "ece": ece(funded[known], chance[known]),
        "coverage_success_blocks": float(np.mean(covered["success_blocks"])),
    }
    for name in CRITERIA:
        figures[f"coverage_{name}"] = float(np.mean(covered[name]))
        figures[f"width_{name}"] = float(np.mean(widths[name]))
    return chance, figures
