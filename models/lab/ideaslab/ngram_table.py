"""The reading as a file: `ngram.bin`, which the Go program loads.

Little-endian: the magic `GBNGRAM1`; u32 bits, longest, word low, word high, CJK low, CJK
high, outputs, variants; per variant u32 from and u32 to, rising by from; per output f64
intercept; then per bucket 1 + outputs numbers of 16-bit floating point: idf, and idf times
weight. A score is sum(c w) / sqrt(sum((c idf)^2)) + intercept, c being 1 + ln(count).
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .atomic import replacing
from .metrics import Floats
from .ngram import OUTPUTS, Reading
from .ngram_terms import BITS, CJK, LONGEST, WORD, Variants, terms

_MAGIC = b"GBNGRAM1"


@dataclass(frozen=True)
class Table:
    """What the file holds: numbers as they come back from 16 bits, `[buckets, 1 + outputs]`."""

    variants: Variants
    intercept: Floats
    numbers: Floats

    def reading(self) -> Reading:
        """Return the reading that the program applies."""
        return Reading(self.numbers[:, 0], self.numbers[:, 1:], self.intercept)

    def score(self, text: Mapping[str, str]) -> tuple[dict[str, float], int]:
        """Return one cleaned idea's raw outputs and its units of length; an idea without terms gets the intercepts."""
        found, units = terms(text, self.variants)
        columns = np.fromiter(found.keys(), dtype=np.int64, count=len(found))
        damped = 1 + np.log(np.fromiter(found.values(), dtype=np.float64, count=len(found)))
        rows = self.numbers[columns]
        length = np.sqrt(((damped * rows[:, 0]) ** 2).sum())
        sums = damped @ rows[:, 1:] / length if length > 0 else np.zeros(len(OUTPUTS))
        return dict(zip(OUTPUTS, map(float, sums + self.intercept), strict=True)), units


def table(reading: Reading, variants: Variants) -> Table:
    """Return the reading rounded to 16 bits."""
    numbers = np.column_stack([reading.idf, reading.weights]).astype("<f2")
    if not np.isfinite(numbers).all():
        raise ValueError("a weight is too large for 16 bits")
    return Table(variants, reading.intercept, numbers.astype(np.float64))


def write(made: Table, path: Path) -> None:
    """Write the file."""
    pairs = sorted(made.variants.items())
    with replacing(path) as partial, partial.open("wb") as out:
        out.write(_MAGIC + struct.pack("<8I", BITS, LONGEST, *WORD, *CJK, len(OUTPUTS), len(pairs)))
        for old, new in pairs:
            out.write(struct.pack("<2I", old, new))
        out.write(made.intercept.astype("<f8").tobytes() + made.numbers.astype("<f2").tobytes())


def load(path: Path) -> Table:
    """Read what `write` wrote; raises ValueError when it was written by another rule."""
    content = path.read_bytes()
    head = len(_MAGIC) + 32
    if content[: len(_MAGIC)] != _MAGIC or len(content) < head:
        raise ValueError(f"{path} is not a table of n-grams")
    *rule, outputs, variants = struct.unpack("<8I", content[len(_MAGIC) : head])
    if rule != [BITS, LONGEST, *WORD, *CJK] or outputs != len(OUTPUTS):
        raise ValueError(f"{path} was made by another rule")
    pairs = np.frombuffer(content, "<u4", 2 * variants, head).reshape(-1, 2).tolist()
    at = head + 8 * variants
    intercept = np.frombuffer(content, "<f8", outputs, at)
    numbers = np.frombuffer(content, "<f2", offset=at + 8 * outputs).reshape(1 << BITS, 1 + outputs)
    return Table({a: b for a, b in pairs}, intercept.astype(np.float64), numbers.astype(np.float64))
