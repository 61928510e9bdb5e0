"""The step that makes the model for other languages, from translations to its folder."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from . import ngram, ngram_card, ngram_figures, ngram_pack, ngram_table, translations
from .atomic import write_arrays, write_json, write_text
from .lab import Lab
from .ngram import Corpus, Fitted, Reading
from .ngram_terms import counts
from .pack import Calibration, as_json
from .proposals import Proposal
from .splits import round_number
from .translations import ROUND


def run(at: Lab, rounds: int = 1000) -> None:
    """Fit, judge, calibrate and write the folder beside the other model's, then verify it.

    What was fitted stays in the run's folder and is not fitted again. `rounds` are those of the bootstrap.
    """
    rows, folder = at.all_rows(), at.work / "ngram"
    translated = translations.read(at.data, rows)
    variants = translations.variants(translated.texts["zh"])
    texts = ngram.corpus(translated, variants)
    others = [p for p in rows if p.fund != ROUND]
    newest = [p for p in rows if p.fund == max((p.fund for p in rows), key=round_number)]
    fitted = _fitted(folder / "fit.npz", texts, others)
    table = ngram_table.table(fitted.reading, variants)
    by_language = ngram_figures.judge(texts, fitted.answers, ngram_figures.baseline(translated), rounds)
    codes = ngram_figures.served(by_language)
    if not codes:
        raise ValueError(f"no language lies within {ngram_figures.MARGIN} of English; nothing to ship")
    made = ngram_figures.calibrated(texts, fitted.answers, codes, newest)
    metrics = {
        "ideas": len(translated.ideas),
        "round": ROUND,
        "newest": newest[0].fund,
        "by_language": by_language,
        "served": codes,
        "strengths": fitted.strengths,
        "strength": fitted.strength,
        "rounding": float(np.abs(ngram.read(table.reading(), texts.found) - ngram.read(fitted.reading, texts.found)).max()),
        "buckets_used": float((fitted.reading.idf > 0).mean()),
        "variants": len(variants),
        "transfer": _transfer(folder / "transfer.npz", texts, others, newest, fitted.strength, made, variants),
    }
    if (folder / "languages.json").exists():
        metrics["identification"] = json.loads((folder / "languages.json").read_text(encoding="utf-8"))
    write_json(folder / "metrics.json", metrics)
    write_json(folder / "calibration.json", as_json(made))
    out = at.out.parent / ngram_pack.NAME
    ngram_pack.pack(table, codes, made, metrics, out)
    write_text(out / "MODEL_CARD.md", ngram_card.render(metrics, made))
    print(json.dumps(ngram_pack.verify(out)), flush=True)


def _fitted(path: Path, texts: Corpus, others: list[Proposal]) -> Fitted:
    if not path.exists():
        made = ngram.cross_fit(texts, others)
        write_arrays(path, {
            "answers": made.answers, "strengths": np.array(made.strengths), "strength": np.array(made.strength),
            "idf": made.reading.idf, "weights": made.reading.weights, "intercept": made.reading.intercept,
        })
    with np.load(path) as stored:
        return Fitted(
            stored["answers"], stored["strengths"].tolist(),
            Reading(stored["idf"], stored["weights"], stored["intercept"]), float(stored["strength"]),
        )


def _transfer(
    path: Path, texts: Corpus, others: list[Proposal], newest: list[Proposal], strength: float, made: Calibration,
    variants: dict[int, int],
) -> dict[str, float]:
    """Return the figures on the newest round's English ideas of a reading whose hint has not seen that round."""
    if not path.exists():
        groups = {p.group for p in newest}
        older = [p for p in others if p.fund != newest[0].fund and p.group not in groups]
        target = ngram.softened(texts.ideas, ngram.hints(texts.ideas, older, set()))
        keep = np.array([p.group not in groups for p in texts.ideas])[texts.idea]
        reading = ngram.fit(texts.found[keep], target[texts.idea[keep]], strength)
        write_arrays(path, {"answers": ngram.read(reading, counts([p.text for p in newest], variants))})
    with np.load(path) as stored:
        return ngram_figures.transfer(made, stored["answers"], newest)
