"""Figures of the model for other languages: each language beside English, under one protocol."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from . import calibrate
from .calibrate import block_misses
from .encoder import CRITERIA
from .evaluate import Truth, difference, rating_figures, success_figures, table
from .features import vectoriser
from .metrics import Floats, auc, brier, ece, spearman
from .ngram import FOLDS, SEED, Corpus
from .pack import Calibration
from .proposals import Proposal
from .splits import folds
from .translations import ORIGINAL, Translations

MARGIN = 0.03  # a language may lie so far below English in funded AUC; else it is not served
STRENGTHS = (0.1, 0.3, 1.0, 3.0, 10.0)
_SPACELESS = ("zh", "ja")
_INNER, _INNER_SEED = 3, 2


def baseline(translated: Translations) -> dict[str, Floats]:
    """Return, by language, out-of-fold logits of funded by TF-IDF of words and logistic regression.

    Where words have no spaces between them, single characters and pairs stand for words. The
    folds are the model's; each chooses its strength inside its own training part.
    """
    groups = np.array([p.group for p in translated.ideas])
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


def served(by_language: Mapping[str, Any]) -> list[str]:
    """Return the languages, English aside, whose funded AUC lies within MARGIN of English."""
    bar = by_language[ORIGINAL]["funded_auc"][0] - MARGIN
    return [code for code, f in by_language.items() if code != ORIGINAL and f["funded_auc"][0] >= bar]


def drift(before: Sequence[Proposal], after: Sequence[Proposal]) -> tuple[float, Floats]:
    """Return how far the log-odds of being funded and the mean ratings moved between two rounds."""

    def level(rows: Sequence[Proposal]) -> tuple[float, Floats]:
        truth = Truth(rows)
        rate = float(np.nanmean(truth.funded))
        return math.log(rate / (1 - rate)), np.asarray(np.nanmean(truth.ratings, axis=0), dtype=np.float64)

    (odds, ratings), (later, rated) = level(before), level(after)
    return later - odds, rated - ratings


def calibrated(texts: Corpus, answers: Floats, codes: Sequence[str], newest: Sequence[Proposal]) -> Calibration:
    """Return one calibration for all served languages, moved to the newest closed round.

    Temperature, lines and radii come from out-of-fold answers. The newest round has no
    translations, so only its base rates are used: under label shift the log-odds move by the
    change of the prior's log-odds (Saerens, Latinne and Decaestecker 2002); ratings move by the
    change of their means. The success radius is that of the language which needs the widest,
    as blocks that mix translations of one idea would count it several times.
    """
    truth = Truth(texts.ideas)
    apart = texts.by_language(answers)
    together = np.concatenate([apart[code] for code in codes])
    funded, ratings = np.tile(truth.funded, len(codes)), np.tile(truth.ratings, (len(codes), 1))
    made = calibrate.fit(together[:, 0], together[:, 1:], funded, ratings)
    misses = [block_misses(apart[c][:, 0] / made.temperature + made.intercept, truth.funded) for c in codes]
    radius = max(calibrate.quantile(m, made.level) for m in misses)
    odds, points = drift(texts.ideas, newest)
    slopes = {c: (made.slopes[c][0], made.slopes[c][1] + float(points[i])) for i, c in enumerate(CRITERIA)}
    return replace(made, intercept=made.intercept + odds, slopes=slopes, radius_logit=radius)


def transfer(made: Calibration, answers: Floats, rows: Sequence[Proposal]) -> dict[str, float]:
    """Return how the calibration does on English ideas of the newest round, which trained nothing."""
    truth = Truth(rows)
    known = ~np.isnan(truth.funded)
    chance = np.array([made.probability(float(x)) for x in answers[known, 0]])
    funded = truth.funded[known]
    rated = ~np.isnan(truth.rating)
    figures = {
        "ideas": float(known.sum()),
        "funded_auc": auc(funded, answers[known, 0]),
        "rating_spearman": spearman(truth.rating[rated], answers[rated, 1:].mean(axis=1)),
        "brier": brier(funded, chance),
        "brier_of_base_rate": brier(funded, np.full(len(funded), funded.mean())),
        "ece": ece(funded, chance),
        "mean_chance": float(chance.mean()),
        "funded_rate": float(funded.mean()),
        "coverage_success_blocks": float(np.mean(
            block_misses(answers[known, 0] / made.temperature + made.intercept, funded) <= made.radius_logit
        )),
    }
    for i, name in enumerate(CRITERIA):
        slope, intercept = made.slopes[name]
        guess = np.clip(slope * answers[rated, 1 + i] + intercept, 1, 5)
        figures[f"coverage_{name}"] = float(np.mean(np.abs(truth.ratings[rated, i] - guess) <= made.radii[name]))
    return figures
