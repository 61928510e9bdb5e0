"""The shipped model for other languages is the one its manifest and its card describe."""

import json
from pathlib import Path
from typing import Any

import pytest

from ideaslab import ngram_figures, ngram_golden, ngram_pack, translations
from ideaslab.__main__ import main

FOLDER = Path(__file__).resolve().parents[2] / ngram_pack.NAME


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    read: dict[str, Any] = json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8"))
    return read


def test_the_shipped_folder_verifies() -> None:
    assert ngram_pack.verify(FOLDER) == {"files": len(ngram_pack.FILES), "scores": len(ngram_golden.DRAFTS)}


def test_the_command_verify_knows_both_kinds_of_folders(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", "--out", str(FOLDER), "--work", str(tmp_path)]) == 0
    assert "'scores'" in capsys.readouterr().out


def test_each_served_language_is_within_the_margin_and_above_the_baseline(manifest: dict[str, Any]) -> None:
    figures = manifest["metrics"]["by_language"]
    english = figures[translations.ORIGINAL]["funded_auc"][0]
    assert manifest["languages"] == manifest["metrics"]["served"] == ngram_figures.served(figures)
    for code in manifest["languages"]:
        assert figures[code]["funded_auc"][0] >= english - ngram_figures.MARGIN
        assert figures[code]["funded_auc"][0] > figures[code]["funded_auc_of_words"][0]


def test_english_is_left_to_the_main_model(manifest: dict[str, Any]) -> None:
    assert translations.ORIGINAL not in manifest["languages"]


def test_the_card_quotes_the_manifests_figures(manifest: dict[str, Any]) -> None:
    card = (FOLDER / "MODEL_CARD.md").read_text(encoding="utf-8")
    for figures in manifest["metrics"]["by_language"].values():
        for name in ("funded_auc", "funded_auc_of_words", "rating_auc", "rating_spearman"):
            value, low, high = figures[name]
            assert f"{value:.3f} ({low:.3f} to {high:.3f})" in card


def test_the_languages_of_whole_ideas_are_told(manifest: dict[str, Any]) -> None:
    for kinds in manifest["metrics"]["identification"].values():
        assert kinds["idea"]["right"] > 0.99
        assert kinds["problem"]["right"] > 0.9
