"""Reads the machine translations of one round, and folds traditional ideographs into simplified ones."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from opencc import OpenCC

from .clean import clean
from .ngram_terms import Variants, fold
from .proposals import Proposal

ROUND = "F7"
ORIGINAL = "en"
LANGUAGES = ("zh", "es", "fr", "ja", "pt", "ru")


@dataclass(frozen=True)
class Translations:
    """Ideas of one round, and their cleaned texts by language, each in the order of the ideas."""

    ideas: list[Proposal]
    texts: dict[str, list[dict[str, str]]]  # the original is one of the languages


def _texts(path: Path) -> dict[int, dict[str, str]]:
    names = {"title": "title", "problem": "problem", "solution": "solution", "team": "experience"}
    with path.open(encoding="utf-8") as lines:
        return {
            row["id"]: {name: clean(row[theirs] or "") for name, theirs in names.items()}
            for row in map(json.loads, lines)
        }


def read(data: Path, rows: Iterable[Proposal]) -> Translations:
    """Return the translations of `rows`, which are clean, with a known outcome and full ratings.

    Raises FileNotFoundError when a language's file is missing.
    """
    found = {code: _texts(data / "catalyst" / f"f7_translated_{code}.jsonl") for code in LANGUAGES}
    ideas = [
        p for p in rows
        if p.fund == ROUND and p.funded is not None and p.support is not None and len(p.ratings) == 3
        and all(p.id in texts for texts in found.values())
    ]
    texts = {ORIGINAL: [p.text for p in ideas]}
    return Translations(ideas, texts | {code: [found[code][p.id] for p in ideas] for code in LANGUAGES})


def changed(texts: Mapping[str, Sequence[Mapping[str, str]]]) -> dict[str, list[dict[str, str]]]:
    """Return the texts, language after language, in forms that the model must bear: Chinese in traditional
    ideographs and full-width letters, and every idea without its title."""
    traditional = OpenCC("s2t")
    wide = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}

    def other(code: str, value: str) -> str:
        return str(traditional.convert(value)).translate(wide) if code == "zh" else value

    rows = [(code, text) for code, ideas in texts.items() for text in ideas]
    return {
        "traditional": [{name: other(code, value) for name, value in text.items()} for code, text in rows],
        "untitled": [{**text, "title": ""} for _, text in rows],
    }


def variants(chinese: Sequence[Mapping[str, str]]) -> dict[int, int]:
    """Return traditional ideographs whose simplified form occurs in the Chinese texts, by OpenCC's table.

    Where a traditional character has several simplified forms, the first, which is the usual one, is meant.
    """
    known = {ord(c) for text in chinese for value in text.values() for c in fold(value, {})}
    table = resources.files("opencc").joinpath("dictionary", "TSCharacters.txt").read_text(encoding="utf-8")
    found = {}
    for line in table.splitlines():
        old, new = line.split("\t")
        simple = new.split(" ")[0]
        if len(old) == len(simple) == 1 and old != simple and ord(simple) in known:
            found[ord(old)] = ord(simple)
    return found
