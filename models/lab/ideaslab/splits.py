"""Grouped splits: ideas that share an author or a title are never on both sides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


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
