"""Figures of the model for other languages: each language beside English, under one protocol."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from . import calibrate
from .evaluate import Truth, difference, rating_figures, success_figures, table
from .features import vectoriser
from .metrics import Floats, Rows, auc, spearman
from .ngram import FOLDS, SEED, Corpus
from .pack import Calibration
from .proposals import Proposal
from .splits import folds
from .translations import ORIGINAL, Translations

MARGIN = 0.03  # a language may lie so far below English in funded AUC; else it is not served
STRENGTHS = (0.1, 0.3, 1.0, 3.0, 10.0)
_SPACELESS = ("zh", "ja")
_INNER, _INNER_SEED = 3, 2


def baseline(translated: Translations, groups: Rows) -> dict[str, Floats]:
    """Return, by language, out-of-fold logits of funded by TF-IDF of words and logistic regression.

    Where words have no spaces between them, single characters and pairs stand for words. The
    folds are the model's if `groups` are the ideas'; each chooses its strength inside its own
    training part.
    """
    funded = np.array([p.funded for p in translated.ideas], dtype=np.float64)
    fold = folds(groups.tolist(), FOLDS, SEED)
    found = {}
    for code, texts in translated.texts.items():
        joined = np.array([" ".join(text.values()) for text in texts], dtype=object)
        answers = np.zeros(len(funded))
        for held in range(FOLDS):
            learn, hold = np.flatnonzero(fold != held), np.flatnonzero(fold == held)
            words = vectoriser() if code not in _SPACELESS else TfidfVectorizer(
                analyzer="char", ngram_range=(1, 2), sublinear_tf=True, min_df=2
            )
            x = words.fit_transform(joined[learn])
            strength = _strength(x, funded[learn], folds(groups[learn].tolist(), _INNER, _INNER_SEED))
            model = LogisticRegression(C=strength, max_iter=3000).fit(x, funded[learn])
            answers[hold] = model.decision_function(words.transform(joined[hold]))
        found[code] = answers
    return found


def ungrouped(translated: Translations) -> dict[str, float]:
    """Return the baseline's funded AUC by language when an author may be in training and test, as in the
    figures that the product's design quotes. Nothing else uses such a split."""
    funded = np.array([p.funded for p in translated.ideas], dtype=np.float64)
    answers = baseline(translated, np.arange(len(funded)))
    return {code: auc(funded, a) for code, a in answers.items()}


def _strength(x: Any, funded: Floats, inner: Any) -> float:
    best = (-np.inf, STRENGTHS[0])
    for strength in STRENGTHS:
        guess = np.zeros(len(funded))
        for held in range(_INNER):
            learn, hold = np.flatnonzero(inner != held), np.flatnonzero(inner == held)
            model = LogisticRegression(C=strength, max_iter=3000).fit(x[learn], funded[learn])
            guess[hold] = model.decision_function(x[hold])
        best = max(best, (auc(funded, guess), strength))
    return best[1]


def judge(texts: Corpus, answers: Floats, words: Mapping[str, Floats], rounds: int = 1000) -> dict[str, Any]:
    """Return, by language, funded AUC and rating figures with their intervals, the baseline's, the paired
    difference from English, and calibration figures cross-fitted on halves."""
    truth = Truth(texts.ideas)
    apart = texts.by_language(answers)
    of_success = {"auc": success_figures(truth)["auc"]}
    success = table(truth, of_success, {code: a[:, 0] for code, a in apart.items()}, rounds)
    plain = table(truth, of_success, words, rounds)
    rating = table(truth, rating_figures(truth), {code: a[:, 1:].mean(axis=1) for code, a in apart.items()}, rounds)
    groups = truth.groups.tolist()
    return {
        code: {
            "funded_auc": success[code]["auc"],
            "funded_auc_of_words": plain[code]["auc"],
            "against_english": difference(truth, of_success["auc"], a[:, 0], apart[ORIGINAL][:, 0], rounds),
            "rating_auc": rating[code]["auc"],
            "rating_spearman": rating[code]["spearman"],
            "calibration": calibrate.cross_fitted(a[:, 0], a[:, 1:], truth.funded, truth.ratings, groups)[1],
        }
        for code, a in apart.items()
    }


def changed(texts: Corpus, answers: Mapping[str, Floats]) -> dict[str, dict[str, float]]:
    """Return, by change and language, the funded AUC of the answers to changed texts."""
    funded = Truth(texts.ideas).funded
    return {
        name: {code: auc(funded, a[:, 0]) for code, a in texts.by_language(values).items()}
        for name, values in answers.items()
    }


def served(by_language: Mapping[str, Any]) -> list[str]:
    """Return the languages, English aside, whose funded AUC lies within MARGIN of English."""
    bar = by_language[ORIGINAL]["funded_auc"][0] - MARGIN
    return [code for code, f in by_language.items() if code != ORIGINAL and f["funded_auc"][0] >= bar]


def of_newest(answers: Floats, rows: Sequence[Proposal]) -> tuple[Calibration, dict[str, float]]:
    """Return the calibration that ships, and its figures, cross-fitted on halves.

    It is fitted on the newest closed round, as the main model's is: that round has no
    translations, so its English originals stand for them, answered by a reading of the
    translated round that has seen neither the newest round nor its authors. All languages
    share one table and the same ideas, so that a language is calibrated as English is, is an
    assumption; `spoken` shows how far it holds within the translated round.
    """
    truth = Truth(rows)
    known, rated = ~np.isnan(truth.funded), ~np.isnan(truth.rating)
    made = calibrate.fit(answers[:, 0], answers[:, 1:], truth.funded, truth.ratings)
    _, figures = calibrate.cross_fitted(answers[:, 0], answers[:, 1:], truth.funded, truth.ratings, truth.groups.tolist())
    return made, {
        **figures,
        "ideas": float(known.sum()),
        "funded_rate": float(truth.funded[known].mean()),
        "funded_auc": auc(truth.funded[known], answers[known, 0]),
        "rating_spearman": spearman(truth.rating[rated], answers[rated, 1:].mean(axis=1)),
    }


def spoken(texts: Corpus, answers: Floats, made: Calibration) -> dict[str, float]:
    """Return, by language, the mean chance that the shipped calibration gives out-of-fold answers."""
    return {
        code: float(np.mean([made.probability(float(x)) for x in a[:, 0]]))
        for code, a in texts.by_language(answers).items()
    }
