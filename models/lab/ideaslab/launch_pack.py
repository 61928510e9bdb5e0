"""Writes and verifies the folder of the launch head: graph, vocabulary, goldens, manifest."""

from __future__ import annotations

import hashlib
import json
import math
import shutil
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import onnx

from . import launch_graph
from .atomic import write_json, write_lines
from .clean import clean
from .compose import Composer
from .kickstarter import unmarked
from .launch_figures import LEVEL
from .launch_model import Categories, Inputs, inputs
from .launch_plan import FEATURES, RATES, SPANS, Plan
from .launch_text import FIELD_PIECES, Texts, pieces
from .metrics import Floats

NAME = "launch-campaigns"
VERSION = "1.0.0"
CREATED = "2026-11-25T00:00:00Z"
MIN_PIECES = 5  # of title and blurb together; fewer say nothing
FILES = ("launch.onnx", "vocab.txt", "golden_launch.jsonl")
TOLERANCE = 1e-5

# Made-up campaigns; each launch object is as `globalbrain score` takes it.
GOLDEN: tuple[dict[str, Any], ...] = (
    {"title": "The Lantern Atlas: maps that glow", "blurb": "A printed atlas of night skies with ink that shines in the dark.",
     "launch": {"goal": {"amount": 6000, "currency": "EUR"}, "duration_days": 30, "category": "Illustration",
                "main_category": "Art", "main_video": True, "extra_videos": 0, "images": 14, "words": 820,
                "collaborators": 1, "delivery_days": 90, "ships_worldwide": 0.75, "country": "DE",
                "start": "2017-03-21T15:30:00Z", "rewards": {"count": 9, "lowest": 5, "median": 35, "highest": 400}}},
    {"title": "Tide Riders (Canceled)", "blurb": "A cooperative board game about fishing villages for two to five players.",
     "launch": {"goal": {"amount": 18000, "currency": "USD"}, "duration_days": 28, "category": "Tabletop Games",
                "main_video": True, "images": 40, "words": 2100, "country": "US", "rewards": {"count": 6}}},
    {"title": "My app", "blurb": "I need money to make an app that will change everything for everyone!!!",
     "launch": {"goal": {"amount": 500000, "currency": "USD"}, "duration_days": 60, "category": "Apps",
                "main_category": "Technology", "main_video": False, "extra_videos": 0, "images": 0, "words": 60,
                "collaborators": 0, "delivery_days": -5, "ships_worldwide": 1, "country": "US",
                "start": "2017-02-12T03:05:00Z", "rewards": {"count": 1, "lowest": 1, "median": 1, "highest": 1}}},
    {"title": "Brass & Birch", "blurb": "Second album of a café duo: nine songs, recorded live — naïve, loud, ours.",
     "launch": {"category": "Music", "goal": {"amount": 2500, "currency": "GBP"}}},
    {"title": "A kiln for the village", "blurb": "", "launch": {}},
    {"title": "", "blurb": "A short film about a lighthouse keeper who repairs radios.",
     "launch": {"category": "something nobody has heard of", "goal": {"amount": 1e12, "currency": "USD"}, "images": 999999}},
)
_NORTH_AMERICA = {"US", "CA", "MX"}


def _digest(path: Path) -> dict[str, Any]:
    content = path.read_bytes()
    return {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}


def plan_of(launch: Mapping[str, Any]) -> Plan:
    """Return the plan of a golden's launch object. The Go program reads many more forms."""
    goal, rewards, start = launch.get("goal"), launch.get("rewards", {}), launch.get("start")
    given: dict[str, Any] = {
        "duration": launch.get("duration_days"), "delivery": launch.get("delivery_days"),
        "rewards": rewards.get("count"), "lowest_reward": rewards.get("lowest"),
        "median_reward": rewards.get("median"), "highest_reward": rewards.get("highest"),
    }
    given |= {name: launch.get(name) for name in (
        "main_video", "extra_videos", "images", "words", "collaborators", "ships_worldwide")}
    rate = RATES[goal["currency"]] if goal else 1.0
    for name in ("lowest_reward", "median_reward", "highest_reward"):
        given[name] = None if given[name] is None else given[name] * rate
    return Plan(
        goal=goal["amount"] * rate if goal else None,
        category=launch.get("category", ""), main_category=launch.get("main_category", ""),
        north_america=float(launch["country"] in _NORTH_AMERICA) if "country" in launch else None,
        start=datetime.fromisoformat(start) if start else None,
        **{name: None if value is None else float(value) for name, value in given.items()},
    )


def chance(logit: float, made: Mapping[str, float]) -> dict[str, float]:
    """Return the calibrated chance of one head's logit with its interval."""
    z, radius = logit / made["temperature"] + made["intercept"], made["radius_logit"]
    return {name: 1 / (1 + math.exp(-v)) for name, v in (("probability", z), ("low", z - radius), ("high", z + radius))}


def _golden_inputs(composer: Composer, static: Floats, categories: Categories, rows: Sequence[Mapping[str, Any]]) -> Inputs:
    texts = Texts(
        pieces(composer, [clean(unmarked(r["title"])) for r in rows]), pieces(composer, [clean(r["blurb"]) for r in rows]), static,
    )
    return inputs(texts, [plan_of(r["launch"]) for r in rows], categories)


def _golden_rows(folder: Path, manifest: Mapping[str, Any]) -> list[dict[str, Any]]:
    composer = Composer(folder / "vocab.txt")
    named = manifest["categories"]
    main = tuple(manifest["main_categories"])
    categories = Categories(main, tuple(c["name"] for c in named), tuple(c["main"] for c in named))
    static = np.zeros((composer.tokenizer.get_vocab_size(), 1))  # the graph holds what is needed of it
    session = launch_graph.load(folder / "launch.onnx")
    rows = []
    for row in GOLDEN:
        x = _golden_inputs(composer, static, categories, [row])
        logits = launch_graph.run(session, x)[0]
        rows.append({
            **row, "title_ids": x.texts.titles[0], "blurb_ids": x.texts.blurbs[0],
            "features": [None if math.isnan(v) else v for v in x.plan[0].tolist()],
            "category": int(x.category[0]), "main": int(x.main[0]),
            "output": {
                head: {"logit": float(logits[i]), **chance(float(logits[i]), manifest["calibration"][head])}
                for i, head in enumerate(launch_graph.HEADS)
            },
        })
    return rows


def pack(
    folder: Path, graph: onnx.ModelProto, vocabulary: Path, categories: Categories,
    calibration: Mapping[str, Mapping[str, float]], metrics: Mapping[str, Any],
) -> None:
    """Fill `folder` with everything but the card."""
    folder.mkdir(parents=True, exist_ok=True)
    onnx.save(graph, str(folder / "launch.onnx"))
    shutil.copyfile(vocabulary, folder / "vocab.txt")
    manifest: dict[str, Any] = {
        "schema": 1, "kind": "launch", "name": NAME, "version": VERSION, "created": CREATED, "licence": "Apache-2.0", "files": {},
        "graph": {"inputs": list(launch_graph.INPUTS), "outputs": list(launch_graph.OUTPUTS)},
        "heads": list(launch_graph.HEADS),
        "tokenizer": {"type": "wordpiece", "lowercase": True, "field_pieces": FIELD_PIECES},
        "languages": ["en"], "min_pieces": MIN_PIECES,
        "features": list(FEATURES), "spans": {k: list(v) for k, v in SPANS.items()}, "rates": RATES,
        "main_categories": list(categories.main),
        "categories": [{"name": n, "main": m} for n, m in zip(categories.category, categories.home, strict=True)],
        "level": LEVEL, "calibration": calibration, "metrics": metrics,
    }
    write_lines(folder / "golden_launch.jsonl", _golden_rows(folder, manifest))
    manifest["files"] = {name: _digest(folder / name) for name in FILES}
    write_json(folder / "manifest.json", manifest)


def is_launch(folder: Path) -> bool:
    """Whether a folder holds a launch head."""
    return (folder / "launch.onnx").exists()


def verify(folder: Path) -> dict[str, int]:
    """Check a shipped folder against itself: sums, ids, features and scores of the goldens.

    Raises ValueError at the first that is not as recorded.
    """
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for name, recorded in manifest["files"].items():
        if _digest(folder / name) != recorded:
            raise ValueError(f"{name} is not the file the manifest describes")
    lines = (folder / "golden_launch.jsonl").read_text(encoding="utf-8").splitlines()
    recorded = [json.loads(line) for line in lines]
    for was, now in zip(recorded, _golden_rows(folder, manifest), strict=True):
        for key in ("title_ids", "blurb_ids", "category", "main"):
            if was[key] != now[key]:
                raise ValueError(f"golden_launch.jsonl: {key} of {was['title']!r} is {now[key]}, not {was[key]}")
        got, want = (np.array([math.nan if v is None else v for v in r["features"]]) for r in (now, was))
        if not np.allclose(got, want, rtol=0, atol=TOLERANCE, equal_nan=True):
            raise ValueError(f"golden_launch.jsonl: other features of {was['title']!r}")
        for head, values in was["output"].items():
            for key, value in values.items():
                if abs(now["output"][head][key] - value) > TOLERANCE:
                    raise ValueError(f"golden_launch.jsonl: {head} {key} of {was['title']!r} is {now['output'][head][key]}")
    return {"files": len(manifest["files"]), "campaigns": len(recorded)}
