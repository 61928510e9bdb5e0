"""Nothing that happened after submission reaches a feature."""

from dataclasses import replace

import numpy as np
import pytest

from ideaslab.compose import Composer
from ideaslab.encoder import base_folder
from ideaslab.features import METADATA, joined, metadata
from test_prepare import TEXT, idea

LATER = [
    {"outcome": "rejected"}, {"support": 0.99}, {"rating": 1.0}, {"ratings": {"impact": 1.0}}, {"reviews": 99},
    {"notes": "the reviewers liked it"},
]


@pytest.mark.parametrize("change", LATER, ids=lambda c: next(iter(c)))
def test_labels_do_not_change_any_feature(change: dict[str, object]) -> None:
    before = idea(1, "F7", TEXT)
    after = replace(before, **change)  # type: ignore[arg-type]  # the table names fields of many types
    assert joined(before) == joined(after)
    assert np.array_equal(metadata([before]), metadata([after]))
    composer = Composer(base_folder() / "vocab.txt")
    assert composer.ids(before.text) == composer.ids(after.text)


def test_metadata_has_a_finite_number_for_each_name() -> None:
    rows = metadata([idea(1, "F7", TEXT), idea(2, "F7", "", call_budget_usd=0.0, requested_usd=0.0)])
    assert rows.shape == (2, len(METADATA))
    assert np.isfinite(rows).all()
