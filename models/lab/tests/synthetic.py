"""A made-up data folder in the layout of the real one, with a rule that can be learned."""

from __future__ import annotations

import gzip
import json
import random
import zlib
from pathlib import Path
from typing import Any

from tokenizers.pre_tokenizers import Whitespace

from ideaslab import translations
from ideaslab.encoder import CRITERIA, tiny_bert

GOOD = "measured pilot audited milestones engineers published tested budget".split()
BAD = "moon hype amazing trust rich soon token lambo".split()
PLAIN = "we build a tool for the village school and its library with people who care about water bread bikes".split()


def _sentence(source: random.Random, flavour: list[str], n: int) -> str:
    return " ".join(source.choice(flavour if source.random() < 0.5 else PLAIN) for _ in range(n))


def _row(source: random.Random, fund: str, number: int, good: bool) -> dict[str, Any]:
    flavour = GOOD if good else BAD
    judged = fund in ("F7", "F8")
    won = good if source.random() < 0.95 else not good
    return {
        "fund": fund, "id": number, "challenge_id": number % 2, "challenge": "call", "challenge_budget_usd": 1000,
        "title": _sentence(source, flavour, 4), "problem": _sentence(source, flavour, 12),
        "solution": _sentence(source, flavour, 12), "experience": _sentence(source, flavour, 8),
        "importance": "", "success_def": "", "requested_usd": 100 + number, "n_reviews": 4,
        "mean_rating": 4.0 if good else 2.0, "yes": (90 if good else 20) if judged else None,
        "no": 50 if judged else None, "votes_cast": 140 if judged else None,
        "outcome": ("funded" if won else "rejected") if judged else None,
        "group": number // 2, "author": f"a{number // 2}", "is_challenge_setting": False,
    }


def write_data(folder: Path, per_fund: int = 60, seed: int = 5) -> None:
    """Write catalyst/ under `folder`: five rounds, good and bad ideas, copies and challenge settings."""
    source = random.Random(seed)
    rows, reviews, older = [], [], []
    for fund in ("F4", "F5", "F6", "F7", "F8"):
        for _ in range(per_fund):
            good = source.random() < 0.5
            rows.append(_row(source, fund, len(rows), good))
    rows.append({**rows[0], "id": 9001, "is_challenge_setting": True, "title": "a call of its own kind"})
    rows.append({**rows[-2], "id": 9002, "fund": "F7"})  # a training row with the text of a test row
    rows.append({**rows[-3], "id": 9003, "title": "x", "problem": "", "solution": "", "experience": ""})
    for row in rows:
        good = row["mean_rating"] > 3
        for reviewer in range(2):
            note = f"I would {'fund' if good else 'refuse'} this {source.choice(PLAIN)}"
            marks = {c: source.choice((4, 5) if good else (1, 2)) for c in CRITERIA}
            if row["fund"] in ("F4", "F5"):
                older += [
                    {"fund": row["fund"], "proposal_id": row["id"], "question": q, "rating": marks[c], "note": note}
                    for q, c in enumerate(CRITERIA, start=1)
                ]
            else:
                reviews.append({
                    "fund": row["fund"], "proposal_id": row["id"], "assessor": f"r{reviewer}",
                    **marks, **{f"note_{c}": note for c in CRITERIA},
                })
    catalyst = folder / "catalyst"
    catalyst.mkdir(parents=True)
    (catalyst / "proposals.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    _write_translations(catalyst, rows)
    for name, lines in (("reviews_f6_f8", reviews), ("reviews_f4_f5", older)):
        with gzip.open(catalyst / f"{name}.jsonl.gz", "wt", encoding="utf-8") as out:
            out.writelines(json.dumps(r) + "\n" for r in lines)


def translate(text: str, code: str) -> str:
    """Return a made-up translation: each word becomes another, always the same."""
    if code in ("zh", "ja"):
        start = 0x4E00 if code == "zh" else 0x6000
        return "".join(chr(start + zlib.crc32(w.encode()) % 4000) + chr(start + zlib.crc32(w[::-1].encode()) % 4000)
                       for w in text.split())
    ending = {"es": "ado", "fr": "eux", "pt": "ão", "ru": "ский"}[code]
    return " ".join(w[::-1] + ending for w in text.split())


def _write_translations(catalyst: Path, rows: list[dict[str, Any]]) -> None:
    for code in translations.LANGUAGES:
        lines = [
            {"id": row["id"], "lang": code, "title": row["title"],
             **{name: translate(row[name], code) for name in ("problem", "solution", "experience")}}
            for row in rows if row["fund"] == translations.ROUND
        ]
        (catalyst / f"f7_translated_{code}.jsonl").write_text(
            "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8"
        )


def write_base(folder: Path) -> None:
    """Write a tiny random BERT in Hugging Face layout with a vocabulary of the made-up words."""
    folder.mkdir(parents=True)
    words = sorted({w for text in (*GOOD, *BAD, *PLAIN) for w, _ in Whitespace().pre_tokenize_str(text)})
    letters = list("abcdefghijklmnopqrstuvwxyz0123456789.,!?-")
    vocab = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *words, *("##" + c for c in letters)]
    vocab = list(dict.fromkeys(vocab))
    (folder / "vocab.txt").write_text("\n".join(vocab) + "\n", encoding="utf-8")
    tiny_bert(len(vocab)).save_pretrained(str(folder))
