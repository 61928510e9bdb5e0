"""The test report: every figure of the model beside the baselines, with intervals and slices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from sklearn.metrics import classification_report

from .encoder import CRITERIA
from .features import joined
from .language import UNKNOWN, detect
from .metrics import Floats, Rows, above_median, accuracy, auc, brier, ece, interval, ndcg, spearman, within
from .proposals import Proposal

LEAST_IN_CALL = 10  # ideas a call needs before its inner order is judged
LEAST_IN_SLICE = 15  # ideas below which figures say nothing
LARGE_CALL = 50  # ideas a call needs to be a slice of its own

# From the design of the product: what TF-IDF + logistic regression reached there, and what is asked.
DESIGN = {
    "success.auc": (0.624, 0.66),
    "success.ndcg10_relative_within_call": (0.731, 0.78),
    "rating.auc": (0.696, 0.74),
    "rating.spearman": (0.42, 0.50),
}


class Truth:
    """The test rows' labels as arrays, NaN where unknown."""

    def __init__(self, rows: Sequence[Proposal]) -> None:
        nan = float("nan")
        self.funded = np.array([nan if p.funded is None else p.funded for p in rows])
        self.support = np.array([nan if p.support is None else p.support for p in rows])
        self.ratings = np.array([[p.ratings.get(c, nan) for c in CRITERIA] for p in rows])
        self.rating = self.ratings.mean(axis=1)
        self.experts = np.array([nan if p.rating is None else p.rating for p in rows])  # mean over all reviews
        self.calls = np.array([p.call for p in rows])
        self.groups = np.array([p.group for p in rows])


def success_figures(truth: Truth) -> dict[str, Callable[[Floats, Rows], float]]:
    """Return the figures of a success score, each a function of (score of all rows, rows to look at)."""

    def of_known(values: Floats, rows: Rows) -> Rows:
        known: Rows = rows[~np.isnan(values[rows])]
        return known

    def overall(score: Floats, rows: Rows) -> float:
        rows = of_known(truth.funded, rows)
        return auc(truth.funded[rows], score[rows])

    def inside(score: Floats, rows: Rows) -> float:
        rows = of_known(truth.funded, rows)
        return within(
            truth.calls[rows], lambda part: auc(truth.funded[rows][part], score[rows][part]), LEAST_IN_CALL
        )

    def order(score: Floats, rows: Rows) -> float:
        rows = of_known(truth.support, rows)
        return within(
            truth.calls[rows], lambda part: ndcg(truth.support[rows][part], score[rows][part]), LEAST_IN_CALL
        )

    def relative(score: Floats, rows: Rows) -> float:
        rows = of_known(truth.support, rows)

        def of_call(part: Rows) -> float:
            gain = truth.support[rows][part]
            return ndcg(gain - gain.min(), score[rows][part])

        return within(truth.calls[rows], of_call, LEAST_IN_CALL, by_size=False)

    return {
        "auc": overall, "auc_within_call": inside, "ndcg10_within_call": order, "ndcg10_relative_within_call": relative,
    }


def chance_figures(truth: Truth) -> dict[str, Callable[[Floats, Rows], float]]:
    """Return the figures of a calibrated chance of success."""

    def of(figure: Callable[[Floats, Floats], float]) -> Callable[[Floats, Rows], float]:
        def known(chance: Floats, rows: Rows) -> float:
            rows = rows[~np.isnan(truth.funded[rows])]
            return figure(truth.funded[rows], chance[rows]) if len(rows) else float("nan")

        return known

    return {"accuracy": of(accuracy), "brier": of(brier), "ece": of(ece)}


def rating_figures(truth: Truth) -> dict[str, Callable[[Floats, Rows], float]]:
    """Return the figures of a rating score."""

    def known(rows: Rows) -> Rows:
        rated: Rows = rows[~np.isnan(truth.rating[rows])]
        return rated

    def high(score: Floats, rows: Rows) -> float:
        rows = known(rows)
        return auc(above_median(truth.rating[rows]), score[rows])

    def ranks(score: Floats, rows: Rows) -> float:
        rows = known(rows)
        return spearman(truth.rating[rows], score[rows])

    return {"auc": high, "spearman": ranks}


def table(
    truth: Truth,
    figures: Mapping[str, Callable[[Floats, Rows], float]],
    scores: Mapping[str, Floats],
    rounds: int = 1000,
) -> dict[str, dict[str, list[float]]]:
    """Return [value, low, high] by score and figure."""
    every = np.arange(len(truth.funded))
    return {
        name: {
            label: [figure(score, every), *interval(truth.groups.tolist(), lambda r: figure(score, r), rounds)]
            for label, figure in figures.items()
        }
        for name, score in scores.items()
    }


def difference(
    truth: Truth, figure: Callable[[Floats, Rows], float], one: Floats, other: Floats, rounds: int = 1000
) -> list[float]:
    """Return the paired difference of a figure, one minus other, with its interval."""
    every = np.arange(len(truth.funded))

    def gap(rows: Rows) -> float:
        return figure(one, rows) - figure(other, rows)

    return [gap(every), *interval(truth.groups.tolist(), gap, rounds)]


def slices(rows: Sequence[Proposal], earlier_groups: set[int]) -> dict[str, Rows]:
    """Return row numbers by slice: language, thirds by length in words, new and returning authors, larger calls."""
    code = np.array([detect(joined(p)).code for p in rows])
    length = np.array([len(joined(p).split()) for p in rows])
    low, high = np.quantile(length, [1 / 3, 2 / 3])
    returning = np.array([p.group in earlier_groups for p in rows])
    calls = Counter(p.call for p in rows)
    named = {
        **{_language(c): code == c for c in sorted(set(code))},
        f"short (up to {low:.0f} words)": length <= low,
        f"middle ({low:.0f} to {high:.0f} words)": (length > low) & (length <= high),
        f"long (over {high:.0f} words)": length > high,
        "author or title seen in an earlier round": returning,
        "new author": ~returning,
        **{f"call {call}": np.array([p.call == call for p in rows]) for call, n in calls.most_common() if n >= LARGE_CALL},
    }
    return {name: np.flatnonzero(mask) for name, mask in named.items() if mask.sum() >= LEAST_IN_SLICE}


def _language(code: str) -> str:
    return "language not plain" if code == UNKNOWN else f"language {code}"


def sliced(
    truth: Truth, parts: Mapping[str, Rows], scores: tuple[Mapping[str, Floats], Mapping[str, Floats]],
    model: str, baseline: str, rounds: int = 500,
) -> dict[str, dict[str, Any]]:
    """Return, by slice, the figures of the model and the baseline, and the model's intervals.

    `scores` are success and rating scores by name.
    """
    of_success, of_rating = success_figures(truth), rating_figures(truth)
    asked = {
        "success_auc": (of_success["auc"], scores[0]), "rating_auc": (of_rating["auc"], scores[1]),
        "rating_spearman": (of_rating["spearman"], scores[1]),
    }
    found: dict[str, dict[str, Any]] = {}
    for name, part in parts.items():
        groups = truth.groups[part].tolist()
        found[name] = {"ideas": len(part)}
        for key, (figure, by_name) in asked.items():
            found[name][key] = {k: figure(by_name[k], part) for k in (model, baseline)}
            found[name][f"{key}_interval"] = list(
                interval(groups, lambda r, f=figure, s=by_name[model], p=part: f(s, p[r]), rounds)  # type: ignore[misc]  # a default binds the loop's value
            )
    return found


def classification(funded: Floats, chance: Floats) -> dict[str, Any]:
    """Return scikit-learn's classification report, "yes" meaning a chance of at least the base rate,
    and the accuracies at one half of the model and of always saying no."""
    known = ~np.isnan(funded)
    truth, guess = funded[known], chance[known]
    base = float(truth.mean())
    report: dict[str, Any] = classification_report(
        truth, guess >= base, target_names=["not funded", "funded"], output_dict=True, zero_division=0.0
    )
    return {
        "threshold": base,
        "report": report,
        "accuracy_at_half": float(((guess >= 0.5) == (truth > 0.5)).mean()),
        "accuracy_of_always_no": float(1 - base),
    }
