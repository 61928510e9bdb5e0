"""The steps from the trained network to the graphs that ship, each held to its gate."""

from __future__ import annotations

import numpy as np
import torch

from . import evaluate, export, lexicon, members
from .atomic import write_arrays
from .batches import encode
from .blend import Shipped
from .encoder import IdeaModel, load_bert
from .lab import Lab
from .metrics import Floats, auc
from .train import predict

INT8_LOSS = 0.005  # largest AUC that quantising may cost


def trained(at: Lab) -> Shipped:
    """Return the trained network, ready to export."""
    model = Shipped(IdeaModel(load_bert(at.base, "eager")), at.vocabulary())
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
        "float_success": floats[0], "float_criteria": floats[1], "int8_success": ints[0], "int8_criteria": ints[1],
    })
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
        "bytes_float": (at.folder / "float.onnx").stat().st_size,
        "bytes_int8": (at.folder / "int8.onnx").stat().st_size,
        "logit_shift_in_company_of_32": {
            "mean": float(np.abs(company[0] - ints[0]).mean()), "max": float(np.abs(company[0] - ints[0]).max()),
        },
    })
    worst = max(losses.values())
    if worst > INT8_LOSS:
        raise ValueError(f"int8 costs {worst:.4f} AUC, more than {INT8_LOSS}")


def parts(at: Lab, ids: list[list[int]]) -> tuple[Floats, Floats]:
    """Return what the encoder [n, 6] and the lexicon [n, 4] answer each by itself."""
    model = IdeaModel(load_bert(at.base))
    model.load_state_dict(torch.load(at.folder / "encoder.pt", weights_only=True))
    with np.load(at.folder / "lexicon.npz") as stored:
        reading = lexicon.Reading(stored["idf"], stored["weights"], stored["intercept"])
    return members.head_outputs(model, ids), lexicon.read(reading, lexicon.counts(at.vocabulary(), ids))
