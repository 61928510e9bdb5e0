"""Writes whole files or none, so that a step that was killed leaves nothing half-written behind."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a path beside `path` to write to; it takes `path`'s place when the block ends without an error."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".partial-{path.name}")
    yield partial
    os.replace(partial, path)


def write_text(path: Path, content: str) -> None:
    """Write a text file."""
    with replacing(path) as partial:
        partial.write_text(content, encoding="utf-8")


def write_json(path: Path, value: Any) -> None:
    """Write one value as indented JSON."""
    write_text(path, json.dumps(value, indent=1) + "\n")


def write_lines(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write JSON Lines."""
    with replacing(path) as partial, partial.open("w", encoding="utf-8") as out:
        for row in rows:
            out.write(json.dumps(row, ensure_ascii=False) + "\n")


def write_arrays(path: Path, arrays: Mapping[str, Any]) -> None:
    """Write a compressed .npz of named arrays."""
    with replacing(path) as partial:
        np.savez_compressed(partial, **arrays)
