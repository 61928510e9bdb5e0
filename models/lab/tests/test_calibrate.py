"""Calibration recovers a known truth, and its intervals cover as promised."""

import numpy as np
import pytest

from ideaslab import calibrate


def made(n: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return raw logits, raw criteria, outcomes and ratings with known calibration: 0.5 x - 1, and 2 x - 3."""
    generator = np.random.default_rng(seed)
    raw = generator.normal(0, 2, n)
    funded = (generator.random(n) < 1 / (1 + np.exp(-(0.5 * raw - 1)))).astype(float)
    criteria = generator.uniform(2.2, 3.8, (n, 3))
    ratings = np.clip(2 * criteria - 3 + generator.normal(0, 0.3, (n, 3)), 1, 5)
    return raw, criteria, funded, ratings


def test_temperature_and_lines_are_recovered() -> None:
    fitted = calibrate.fit(*made(20000, 1))
    assert 1 / fitted.temperature == pytest.approx(0.5, abs=0.03)
    assert fitted.intercept == pytest.approx(-1, abs=0.05)
    assert fitted.slopes["impact"] == pytest.approx((2, -3), abs=0.1)


def test_intervals_cover_at_their_level_on_new_ideas() -> None:
    raw, criteria, funded, ratings = made(8000, 2)
    _, figures = calibrate.cross_fitted(raw, criteria, funded, ratings, list(range(8000)))
    assert figures["coverage_impact"] == pytest.approx(calibrate.LEVEL, abs=0.02)
    assert figures["coverage_success_blocks"] == pytest.approx(calibrate.LEVEL, abs=0.06)
    assert figures["brier"] < figures["brier_of_base_rate"]


def test_unknown_labels_are_left_out() -> None:
    raw, criteria, funded, ratings = made(500, 3)
    some = calibrate.fit(raw[:400], criteria[:400], funded[:400], ratings[:400])
    funded[400:], ratings[400:] = np.nan, np.nan
    assert calibrate.fit(raw, criteria, funded, ratings) == some


def test_a_head_that_ranks_backwards_is_refused() -> None:
    raw, criteria, funded, ratings = made(500, 4)
    with pytest.raises(ValueError, match="backwards"):
        calibrate.fit(-raw, criteria, funded, ratings)


def test_reliability_bins_hold_all_ideas_in_order_and_wilson_intervals_hold_the_share() -> None:
    generator = np.random.default_rng(5)
    chance = generator.random(995)
    funded = (generator.random(995) < chance).astype(float)
    bins = calibrate.reliability(funded, chance)
    assert sum(part["n"] for part in bins) == 995
    means = [part["mean_probability"] for part in bins]
    assert means == sorted(means)
    assert all(part["low"] <= part["observed"] <= part["high"] for part in bins)
    assert sum(part["low"] <= part["mean_probability"] <= part["high"] for part in bins) >= 8


def test_the_wilson_interval_is_the_formulas() -> None:
    (part,) = calibrate.reliability(np.array([1.0] * 3 + [0.0] * 7), np.full(10, 0.3), bins=1)
    assert (part["low"], part["high"]) == pytest.approx((0.1078, 0.6032), abs=1e-4)


def test_a_row_is_calibrated_without_its_own_half() -> None:
    raw, _, funded, _ = made(400, 6)
    groups = list(range(400))
    before = calibrate.cross_fitted_chance(raw, funded, groups)
    changed = funded.copy()
    changed[0] = 1 - changed[0]
    after = calibrate.cross_fitted_chance(raw, changed, groups)
    half = calibrate.folds(groups, 2, calibrate.HALVES_SEED)
    assert (before == after)[half == half[0]].all()
    assert (before != after)[half != half[0]].all()
