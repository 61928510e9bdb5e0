"""Groups stay whole, whatever they look like."""

import random

import numpy as np
import pytest

from ideaslab.splits import folds


@pytest.mark.parametrize("seed", range(20))
def test_no_group_crosses_a_split(seed: int) -> None:
    source = random.Random(seed)
    groups = [source.randrange(source.choice((3, 50, 400))) for _ in range(500)]
    found = folds(groups, 5, seed)
    homes: dict[int, set[int]] = {}
    for group, fold in zip(groups, found, strict=True):
        homes.setdefault(group, set()).add(int(fold))
    assert all(len(home) == 1 for home in homes.values())


def test_folds_are_even_when_groups_are_small() -> None:
    sizes = np.bincount(folds([i // 2 for i in range(1000)], 5, 1))
    assert sizes.max() - sizes.min() <= 2


def test_the_same_seed_gives_the_same_folds_and_another_seed_others() -> None:
    groups = list(range(100))
    assert (folds(groups, 5, 1) == folds(groups, 5, 1)).all()
    assert (folds(groups, 5, 1) != folds(groups, 5, 2)).any()
