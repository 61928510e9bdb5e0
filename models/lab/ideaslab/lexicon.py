"""The wide part of the model: a linear reading of word pieces and their pairs, inside the same graph.

A small encoder blurs rare words and names that carry information; a linear model on terms
keeps them. Out of fold the two together rank ratings clearly better than either. Terms are
the input ids themselves and neighbouring pairs, hashed, so the graph needs no other input.

A text's features are c_t idf_t / sqrt(sum c_t idf_t^2), c_t being how often term t occurs:
TF-IDF whose length is taken occurrence by occurrence, which a graph computes with one
gather and two sums.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sparse
import torch
from sklearn.linear_model import Ridge
from torch import Tensor, nn

from .metrics import Floats

PAIR_BUCKETS = 1 << 17
_SPREAD = 1_000_003  # a prime; pairs land in bucket (first * _SPREAD + second) mod PAIR_BUCKETS
LEAST_TEXTS = 2  # a term seen in fewer training texts is ignored
STRENGTH = 1.0  # ridge penalty; 0.3 to 3 did equally well out of fold


@dataclass(frozen=True)
class Vocabulary:
    """The ids that matter for finding terms: how many word pieces there are, and the special ones."""

    pieces: int
    cls: int
    sep: int
    pad: int = 0

    @property
    def terms(self) -> int:
        """Number of term buckets: single pieces, then pairs."""
        return self.pieces + PAIR_BUCKETS


@dataclass(frozen=True)
class Reading:
    """A fitted linear reading: inverse document frequencies [terms], weights [terms, k], intercepts [k]."""

    idf: Floats
    weights: Floats
    intercept: Floats


def counts(vocabulary: Vocabulary, ids: Sequence[Sequence[int]]) -> sparse.csr_matrix:
    """Return how often each term occurs in each text, [n, terms]."""
    special = {vocabulary.cls, vocabulary.sep, vocabulary.pad}
    row: list[int] = []
    column: list[int] = []
    for i, text in enumerate(ids):
        found = [piece for piece in text if piece not in special]
        found += [
            vocabulary.pieces + (a * _SPREAD + b) % PAIR_BUCKETS
            for a, b in zip(text, text[1:], strict=False)
            if a not in special and b not in special
        ]
        row += [i] * len(found)
        column += found
    return sparse.csr_matrix((np.ones(len(column)), (row, column)), shape=(len(ids), vocabulary.terms))


def _features(found: sparse.csr_matrix, idf: Floats) -> sparse.csr_matrix:
    length = np.sqrt(found @ (idf**2))
    scaled = sparse.diags(1 / np.maximum(length, 1e-6)) @ found @ sparse.diags(idf)
    return sparse.csr_matrix(scaled)


def fit(found: sparse.csr_matrix, target: Floats, strength: float = STRENGTH) -> Reading:
    """Fit the reading of `target` [n, k] from term counts [n, terms] by ridge regression."""
    texts = np.asarray((found > 0).sum(axis=0)).ravel()
    idf = np.where(texts >= LEAST_TEXTS, np.log((1 + found.shape[0]) / (1 + texts)) + 1, 0.0)
    model = Ridge(alpha=strength).fit(_features(found, idf), target)
    return Reading(idf, np.asarray(model.coef_, dtype=np.float64).T, np.asarray(model.intercept_, dtype=np.float64))


def read(reading: Reading, found: sparse.csr_matrix) -> Floats:
    """Return the reading's answers [n, k]."""
    answers: Floats = _features(found, reading.idf) @ reading.weights + reading.intercept
    return answers


class Lexicon(nn.Module):
    """A reading as a graph over input ids. The table holds per term its idf and idf-weighted weights."""

    table: Tensor

    def __init__(self, vocabulary: Vocabulary, outputs: int) -> None:
        super().__init__()
        self.vocabulary = vocabulary
        self.register_buffer("table", torch.zeros(vocabulary.terms, 1 + outputs))

    def load(self, idf: Floats, weights: Floats) -> None:
        """Take a reading's idf [terms] and weights [terms, outputs]."""
        self.table.copy_(torch.tensor(np.column_stack([idf, idf[:, None] * weights]), dtype=torch.float32))

    def forward(self, input_ids: Tensor) -> Tensor:
        """Return the weighted sums [batch, outputs], without intercepts."""
        v = self.vocabulary
        real = ((input_ids != v.cls) & (input_ids != v.sep) & (input_ids != v.pad)).to(torch.float32)
        after = torch.cat([input_ids[:, 1:], torch.full_like(input_ids[:, :1], v.pad)], dim=1)
        after_real = torch.cat([real[:, 1:], torch.zeros_like(real[:, :1])], dim=1)
        pairs = v.pieces + (input_ids * _SPREAD + after) % PAIR_BUCKETS
        terms = torch.cat([input_ids, pairs], dim=1)
        present = torch.cat([real, real * after_real], dim=1)
        found = nn.functional.embedding(terms, self.table) * present.unsqueeze(-1)
        length = (found[:, :, 0] ** 2).sum(1).clamp(min=1e-12).sqrt()
        answers: Tensor = found[:, :, 1:].sum(1) / length.unsqueeze(-1)
        return answers
