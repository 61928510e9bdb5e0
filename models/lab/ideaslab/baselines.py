"""The figures to beat, on the same rows and the same text as the encoder.

TF-IDF with logistic regression, TF-IDF with a linear SVM, and linear models on the
untouched encoder's embeddings. Each picks its regularisation by the grouped folds
that the fine-tuned model uses, inside the training funds only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sparse
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC

from . import members
from .batches import labels
from .features import joined, metadata, vectoriser
from .metrics import Floats, above_median, auc, spearman
from .proposals import Proposal
from .splits import folds

STRENGTHS = (0.03, 0.1, 0.3, 1.0, 3.0, 10.0)


@dataclass(frozen=True)
class Scores:
    """The baselines' answers on the test rows."""

    success: dict[str, Floats]
    rating: dict[str, Floats]
    chosen: dict[str, float]  # regularisation by baseline


Fit = Callable[[Any, Floats, float], Callable[[Any], Floats]]


def _logistic(x: Any, y: Floats, c: float) -> Callable[[Any], Floats]:
    model = LogisticRegression(C=c, max_iter=3000).fit(x, y)
    return lambda z: np.asarray(model.decision_function(z), dtype=np.float64)


def _svm(x: Any, y: Floats, c: float) -> Callable[[Any], Floats]:
    model = LinearSVC(C=c, max_iter=20000).fit(x, y)
    return lambda z: np.asarray(model.decision_function(z), dtype=np.float64)


def _ridge(x: Any, y: Floats, c: float) -> Callable[[Any], Floats]:
    model = Ridge(alpha=1.0 / c).fit(x, y)
    return lambda z: np.asarray(model.predict(z), dtype=np.float64)


def _choose(x: Any, y: Floats, fit: Fit, figure: Callable[[Floats, Floats], float], fold: Any) -> float:
    """Return the strength whose out-of-fold answers, all folds together, have the best figure."""
    best = (-np.inf, STRENGTHS[0])
    for c in STRENGTHS:
        answers = np.zeros(len(y))
        for held in np.unique(fold):
            inside, outside = np.flatnonzero(fold != held), np.flatnonzero(fold == held)
            answers[outside] = fit(x[inside], y[inside], c)(x[outside])
        best = max(best, (figure(y, answers), c))
    return best[1]


def _above_fund_median(rating: Floats, funds: Sequence[str]) -> Floats:
    out = np.zeros(len(rating))
    names = np.array(funds)
    for name in np.unique(names):
        out[names == name] = above_median(rating[names == name])
    return out


def run(
    train: Sequence[Proposal], test: Sequence[Proposal], embedding: Mapping[tuple[str, int], Floats],
    k: int = 5, seed: int = 1, chosen: Mapping[str, float] | None = None,
) -> Scores:
    """Fit every baseline on `train` and score `test`.

    `embedding` holds the untouched encoder's embedding by a proposal's key. Strengths are chosen
    by cross-validation inside `train`, or taken from `chosen`.
    """
    fold = folds([p.group for p in train], k, seed)
    target = labels(train)
    judged = np.flatnonzero(~np.isnan(target.funded)).tolist()
    rated = np.flatnonzero(~np.isnan(target.criteria).any(axis=1)).tolist()
    rating = target.criteria[rated].mean(axis=1)
    high = _above_fund_median(rating, [train[i].fund for i in rated])
    words_success = vectoriser().fit([joined(train[i]) for i in judged])
    words_rating = vectoriser().fit([joined(train[i]) for i in rated])
    scaler = StandardScaler().fit(metadata([train[i] for i in judged]))

    def words(fitted: Any, rows: Sequence[Proposal]) -> Any:
        return sparse.csr_matrix(fitted.transform([joined(p) for p in rows]))

    def with_metadata(rows: Sequence[Proposal]) -> Any:
        return sparse.csr_matrix(sparse.hstack([words(words_success, rows), 0.1 * scaler.transform(metadata(rows))]))

    scores = Scores({}, {}, {})

    def add(kind: str, name: str, rows: Any, make: Callable[[Sequence[Proposal]], Any], y: Floats, fit: Fit) -> None:
        x, z = make([train[i] for i in rows]), make(test)
        figure = spearman if fit is _ridge else auc
        c = chosen[f"{kind}: {name}"] if chosen else _choose(x, y, fit, figure, fold[rows])
        scores.chosen[f"{kind}: {name}"] = c
        (scores.success if kind == "success" else scores.rating)[name] = fit(x, y, c)(z)

    def frozen(rows: Sequence[Proposal]) -> Any:
        return np.array([embedding[p.key] for p in rows])

    funded = target.funded[judged]
    add("success", "tfidf + logistic regression", judged, lambda r: words(words_success, r), funded, _logistic)
    add("success", "tfidf + linear svm", judged, lambda r: words(words_success, r), funded, _svm)
    add("success", "frozen embedding + logistic regression", judged, frozen, funded, _logistic)
    add("success", "frozen embedding + ridge", judged, frozen, funded, _ridge)
    add("success", "tfidf and launch metadata + logistic regression", judged, with_metadata, funded, _logistic)
    add("rating", "tfidf + logistic regression", rated, lambda r: words(words_rating, r), high, _logistic)
    add("rating", "tfidf + linear svm", rated, lambda r: words(words_rating, r), high, _svm)
    add("rating", "tfidf + ridge", rated, lambda r: words(words_rating, r), rating, _ridge)
    add("rating", "frozen embedding + ridge", rated, frozen, rating, _ridge)
    return scores


def out_of_fold(
    rows: Sequence[Proposal], test: str, embedding: Mapping[tuple[str, int], Floats], k: int, chosen: Mapping[str, float]
) -> Scores:
    """Score the rows of round `test`, each by baselines that were fitted without its fold."""
    fold = folds([p.group for p in rows], k, members.SPLIT_SEED)
    place = {p.key: i for i, p in enumerate(p for p in rows if p.fund == test)}
    made = Scores({}, {}, dict(chosen))
    for held in range(k):
        asked = [p for p, f in zip(rows, fold, strict=True) if f == held and p.fund == test]
        if not asked:
            continue
        learned = [p for p, f in zip(rows, fold, strict=True) if f != held]
        part = run(learned, asked, embedding, k, chosen=chosen)
        at = [place[p.key] for p in asked]
        for into, given in ((made.success, part.success), (made.rating, part.rating)):
            for name, answers in given.items():
                into.setdefault(name, np.full(len(place), np.nan))[at] = answers
    return made
