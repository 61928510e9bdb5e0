"""Folds what the other heads know into the success head.

All heads are linear in the same pooled vector, so a weighted sum of them is again one
linear head: the blend costs nothing at run time. The weights are fitted on out-of-fold
answers and used only if grouped cross-validation says that they help.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression

from .encoder import CRITERIA, IdeaModel
from .metrics import Floats, auc
from .proposals import Proposal
from .splits import folds

SOURCES = ("success", "rating", "approved", "support")


@dataclass(frozen=True)
class Blend:
    """Weights by source on the raw head outputs, and the evidence for them."""

    weights: dict[str, float]
    intercept: float
    used: bool
    head_auc: float  # out of fold, success head alone
    blend_auc: float  # out of fold, blend fitted on the other folds


def _sources(outputs: Floats) -> Floats:
    return np.column_stack([
        outputs[:, 0], outputs[:, 1 : 1 + len(CRITERIA)].mean(axis=1), outputs[:, 4], outputs[:, 5],
    ])


def _fit(x: Floats, y: Floats) -> tuple[Floats, float]:
    mean, spread = x.mean(axis=0), x.std(axis=0) + 1e-9
    model = LogisticRegression(C=0.3, max_iter=2000).fit((x - mean) / spread, y)
    weights = np.asarray(model.coef_[0] / spread, dtype=np.float64)
    return weights, float(model.intercept_[0] - weights @ mean)


def fit_blend(outputs: Floats, rows: Sequence[Proposal], k: int = 5, seed: int = 2) -> Blend:
    """Fit the blend on out-of-fold `outputs` of the rows whose outcome is known."""
    judged = [i for i, p in enumerate(rows) if p.funded is not None]
    x, y = _sources(outputs[judged]), np.array([float(rows[i].funded or 0.0) for i in judged])
    fold = folds([rows[i].group for i in judged], k, seed)
    guess = np.zeros(len(y))
    for held in range(k):
        weights, intercept = _fit(x[fold != held], y[fold != held])
        guess[fold == held] = x[fold == held] @ weights + intercept
    weights, intercept = _fit(x, y)
    head, blended = auc(y, x[:, 0]), auc(y, guess)
    return Blend(dict(zip(SOURCES, map(float, weights), strict=True)), intercept, blended > head, head, blended)


def apply(model: IdeaModel, blend: Blend) -> None:
    """Replace the success head by the blend, if it is to be used."""
    if not blend.used:
        return
    w = blend.weights
    with torch.no_grad():
        weight = (
            w["success"] * model.success.weight
            + w["rating"] * model.criteria.weight.mean(dim=0, keepdim=True)
            + w["approved"] * model.auxiliary.weight[0:1]
            + w["support"] * model.auxiliary.weight[1:2]
        )
        bias = (
            w["success"] * model.success.bias
            + w["rating"] * model.criteria.bias.mean()
            + w["approved"] * model.auxiliary.bias[0]
            + w["support"] * model.auxiliary.bias[1]
            + blend.intercept
        )
        model.success.weight.copy_(weight)
        model.success.bias.copy_(bias)
