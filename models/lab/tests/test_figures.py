"""The table of figures is read from the manifests and says what was reached."""

import json
from pathlib import Path
from typing import Any

import pytest

from ideaslab import figures

SHIPPED = Path(__file__).resolve().parents[2]


def launch(auc: float) -> dict[str, Any]:
    return {"metrics": {
        "auc": {"text": [auc, auc - 0.02, auc + 0.02], "words": [0.69, 0.66, 0.71]}, "against": {"text": "words"},
        "targets": {"text": {"baseline": 0.686, "target": 0.72}},
    }}


def write(folder: Path, name: str, manifest: dict[str, Any]) -> None:
    (folder / name).mkdir()
    (folder / name / "manifest.json").write_text(json.dumps(manifest))


@pytest.mark.parametrize(("auc", "met"), [(0.7199, False), (0.72, True), (0.75, True)])
def test_a_figure_stands_beside_its_target(tmp_path: Path, auc: float, met: bool) -> None:
    write(tmp_path, "launch-campaigns", launch(auc))
    (row,) = figures.rows(tmp_path)
    assert row[1:] == ("0.686", "0.690", "at least 0.72", f"{auc:.3f} ({auc - 0.02:.3f} to {auc + 0.02:.3f})", met)


def test_folders_that_are_not_there_give_no_rows(tmp_path: Path) -> None:
    assert figures.rows(tmp_path) == []


def test_the_table_takes_its_place_and_leaves_the_rest() -> None:
    text = f"before\n{figures.BEGIN}\nold\n{figures.END}\nafter\n"
    once = figures.within(text, "new")
    assert once == f"before\n{figures.BEGIN}\nnew\n{figures.END}\nafter\n"
    assert figures.within(once, "new") == once


@pytest.mark.parametrize("text", ["", figures.BEGIN, figures.END, f"{figures.END}{figures.BEGIN}"])
def test_a_text_without_the_marks_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no place"):
        figures.within(text, "new")


def test_the_readme_has_the_figures_of_the_shipped_manifests() -> None:
    text = (SHIPPED / "README.md").read_text(encoding="utf-8")
    assert figures.within(text, figures.render(SHIPPED)) == text, "run `python -m ideaslab figures`"
