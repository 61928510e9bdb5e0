"""What pictures add to the launch head: a line over their measures, learned where the data has pictures.

The head is fitted first, without pictures. The term is then fitted on what the head's
out-of-fold logits leave unexplained, so that a head of data without pictures is the same as
one that never heard of them. The shipped head's data (Kickstarter 2017) has no picture files;
`internal/picture/term.go` reads a term from the manifest of a head that was fitted on some.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .metrics import Floats
from .pictures import FEATURES, Measures, mean_features
from .splits import folds

PENALTIES = (1.0, 3.0, 10.0, 30.0, 100.0, 300.0)
FOLDS, SEED = 5, 13
STEPS = 30  # of Newton's method; it ends long before


@dataclass(frozen=True)
class Term:
    """What pictures add to a logit: a line over the mean of an idea's features."""

    mean: Floats
    scale: Floats
    weights: Floats
    shown: float  # added where there is a picture at all
    penalty: float

    def read(self, pictures: Sequence[Sequence[Measures]]) -> Floats:
        """Return what each idea's pictures add [n]; 0 where there is none."""
        return np.array([
            self.shown + float(((mean_features(own) - self.mean) / self.scale) @ self.weights) if own else 0.0
            for own in pictures
        ])

    def as_json(self) -> dict[str, Any]:
        """Return the term as the manifest holds it, under `pictures`."""
        return {
            "features": list(FEATURES), "mean": self.mean.tolist(), "scale": self.scale.tolist(),
            "weights": self.weights.tolist(), "shown": self.shown,
        }


def fit_term(
    logits: Floats, pictures: Sequence[Sequence[Measures]], success: Floats, groups: Sequence[int]
) -> Term | None:
    """Fit the term on a head's out-of-fold logits [n]; folds by group choose the penalty.

    None when no idea has a picture, or when out of fold the term makes the logarithmic
    loss no smaller: pictures then change nothing.
    """
    shown = np.array([len(own) > 0 for own in pictures])
    if not shown.any():
        return None
    raw = np.array([mean_features(own) for own in pictures])
    fold = folds(groups, FOLDS, SEED)
    losses = {}
    for penalty in PENALTIES:
        added = np.zeros(len(logits))
        for held in range(FOLDS):
            learn = fold != held
            if not (shown & learn).any():
                continue
            part = _fit(logits[learn], raw[learn], shown[learn], success[learn], penalty)
            added[~learn] = _read(part, raw[~learn], shown[~learn])
        losses[penalty] = _loss(logits + added, success)
    best = min(losses, key=lambda penalty: losses[penalty])
    if losses[best] >= _loss(logits, success):
        return None
    return _fit(logits, raw, shown, success, best)


def _read(term: Term, raw: Floats, shown: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> Floats:
    return np.where(shown, term.shown + ((raw - term.mean) / term.scale) @ term.weights, 0.0)


def _loss(logits: Floats, success: Floats) -> float:
    return float(np.mean(np.logaddexp(0, logits) - success * logits))


def _fit(
    logits: Floats, raw: Floats, shown: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], success: Floats, penalty: float
) -> Term:
    """Fit a ridge-penalised logistic regression with the logits as a fixed offset, by Newton's method."""
    mean, scale = raw[shown].mean(axis=0), raw[shown].std(axis=0)
    scale = np.where(scale > 1e-9, scale, 1.0)
    x = np.column_stack([np.where(shown[:, None], (raw - mean) / scale, 0.0), shown.astype(np.float64)])
    ridge = penalty * np.eye(x.shape[1])
    weights = np.zeros(x.shape[1])
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-(logits + x @ weights)))
        slope = x.T @ (chance - success) + ridge @ weights
        step = np.linalg.solve((x * (chance * (1 - chance))[:, None]).T @ x + ridge, slope)
        weights -= step
        if np.abs(step).max() < 1e-10:
            break
    return Term(mean, scale, weights[:-1], float(weights[-1]), penalty)
