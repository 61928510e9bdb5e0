"""From text to terms: hashed character n-grams that work with and without spaces between words.

The Go program (`internal/scoring/ngram`) applies the same rule, and `golden_scores.jsonl`
holds both sides to it:

1. Each cleaned field gives its first `LONGEST` code points.
2. Folding: NFKD, U+0300..U+036F dropped, lower case code point by code point, NFC, then the
   variants: traditional ideographs become the simplified ones that were trained on. So
   full-width letters are plain ones and accents do not matter, while kana keep their voice.
3. A word is a run of letters and numbers (categories L and N) outside the scripts of
   `_CJK`; with a border of one space on both sides its substrings of `WORD` code points are
   terms. In a run of `_CJK` the substrings of `CJK` code points are.
4. A term's bucket is FNV-1a of its UTF-8, 32 bits, folded by exclusive or to `BITS` bits.
5. A word is one unit of length, and so is a character of `_CJK`.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

import numpy as np
import scipy.sparse as sparse

from .compose import FIELDS

BITS = 18
LONGEST = 2000
WORD = (2, 5)
CJK = (1, 3)

# Scripts written without spaces: the iteration mark, kana (without the middle dot and the
# double hyphen), ideographs and their extensions.
_CJK = ((0x3005, 0x3005), (0x3041, 0x309F), (0x30A1, 0x30FA), (0x30FC, 0x30FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF),
        (0x20000, 0x323AF))


Variants = Mapping[int, int]  # code point by code point


def fold(text: str, variants: Variants) -> str:
    """Return a cleaned field as terms are made of it."""
    apart = unicodedata.normalize("NFKD", text[:LONGEST])
    together = unicodedata.normalize("NFC", "".join(c.lower() for c in apart if not "\u0300" <= c <= "\u036f"))
    return together.translate(variants)


@lru_cache(maxsize=1 << 16)
def _kind(char: str) -> str:
    """Return "c" for a character that is a unit by itself, "w" for one of a word, "" for what divides."""
    if any(low <= ord(char) <= high for low, high in _CJK):
        return "c"
    return "w" if unicodedata.category(char)[0] in "LN" else ""


def runs(folded: str) -> Iterator[tuple[str, str]]:
    """Yield (kind, run) for every longest run of one kind."""
    start = 0
    for end in range(1, len(folded) + 1):
        kind = _kind(folded[start])
        if end == len(folded) or _kind(folded[end]) != kind:
            if kind:
                yield kind, folded[start:end]
            start = end


@lru_cache(maxsize=1 << 21)
def bucket(term: str) -> int:
    """Return a term's bucket, 0 .. 2**BITS - 1."""
    code = 2166136261
    for byte in term.encode():
        code = (code ^ byte) * 16777619 & 0xFFFFFFFF
    return (code >> BITS ^ code) & (1 << BITS) - 1


def _substrings(run: str, sizes: tuple[int, int]) -> Iterator[str]:
    for size in range(sizes[0], sizes[1] + 1):
        for at in range(len(run) - size + 1):
            yield run[at : at + size]


@lru_cache(maxsize=1 << 18)
def _buckets(kind: str, run: str) -> tuple[int, ...]:
    whole, sizes = (run, CJK) if kind == "c" else (f" {run} ", WORD)
    return tuple(map(bucket, _substrings(whole, sizes)))


def terms(text: Mapping[str, str], variants: Variants) -> tuple[Counter[int], int]:
    """Return how often each bucket occurs in the fields of a cleaned idea, and the idea's units of length."""
    found: Counter[int] = Counter()
    units = 0
    for name in FIELDS:
        for kind, run in runs(fold(text[name], variants)):
            units += len(run) if kind == "c" else 1
            found.update(_buckets(kind, run))
    return found, units


def counts(texts: Sequence[Mapping[str, str]], variants: Variants) -> sparse.csr_matrix:
    """Return 1 + log of how often each bucket occurs, float32 [n, 2**BITS]."""
    columns: list[int] = []
    values: list[int] = []
    ends = [0]
    for text in texts:
        found, _ = terms(text, variants)
        for column, times in sorted(found.items()):
            columns.append(column)
            values.append(times)
        ends.append(len(columns))
    damped = (1 + np.log(np.array(values, dtype=np.float64))).astype(np.float32)
    return sparse.csr_matrix((damped, np.array(columns, dtype=np.int32), np.array(ends)), shape=(len(texts), 1 << BITS))
