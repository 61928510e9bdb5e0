"""Groups stay whole, whatever they look like."""

import random

import numpy as np
import pytest

from ideaslab.lab import PHASES, Phase
from ideaslab.splits import by_round, folds, round_number
from test_prepare import idea


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


@pytest.mark.parametrize("seed", range(20))
def test_no_training_row_is_from_a_later_round_than_the_test(seed: int) -> None:
    source = random.Random(seed)
    rows = [idea(i, f"F{source.randrange(1, 12)}", "text") for i in range(200)]
    test = f"F{source.randrange(1, 12)}"
    older = [f"F{n}" for n in range(1, round_number(test))]
    train, judged = by_round(rows, source.sample(older, source.randrange(len(older) + 1)), test)
    assert all(round_number(p.fund) < round_number(test) for p in train)
    assert [p.id for p in judged] == [p.id for p in rows if p.fund == test]


@pytest.mark.parametrize("late", ["F9", "F10", "F100"])
def test_a_later_round_is_refused_as_training(late: str) -> None:
    with pytest.raises(ValueError, match=f"{late} comes after the test round F8"):
        by_round([], ["F7", late], "F8")


def test_a_round_without_a_number_is_refused() -> None:
    with pytest.raises(ValueError, match="not a round"):
        round_number("autumn")


@pytest.mark.parametrize("phase", PHASES.values(), ids=PHASES.keys())
def test_no_phase_trains_on_a_round_after_its_test(phase: Phase) -> None:
    assert by_round([], phase.train, phase.test) == ([], [])
    assert max(map(round_number, phase.train)) <= round_number(phase.test)
