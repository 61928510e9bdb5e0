"""Writes and verifies the folder of the model for other languages."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from . import ngram_table
from .atomic import write_json, write_lines
from .clean import clean
from .compose import FIELDS
from .ngram import OUTPUTS
from .ngram_golden import DRAFTS
from .pack import CREATED, MAX_INTERVAL_SHARE, Calibration, digest

NAME = "ideas-ngram"
VERSION = "1.0.0"
MIN_UNITS = 15  # words, or characters of scripts without spaces; as a rule more than one sentence
FILES = ("ngram.bin", "golden_scores.jsonl")
TOLERANCE = 1e-9


def goldens(table: ngram_table.Table) -> list[dict[str, Any]]:
    """Return the made-up ideas with what the table gives for each."""
    rows = []
    for i, draft in enumerate(DRAFTS, start=1):
        output, units = table.score({name: clean(value) for name, value in draft._asdict().items()})
        rows.append({"idea": {"id": f"golden-{i:02d}", **draft._asdict()}, "units": units, "output": output})
    return rows


def pack(
    table: ngram_table.Table, languages: Sequence[str], calibration: Calibration, metrics: Mapping[str, Any], folder: Path
) -> None:
    """Fill `folder` with everything but the card."""
    folder.mkdir(parents=True, exist_ok=True)
    ngram_table.write(table, folder / "ngram.bin")
    write_lines(folder / "golden_scores.jsonl", goldens(table))
    write_json(folder / "manifest.json", {
        "schema": 1,
        "kind": "ngram",
        "name": NAME,
        "version": VERSION,
        "created": CREATED,
        "base": "none",
        "licence": "Apache-2.0",
        "files": {name: digest(folder / name) for name in FILES},
        "outputs": list(OUTPUTS),
        "fields": list(FIELDS),
        "languages": list(languages),
        **calibration.manifest(),
        "abstain": {"min_tokens": MIN_UNITS, "max_interval_share": MAX_INTERVAL_SHARE},
        "metrics": metrics,
    })


def is_ngram(folder: Path) -> bool:
    """Return whether a model folder holds a table of n-grams."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return bool(manifest.get("kind") == "ngram")


def verify(folder: Path) -> dict[str, int]:
    """Check a folder against itself and return how many of each thing were checked.

    Raises ValueError at the first file or score that is not as recorded.
    """
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for name, recorded in manifest["files"].items():
        if digest(folder / name) != recorded:
            raise ValueError(f"{name} is not the file the manifest describes")
    table = ngram_table.load(folder / "ngram.bin")
    with (folder / "golden_scores.jsonl").open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    for row in rows:
        got, units = table.score({name: clean(row["idea"][name]) for name in FIELDS})
        if units != row["units"]:
            raise ValueError(f"golden_scores.jsonl: {row['idea']['id']} has {units} units, not {row['units']}")
        for key, recorded in row["output"].items():
            if abs(got[key] - recorded) > TOLERANCE:
                raise ValueError(f"golden_scores.jsonl: {row['idea']['id']} {key} is {got[key]}, not {recorded}")
    return {"files": len(manifest["files"]), "scores": len(rows)}
