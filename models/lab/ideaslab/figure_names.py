"""The figures by name: what they say, and which way is better."""

from __future__ import annotations

from typing import Any, NamedTuple


class Figure(NamedTuple):
    """A figure's title and whether more of it is better."""

    title: str
    more_is_better: bool = True

    def better(self, one: float, other: float) -> bool:
        """Return whether `one` is strictly the better value."""
        return one > other if self.more_is_better else one < other


# By part of the metrics and name there.
FIGURES = {
    "success.auc": Figure("Funded, AUC"),
    "success.auc_within_call": Figure("Funded, AUC inside a call"),
    "success.ndcg10_within_call": Figure("Share of yes votes, NDCG@10 inside a call"),
    "success.ndcg10_relative_within_call": Figure("Share of yes votes above the call's least, NDCG@10 inside a call"),
    "chance.accuracy": Figure("Funded from a chance of one half, accuracy"),
    "chance.brier": Figure("Chance of being funded, Brier score", more_is_better=False),
    "chance.ece": Figure("Chance of being funded, calibration error (ECE)", more_is_better=False),
    "rating.auc": Figure("Rating above the median, AUC"),
    "rating.spearman": Figure("Rating, Spearman"),
}


def of(metrics: dict[str, Any], key: str, name: str) -> list[float] | None:
    """Return [value, low, high] of a figure for the score `name`, None where it was not measured."""
    part, figure = key.split(".")
    found: list[float] | None = metrics.get(part, {}).get(name, {}).get(figure)
    return found
