"""Splits: by group, so that ideas which share an author or a title are never on both sides,
and by time, so that nothing trains on a later round than the one that judges it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from .proposals import Proposal


def folds(groups: Sequence[int], k: int, seed: int) -> NDArray[np.int_]:
    """Return a fold 0..k-1 for every row, whole groups together, folds as even as the groups allow.

    Groups are shuffled by `seed`, then the largest goes first into the smallest fold.
    """
    rows: dict[int, int] = defaultdict(int)
    for group in groups:
        rows[group] += 1
    order = sorted(rows)
    np.random.default_rng(seed).shuffle(order)
    order.sort(key=lambda group: -rows[group])
    filled = [0] * k
    home = {}
    for group in order:
        smallest = filled.index(min(filled))
        home[group] = smallest
        filled[smallest] += rows[group]
    return np.array([home[group] for group in groups])


def round_number(fund: str) -> int:
    """Return a round's place in time: 8 for "F8"."""
    if not fund[1:].isdigit():
        raise ValueError(f"{fund!r} is not a round such as F8")
    return int(fund[1:])


def by_round(
    rows: Sequence[Proposal], train: Collection[str], test: str
) -> tuple[list[Proposal], list[Proposal]]:
    """Return training and test rows by round, in the order given.

    Raises ValueError when a training round comes after the test round.
    """
    for fund in train:
        if round_number(fund) > round_number(test):
            raise ValueError(f"round {fund} comes after the test round {test} and must not train")
    return [p for p in rows if p.fund in train], [p for p in rows if p.fund == test]
