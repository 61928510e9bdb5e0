"""The steps from data to shipped folder. Each reads and writes files of one work folder."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from . import baselines, blend, calibrate, card, evaluate, export, lexicon, members, pack, prepare, proposals
from .batches import encode, labels
from .blend import Shipped
from .compose import MAX_TOKENS, Composer
from .encoder import CRITERIA, IdeaModel, base_folder, load_bert
from .features import METADATA, metadata
from .metrics import Floats, auc, spearman
from .proposals import Proposal
from .splits import folds
from .train import Recipe, judge, predict

INT8_LOSS = 0.005  # largest AUC that quantising may cost
MODEL = "fine-tuned model (int8, as shipped)"
MODEL_FLOAT = "fine-tuned model (float32)"
ENCODER = "its encoder alone (float32)"
WORDS = "its lexicon alone"
BASELINE = "tfidf + logistic regression"


@dataclass(frozen=True)
class Lab:
    """Where a run finds and leaves its files."""

    data: Path
    work: Path
    out: Path
    base: Path
    recipes: tuple[Recipe, ...] = members.RECIPES
    folds: int = 5

    def rows(self, name: str) -> list[Proposal]:
        """Read train or test."""
        return proposals.read(self.work / f"{name}.jsonl")

    def composer(self) -> Composer:
        """Return the composer over the base's vocabulary."""
        return Composer(self.base / "vocab.txt", MAX_TOKENS)

    def vocabulary(self) -> lexicon.Vocabulary:
        """Return what the lexicon needs to know of the vocabulary."""
        composer = self.composer()
        return lexicon.Vocabulary(composer.tokenizer.get_vocab_size(), composer.cls, composer.sep)

    def note(self, name: str, value: Any) -> None:
        """Leave a JSON note for later steps and for people."""
        (self.work / f"{name}.json").write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")

    def recall(self, name: str) -> Any:
        """Read a note."""
        return json.loads((self.work / f"{name}.json").read_text(encoding="utf-8"))


def lab(data: Path, work: Path, out: Path, base: str | None) -> Lab:
    """Return a lab over existing folders; `base` may name another BERT folder."""
    work.mkdir(parents=True, exist_ok=True)
    return Lab(data=data, work=work, out=out, base=base_folder(base))


def clean(at: Lab) -> None:
    """Collect, clean, set rows aside with their reasons, and split by round."""
    print(json.dumps(prepare.run(at.data, at.work).report(), indent=1))


def features(at: Lab) -> None:
    """Compute launch-time metadata and the untouched encoder's embeddings."""
    composer, untouched = at.composer(), members.new_model(at.base, at.recipes[0])
    found: dict[str, Any] = {}
    for name in ("train", "test"):
        rows = at.rows(name)
        found[f"{name}_metadata"] = metadata(rows)
        found[f"{name}_embedding"] = predict(untouched, encode(composer, rows))[2]
    np.savez_compressed(at.work / "features.npz", names=np.array(METADATA), **found)


def run_baselines(at: Lab) -> None:
    """Fit the baselines and keep their test scores."""
    with np.load(at.work / "features.npz") as computed:
        embedded = (computed["train_embedding"], computed["test_embedding"])
    scores = baselines.run(at.rows("train"), at.rows("test"), embedded, at.folds)
    stored: dict[str, Any] = {f"success/{k}": v for k, v in scores.success.items()}
    stored |= {f"rating/{k}": v for k, v in scores.rating.items()}
    np.savez_compressed(at.work / "baselines.npz", **stored)
    at.note("baselines", scores.chosen)


def train(at: Lab) -> None:
    """Fine-tune the members, average them, fit the lexicon, and join both by the out-of-fold blend."""
    rows, composer = at.rows("train"), at.composer()
    fitted = members.cross_fit(rows, composer, at.base, at.recipes, at.work, at.folds)
    words, reading = read_words(at, rows)
    chosen = blend.fit_blend(fitted.outputs, words, rows)
    model = members.soup(at.base, [at.work / name for name in fitted.histories])
    torch.save(model.state_dict(), at.work / "encoder.pt")
    torch.save(blend.join(model, reading, at.vocabulary(), chosen).state_dict(), at.work / "model.pt")
    np.savez_compressed(at.work / "lexicon.npz", **asdict(reading))
    at.note("training", {
        "recipes": [asdict(recipe) for recipe in at.recipes],
        "folds": at.folds,
        "members": fitted.histories,
        "out_of_fold": {
            "encoder": judge(fitted.outputs[:, 0], fitted.outputs[:, 1:4], labels(rows)),
            "lexicon": judge(words.mean(axis=1), words, labels(rows)),
        },
        "blend": asdict(chosen),
    })


def read_words(at: Lab, rows: list[Proposal]) -> tuple[Floats, lexicon.Reading]:
    """Return the lexicon's out-of-fold answers [n, 3] on the members' folds, and its fit on all rows."""
    target = labels(rows).criteria
    rated = ~np.isnan(target).any(axis=1)
    found = lexicon.counts(at.vocabulary(), encode(at.composer(), rows))
    fold = folds([p.group for p in rows], at.folds, members.SPLIT_SEED)
    words = np.zeros_like(target)
    for held in range(at.folds):
        learn = np.flatnonzero((fold != held) & rated)
        words[fold == held] = lexicon.read(lexicon.fit(found[learn], target[learn]), found[fold == held])
    return words, lexicon.fit(found[rated], target[rated])


def trained(at: Lab) -> Shipped:
    """Return the trained network, ready to export."""
    model = Shipped(IdeaModel(load_bert(at.base, "eager")), at.vocabulary())
    model.load_state_dict(torch.load(at.work / "model.pt", weights_only=True))
    model.eval()
    return model


def export_float(at: Lab) -> None:
    """Export the float graph and hold it to PyTorch."""
    model = trained(at)
    export.to_onnx(model, at.work / "float.onnx")
    ids = encode(at.composer(), at.rows("test")[:200])
    gap = export.largest_difference(predict(model, ids), export.run(export.session(at.work / "float.onnx"), ids))
    if gap > export.PARITY:
        raise ValueError(f"ONNX differs from PyTorch by {gap:.2g}, more than {export.PARITY:.0e}")
    at.note("parity", {"rows": len(ids), "largest_difference": gap, "allowed": export.PARITY})


def quantise(at: Lab) -> None:
    """Write the int8 graph, score the test round with both graphs, and hold int8 to its gate."""
    export.quantise(at.work / "float.onnx", at.work / "int8.onnx")
    rows = at.rows("test")
    ids = encode(at.composer(), rows)
    floats = export.run(export.session(at.work / "float.onnx"), ids)
    small = export.session(at.work / "int8.onnx")
    ints = export.run(small, ids, 1)
    company = export.run(small, ids, 32)
    encoder, words = parts(at, ids)
    np.savez_compressed(
        at.work / "outputs.npz", encoder_success=encoder[:, 0], encoder_criteria=encoder[:, 1:4], words=words,
        float_success=floats[0], float_criteria=floats[1], int8_success=ints[0], int8_criteria=ints[1],
    )
    truth = evaluate.Truth(rows)
    known = ~np.isnan(truth.funded)
    every = np.arange(len(rows))
    rating = evaluate.rating_figures(truth)["auc"]
    losses = {
        "success": auc(truth.funded[known], floats[0][known]) - auc(truth.funded[known], ints[0][known]),
        "rating": rating(floats[1].mean(axis=1), every) - rating(ints[1].mean(axis=1), every),
    }
    at.note("quantisation", {
        "auc_lost": losses,
        "allowed": INT8_LOSS,
        "bytes_float": (at.work / "float.onnx").stat().st_size,
        "bytes_int8": (at.work / "int8.onnx").stat().st_size,
        "logit_shift_in_company_of_32": {
            "mean": float(np.abs(company[0] - ints[0]).mean()), "max": float(np.abs(company[0] - ints[0]).max()),
        },
    })
    worst = max(losses.values())
    if worst > INT8_LOSS:
        raise ValueError(f"int8 costs {worst:.4f} AUC, more than {INT8_LOSS}")


def parts(at: Lab, ids: list[list[int]]) -> tuple[Floats, Floats]:
    """Return what the encoder [n, 6] and the lexicon [n, 3] answer each by itself."""
    model = IdeaModel(load_bert(at.base))
    model.load_state_dict(torch.load(at.work / "encoder.pt", weights_only=True))
    with np.load(at.work / "lexicon.npz") as stored:
        reading = lexicon.Reading(stored["idf"], stored["weights"], stored["intercept"])
    return members.head_outputs(model, ids), lexicon.read(reading, lexicon.counts(at.vocabulary(), ids))


def run_calibrate(at: Lab) -> None:
    """Fit calibration and intervals on the newest closed round, with cross-fitted figures."""
    truth = evaluate.Truth(at.rows("test"))
    with np.load(at.work / "outputs.npz") as stored:
        success, criteria = stored["int8_success"], stored["int8_criteria"]
    made = calibrate.fit(success, criteria, truth.funded, truth.ratings)
    chance, figures = calibrate.cross_fitted(
        success, criteria, truth.funded, truth.ratings, truth.groups.tolist()
    )
    np.savez_compressed(at.work / "chance.npz", chance=chance)
    at.note("calibration", {"fitted": pack.as_json(made), "cross_fitted": figures})


def report(at: Lab) -> None:
    """Write metrics.json: the model beside the baselines on the test round."""
    rows, training = at.rows("test"), at.rows("train")
    truth = evaluate.Truth(rows)
    with np.load(at.work / "outputs.npz") as o, np.load(at.work / "baselines.npz") as b:
        success = {MODEL: o["int8_success"], MODEL_FLOAT: o["float_success"]}
        rating = {MODEL: o["int8_criteria"].mean(axis=1), MODEL_FLOAT: o["float_criteria"].mean(axis=1)}
        success |= {ENCODER: o["encoder_success"]}
        rating |= {ENCODER: o["encoder_criteria"].mean(axis=1), WORDS: o["words"].mean(axis=1)}
        by_criterion = {c: o["int8_criteria"][:, i] for i, c in enumerate(CRITERIA)}
        success |= {k.split("/", 1)[1]: b[k] for k in b.files if k.startswith("success/")}
        rating |= {k.split("/", 1)[1]: b[k] for k in b.files if k.startswith("rating/")}
    with np.load(at.work / "chance.npz") as stored:
        chance = stored["chance"]
    of_success, of_rating = evaluate.success_figures(truth), evaluate.rating_figures(truth)
    sliced = {}
    for name, part in evaluate.slices(rows, {p.group for p in training}).items():
        sliced[name] = {
            "ideas": len(part),
            "success_auc": {k: of_success["auc"](success[k], part) for k in (MODEL, BASELINE)},
            "rating_auc": {k: of_rating["auc"](rating[k], part) for k in (MODEL, BASELINE)},
            "rating_spearman": {k: of_rating["spearman"](rating[k], part) for k in (MODEL, BASELINE)},
        }
    at.note("metrics", {
        "rows": at.recall("clean_report"),
        "success": evaluate.table(truth, of_success, success),
        "rating": evaluate.table(truth, of_rating, rating),
        "criteria_spearman": {
            c: spearman(truth.ratings[:, i][k], by_criterion[c][k])
            for i, c in enumerate(CRITERIA) for k in [~np.isnan(truth.ratings[:, i])]
        },
        "against_baseline": {
            **{f"success.{k}": evaluate.difference(truth, f, success[MODEL], success[BASELINE])
               for k, f in of_success.items()},
            **{f"rating.{k}": evaluate.difference(truth, f, rating[MODEL], rating[BASELINE])
               for k, f in of_rating.items()},
        },
        "design": {k: {"baseline": v[0], "target": v[1]} for k, v in evaluate.DESIGN.items()},
        "classification": evaluate.classification(truth.funded, chance),
        "calibration": at.recall("calibration")["cross_fitted"],
        "slices": sliced,
        "gates": {"parity": at.recall("parity"), "quantisation": at.recall("quantisation")},
        "training": at.recall("training"),
        "baseline_strengths": at.recall("baselines"),
    })


def ship(at: Lab) -> None:
    """Fill the shipped folder, write its card, and verify it."""
    stored = at.recall("calibration")["fitted"]
    made = pack.Calibration(**{**stored, "slopes": {k: tuple(v) for k, v in stored["slopes"].items()}})
    metrics = at.recall("metrics")
    shown = {k: v for k, v in metrics.items() if k not in ("training", "classification")}
    pack.pack(at.work / "int8.onnx", at.base / "vocab.txt", at.out, made, shown, MAX_TOKENS)
    (at.out / "MODEL_CARD.md").write_text(card.render(metrics, made), encoding="utf-8")
    print(json.dumps(pack.verify(at.out)))


STEPS = {
    "clean": clean,
    "features": features,
    "baselines": run_baselines,
    "train": train,
    "export": export_float,
    "quantise": quantise,
    "calibrate": run_calibrate,
    "evaluate": report,
    "ship": ship,
}
