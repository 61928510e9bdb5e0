"""The figures of the launch head, each on campaigns whose creators the fitted model had not seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from .calibrate import block_misses
from .kickstarter import HISTORY, Collected
from .launch_model import Inputs, LaunchModel, fit, fit_plan
from .launch_plan import FEATURES
from .metrics import Floats, Rows, auc, brier, ece, interval
from .splits import folds

FOLDS = 5
SEED = 1  # of the reported folds
OTHER_SEEDS = (2, 3)  # other draws of the folds, to see how much the draw matters
LEVEL = 0.8
REPEATS = 5  # shuffles behind each importance
TARGETS = {"text": (0.686, 0.72), "metadata": (0.847, None), "both": (0.849, 0.87)}  # design: baseline, target
TEXT_BASELINE, PLAN_BASELINE = "TF-IDF + logistic regression", "gradient boosting on the plan"
_BASELINE_STRENGTHS = (0.1, 0.3, 1.0, 3.0)
_ASKED = {
    "goal": ("log_goal", "goal_to_median", "goal_to_highest"), "duration": ("duration",),
    "video": ("main_video", "log_extra_videos"), "images": ("log_images",), "words": ("log_words",),
    "collaborators": ("collaborators",), "delivery": ("delivery",), "ships worldwide": ("ships_worldwide",),
    "continent": ("north_america",), "start": ("weekend", "hour_sin", "hour_cos"), "number of rewards": ("log_rewards",),
    "reward amounts": ("log_lowest_reward", "log_median_reward", "log_highest_reward", "goal_to_median", "goal_to_highest"),
}
Reader = Callable[[Rows, Rows], Floats]  # training rows, held-out rows -> scores of the held-out


def out_of_fold(reader: Reader, groups: Sequence[int], seed: int = SEED) -> Floats:
    """Return every row's score by a reader that was fitted without its creator."""
    fold = folds(groups, FOLDS, seed)
    out = np.zeros(len(fold))
    for held in range(FOLDS):
        there = np.flatnonzero(fold == held)
        out[there] = reader(np.flatnonzero(fold != held), there)
    return out


def _chosen(make: Callable[[float], Reader], y: Floats, groups: Sequence[int]) -> Reader:
    """Return a reader that picks its strength by folds inside the training rows."""

    def read(rows: Rows, held: Rows) -> Floats:
        inner = folds([groups[i] for i in rows], FOLDS, 9)
        best, strength = -np.inf, _BASELINE_STRENGTHS[0]
        for c in _BASELINE_STRENGTHS:
            out = np.zeros(len(rows))
            for side in range(FOLDS):
                out[inner == side] = make(c)(rows[inner != side], rows[inner == side])
            if (figure := auc(y[rows], out)) > best:
                best, strength = figure, c
        return make(strength)(rows, held)

    return read


def _words_baseline(texts: Sequence[str], y: Floats, model: Callable[[float], Any]) -> Callable[[float], Reader]:
    def make(c: float) -> Reader:
        def read(rows: Rows, held: Rows) -> Floats:
            vectoriser = TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2), min_df=2)
            fitted = model(c).fit(vectoriser.fit_transform([texts[i] for i in rows]), y[rows])
            return np.asarray(fitted.decision_function(vectoriser.transform([texts[i] for i in held])), dtype=np.float64)

        return read

    return make


def _boosted(x: Inputs, y: Floats) -> Reader:
    main = np.eye(int(x.main.max(initial=0)) + 1)[x.main]

    def read(rows: Rows, held: Rows) -> Floats:
        plan = np.hstack([np.nan_to_num(x.plan), main])
        model = GradientBoostingClassifier(
            n_estimators=250, learning_rate=0.04, max_depth=3, subsample=0.6, max_features=0.3, min_samples_leaf=8,
            random_state=0,
        ).fit(plan[rows], y[rows])
        return np.asarray(model.decision_function(plan[held]), dtype=np.float64)

    return read


def _added(plan: Floats, text: Floats) -> Floats:
    added: Floats = (plan - plan.mean()) / plan.std() + 0.3 * (text - text.mean()) / text.std()
    return added


def heads(x: Inputs, y: Floats, groups: Sequence[int], seed: int = SEED) -> tuple[dict[str, Floats], dict[int, LaunchModel]]:
    """Return the three heads' logits out of fold and each fold's model."""
    fold = folds(groups, FOLDS, seed)
    logits = {name: np.zeros(len(y)) for name in TARGETS}
    models = {}
    for held in range(FOLDS):
        models[held] = fit(x, y, groups, np.flatnonzero(fold != held))
        read = models[held].read(x)
        for name in logits:
            logits[name][fold == held] = getattr(read, name)[fold == held]
    return logits, models


def importances(x: Inputs, y: Floats, groups: Sequence[int], models: Mapping[int, LaunchModel]) -> dict[str, float]:
    """Return how much AUC of `both` is lost when a part of the plan is shuffled among held-out campaigns."""
    fold, generator = folds(groups, FOLDS, SEED), np.random.default_rng(5)

    def figure(changed: Inputs) -> float:
        out = np.zeros(len(y))
        for held, model in models.items():
            out[fold == held] = model.read(changed).both[fold == held]
        return auc(y, out)

    whole = figure(x)
    lost: dict[str, float] = {}
    for name, columns in _ASKED.items():
        at, falls = [FEATURES.index(c) for c in columns], []
        for _ in range(REPEATS):
            plan = x.plan.copy()
            plan[:, at] = plan[generator.permutation(len(y))][:, at]
            falls.append(whole - figure(x.with_plan(plan)))
        lost[name] = float(np.mean(falls))
    falls = []
    for _ in range(REPEATS):
        drawn = generator.permutation(len(y))
        falls.append(whole - figure(replace(x, category=x.category[drawn], main=x.main[drawn])))
    lost["category"] = float(np.mean(falls))
    return dict(sorted(lost.items(), key=lambda one: -one[1]))


def leaks(found: Collected, x: Inputs, groups: Sequence[int]) -> dict[str, float]:
    """Return the AUC of the plan's reading with each trap set, by one fixed strength."""
    y = found.success
    sizes = (int(x.main.max(initial=0)), int(x.category.max(initial=0)))

    def plain(columns: Floats | None, of: Inputs = x) -> float:
        def read(rows: Rows, held: Rows) -> Floats:
            made = fit_plan(of, y, rows, 0.1, sizes)
            logits = made.read(of)
            if columns is None:
                return logits[held]
            spread = columns[rows].std(axis=0)
            scaled = columns / np.where(spread > 0, spread, 1)
            extra = np.column_stack([scaled, np.maximum(scaled - 1, 0), logits])
            return np.asarray(LogisticRegression(C=1.0, max_iter=3000).fit(extra[rows], y[rows]).decision_function(extra[held]))

        return auc(y, out_of_fold(read, groups))

    history = np.log1p(np.nan_to_num(np.array([c.history for c in found.campaigns])))
    without = x.plan.copy()
    without[:, [i for i, name in enumerate(FEATURES) if "reward" in name or name.startswith("goal_to")]] = 0.0
    texts = {raw: [f"{c.raw_title if raw else c.title} {c.blurb}" for c in found.campaigns] for raw in (False, True)}

    def words(raw: bool) -> float:
        make = _words_baseline(texts[raw], y, lambda c: LogisticRegression(C=c, max_iter=3000))
        return auc(y, out_of_fold(make(0.5), groups))

    return {
        "plan": plain(None),
        "plan and created": plain(history[:, :1]),
        "plan and backed": plain(history[:, 1:2]),
        "plan and facebookFriends": plain(history[:, 2:]),
        "plan and all of " + ", ".join(HISTORY): plain(history),
        "plan without rewards": plain(None, x.with_plan(without)),
        "words of title and blurb, marks removed": words(False),
        "words of title and blurb, marks kept": words(True),
    }


def slices(found: Collected) -> dict[str, Rows]:
    """Return the rows of each slice that has at least 40 campaigns."""
    parts: dict[str, list[int]] = {}
    for i, c in enumerate(found.campaigns):
        goal = c.plan.goal or 0.0
        band = next(name for limit, name in (
            (2000, "goal under $2,000"), (10000, "goal $2,000 to $10,000"), (50000, "goal $10,000 to $50,000"),
            (float("inf"), "goal of $50,000 and more"),
        ) if goal < limit)
        for name in (f"main category {c.plan.main_category}", band, f"continent {c.continent}"):
            parts.setdefault(name, []).append(i)
    return {name: np.array(rows) for name, rows in sorted(parts.items()) if len(rows) >= 40}


def _quantile(misses: Floats) -> float:
    rank = min(len(misses), int(np.ceil((len(misses) + 1) * LEVEL)))
    return float(np.sort(misses)[rank - 1])


def calibration(y: Floats, logits: Floats) -> dict[str, float]:
    """Fit temperature, intercept and the conformal radius of a head on logits that were read out of fold."""
    model = LogisticRegression(C=1e6, max_iter=3000).fit(logits[:, None], y)
    slope, intercept = float(model.coef_[0, 0]), float(model.intercept_[0])
    if slope <= 0:
        raise ValueError("a launch head ranks the calibration set backwards")
    return {
        "temperature": 1.0 / slope, "intercept": intercept,
        "radius_logit": _quantile(block_misses(slope * logits + intercept, y)),
    }


def calibrated(y: Floats, logits: Floats, groups: Sequence[int]) -> dict[str, float]:
    """Return Brier, ECE and the coverage of blocks, each half judged by the other half's calibration."""
    half, chance, covered = folds(groups, 2, 3), np.zeros(len(y)), []
    for side in (0, 1):
        made = calibration(y[half != side], logits[half != side])
        z = logits[half == side] / made["temperature"] + made["intercept"]
        chance[half == side] = 1 / (1 + np.exp(-z))
        covered += list(block_misses(z, y[half == side]) <= made["radius_logit"])
    return {
        "brier": brier(y, chance), "brier_of_base_rate": brier(y, np.full(len(y), y.mean())), "ece": ece(y, chance),
        "accuracy": float(np.mean((chance > 0.5) == (y > 0.5))), "coverage_blocks": float(np.mean(covered)),
    }


def measure(found: Collected, x: Inputs) -> tuple[dict[str, Any], dict[str, Floats]]:
    """Return all figures, and the three heads' logits out of fold."""
    y, groups = found.success, found.groups
    logits, models = heads(x, y, groups)
    texts = [f"{c.title} {c.blurb}" for c in found.campaigns]
    scores = dict(logits)
    words = _chosen(_words_baseline(texts, y, lambda c: LogisticRegression(C=c, max_iter=3000)), y, groups)
    svm = _chosen(_words_baseline(texts, y, lambda c: LinearSVC(C=c, max_iter=20000)), y, groups)
    scores[TEXT_BASELINE] = out_of_fold(words, groups)
    scores["TF-IDF + linear SVM"] = out_of_fold(svm, groups)
    scores[PLAN_BASELINE] = out_of_fold(_boosted(x, y), groups)
    scores["gradient boosting and TF-IDF"] = _added(scores[PLAN_BASELINE], scores[TEXT_BASELINE])

    def spread(score: Floats) -> list[float]:
        return [auc(y, score), *interval(groups, lambda rows: auc(y[rows], score[rows]))]

    other = [heads(x, y, groups, seed)[0] for seed in OTHER_SEEDS]
    against = {"text": TEXT_BASELINE, "metadata": PLAN_BASELINE, "both": "gradient boosting and TF-IDF"}
    figures = {
        "rows": found.report,
        "auc": {name: spread(score) for name, score in scores.items()},
        "auc_by_draw": {name: [auc(y, draw[name]) for draw in (logits, *other)] for name in TARGETS},
        "against_baseline": {
            name: [
                auc(y, scores[name]) - auc(y, scores[base]),
                *interval(groups, lambda r, a=scores[name], b=scores[base]: auc(y[r], a[r]) - auc(y[r], b[r])),  # type: ignore[misc]  # as in evaluate.slices
            ]
            for name, base in against.items()
        },
        "against": against,
        "targets": {name: {"baseline": base, "target": target} for name, (base, target) in TARGETS.items()},
        "calibration": {name: calibrated(y, logits[name], groups) for name in TARGETS},
        "slices": {
            name: {"campaigns": len(rows), "successes": int(y[rows].sum()),
                   **{head: auc(y[rows], logits[head][rows]) for head in TARGETS}}
            for name, rows in slices(found).items()
        },
        "importances": importances(x, y, groups, models),
        "leaks": leaks(found, x, groups),
        "strengths": [model.strengths for model in models.values()],
    }
    return figures, logits
