"""Writes and verifies the shipped folder: graph, vocabulary, goldens, manifest."""

from __future__ import annotations

import hashlib
import json
import math
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import onnxruntime

from . import export
from .clean import clean
from .compose import FIELDS, Composer
from .encoder import CRITERIA
from .golden_texts import clean_texts, drafts, tokenizer_texts

NAME = "ideas-minilm"
VERSION = "1.1.0"
CREATED = "2026-11-25T00:00:00Z"
LANGUAGES = ("en",)
MIN_TOKENS = 20
MAX_INTERVAL_SHARE = 0.95
GRAPHS = {"cpu": "model.onnx", "cuda": "model.fp16.onnx"}  # the graph that each device runs
FILES = (*GRAPHS.values(), "vocab.txt", "golden.jsonl", "golden_clean.jsonl", "golden_scores.jsonl")
TOLERANCE = 2e-2  # int8 arithmetic differs a little between processors


@dataclass(frozen=True)
class Calibration:
    """How raw outputs become answers; see `calibrate`."""

    temperature: float = 1.0
    intercept: float = 0.0
    slopes: Mapping[str, tuple[float, float]] = field(default_factory=lambda: {c: (1.0, 0.0) for c in CRITERIA})
    level: float = 0.8
    radius_logit: float = 1.0
    radii: Mapping[str, float] = field(default_factory=lambda: {c: 1.0 for c in CRITERIA})

    def probability(self, logit: float) -> float:
        """Return the calibrated chance of success."""
        return 1.0 / (1.0 + math.exp(-(logit / self.temperature + self.intercept)))

    def manifest(self) -> dict[str, Any]:
        """Return the manifest's `calibration` and `conformal` parts."""
        lines = {c: {"slope": self.slopes[c][0], "intercept": self.slopes[c][1]} for c in CRITERIA}
        radii = {c: {"radius": self.radii[c]} for c in CRITERIA}
        return {
            "calibration": {"success": {"temperature": self.temperature, "intercept": self.intercept}, **lines},
            "conformal": {"level": self.level, "success": {"radius_logit": self.radius_logit}, **radii},
        }


def _write_lines(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    with path.open("w", encoding="utf-8") as out:
        for row in rows:
            out.write(json.dumps(row, ensure_ascii=True) + "\n")


def _read_lines(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def score_one(
    session: onnxruntime.InferenceSession, calibration: Calibration, ids: Sequence[int]
) -> dict[str, float]:
    """Return what one idea scores alone: raw outputs and the calibrated probability."""
    success, criteria, _ = export.run(session, [ids], 1)
    logit = float(success[0])
    means = {name: float(criteria[0, i]) for i, name in enumerate(CRITERIA)}
    return {"success_logit": logit, **means, "probability": calibration.probability(logit)}


def write_goldens(folder: Path, composer: Composer, calibration: Calibration) -> None:
    """Write the three golden files from made-up texts and the graph in `folder`."""
    _write_lines(
        folder / "golden.jsonl", [{"text": t, "ids": composer.field_ids(t)} for t in tokenizer_texts()]
    )
    _write_lines(folder / "golden_clean.jsonl", [{"raw": t, "clean": clean(t)} for t in clean_texts()])
    session = export.session(folder / "model.onnx", threads=1)
    rows = []
    for i, draft in enumerate(drafts(), start=1):
        idea = {"id": f"golden-{i:02d}", **draft._asdict()}
        ids = composer.ids(draft._asdict())
        rows.append({"idea": idea, "input_ids": ids, "output": score_one(session, calibration, ids)})
    _write_lines(folder / "golden_scores.jsonl", rows)


def digest(path: Path) -> dict[str, Any]:
    """Return a file's sha256 and size, as manifests have them."""
    content = path.read_bytes()
    return {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}


def write_manifest(
    folder: Path, calibration: Calibration, max_tokens: int, metrics: Mapping[str, Any], near: Mapping[str, float]
) -> None:
    """Write manifest.json over the files that lie in `folder`."""
    manifest = {
        "schema": 1,
        "name": NAME,
        "version": VERSION,
        "created": CREATED,
        "base": "all-MiniLM-L6-v2",
        "licence": "Apache-2.0",
        "files": {name: digest(folder / name) for name in FILES},
        "graph": {"inputs": list(export.INPUTS), "outputs": list(export.OUTPUTS), "devices": GRAPHS},
        "tokenizer": {"type": "wordpiece", "lowercase": True, "max_tokens": max_tokens},
        "fields": list(FIELDS),
        "languages": list(LANGUAGES),
        **calibration.manifest(),
        "abstain": {"min_tokens": MIN_TOKENS, "max_interval_share": MAX_INTERVAL_SHARE},
        "nearness": dict(near),
        "metrics": metrics,
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1, allow_nan=False) + "\n", encoding="utf-8")


def pack(
    graphs: Mapping[str, Path], vocab: Path, folder: Path, calibration: Calibration, metrics: Mapping[str, Any],
    max_tokens: int, near: Mapping[str, float],
) -> None:
    """Fill `folder` with everything but the card; `graphs` holds the graph of each device in GRAPHS.

    `near` is what `nearness` found.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for device, name in GRAPHS.items():
        shutil.copyfile(graphs[device], folder / name)
    shutil.copyfile(vocab, folder / "vocab.txt")
    write_goldens(folder, Composer(folder / "vocab.txt", max_tokens), calibration)
    write_manifest(folder, calibration, max_tokens, metrics, near)


def read_calibration(manifest: Mapping[str, Any]) -> Calibration:
    """Return the calibration a manifest carries."""
    given, conformal = manifest["calibration"], manifest["conformal"]
    return Calibration(
        temperature=given["success"]["temperature"],
        intercept=given["success"]["intercept"],
        slopes={c: (given[c]["slope"], given[c]["intercept"]) for c in CRITERIA},
        level=conformal["level"],
        radius_logit=conformal["success"]["radius_logit"],
        radii={c: conformal[c]["radius"] for c in CRITERIA},
    )


def verify(folder: Path) -> dict[str, int]:
    """Check a shipped folder against itself and return how many of each thing were checked.

    Raises ValueError at the first file, cleaning, tokenisation or score that is not as recorded.
    """
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for name, recorded in manifest["files"].items():
        if digest(folder / name) != recorded:
            raise ValueError(f"{name} is not the file the manifest describes")
    composer = Composer(folder / "vocab.txt", manifest["tokenizer"]["max_tokens"])
    texts = _read_lines(folder / "golden.jsonl")
    for row in texts:
        if composer.field_ids(row["text"]) != row["ids"]:
            raise ValueError(f"golden.jsonl: other ids for {row['text'][:40]!r}")
    cleaned = _read_lines(folder / "golden_clean.jsonl")
    for row in cleaned:
        if clean(row["raw"]) != row["clean"]:
            raise ValueError(f"golden_clean.jsonl: {row['raw'][:40]!r} cleans to {clean(row['raw'])[:40]!r}")
    scores = _read_lines(folder / "golden_scores.jsonl")
    session = export.session(folder / "model.onnx", threads=1)
    calibration = read_calibration(manifest)
    for row in scores:
        if composer.ids(row["idea"]) != row["input_ids"]:
            raise ValueError(f"golden_scores.jsonl: other input ids for {row['idea']['id']}")
        got = score_one(session, calibration, row["input_ids"])
        for key, recorded in row["output"].items():
            if abs(got[key] - recorded) > TOLERANCE:
                raise ValueError(f"golden_scores.jsonl: {row['idea']['id']} {key} is {got[key]}, not {recorded}")
    return {"files": len(manifest["files"]), "texts": len(texts), "cleaned": len(cleaned), "scores": len(scores)}


def as_json(calibration: Calibration) -> dict[str, Any]:
    """Return a calibration as plain values, for the work folder."""
    return asdict(calibration)


def from_json(stored: Mapping[str, Any]) -> Calibration:
    """Return the calibration that `as_json` wrote."""
    return Calibration(**{**stored, "slopes": {k: tuple(v) for k, v in stored["slopes"].items()}})
