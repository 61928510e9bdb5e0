"""Figures and tables as the model cards write them."""

from __future__ import annotations

from collections.abc import Sequence


def number(value: float) -> str:
    """Return a figure with three decimals."""
    return f"{value:.3f}"


def spread(value: Sequence[float]) -> str:
    """Return a figure with its interval: value, low, high."""
    return f"{value[0]:.3f} ({value[1]:.3f} to {value[2]:.3f})"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])
