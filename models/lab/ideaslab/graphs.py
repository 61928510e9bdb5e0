"""The steps from the trained network to the graphs that ship, each held to its gate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import torch

from . import evaluate, export, lexicon, members
from .atomic import write_arrays
from .batches import encode
from .blend import Shipped
from .encoder import IdeaModel, load_bert
from .lab import Lab
from .metrics import Floats
from .proposals import Proposal
from .train import predict

INT8_LOSS = 0.005  # largest AUC that quantising may cost
FP16_LOSS = 0.001
Outputs = tuple[Floats, Floats, Floats]  # success logits, criteria, embeddings


def trained(at: Lab) -> Shipped:
    """Return the trained network, ready to export."""
    model = Shipped(IdeaModel(load_bert(at.base)), at.vocabulary())
    model.load_state_dict(torch.load(at.folder / "model.pt", weights_only=True))
    model.eval()
    return model


def export_float(at: Lab) -> None:
    """Export the float graph and hold it to PyTorch."""
    model = trained(at)
    export.to_onnx(model, at.folder / "float.onnx")
    ids = encode(at.composer(), at.test()[:200])
    gap = export.largest_difference(predict(model, ids), export.run(export.session(at.folder / "float.onnx"), ids))
    if gap > export.PARITY:
        raise ValueError(f"ONNX differs from PyTorch by {gap:.2g}, more than {export.PARITY:.0e}")
    at.note("parity", {"rows": len(ids), "largest_difference": gap, "allowed": export.PARITY})


def quantise(at: Lab) -> None:
    """Write the int8 graph, score the test round with both graphs, and hold int8 to its gate."""
    export.quantise(at.folder / "float.onnx", at.folder / "int8.onnx")
    rows = at.test()
    ids = encode(at.composer(), rows)
    floats = export.run(export.session(at.folder / "float.onnx"), ids)
    small = export.session(at.folder / "int8.onnx")
    ints = export.run(small, ids, 1)
    company = export.run(small, ids, 32)
    encoder, words = parts(at, ids)
    write_arrays(at.folder / "outputs.npz", {
        "encoder_success": encoder[:, 0], "encoder_criteria": encoder[:, 1:4], "words": words,
        "float_success": floats[0], "float_criteria": floats[1], "float_embedding": floats[2],
        "int8_success": ints[0], "int8_criteria": ints[1],
    })
    losses = auc_lost(rows, floats, ints)
    at.note("quantisation", {
        "auc_lost": losses,
        "allowed": INT8_LOSS,
        "bytes_float": (at.folder / "float.onnx").stat().st_size,
        "bytes_int8": (at.folder / "int8.onnx").stat().st_size,
        "logit_shift_in_company_of_32": {
            "mean": float(np.abs(company[0] - ints[0]).mean()), "max": float(np.abs(company[0] - ints[0]).max()),
        },
    })
    _hold("int8", losses, INT8_LOSS)


def halve(at: Lab) -> None:
    """Write the float16 graph, score the test round with it on the processor, and hold it to its gates."""
    export.halve(at.folder / "float.onnx", at.folder / "fp16.onnx")
    rows = at.test()
    halves = export.run(export.session(at.folder / "fp16.onnx"), encode(at.composer(), rows))
    with np.load(at.folder / "outputs.npz") as o:
        floats = (o["float_success"], o["float_criteria"], o["float_embedding"])
    gap, losses = export.largest_relative_difference(floats, halves), auc_lost(rows, floats, halves)
    at.note("halving", {
        "rows": len(rows), "largest_difference": gap, "allowed_difference": export.HALF_PARITY,
        "auc_lost": losses, "allowed": FP16_LOSS, "bytes_fp16": (at.folder / "fp16.onnx").stat().st_size,
    })
    if gap > export.HALF_PARITY:
        raise ValueError(f"float16 differs from float32 by {gap:.2g}, more than {export.HALF_PARITY:.0e}")
    _hold("float16", losses, FP16_LOSS)


def auc_lost(rows: Sequence[Proposal], floats: Outputs, others: Outputs) -> dict[str, float]:
    """Return how much AUC another graph loses on the float graph: of success, and of rating above the median."""
    truth = evaluate.Truth(rows)
    success, rating = evaluate.success_figures(truth)["auc"], evaluate.rating_figures(truth)["auc"]
    every = np.arange(len(rows))
    return {
        "success": success(floats[0], every) - success(others[0], every),
        "rating": rating(floats[1].mean(axis=1), every) - rating(others[1].mean(axis=1), every),
    }


def _hold(name: str, losses: Mapping[str, float], allowed: float) -> None:
    worst = max(losses.values())
    if worst > allowed:
        raise ValueError(f"{name} costs {worst:.4f} AUC, more than {allowed}")


def parts(at: Lab, ids: list[list[int]]) -> tuple[Floats, Floats]:
    """Return what the encoder [n, 6] and the lexicon [n, 4] answer each by itself."""
    model = IdeaModel(load_bert(at.base))
    model.load_state_dict(torch.load(at.folder / "encoder.pt", weights_only=True))
    with np.load(at.folder / "lexicon.npz") as stored:
        reading = lexicon.Reading(stored["idf"], stored["weights"], stored["intercept"])
    return members.head_outputs(model, ids), lexicon.read(reading, lexicon.counts(at.vocabulary(), ids))
