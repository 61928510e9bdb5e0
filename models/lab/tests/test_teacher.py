"""The teacher turns ratings and notes into soft labels, and no label crosses a fold."""

from dataclasses import replace

import numpy as np
import pytest

from ideaslab import teacher
from ideaslab.batches import labels
from ideaslab.encoder import CRITERIA
from ideaslab.proposals import Proposal


def idea(number: int, good: bool, fund: str = "F7", notes: str = "") -> Proposal:
    """Return an idea with ratings that follow its worth, and an outcome if it is of F7."""
    outcome = ("funded" if good else "rejected") if fund == "F7" else None
    return Proposal(
        id=number, fund=fund, group=number, author="a", call=1, text={"title": "t"}, requested_usd=1, call_budget_usd=1,
        is_challenge_setting=False, outcome=outcome, support=None, rating=4.0 if good else 2.0,
        ratings=dict.fromkeys(CRITERIA, 4.0 + number % 3 / 4 if good else 2.0 + number % 3 / 4), reviews=3, notes=notes,
    )


@pytest.fixture
def rows() -> list[Proposal]:
    return [idea(i, i % 2 == 0) for i in range(40)] + [idea(100 + i, i % 2 == 0, "F6") for i in range(10)]


def test_rows_without_an_outcome_get_a_belief_that_follows_their_ratings(rows: list[Proposal]) -> None:
    belief = teacher.taught(rows).belief[40:]
    assert belief[::2].min() > 0.6 > 0.4 > belief[1::2].max()


def test_a_judged_row_learns_half_from_its_outcome(rows: list[Proposal]) -> None:
    target = labels(rows)
    belief, mixed = teacher.beliefs(rows, target), teacher.taught(rows).belief
    np.testing.assert_allclose(mixed[:40], 0.5 * target.funded[:40] + 0.5 * belief[:40])


def test_the_belief_about_a_judged_row_does_not_know_its_own_outcome(rows: list[Proposal]) -> None:
    before = teacher.beliefs(rows, labels(rows))
    other = [replace(rows[0], outcome="rejected"), *rows[1:]]
    assert teacher.beliefs(other, labels(other))[0] == pytest.approx(before[0], abs=1e-12)
    assert not np.allclose(teacher.beliefs(other, labels(other))[40:], before[40:])


def test_notes_teach_where_ratings_say_nothing() -> None:
    rows = [
        replace(idea(i, i % 2 == 0, notes="clear plan" if i % 2 == 0 else "vague claims"), ratings=dict.fromkeys(CRITERIA, 3.0))
        for i in range(40)
    ]
    belief = teacher.beliefs(rows, labels(rows))
    assert belief[::2].min() > belief[1::2].max()


def test_without_enough_outcomes_the_outcome_itself_is_learned() -> None:
    rows = [idea(i, True) for i in range(20)]
    np.testing.assert_array_equal(teacher.taught(rows).belief, np.ones(20))
