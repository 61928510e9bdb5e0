"""Figures against scikit-learn and against values worked out by hand."""

import numpy as np
import pytest
from scipy.stats import spearmanr
from sklearn.metrics import accuracy_score, ndcg_score, precision_recall_fscore_support, roc_auc_score

from ideaslab import metrics

GENERATOR = np.random.default_rng(3)


def test_auc_spearman_and_ndcg_equal_the_libraries() -> None:
    truth = (GENERATOR.random(200) < 0.4).astype(float)
    score = np.round(GENERATOR.normal(size=200) + truth, 1)
    assert metrics.auc(truth, score) == pytest.approx(roc_auc_score(truth, score))
    gain = GENERATOR.random(200)
    assert metrics.spearman(gain, score) == pytest.approx(spearmanr(gain, score)[0])
    score = GENERATOR.permutation(200).astype(float)
    assert metrics.ndcg(gain, score, 10) == pytest.approx(ndcg_score([gain], [score], k=10))


def test_accuracy_and_the_report_by_class_equal_the_librarys() -> None:
    truth = (GENERATOR.random(200) < 0.4).astype(float)
    chance = np.clip(truth * 0.3 + GENERATOR.random(200) * 0.6, 0, 1)
    said = chance >= 0.35
    assert metrics.accuracy(truth, chance) == accuracy_score(truth, chance >= 0.5)
    found = metrics.by_class(truth, chance, 0.35)
    for name, label in (("yes", 1.0), ("no", 0.0)):
        expected = precision_recall_fscore_support(truth, said, labels=[label])[:3]
        got = [found[f"{kind}_{name}"] for kind in ("precision", "recall", "f1")]
        assert got == pytest.approx([float(e[0]) for e in expected])
    assert set(metrics.by_class(np.zeros(3), np.zeros(3)).values()) == {0.0, 1.0}


def test_undefined_figures_are_nan() -> None:
    assert np.isnan(metrics.auc(np.ones(3), np.arange(3.0)))
    assert np.isnan(metrics.spearman(np.ones(3), np.arange(3.0)))
    assert np.isnan(metrics.ndcg(np.zeros(3), np.arange(3.0)))


def test_calibration_error_is_zero_for_a_true_forecast_and_large_for_a_boast() -> None:
    truth = np.tile([0.0, 1.0], 500)
    assert metrics.ece(truth, np.full(1000, 0.5)) == pytest.approx(0.0)
    assert metrics.ece(truth, np.full(1000, 0.9)) == pytest.approx(0.4)
    assert metrics.brier(truth, np.full(1000, 0.5)) == pytest.approx(0.25)


def test_within_weighs_calls_by_size_and_leaves_small_ones_out() -> None:
    calls = [1] * 4 + [2] * 2 + [3]
    assert metrics.within(calls, lambda rows: float(len(rows)), 2, by_size=False) == pytest.approx(3)
    assert metrics.within(calls, lambda rows: float(len(rows)), 2) == pytest.approx((4 * 4 + 2 * 2) / 6)


def test_the_interval_widens_when_rows_come_in_groups() -> None:
    values = np.repeat(GENERATOR.normal(size=40), 10)
    alone = metrics.interval(list(range(400)), lambda rows: float(values[rows].mean()), 500)
    grouped = metrics.interval([i // 10 for i in range(400)], lambda rows: float(values[rows].mean()), 500)
    assert grouped[1] - grouped[0] > 2 * (alone[1] - alone[0])
