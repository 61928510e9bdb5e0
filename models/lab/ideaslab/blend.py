"""Joins the encoder's heads and the lexicon into the shipped heads.

Everything joined is linear, either in the pooled encoding or in the terms, so the result is
again one linear head over each: the blend costs nothing at run time. A blend is used only
where out-of-fold answers say that it helps.

Criteria have labels from every round, so their two weights are fitted. Outcomes are known for
few, and fitted weights did worse there than equal ones, as is common when labels are few
(Dawes 1979); success therefore takes head and lexicon in equal parts, each with unit spread.
It is judged inside calls, because the next round has other calls, and refused only where it
clearly costs: two readers that err differently are the safer bet on a round that nobody has seen,
and with so few outcomes a smaller loss is noise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from sklearn.linear_model import LinearRegression, LogisticRegression
from torch import Tensor, nn

from .batches import labels
from .encoder import CRITERIA, IdeaModel
from .lexicon import Lexicon, Reading, Vocabulary
from .metrics import Floats, Rows, auc, spearman, within
from .proposals import Proposal
from .splits import folds

SOURCES = ("head", "words")
OUTPUTS = ("success", *CRITERIA)  # the order of the lexicon's columns


@dataclass(frozen=True)
class Part:
    """One output's blend: weight by source, and the out-of-fold evidence for using it."""

    weights: dict[str, float]
    intercept: float
    used: bool
    alone: float  # the encoder's own head
    blended: float  # the blend; fitted weights come from the other folds


@dataclass(frozen=True)
class Blend:
    """The blends of the success logit (judged by AUC inside calls) and of each criterion (by Spearman)."""

    success: Part
    criteria: dict[str, Part]

    def part(self, output: str) -> Part:
        """Return the blend of one of OUTPUTS."""
        return self.success if output == "success" else self.criteria[output]


LEAST_IN_CALL = 5  # judged ideas a call needs to say something about order inside it
LEEWAY = 0.01  # AUC that joining may seem to cost: half the standard error of an AUC over 650 outcomes


def _named(weights: Floats) -> dict[str, float]:
    return dict(zip(SOURCES, map(float, weights), strict=True))


def _equal(sources: Floats, funded: Floats, calls: Rows) -> Part:
    spread = sources.std(axis=0) + 1e-9
    blended = (sources / spread).sum(axis=1)

    def inside(score: Floats) -> float:
        return within(calls, lambda rows: auc(funded[rows], score[rows]), LEAST_IN_CALL)

    scale = LogisticRegression(C=1e6).fit(blended[:, None], funded)
    slope = float(scale.coef_[0, 0])
    alone, together = inside(sources[:, 0]), inside(blended)
    return Part(_named(slope / spread), float(scale.intercept_[0]), together > alone - LEEWAY, alone, together)


def _line(x: Floats, y: Floats) -> tuple[Floats, float]:
    model = LinearRegression().fit(x, y)
    return np.asarray(model.coef_, dtype=np.float64), float(model.intercept_)


def _fitted(x: Floats, y: Floats, fold: Rows) -> Part:
    guess = np.zeros(len(y))
    for held in np.unique(fold):
        weights, intercept = _line(x[fold != held], y[fold != held])
        guess[fold == held] = x[fold == held] @ weights + intercept
    weights, intercept = _line(x, y)
    alone, together = spearman(y, x[:, 0]), spearman(y, guess)
    return Part(_named(weights), intercept, together > alone, alone, together)


def fit_blend(outputs: Floats, words: Floats, rows: Sequence[Proposal], k: int = 5, seed: int = 2) -> Blend:
    """Make the blends from out-of-fold answers, both in the order of OUTPUTS: `outputs` [n, 4 or more] of the
    encoder, `words` [n, 4] of the lexicon."""
    target = labels(rows)
    fold = folds([p.group for p in rows], k, seed)
    judged = np.flatnonzero(~np.isnan(target.funded))
    calls = np.array([p.call for p in rows])
    success = _equal(np.column_stack([outputs[judged, 0], words[judged, 0]]), target.funded[judged], calls[judged])
    criteria = {}
    for i, name in enumerate(CRITERIA):
        rated = np.flatnonzero(~np.isnan(target.criteria[:, i]))
        both = np.column_stack([outputs[rated, 1 + i], words[rated, 1 + i]])
        criteria[name] = _fitted(both, target.criteria[rated, i], fold[rated])
    return Blend(success, criteria)


def answers(blend: Blend, outputs: Floats, words: Floats) -> tuple[Floats, Floats]:
    """Return the success logits [n] and criteria [n, 3] that the joined heads give to these sources."""
    joined = outputs[:, : len(OUTPUTS)].copy()
    for i, name in enumerate(OUTPUTS):
        part = blend.part(name)
        if part.used:
            joined[:, i] = part.weights["head"] * joined[:, i] + part.weights["words"] * words[:, i] + part.intercept
    return joined[:, 0], joined[:, 1:]


class Shipped(nn.Module):
    """What ships: encoder, heads and lexicon behind one `forward`."""

    def __init__(self, model: IdeaModel, vocabulary: Vocabulary) -> None:
        super().__init__()
        self.model = model
        self.lexicon = Lexicon(vocabulary, len(OUTPUTS))

    def forward(
        self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Return success logit [batch], criteria [batch, 3] on 1..5, unit embedding [batch, width]."""
        success, criteria, embedding = self.model(input_ids, attention_mask, token_type_ids)
        words = self.lexicon(input_ids)
        return success + words[:, 0], criteria + words[:, 1:], embedding


@torch.no_grad()
def join(model: IdeaModel, reading: Reading, vocabulary: Vocabulary, blend: Blend) -> Shipped:
    """Return the shipped network; `model`'s heads are rewritten in place."""
    columns = np.zeros_like(reading.weights)
    for i, name in enumerate(OUTPUTS):
        part = blend.part(name)
        if not part.used:
            continue
        head, row = (model.success, 0) if i == 0 else (model.criteria, i - 1)
        head.weight[row].mul_(part.weights["head"])
        head.bias[row].mul_(part.weights["head"]).add_(
            part.weights["words"] * float(reading.intercept[i]) + part.intercept
        )
        columns[:, i] = part.weights["words"] * reading.weights[:, i]
    shipped = Shipped(model, vocabulary)
    shipped.lexicon.load(reading.idf, columns)
    return shipped.eval()
