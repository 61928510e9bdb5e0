"""The launch head: two linear readings of the text, one of the plan, and how they are joined.

All choices (three strengths and the weights of the join) are made inside the rows a model is
fitted on, by folds grouped by creator, so that `fit` may be called inside an outer fold.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sparse
from sklearn.linear_model import LogisticRegression

from .launch_plan import FEATURES, Plan, category_key, matrix
from .launch_text import Linear, Texts, Words, fit_words, logistic
from .metrics import Floats, Rows, auc
from .splits import folds

INNER_FOLDS = 5
INNER_SEED = 9
STRENGTHS = {"words": (0.2, 0.5, 1.0), "static": (3.0, 10.0, 30.0), "plan": (0.03, 0.1, 0.3)}
# Compared with what is usual in the main category too: the usual value is pulled to everybody's as by 10 campaigns.
RELATIVE = ("log_goal", "log_words", "log_images", "log_rewards", "log_median_reward")
PULL = 10
BENDS = (0.2, 0.4, 0.6, 0.8)  # quantiles at which a feature's effect may change its slope
BENT = (
    "log_goal", "duration", "log_images", "log_words", "delivery", "ships_worldwide", "log_rewards",
    "log_lowest_reward", "log_median_reward", "log_highest_reward", "goal_to_median", "goal_to_highest",
)
BEND_SCALE, CATEGORY_SCALE = 0.7, 0.7  # smaller counts for less under the same penalty


@dataclass(frozen=True)
class Inputs:
    """What the head reads of campaigns: pieces, features and numbers of categories (0: unknown)."""

    texts: Texts
    counts: sparse.csr_matrix
    means: Floats
    plan: Floats  # [n, len(FEATURES)], NaN where unknown
    category: Rows
    main: Rows

    def with_plan(self, plan: Floats) -> Inputs:
        """Return the same campaigns with other features."""
        return replace(self, plan=plan)


@dataclass(frozen=True)
class Categories:
    """The names the head knows, as `category_key` writes them; number 0 is every other name."""

    main: tuple[str, ...]
    category: tuple[str, ...]
    home: tuple[int, ...]  # the main category's number for each category, beginning with number 1

    @staticmethod
    def of(plans: Sequence[Plan]) -> Categories:
        """Collect the names of some plans."""
        main = tuple(sorted({category_key(p.main_category) for p in plans} - {""}))
        pairs = Counter((category_key(p.category), category_key(p.main_category)) for p in plans)
        names = tuple(sorted({c for c, _ in pairs} - {""}))
        home = []
        for name in names:
            of = {m: n for (c, m), n in pairs.items() if c == name and m}
            home.append(1 + main.index(max(sorted(of), key=lambda m: of[m])) if of else 0)
        return Categories(main, names, tuple(home))

    def numbers(self, plan: Plan) -> tuple[int, int]:
        """Return the numbers of a plan's category and main category. A name of either kind may stand in
        the place of the category; without a main category it is the one that the category belongs to."""
        name, main = category_key(plan.category), category_key(plan.main_category)
        c = 1 + self.category.index(name) if name in self.category else 0
        m = 1 + self.main.index(main) if main in self.main else 0
        if m == 0 and c > 0:
            m = self.home[c - 1]
        if m == 0 and name in self.main:
            m = 1 + self.main.index(name)
        return c, m


def inputs(texts: Texts, plans: Sequence[Plan], categories: Categories) -> Inputs:
    """Return what the head reads."""
    numbers = np.array([categories.numbers(p) for p in plans], dtype=np.int64).reshape(len(plans), 2)
    return Inputs(texts, texts.counts(), texts.means(), matrix(plans), numbers[:, 0], numbers[:, 1])


@dataclass(frozen=True)
class PlanReading:
    """The fitted reading of the plan. Columns are FEATURES, then RELATIVE; see `columns`."""

    usual: Floats  # [FEATURES]: in the place of what is unknown
    centres: Floats  # [1 + main categories, RELATIVE]: usual in each main category, first in all
    mean: Floats
    scale: Floats
    bend_of: tuple[int, ...]  # the column of each bend
    bend_at: Floats  # in scaled units
    weights: Floats  # of the columns, then of the bends
    main: Floats  # [1 + main categories], 0 for the unknown
    category: Floats
    intercept: float

    def columns(self, x: Inputs) -> Floats:
        """Return scaled columns [n, FEATURES + RELATIVE]."""
        return (_columns(x, self.usual, self.centres) - self.mean) / self.scale

    def read(self, x: Inputs) -> Floats:
        """Return the logits [n]."""
        columns = self.columns(x)
        bent = np.maximum(columns[:, list(self.bend_of)] - self.bend_at, 0)
        answers: Floats = (
            np.hstack([columns, bent]) @ self.weights + self.main[x.main] + self.category[x.category] + self.intercept
        )
        return answers


def _columns(x: Inputs, usual: Floats, centres: Floats) -> Floats:
    filled = np.where(np.isnan(x.plan), usual, x.plan)
    relative = filled[:, [FEATURES.index(name) for name in RELATIVE]] - centres[x.main]
    return np.hstack([filled, relative])


def _centres(filled: Floats, main: Rows, mains: int) -> Floats:
    chosen = filled[:, [FEATURES.index(name) for name in RELATIVE]]
    everybody = np.median(chosen, axis=0)
    centres = [everybody]
    for number in range(1, mains + 1):
        own = chosen[main == number]
        centres.append((np.median(own, axis=0) * len(own) + everybody * PULL) / (len(own) + PULL) if len(own) else everybody)
    return np.array(centres)


def fit_plan(x: Inputs, y: Floats, rows: Rows, strength: float, sizes: tuple[int, int]) -> PlanReading:
    """Fit the reading of the plan on some rows; `sizes` are the numbers of main categories and categories."""
    part = replace(x, plan=x.plan[rows], category=x.category[rows], main=x.main[rows])
    known = np.where(np.isnan(part.plan).all(axis=0), 0.0, part.plan)  # a column nobody states is 0
    usual = np.nanmedian(known, axis=0)
    centres = _centres(np.where(np.isnan(part.plan), usual, part.plan), part.main, sizes[0])
    raw = _columns(part, usual, centres)
    mean, scale = raw.mean(axis=0), raw.std(axis=0)
    scale = np.where(scale > 1e-9, scale, 1.0)
    columns = (raw - mean) / scale
    names = (*FEATURES, *RELATIVE)
    bends = [
        (i, at)
        for i in [*map(FEATURES.index, BENT), *range(len(FEATURES), len(names))]
        for at in np.unique(np.quantile(columns[:, i], BENDS))
    ]
    bend_of, bend_at = tuple(i for i, _ in bends), np.array([at for _, at in bends])
    bent = BEND_SCALE * np.maximum(columns[:, list(bend_of)] - bend_at, 0)
    main, category = np.eye(1 + sizes[0])[part.main], np.eye(1 + sizes[1])[part.category]
    main[:, 0] = category[:, 0] = 0
    fitted = logistic(np.hstack([columns, bent, main, CATEGORY_SCALE * category]), y[rows], strength)
    c, b, m = columns.shape[1], len(bends), main.shape[1]
    return PlanReading(
        usual, centres, mean, scale, bend_of, bend_at,
        np.concatenate([fitted.weights[:c], BEND_SCALE * fitted.weights[c : c + b]]),
        fitted.weights[c + b : c + b + m], CATEGORY_SCALE * fitted.weights[c + b + m :], fitted.intercept,
    )


@dataclass(frozen=True)
class Join:
    """Weights of logits and an intercept; no weight is below zero."""

    weights: tuple[float, float]
    intercept: float

    def __call__(self, a: Floats, b: Floats) -> Floats:
        """Return the joined logits."""
        return self.weights[0] * a + self.weights[1] * b + self.intercept


def fit_join(a: Floats, b: Floats, y: Floats) -> Join:
    """Fit the join on logits that were read out of fold. A source that would count against is left out."""
    model = LogisticRegression(C=1e3, max_iter=3000).fit(np.column_stack([a, b]), y)
    weights = np.maximum(model.coef_[0], 0.0)
    if (model.coef_[0] < 0).any():
        alone = LogisticRegression(C=1e3, max_iter=3000).fit((weights[0] * a + weights[1] * b)[:, None], y)
        return Join((float(weights[0] * alone.coef_[0, 0]), float(weights[1] * alone.coef_[0, 0])), float(alone.intercept_[0]))
    return Join((float(weights[0]), float(weights[1])), float(model.intercept_[0]))


@dataclass(frozen=True)
class Logits:
    """The head's three answers [n]."""

    text: Floats
    metadata: Floats
    both: Floats


@dataclass(frozen=True)
class LaunchModel:
    """A fitted head."""

    words: Words
    static: Linear
    plan: PlanReading
    text_join: Join  # of words and static
    both_join: Join  # of text and plan
    strengths: dict[str, float]

    def read(self, x: Inputs) -> Logits:
        """Return the logits of many campaigns."""
        text = self.text_join(self.words.read(x.counts), self.static.read(x.means))
        plan = self.plan.read(x)
        return Logits(text, plan, self.both_join(text, plan))


def fit(x: Inputs, y: Floats, groups: Sequence[int], rows: Rows) -> LaunchModel:
    """Fit the head on some rows, with every choice made inside them."""
    sizes = (int(x.main.max(initial=0)), int(x.category.max(initial=0)))
    fold = folds([groups[i] for i in rows], INNER_FOLDS, INNER_SEED)
    readers: dict[str, Callable[[Rows, float], Callable[[], Floats]]] = {
        "words": lambda part, c: (lambda made: lambda: made.read(x.counts))(fit_words(x.counts, y, part, c)),
        "static": lambda part, c: (lambda made: lambda: made.read(x.means))(logistic(x.means[part], y[part], c)),
        "plan": lambda part, c: (lambda made: lambda: made.read(x))(fit_plan(x, y, part, c, sizes)),
    }
    chosen, answers = {}, {}
    for name, reader in readers.items():
        best = -np.inf
        for strength in STRENGTHS[name]:
            out = np.zeros(len(rows))
            for held in range(INNER_FOLDS):
                out[fold == held] = reader(rows[fold != held], strength)()[rows[fold == held]]
            figure = auc(y[rows], out)
            if figure > best:
                best, chosen[name], answers[name] = figure, strength, out
    text_join = fit_join(answers["words"], answers["static"], y[rows])
    text = text_join(answers["words"], answers["static"])
    return LaunchModel(
        fit_words(x.counts, y, rows, chosen["words"]),
        logistic(x.means[rows], y[rows], chosen["static"]),
        fit_plan(x, y, rows, chosen["plan"], sizes),
        text_join,
        fit_join(text, answers["plan"], y[rows]),
        chosen,
    )
