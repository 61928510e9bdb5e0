"""Tells the language of a text by byte n-grams (py3langid, whose model lies in its package)."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from py3langid.langid import MODEL_FILE, LanguageIdentifier

UNKNOWN = "und"  # ISO 639's code for a language that cannot be told
SURE = 0.9  # probability from which an answer counts; a few words in Latin letters stay below


class Language(NamedTuple):
    """An ISO 639 code and how sure the identifier is of it, 0..1."""

    code: str
    probability: float


@cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def detect(text: str) -> Language:
    """Return the language of `text`, `UNKNOWN` when it is not plain."""
    code, probability = _identifier().classify(text)
    return Language(str(code) if probability >= SURE else UNKNOWN, float(probability))
