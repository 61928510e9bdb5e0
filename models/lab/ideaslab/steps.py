"""The steps from data to shipped folder, each reading and writing files of one work folder."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass

import numpy as np
import torch

from . import baselines, blend, cleaning_report, figures, graphs, launch, members, ngram_step, prepare, proposals, report, search
from .atomic import replacing, write_arrays, write_json, write_lines
from .batches import encode, labels
from .features import METADATA, metadata
from .lab import Lab
from .reading import read_words
from .train import judge, predict


def collect(at: Lab) -> None:
    """Read every proposal of the data folder as it was written and join its ratings."""
    found = proposals.collect(at.data)
    proposals.write(found, at.work / "collected.jsonl")
    print(f"{len(found)} proposals", flush=True)


def clean(at: Lab) -> None:
    """Clean the texts, set rows aside with their reasons, and report what was done."""
    collected = proposals.read(at.work / "collected.jsonl")
    made = prepare.prepare(collected)
    proposals.write(made.rows, at.work / "rows.jsonl")
    write_lines(at.work / "quarantine.jsonl",
                ({"fund": s.row.fund, "id": s.row.id, "reason": s.reason, "detail": s.detail} for s in made.quarantine))
    told = cleaning_report.report(collected, made)
    write_json(at.work / "clean_report.json", told)
    print(json.dumps(told, indent=1), flush=True)


def features(at: Lab) -> None:
    """Compute launch-time metadata and the untouched encoder's embeddings of every row."""
    rows = at.all_rows()
    untouched = members.new_model(at.base, at.recipes[0])
    write_arrays(at.work / "features.npz", {
        "names": np.array(METADATA), "metadata": metadata(rows),
        "embedding": predict(untouched, encode(at.composer(), rows))[2],
    })


def run_baselines(at: Lab) -> None:
    """Fit the baselines and keep their answers on the test round."""
    with np.load(at.work / "features.npz") as computed:
        embedding = {p.key: e for p, e in zip(at.all_rows(), computed["embedding"], strict=True)}
    if at.phase.held_out:
        scores = baselines.run(at.train(), at.test(), embedding, at.folds)
        write_json(at.work / "strengths.json", scores.chosen)
    else:
        scores = baselines.out_of_fold(at.train(), at.phase.test, embedding, at.folds, at.recall("strengths"))
    write_arrays(at.folder / "baselines.npz", {
        **{f"success/{k}": v for k, v in scores.success.items()},
        **{f"rating/{k}": v for k, v in scores.rating.items()},
    })


def train(at: Lab) -> None:
    """Fine-tune the members, average them, fit the lexicon, and join both by the out-of-fold blend."""
    rows, composer = at.train(), at.composer()
    fitted = members.cross_fit(rows, composer, at.base, at.recipes, at.folder, at.folds)
    words, reading = read_words(at, rows)
    chosen = blend.fit_blend(fitted.outputs, words, rows)
    model = members.soup(at.base, [at.folder / name for name in fitted.histories])
    with replacing(at.folder / "encoder.pt") as path:
        torch.save(model.state_dict(), path)
    with replacing(at.folder / "model.pt") as path:
        torch.save(blend.join(model, reading, at.vocabulary(), chosen).state_dict(), path)
    write_arrays(at.folder / "lexicon.npz", asdict(reading))
    success, criteria = blend.answers(chosen, fitted.outputs, words)
    write_arrays(at.folder / "out_of_fold.npz", {
        "outputs": fitted.outputs, "words": words, "success": success, "criteria": criteria,
    })
    at.note("training", {
        "recipes": [asdict(recipe) for recipe in at.recipes],
        "folds": at.folds,
        "members": fitted.histories,
        "out_of_fold": {
            "encoder": judge(fitted.outputs[:, 0], fitted.outputs[:, 1:4], labels(rows)),
            "lexicon": judge(words[:, 0], words[:, 1:], labels(rows)),
            "joined": judge(success, criteria, labels(rows)),
        },
        "blend": asdict(chosen),
    })


@dataclass(frozen=True)
class Step:
    """One command. A step that is `phased` runs in each phase, the others once; `all` leaves out what is `extra`."""

    run: Callable[[Lab], None]
    phased: bool = False
    extra: bool = False


# In the order in which `all` runs them; neighbours that are phased run together, phase by phase.
STEPS = {
    "collect": Step(collect),
    "clean": Step(clean),
    "features": Step(features),
    "search": Step(search.run, extra=True),
    "baselines": Step(run_baselines, phased=True),
    "train": Step(train, phased=True),
    "export": Step(graphs.export_float, phased=True),
    "quantise": Step(graphs.quantise, phased=True),
    "halve": Step(graphs.halve, phased=True),
    "calibrate": Step(report.run_calibrate, phased=True),
    "evaluate": Step(report.evaluate_phase, phased=True),
    "ship": Step(report.ship),
    "ngram": Step(ngram_step.run),
    "launch": Step(launch.run),
    "figures": Step(figures.run),
}
