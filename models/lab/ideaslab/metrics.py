"""The figures: ranking quality, calibration and their intervals by group bootstrap."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

Floats = NDArray[np.float64]
Rows = NDArray[np.int_]  # row numbers


def auc(truth: Floats, score: Floats) -> float:
    """Return the area under the ROC curve: the chance that a 1 outranks a 0, ties half. NaN if one class."""
    positive = truth > 0.5
    n1, n0 = int(positive.sum()), int((~positive).sum())
    if n1 == 0 or n0 == 0:
        return float("nan")
    return float((rankdata(score)[positive].sum() - n1 * (n1 + 1) / 2) / (n1 * n0))


def spearman(truth: Floats, score: Floats) -> float:
    """Return the rank correlation, NaN when one side is constant or there are no two values."""
    if len(truth) < 2:
        return float("nan")
    a, b = rankdata(truth), rankdata(score)
    if a.std() == 0 or b.std() == 0:
        return float("nan")
    return float(np.corrcoef(a, b)[0, 1])


def above_median(values: Floats) -> Floats:
    """Return 1 where a value lies above the median of all, else 0."""
    return (values > np.median(values)).astype(np.float64) if len(values) else values


def brier(truth: Floats, probability: Floats) -> float:
    """Return the mean squared error of a probability, 0..1."""
    return float(np.mean((probability - truth) ** 2))


def ece(truth: Floats, probability: Floats, bins: int = 10) -> float:
    """Return the expected calibration error over `bins` equal-count bins, 0..1."""
    order = np.argsort(probability, kind="stable")
    gaps = [
        len(part) * abs(truth[part].mean() - probability[part].mean())
        for part in np.array_split(order, min(bins, len(order)))
    ]
    return float(sum(gaps) / len(order))


def accuracy(truth: Floats, probability: Floats) -> float:
    """Return the share of outcomes that a probability foretells from one half on."""
    return float(np.mean((probability >= 0.5) == (truth > 0.5)))


def by_class(truth: Floats, probability: Floats, threshold: float = 0.5) -> dict[str, float]:
    """Return precision, recall and F1 of both classes, 0 where undefined, "yes" being said from `threshold`."""
    found: dict[str, float] = {}
    for name, real, said in (
        ("yes", truth > 0.5, probability >= threshold), ("no", truth <= 0.5, probability < threshold)
    ):
        hits = float((real & said).sum())
        precision, recall = hits / max(1, said.sum()), hits / max(1, real.sum())
        found |= {
            f"precision_{name}": float(precision), f"recall_{name}": float(recall),
            f"f1_{name}": float(2 * precision * recall / (precision + recall)) if hits else 0.0,
        }
    return found


def ndcg(gain: Floats, score: Floats, k: int = 10) -> float:
    """Return NDCG@k with linear gains (Järvelin and Kekäläinen 2002); NaN when nothing has gain."""
    discount = 1.0 / np.log2(np.arange(2, min(k, len(gain)) + 2))
    got = float((gain[np.argsort(-score, kind="stable")][:k] * discount).sum())
    best = float((np.sort(gain)[::-1][:k] * discount).sum())
    return got / best if best > 0 else float("nan")


def within(calls: Sequence[int] | Rows, figure: Callable[[Rows], float], least: int, by_size: bool = True) -> float:
    """Return the mean of `figure` over the calls that have at least `least` ideas and a defined figure,
    weighted by their number of ideas or each alike."""
    ids = np.asarray(calls)
    total = weight = 0.0
    for call in np.unique(ids):
        rows = np.flatnonzero(ids == call)
        if len(rows) < least:
            continue
        value = figure(rows)
        if not np.isnan(value):
            size = len(rows) if by_size else 1
            total += value * size
            weight += size
    return total / weight if weight else float("nan")


def interval(
    groups: Sequence[int],
    figure: Callable[[Rows], float],
    rounds: int = 1000,
    level: float = 0.95,
    seed: int = 7,
) -> tuple[float, float]:
    """Return the percentile bootstrap interval of `figure` when whole groups are drawn with replacement."""
    ids = np.asarray(groups)
    members = [np.flatnonzero(ids == g) for g in np.unique(ids)]
    generator = np.random.default_rng(seed)
    values = []
    for _ in range(rounds):
        drawn = generator.integers(0, len(members), len(members))
        values.append(figure(np.concatenate([members[i] for i in drawn])))
    if np.isnan(values).all():
        return float("nan"), float("nan")
    low, high = np.nanquantile(values, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
