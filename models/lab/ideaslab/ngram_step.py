"""The step that makes the model for other languages, from translations to its folder."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import scipy.sparse as sparse

from . import ngram, ngram_card, ngram_figures, ngram_pack, ngram_table, translations
from .atomic import write_arrays, write_json, write_text
from .lab import Lab
from .metrics import Floats
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
    fitted = _fitted(
        folder, texts, others, lambda: {k: counts(v, variants) for k, v in translations.changed(translated.texts).items()}
    )
    table = ngram_table.table(fitted.reading, variants)
    words = ngram_figures.baseline(translated, np.array([p.group for p in translated.ideas]))
    by_language = ngram_figures.judge(texts, fitted.answers, words, rounds)
    codes = ngram_figures.served(by_language)
    if not codes:
        raise ValueError(f"no language lies within {ngram_figures.MARGIN} of English; nothing to ship")
    answers = _of_newest(folder / "newest.npz", texts, others, newest, fitted.strength, variants)
    made, calibrated = ngram_figures.of_newest(answers, newest)
    metrics = {
        "ideas": len(translated.ideas),
        "round": ROUND,
        "newest": newest[0].fund,
        "by_language": by_language,
        "served": codes,
        "ungrouped": ngram_figures.ungrouped(translated),
        "strengths": fitted.strengths,
        "strength": fitted.strength,
        "rounding": float(np.abs(ngram.read(table.reading(), texts.found) - ngram.read(fitted.reading, texts.found)).max()),
        "buckets_used": float((fitted.reading.idf > 0).mean()),
        "variants": len(variants),
        "calibration": calibrated,
        "changed": ngram_figures.changed(texts, fitted.changed),
        "funded_rate": float(np.mean([p.funded or 0 for p in texts.ideas])),
        "mean_chance": ngram_figures.spoken(texts, fitted.answers, made),
    }
    if (folder / "languages.json").exists():
        metrics["identification"] = json.loads((folder / "languages.json").read_text(encoding="utf-8"))
    write_json(folder / "metrics.json", metrics)
    write_json(folder / "calibration.json", as_json(made))
    out = at.out.parent / ngram_pack.NAME
    ngram_pack.pack(table, codes, made, metrics, out)
    write_text(out / "MODEL_CARD.md", ngram_card.render(metrics, made))
    print(json.dumps(ngram_pack.verify(out)), flush=True)


def _fitted(
    folder: Path, texts: Corpus, others: list[Proposal], changed: Callable[[], dict[str, sparse.csr_matrix]]
) -> Fitted:
    path = folder / "fit.npz"
    if not path.exists():
        made = ngram.cross_fit(texts, others, changed=changed())
        write_arrays(path, {
            "answers": made.answers, "strengths": np.array(made.strengths), "strength": np.array(made.strength),
            **{f"changed/{k}": v for k, v in made.changed.items()}, "idf": made.reading.idf, "weights": made.reading.weights, "intercept": made.reading.intercept,
        })
    with np.load(path) as stored:
        return Fitted(
            stored["answers"],
            {name.removeprefix("changed/"): stored[name] for name in stored.files if name.startswith("changed/")},
            stored["strengths"].tolist(),
            Reading(stored["idf"], stored["weights"], stored["intercept"]), float(stored["strength"]),
        )


def _of_newest(
    path: Path, texts: Corpus, others: list[Proposal], newest: list[Proposal], strength: float, variants: dict[int, int]
) -> Floats:
    """Return the answers [n, 4] for the newest round's originals, by a reading that saw neither it nor its authors."""
    if not path.exists():
        groups = {p.group for p in newest}
        older = [p for p in others if p.fund != newest[0].fund and p.group not in groups]
        inside = [i for i, p in enumerate(texts.ideas) if p.group not in groups]
        ideas = [texts.ideas[i] for i in inside]
        target = ngram.softened(ideas, ngram.hints(ideas, older, groups))
        keep = np.flatnonzero(np.isin(texts.idea, inside))
        reading = ngram.fit(texts.found[keep], target[np.searchsorted(inside, texts.idea[keep])], strength)
        write_arrays(path, {"answers": ngram.read(reading, counts([p.text for p in newest], variants))})
    with np.load(path) as stored:
        answers: Floats = stored["answers"]
        return answers
