"""The model for other languages: a linear reading of character n-grams, one table for all of them.

The ideas of one round exist in several languages with the same labels. One ridge regression
reads them all, the English originals among them, so that what languages share (names, loan
words, titles left in English) is learned once. Its targets are softened, as labels are few
and noisy: beside an idea's own labels it learns what a hint says, which is the rating that a
reader of all other rounds gives the English original. The hint has seen neither this round's
labels nor any idea by an author of the held-out fold. At run time only the n-grams are read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sparse
from sklearn.linear_model import Ridge

from .batches import labels
from .features import joined, vectoriser
from .metrics import Floats, Rows, auc
from .ngram_terms import Variants, counts
from .proposals import Proposal
from .splits import folds
from .translations import Translations

OUTPUTS = ("success_logit", "impact", "feasibility", "auditability")
STRENGTHS = (1.0, 3.0, 10.0)  # ridge penalties; texts have unit length
LEAST_TEXTS = 3  # a bucket met in fewer texts is ignored
FOLDS, SEED = 5, 11  # the choices of this file were made under seeds 1 to 3
_INNER, _INNER_SEED = 3, 2
_CLOSE = 1e-6  # where conjugate gradients stop: residual over right-hand side


@dataclass(frozen=True)
class Reading:
    """A fitted reading: inverse document frequencies [buckets], weights [buckets, 4], intercepts [4]."""

    idf: Floats
    weights: Floats
    intercept: Floats


def features(found: sparse.csr_matrix, idf: Floats) -> sparse.csr_matrix:
    """Return TF-IDF rows of unit length from damped counts."""
    weighted = found.multiply(idf[None, :]).tocsr()
    length = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    return sparse.csr_matrix(sparse.diags(1 / np.maximum(length, 1e-9)) @ weighted)


def fit(found: sparse.csr_matrix, target: Floats, strength: float) -> Reading:
    """Fit the reading of `target` [n, k] from damped counts [n, buckets]: ridge in its dual form,
    (X X' + strength) a = y, solved for all targets at once by conjugate gradients."""
    texts = np.bincount(found.indices, minlength=found.shape[1])
    idf = np.where(texts >= LEAST_TEXTS, np.log((1 + found.shape[0]) / (1 + texts)) + 1, 0.0)
    x = features(found, idf)
    mean = target.mean(axis=0)
    residual = target - mean
    dual = np.zeros_like(residual)
    step, size = residual.copy(), (residual**2).sum(axis=0)
    start = size.copy()
    for _ in range(500):
        ahead = x @ (x.T @ step) + strength * step
        rate = size / np.maximum((step * ahead).sum(axis=0), 1e-300)
        dual += rate * step
        residual -= rate * ahead
        before, size = size, (residual**2).sum(axis=0)
        if (size <= _CLOSE**2 * np.maximum(start, 1e-300)).all():
            break
        step = residual + size / np.maximum(before, 1e-300) * step
    return Reading(idf, idf[:, None] * np.asarray(x.T @ dual), mean)


def read(reading: Reading, found: sparse.csr_matrix) -> Floats:
    """Return the reading's answers [n, k]; its weights hold one idf, the features' length the other."""
    length = np.sqrt(np.asarray(found.multiply(found) @ reading.idf**2).ravel())
    answers: Floats = (found @ reading.weights) / np.maximum(length, 1e-9)[:, None] + reading.intercept
    return answers


def hints(ideas: Sequence[Proposal], others: Sequence[Proposal], held: set[int]) -> Floats:
    """Return what a reader of the other rounds' ratings, groups in `held` left out, gives each idea; standardised."""
    learn = [p for p in others if p.group not in held]
    target = labels(learn).criteria.mean(axis=1)
    rated = np.flatnonzero(~np.isnan(target))
    words = vectoriser().fit([joined(learn[i]) for i in rated])
    model = Ridge(alpha=1.0).fit(words.transform([joined(learn[i]) for i in rated]), target[rated])
    return _standard(np.asarray(model.predict(words.transform([joined(p) for p in ideas])), dtype=np.float64))


def _standard(values: Floats) -> Floats:
    scaled: Floats = (values - values.mean(axis=0)) / (values.std(axis=0) + 1e-9)
    return scaled


def softened(ideas: Sequence[Proposal], hint: Floats) -> Floats:
    """Return the targets [n, 4]: success is the sum of funded, share of yes votes and hint, each standardised;
    a criterion is the mean of its rating and of the hint on its scale."""
    target = labels(ideas)
    success = _standard(target.funded) + _standard(target.support) + hint
    criteria = target.criteria
    soft = criteria.mean(axis=0) + hint[:, None] * criteria.std(axis=0)
    return np.column_stack([success, (criteria + soft) / 2])


@dataclass(frozen=True)
class Corpus:
    """All texts of a translated round: damped counts by text, and each text's idea; languages one after the other."""

    codes: tuple[str, ...]
    ideas: list[Proposal]
    found: sparse.csr_matrix

    @property
    def idea(self) -> Rows:
        """Row number of the idea of each text."""
        return np.tile(np.arange(len(self.ideas)), len(self.codes))

    def by_language(self, answers: Floats) -> dict[str, Floats]:
        """Return the texts' answers apart by language, each in the order of the ideas."""
        return dict(zip(self.codes, np.split(answers, len(self.codes)), strict=True))


def corpus(translated: Translations, variants: Variants) -> Corpus:
    """Return the counts of every text."""
    codes = tuple(translated.texts)
    return Corpus(codes, translated.ideas, counts([t for code in codes for t in translated.texts[code]], variants))


def choose(found: sparse.csr_matrix, idea: Rows, ideas: Sequence[Proposal], target: Floats) -> float:
    """Return the strength with the best funded AUC over all texts, by grouped folds inside what is given."""
    fold = folds([p.group for p in ideas], _INNER, _INNER_SEED)[idea]
    funded = labels(ideas).funded[idea]
    scores = {}
    for strength in STRENGTHS:
        answers = np.zeros(len(idea))
        for held in range(_INNER):
            learn, hold = np.flatnonzero(fold != held), np.flatnonzero(fold == held)
            answers[hold] = read(fit(found[learn], target[idea[learn]], strength), found[hold])[:, 0]
        scores[strength] = auc(funded, answers)
    return max(scores, key=lambda strength: scores[strength])


@dataclass(frozen=True)
class Fitted:
    """Out-of-fold answers [languages × ideas, 4] with the strength of each fold, and the reading of everything."""

    answers: Floats
    changed: dict[str, Floats]  # the answers to the same texts, changed in some way
    strengths: list[float]
    reading: Reading
    strength: float


def cross_fit(
    texts: Corpus, others: Sequence[Proposal], k: int = FOLDS, changed: Mapping[str, sparse.csr_matrix] | None = None
) -> Fitted:
    """Answer every text by a reading that saw no idea of its group in any language, then read everything.

    `others` are the rows of the other rounds, `changed` counts of the same texts after some change. Each fold chooses its strength inside its own training part.
    """
    groups = np.array([p.group for p in texts.ideas])
    fold, idea = folds(groups.tolist(), k, SEED), texts.idea
    forms = {"": texts.found, **(changed or {})}
    answers = {name: np.zeros((len(idea), len(OUTPUTS))) for name in forms}
    strengths = []
    for held in range(k):
        inside = np.flatnonzero(fold != held)
        ideas = [texts.ideas[i] for i in inside]
        target = softened(ideas, hints(ideas, others, set(groups[fold == held].tolist())))
        learn, hold = np.flatnonzero(fold[idea] != held), np.flatnonzero(fold[idea] == held)
        place = np.searchsorted(inside, idea[learn])
        strengths.append(choose(texts.found[learn], place, ideas, target))
        reading = fit(texts.found[learn], target[place], strengths[-1])
        for name, found in forms.items():
            answers[name][hold] = read(reading, found[hold])
        print(f"fold {held + 1} of {k}: strength {strengths[-1]:g}", flush=True)
    target = softened(texts.ideas, hints(texts.ideas, others, set()))
    strength = choose(texts.found, idea, texts.ideas, target)
    return Fitted(answers.pop(""), answers, strengths, fit(texts.found, target[idea], strength), strength)


def by_code(answers: Mapping[str, Floats], codes: Sequence[str]) -> Floats:
    """Return the answers of some languages one below the other."""
    return np.concatenate([answers[code] for code in codes])
