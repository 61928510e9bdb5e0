"""The model that ships with the project is the one its manifest and its card describe."""

import json
from pathlib import Path

import pytest

from ideaslab import export, pack

FOLDER = Path(__file__).resolve().parents[2] / pack.NAME


@pytest.fixture(scope="module")
def manifest() -> dict:  # type: ignore[type-arg]
    return json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8"))


def test_the_shipped_folder_verifies_with_enough_goldens() -> None:
    checked = pack.verify(FOLDER)
    assert checked["texts"] >= 200
    assert checked["cleaned"] >= 40
    assert checked["scores"] >= 12


def test_the_manifest_keeps_the_contract(manifest: dict) -> None:  # type: ignore[type-arg]
    assert manifest["schema"] == 1
    assert manifest["graph"]["inputs"] == list(export.INPUTS)
    assert manifest["graph"]["outputs"] == list(export.OUTPUTS)
    assert manifest["fields"] == ["title", "problem", "solution", "team"]
    assert manifest["tokenizer"] == {"type": "wordpiece", "lowercase": True, "max_tokens": 256}
    assert manifest["calibration"]["success"]["temperature"] > 0
    assert manifest["conformal"]["success"]["radius_logit"] > 0


def test_the_shipped_model_beats_the_baseline_on_the_same_rows(manifest: dict) -> None:  # type: ignore[type-arg]
    figures = manifest["metrics"]
    for part, figure in (("success", "auc"), ("rating", "auc"), ("rating", "spearman")):
        ours, theirs = (
            values[figure][0] for name, values in figures[part].items()
            if "as shipped" in name or name == "tfidf + logistic regression"
        )
        assert ours > theirs, (part, figure)


def test_the_gates_were_passed(manifest: dict) -> None:  # type: ignore[type-arg]
    gates = manifest["metrics"]["gates"]
    assert gates["parity"]["largest_difference"] <= 1e-4
    assert max(gates["quantisation"]["auc_lost"].values()) <= 0.005


def test_the_card_quotes_the_manifests_figures(manifest: dict) -> None:  # type: ignore[type-arg]
    card = (FOLDER / "MODEL_CARD.md").read_text(encoding="utf-8")
    for part in ("success", "rating"):
        for values in manifest["metrics"][part].values():
            for value in values.values():
                assert f"{value[0]:.3f} ({value[1]:.3f} to {value[2]:.3f})" in card
