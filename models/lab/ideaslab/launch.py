"""Builds the launch head from the campaigns: one step, a few minutes on one core."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import numpy as np
import onnx

from . import kickstarter, launch_card, launch_figures, launch_graph, launch_model, launch_pack
from .atomic import write_arrays, write_json, write_text
from .compose import Composer
from .lab import Lab
from .launch_text import Texts, pieces, static_embeddings
from .metrics import Floats


def _static(base: Path, composer: Composer, work: Path) -> Floats:
    """Return the static embeddings, from the work folder if an earlier run left them there."""
    kept = work / "static.npz"
    if kept.exists():
        with np.load(kept) as stored:
            return np.asarray(stored["static"])
    made = static_embeddings(base, composer.tokenizer.get_vocab_size(), composer.cls, composer.sep)
    write_arrays(kept, {"static": made})
    return made


def build(data: Path, work: Path, base: Path, out: Path) -> dict[str, int]:
    """Collect, measure, fit on everything, export, pack, write the card and verify; return what was checked."""
    work = work / "launch"
    work.mkdir(parents=True, exist_ok=True)
    found = kickstarter.collect(data)
    print(json.dumps(found.report), flush=True)
    composer = Composer(base / "vocab.txt")
    texts = Texts(
        pieces(composer, [c.title for c in found.campaigns]), pieces(composer, [c.blurb for c in found.campaigns]),
        _static(base, composer, work),
    )
    plans = [c.plan for c in found.campaigns]
    categories = launch_model.Categories.of(plans)
    x = launch_model.inputs(texts, plans, categories)
    figures, logits = launch_figures.measure(found, x)
    write_json(work / "figures.json", figures)
    write_arrays(work / "logits.npz", {"success": found.success, **logits})
    model = launch_model.fit(x, found.success, found.groups, np.arange(len(plans)))
    graph = launch_graph.build(model, texts.static)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "launch.onnx"
        onnx.save(graph, str(path))
        gap = launch_graph.largest_difference(launch_graph.load(path), model, x)
    if gap > launch_graph.PARITY:
        raise ValueError(f"the launch graph differs from the fitted head by {gap:.2g}, more than {launch_graph.PARITY:.0e}")
    figures["parity"] = {"campaigns": len(plans), "largest_difference": gap, "allowed": launch_graph.PARITY}
    figures["shipped_strengths"] = model.strengths
    calibration = {name: launch_figures.calibration(found.success, logits[name]) for name in launch_graph.HEADS}
    launch_pack.pack(out, graph, base / "vocab.txt", categories, calibration, figures)
    write_text(out / "MODEL_CARD.md", launch_card.render(figures, calibration))
    return launch_pack.verify(out)


def run(at: Lab) -> None:
    """The step: build models/launch-campaigns beside the shipped folder."""
    print(json.dumps(build(at.data, at.work, at.base, at.out.parent / launch_pack.NAME)))
