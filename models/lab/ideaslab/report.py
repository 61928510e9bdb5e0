"""The steps after the graphs: calibration, the figures of a phase, and the shipped folder."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from . import calibrate, card, evaluate, export, pack
from .atomic import write_arrays, write_json, write_text
from .batches import encode
from .compose import MAX_TOKENS
from .encoder import CRITERIA
from .lab import FINAL, PROTOCOL, Lab
from .metrics import Floats, spearman
from .nearness import nearness

MODEL = "fine-tuned model (int8, as shipped)"
MODEL_FLOAT = "fine-tuned model (float32)"
ENCODER = "its encoder alone (float32)"
WORDS = "its lexicon alone"
RECIPE = "the same recipe on every round, out of fold (float32)"
BASELINE = "tfidf + logistic regression"
EXPERTS = "experts' mean rating (not known at submission)"


@dataclass(frozen=True)
class Answers:
    """What a phase answers about the test round, by score; the first score is the model itself."""

    success: dict[str, Floats]  # logits [n]
    criteria: dict[str, Floats]  # [n, 3]


def answers(at: Lab) -> Answers:
    """Return the phase's answers: of its graphs if the test round was held out, else the out-of-fold ones."""
    if at.phase.held_out:
        with np.load(at.folder / "outputs.npz") as o:
            return Answers(
                {MODEL: o["int8_success"], MODEL_FLOAT: o["float_success"], ENCODER: o["encoder_success"],
                 WORDS: o["words"][:, 0]},
                {MODEL: o["int8_criteria"], MODEL_FLOAT: o["float_criteria"], ENCODER: o["encoder_criteria"],
                 WORDS: o["words"][:, 1:]},
            )
    of_test = np.array([p.fund == at.phase.test for p in at.train()])
    with np.load(at.folder / "out_of_fold.npz") as o:
        return Answers(
            {RECIPE: o["success"][of_test], ENCODER: o["outputs"][of_test, 0], WORDS: o["words"][of_test, 0]},
            {RECIPE: o["criteria"][of_test], ENCODER: o["outputs"][of_test, 1:4], WORDS: o["words"][of_test, 1:]},
        )


def _model(scores: Mapping[str, Floats]) -> tuple[str, Floats]:
    return next(iter(scores.items()))


def run_calibrate(at: Lab) -> None:
    """Fit calibration and intervals on the newest closed round, with cross-fitted figures."""
    truth, given = evaluate.Truth(at.test()), answers(at)
    success, criteria = _model(given.success)[1], _model(given.criteria)[1]
    made = calibrate.fit(success, criteria, truth.funded, truth.ratings)
    chance, figures = calibrate.cross_fitted(success, criteria, truth.funded, truth.ratings, truth.groups.tolist())
    write_arrays(at.folder / "chance.npz", {"chance": chance})
    at.note("calibration", {"fitted": pack.as_json(made), "cross_fitted": figures})


def evaluate_phase(at: Lab) -> None:
    """Write the phase's metrics.json: the model beside the baselines on the test round."""
    rows, training = at.test(), at.train()
    truth, given = evaluate.Truth(rows), answers(at)
    model, criteria = _model(given.criteria)
    with np.load(at.folder / "baselines.npz") as b:
        of = {part: {k.split("/", 1)[1]: b[k] for k in b.files if k.startswith(part)} for part in ("success", "rating")}
    success = given.success | of["success"]
    rating = {name: values.mean(axis=1) for name, values in given.criteria.items()} | of["rating"]
    with np.load(at.folder / "chance.npz") as stored:
        chance = stored["chance"]
    groups = truth.groups.tolist()
    chances = {model: chance} | {
        name: calibrate.cross_fitted_chance(score, truth.funded, groups) for name, score in of["success"].items()
    }
    if not np.isnan(truth.experts).any():
        success[EXPERTS] = truth.experts
    of_success, of_rating = evaluate.success_figures(truth), evaluate.rating_figures(truth)
    parts = evaluate.slices(rows, {p.group for p in training if p.fund != at.phase.test})
    at.note("metrics", {
        "rows": {
            "train": dict(Counter(p.fund for p in training)), "test": dict(Counter(p.fund for p in rows)),
            "quarantine": at.recall("clean_report")["quarantine"],
        },
        "success": evaluate.table(truth, of_success, success),
        "chance": evaluate.table(truth, evaluate.chance_figures(truth), chances),
        "rating": evaluate.table(truth, of_rating, rating),
        "criteria_spearman": {
            c: spearman(truth.ratings[:, i][k], criteria[:, i][k])
            for i, c in enumerate(CRITERIA) for k in [~np.isnan(truth.ratings[:, i])]
        },
        "against_baseline": {
            **{f"success.{k}": evaluate.difference(truth, f, success[model], success[BASELINE])
               for k, f in of_success.items()},
            **{f"chance.{k}": evaluate.difference(truth, f, chances[model], chances[BASELINE])
               for k, f in evaluate.chance_figures(truth).items()},
            **{f"rating.{k}": evaluate.difference(truth, f, rating[model], rating[BASELINE])
               for k, f in of_rating.items()},
        },
        "design": {k: {"baseline": v[0], "target": v[1]} for k, v in evaluate.DESIGN.items()},
        "classification": evaluate.classification(truth.funded, chance),
        "calibration": at.recall("calibration")["cross_fitted"],
        "slices": evaluate.sliced(truth, parts, (success, rating), model, BASELINE),
        "gates": {"parity": at.recall("parity"), "quantisation": at.recall("quantisation"), "halving": at.recall("halving")},
        "training": at.recall("training"),
        "baseline_strengths": at.recall("strengths"),
    })


def in_manifest(metrics: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of a phase's figures the manifest carries: all but what only the card needs."""
    return {k: v for k, v in metrics.items() if k not in ("training", "classification")}


def ship(at: Lab) -> None:
    """Fill the shipped folder from the final phase, write its card from both phases, and verify it.

    The manifest's figures are those of the protocol, whose test round trained nothing; the
    final phase's out-of-fold figures stand beside them under `shipped`.
    """
    final = at.during(FINAL)
    metrics = {"protocol": at.during(PROTOCOL).recall("metrics"), "shipped": final.recall("metrics")}
    made = pack.from_json(final.recall("calibration")["fitted"])
    shown = {**in_manifest(metrics["protocol"]), "shipped": in_manifest(metrics["shipped"])}
    graphs = {"cpu": final.folder / "int8.onnx", "cuda": final.folder / "fp16.onnx"}
    rows = at.all_rows()
    embedding = export.run(export.session(graphs["cpu"]), encode(at.composer(), rows))[2]
    near = nearness(embedding, [p.group for p in rows])
    pack.pack(graphs, at.base / "vocab.txt", at.out, made, shown, MAX_TOKENS, near)
    write_json(at.work / "metrics.json", metrics)
    told = {"cleaning": at.recall("clean_report")}
    if (at.work / "search.json").exists():
        told["search"] = at.recall("search")
    write_text(at.out / "MODEL_CARD.md", card.render(metrics, made, told))
    print(json.dumps(pack.verify(at.out)), flush=True)
