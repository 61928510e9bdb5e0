"""Measures how the program tells languages: `python -m ideaslab.ngram_languages`, with the lab on PYTHONPATH.

Every idea of the translated round goes through `globalbrain score` without a stated language,
once whole and once with its problem alone under the English title. What is counted is the
language that the program says, whatever it then does. The figures go where the step `ngram`
finds them for its card. This is a command of its own, as only it needs the program.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from . import proposals, translations
from .atomic import write_json, write_lines

KINDS = ("idea", "problem")


def questions(texts: Mapping[str, Sequence[Mapping[str, str]]]) -> list[dict[str, Any]]:
    """Return the lines to score; an id is language, kind and number."""
    lines = []
    for code, ideas in texts.items():
        for i, text in enumerate(ideas):
            lines.append({"id": f"{code} idea {i}", **text})
            lines.append({"id": f"{code} problem {i}", "title": text["title"], "problem": text["problem"]})
    return lines


def tally(answers: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, dict[str, Any]]]:
    """Return, by language and kind, how many texts there were, which share was told rightly, and what else was said."""
    said: dict[tuple[str, str], Counter[str]] = {}
    for answer in answers:
        code, kind, _ = str(answer["id"]).split(" ")
        said.setdefault((code, kind), Counter())[str(answer["language"])] += 1
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for (code, kind), counts in said.items():
        total = sum(counts.values())
        wrong = {name: n for name, n in counts.most_common() if name != code}
        found.setdefault(code, {})[kind] = {"texts": total, "right": counts[code] / total, "wrong": wrong}
    return found


def main(arguments: Sequence[str]) -> int:
    """Ask the program and write the figures; return the exit status."""
    parser = argparse.ArgumentParser(prog="ideaslab.ngram_languages", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with catalyst/")
    parser.add_argument("--work", type=Path, required=True, help="the run's folder, after the step clean")
    parser.add_argument("--program", type=Path, default=Path("bin/globalbrain"))
    given = parser.parse_args(arguments)
    read = translations.read(given.data, proposals.read(given.work / "rows.jsonl"))
    with tempfile.TemporaryDirectory() as folder:
        asked, answered = Path(folder) / "asked.jsonl", Path(folder) / "answered.jsonl"
        write_lines(asked, questions(read.texts))
        done = subprocess.run([given.program, "score", "-in", asked, "-out", answered], check=False)
        if done.returncode:
            return done.returncode
        with answered.open(encoding="utf-8") as lines:
            found = tally([json.loads(line) for line in lines])
    write_json(given.work / "ngram" / "languages.json", found)
    for code, kinds in found.items():
        print(code, *(f"{kind}: {f['right']:.4f} of {f['texts']}, else {f['wrong']}" for kind, f in kinds.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
