"""The figures of all shipped folders beside the design's targets, as a table of `models/README.md`.

Everything comes from the folders' manifests, so the table can be made again without data or training.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from . import launch_pack, ngram_figures, ngram_pack, pack
from .atomic import write_text
from .figure_names import FIGURES, Figure
from .lab import Lab
from .markdown import table
from .translations import ORIGINAL

BEGIN, END = "<!-- figures: made by `ideaslab figures` -->", "<!-- end of figures -->"
_BASELINE = "tfidf + logistic regression"
_DESIGN_F7 = {"en": 0.708, "zh": 0.730}


class Row(NamedTuple):
    """One measured figure beside what is asked of it; `asked` is empty where nothing is."""

    what: str
    design: str  # what a baseline reached in the design
    baseline: str  # what one reached on the same rows
    asked: str
    measured: str
    met: bool | None


def _number(value: float) -> str:
    return f"{value:.3f}" if abs(value) >= 5e-4 or value == 0 else f"{value:.1e}"


def _measured(value: Any) -> str:
    if isinstance(value, list):
        return f"{value[0]:.3f} ({value[1]:.3f} to {value[2]:.3f})"
    return _number(value)


def _row(
    what: str, value: Any, design: float | None, baseline: float | None, target: float | None, figure: Figure
) -> Row:
    point = value[0] if isinstance(value, list) else value
    met = None if target is None else not figure.better(target, point)
    sign = "at least" if figure.more_is_better else "at most"
    return Row(
        what, "–" if design is None else _number(design), "–" if baseline is None else _number(baseline),
        "–" if target is None else f"{sign} {target:g}", _measured(value), met,
    )


_MORE, _LESS = Figure(""), Figure("", more_is_better=False)


def _ideas(metrics: Mapping[str, Any]) -> Iterator[Row]:
    model = next(iter(metrics["success"]))
    for key, figure in FIGURES.items():
        part, name = key.split(".")
        found = metrics.get(part, {}).get(model, {}).get(name)
        if found is None:
            continue
        design = metrics["design"].get(key, {"baseline": None, "target": None})
        ours = metrics[part][_BASELINE][name][0]
        yield _row(f"F8. {figure.title}", found, design["baseline"], ours, design["target"], figure)
    gates = metrics["gates"]
    yield _row("ONNX against PyTorch, largest difference", gates["parity"]["largest_difference"], None, None,
               gates["parity"]["allowed"], _LESS)
    for name, gate in (("int8", "quantisation"), ("float16", "halving")):
        if gate in gates:
            yield _row(f"AUC that {name} loses, the worse of funded and rating", max(gates[gate]["auc_lost"].values()),
                       None, None, gates[gate]["allowed"], _LESS)


def _languages(metrics: Mapping[str, Any]) -> Iterator[Row]:
    english = metrics["by_language"][ORIGINAL]["funded_auc"][0]
    for code, found in metrics["by_language"].items():
        target = None if code == ORIGINAL else round(english - ngram_figures.MARGIN, 3)
        title = f"F7 in {code}, n-grams, 5-fold. Funded, AUC"
        yield _row(title, found["funded_auc"], _DESIGN_F7.get(code), found["funded_auc_of_words"][0], target, _MORE)


def _launch(metrics: Mapping[str, Any]) -> Iterator[Row]:
    for name, asked in metrics["targets"].items():
        ours = metrics["auc"][metrics["against"][name]][0]
        yield _row(f"Kickstarter, {name}. Success, AUC", metrics["auc"][name], asked["baseline"], ours, asked["target"], _MORE)


# Which folders are read, and how.
FOLDERS: dict[str, Callable[[Mapping[str, Any]], Iterator[Row]]] = {
    pack.NAME: _ideas, ngram_pack.NAME: _languages, launch_pack.NAME: _launch,
}


def rows(models: Path) -> list[Row]:
    """Return the figures of every folder that is there."""
    found: list[Row] = []
    for name, read in FOLDERS.items():
        path = models / name / "manifest.json"
        if path.exists():
            found += read(json.loads(path.read_text(encoding="utf-8"))["metrics"])
    return found


def render(models: Path) -> str:
    """Return the table."""
    said = {True: "reached", False: "missed", None: ""}
    return table(
        ["figure", "baseline in the design", "baseline, same rows", "asked", "measured (95 % interval)", ""],
        [[r.what, r.design, r.baseline, r.asked, r.measured, said[r.met]] for r in rows(models)],
    )


def within(text: str, made: str) -> str:
    """Return `text` with `made` between the marks. Raises ValueError when the marks are not there, in order."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"no place for the figures: {BEGIN!r} and {END!r} must stand in it")
    return f"{before}{BEGIN}\n{made}\n{END}{after}"


def run(at: Lab) -> None:
    """Write the table into the README beside the shipped folders, where there is one, and print it."""
    models = at.out.parent
    made, readme = render(models), models / "README.md"
    if readme.exists():
        write_text(readme, within(readme.read_text(encoding="utf-8"), made))
    print(made, flush=True)
