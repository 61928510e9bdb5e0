"""Reads a campaign's title and blurb with three weights per word piece and no network.

Two linear readings are added: TF-IDF of the pieces, which knows the words that the campaigns
use, and the mean of static embeddings, which carries what was learned to words that they do
not: each piece of the vocabulary goes through the untouched encoder by itself once, here, so
that what is shipped is the product of that embedding and the fitted weights, one number.

TF-IDF takes its length occurrence by occurrence, as in `lexicon`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import scipy.sparse as sparse
import torch
from sklearn.linear_model import LogisticRegression

from .compose import Composer
from .encoder import load_bert
from .metrics import Floats, Rows

LEAST_TEXTS = 2  # a piece seen in fewer campaigns has no TF-IDF weight
FIELD_PIECES = 128  # of a field are read, the rest is ignored


@dataclass(frozen=True)
class Texts:
    """Titles and blurbs as ids of word pieces, and the pieces' static embeddings [vocabulary, width]."""

    titles: list[list[int]]
    blurbs: list[list[int]]
    static: Floats

    def counts(self) -> sparse.csr_matrix:
        """Return how often each piece occurs in title and blurb together, [n, vocabulary]."""
        both = [t + b for t, b in zip(self.titles, self.blurbs, strict=True)]
        row = np.repeat(np.arange(len(both)), [len(ids) for ids in both])
        column = np.concatenate([np.array(ids, dtype=np.int64) for ids in both])
        return sparse.csr_matrix((np.ones(len(column)), (row, column)), shape=(len(both), len(self.static)))

    def means(self) -> Floats:
        """Return the mean embeddings of title and blurb side by side, [n, 2 width]; zeros for an empty field."""
        zero = np.zeros(self.static.shape[1])
        return np.array([
            np.concatenate([self.static[ids].mean(axis=0) if ids else zero for ids in pair])
            for pair in zip(self.titles, self.blurbs, strict=True)
        ])


def pieces(composer: Composer, texts: Sequence[str]) -> list[list[int]]:
    """Return the first pieces of cleaned texts."""
    return [composer.field_ids(text)[:FIELD_PIECES] for text in texts]


def static_embeddings(base: Path, vocabulary: int, cls: int, sep: int, batch: int = 2048) -> Floats:
    """Return what the encoder says of each piece by itself, centred, of unit length on average."""
    bert = load_bert(base)
    bert.eval()
    found = []
    with torch.inference_mode():
        for start in range(0, vocabulary, batch):
            ids = torch.arange(start, min(vocabulary, start + batch))
            rows = torch.stack([torch.full_like(ids, cls), ids, torch.full_like(ids, sep)], dim=1)
            found.append(bert(input_ids=rows, attention_mask=torch.ones_like(rows)).last_hidden_state.mean(dim=1))
    values: Floats = torch.cat(found).numpy().astype(np.float64)
    values -= values.mean(axis=0)
    values /= np.linalg.norm(values, axis=1).mean()
    return values


def idf(counts: sparse.csr_matrix) -> Floats:
    """Return smoothed inverse document frequencies, 0 for a piece in fewer than LEAST_TEXTS texts."""
    texts = np.asarray((counts > 0).sum(axis=0)).ravel()
    return np.where(texts >= LEAST_TEXTS, np.log((1 + counts.shape[0]) / (1 + texts)) + 1, 0.0)


def tfidf(counts: sparse.csr_matrix, weights: Floats) -> sparse.csr_matrix:
    """Return TF-IDF features [n, vocabulary]."""
    length = np.sqrt(counts @ (weights**2))
    return sparse.csr_matrix(sparse.diags(1 / np.maximum(length, 1e-6)) @ counts @ sparse.diags(weights))


@dataclass(frozen=True)
class Linear:
    """A fitted linear reading."""

    weights: Floats
    intercept: float

    def read(self, x: sparse.csr_matrix | Floats) -> Floats:
        """Return the logits [n]."""
        answers: Floats = np.asarray(x @ self.weights).ravel() + self.intercept
        return answers


def logistic(x: sparse.csr_matrix | Floats, y: Floats, strength: float) -> Linear:
    """Fit a logistic regression; a larger strength regularises less."""
    model = LogisticRegression(C=strength, max_iter=3000).fit(x, y)
    return Linear(np.asarray(model.coef_[0], dtype=np.float64), float(model.intercept_[0]))


@dataclass(frozen=True)
class Words:
    """The TF-IDF reading, fitted."""

    idf: Floats
    linear: Linear

    def read(self, counts: sparse.csr_matrix) -> Floats:
        """Return the logits [n]."""
        return self.linear.read(tfidf(counts, self.idf))


def fit_words(counts: sparse.csr_matrix, y: Floats, rows: Rows, strength: float) -> Words:
    """Fit the TF-IDF reading on some rows."""
    weights = idf(counts[rows])
    return Words(weights, logistic(tfidf(counts[rows], weights), y[rows], strength))
