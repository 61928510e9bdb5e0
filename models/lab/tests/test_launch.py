"""The launch head on made-up campaigns with a rule that can be learned."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import onnx
import pytest

from ideaslab import kickstarter, launch_card, launch_figures, launch_graph, launch_model, launch_pack
from ideaslab.compose import Composer
from ideaslab.launch_plan import FEATURES, SPANS, Plan, category_key, features, matrix
from ideaslab.launch_text import Texts, pieces
from ideaslab.metrics import auc
from ideaslab.splits import folds
from synthetic import write_base
from synthetic_campaigns import campaigns, write

SHIPPED = Path(__file__).resolve().parents[2] / launch_pack.NAME


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("launch") / "base"
    write_base(folder)
    return folder


def read(found: kickstarter.Collected, base: Path) -> tuple[launch_model.Inputs, launch_model.Categories]:
    """Return the inputs, with random static embeddings."""
    composer = Composer(base / "vocab.txt")
    static = np.random.default_rng(1).normal(size=(composer.tokenizer.get_vocab_size(), 8))
    texts = Texts(
        pieces(composer, [c.title for c in found.campaigns]), pieces(composer, [c.blurb for c in found.campaigns]), static,
    )
    plans = [c.plan for c in found.campaigns]
    categories = launch_model.Categories.of(plans)
    return launch_model.inputs(texts, plans, categories), categories


def test_marks_of_ended_campaigns_are_removed_and_copies_set_aside(tmp_path: Path) -> None:
    rows = campaigns(40)
    copy = {**rows[3], "id": "900", "creator": "other"}
    silent = {**rows[4], "id": "901", "title": " ", "blurb": "<b></b>"}
    found = kickstarter.collect(write(tmp_path, [*rows, copy, silent]))
    assert found.report["titles_with_a_mark"] == 2
    assert found.report["set_aside_same_text"] == 1
    assert found.report["set_aside_without_text_or_outcome"] == 1
    assert not any("cancel" in c.title.lower() for c in found.campaigns)
    assert len(found.campaigns) == 40


@pytest.mark.parametrize(
    "change",
    [{"created": "50"}, {"backed": "300"}, {"facebookFriends": "4999"}, {"success": "1"}, {"creator": "zz"}, {"countryState": "Y"}],
    ids=lambda c: next(iter(c)),
)
def test_what_leaks_changes_no_feature_and_no_word(tmp_path: Path, change: dict[str, str]) -> None:
    rows = campaigns(8)
    before = kickstarter.collect(write(tmp_path / "a", rows)).campaigns
    after = kickstarter.collect(write(tmp_path / "b", [{**row, **change} for row in rows])).campaigns
    assert np.array_equal(matrix([c.plan for c in before]), matrix([c.plan for c in after]), equal_nan=True)
    assert [(c.title, c.blurb, c.plan.category) for c in before] == [(c.title, c.blurb, c.plan.category) for c in after]


def test_the_calendar_day_changes_no_feature_beyond_weekday_and_hour() -> None:
    a, b = Plan(start=datetime(2017, 3, 6, 15, 10)), Plan(start=datetime(2017, 2, 14, 15, 50))
    assert np.array_equal(features(a), features(b), equal_nan=True)
    assert features(a) != features(replace(a, start=datetime(2017, 3, 5, 15, 10)))


def test_no_creator_crosses_folds_even_through_a_shared_text(tmp_path: Path) -> None:
    rows = campaigns(40)
    rows[9] = {**rows[9], "title": rows[2]["title"], "blurb": rows[2]["blurb"] + " again"}
    found = kickstarter.collect(write(tmp_path, rows))
    groups = found.groups
    assert groups[2] == groups[9]
    fold = folds(groups, 5, 1)
    for i, a in enumerate(found.campaigns):
        for j, b in enumerate(found.campaigns):
            if a.creator == b.creator or groups[i] == groups[j]:
                assert fold[i] == fold[j]


def test_missing_fields_are_nan_and_absurd_numbers_count_as_the_spans_end() -> None:
    assert all(map(math.isnan, features(Plan())))
    wild = features(Plan(goal=1e15, images=1e9, delivery=-1e9, median_reward=3.0))
    tame = features(Plan(goal=SPANS["goal"][1], images=SPANS["images"][1], delivery=SPANS["delivery"][0], median_reward=3.0))
    assert np.array_equal(wild, tame, equal_nan=True)


def test_categories_are_found_by_either_name() -> None:
    plans = [Plan(category="Jazz", main_category="Music"), Plan(category="Tabletop Games", main_category="Games")]
    known = launch_model.Categories.of(plans)
    assert known.numbers(plans[0]) == (1, 2)
    assert known.numbers(Plan(category="JAZZ")) == (1, 2)
    assert known.numbers(Plan(category="music")) == (0, 2)
    assert known.numbers(Plan(category="unheard of", main_category="?")) == (0, 0)
    assert category_key("Children's Books") == "childrensbooks"


def test_the_head_learns_text_and_plan_apart_and_the_graph_says_the_same(tmp_path: Path, base: Path) -> None:
    found = kickstarter.collect(write(tmp_path, campaigns()))
    x, categories = read(found, base)
    logits, models = launch_figures.heads(x, found.success, found.groups)
    figure = {name: auc(found.success, of) for name, of in logits.items()}
    assert figure["text"] > 0.65 and figure["metadata"] > 0.65
    assert figure["both"] > max(figure["text"], figure["metadata"])
    model = models[0]
    graph = launch_graph.build(model, x.texts.static)
    path = tmp_path / "launch.onnx"
    onnx.save(graph, str(path))
    holes = x.plan.copy()
    holes[::3, ::2] = np.nan
    for inputs in (x, x.with_plan(holes), replace(x, category=np.zeros_like(x.category), main=np.zeros_like(x.main))):
        assert launch_graph.largest_difference(launch_graph.load(path), model, inputs) < launch_graph.PARITY

    calibration = {name: launch_figures.calibration(found.success, logits[name]) for name in launch_graph.HEADS}
    out = tmp_path / "shipped"
    launch_pack.pack(out, graph, base / "vocab.txt", categories, calibration, {})
    assert launch_pack.verify(out)["campaigns"] == len(launch_pack.GOLDEN)
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    (out / "vocab.txt").write_text("[PAD]\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"vocab\.txt"):
        launch_pack.verify(out)
    assert manifest["features"] == list(FEATURES)


def test_what_a_fold_holds_out_does_not_touch_its_model(tmp_path: Path, base: Path) -> None:
    found = kickstarter.collect(write(tmp_path, campaigns(80)))
    x, _ = read(found, base)
    rows = np.arange(40)
    turned = np.concatenate([found.success[:40], 1 - found.success[40:]])
    other = x.with_plan(np.vstack([x.plan[:40], x.plan[40:] * 7 + 1]))
    a = launch_model.fit(x, found.success, found.groups, rows).read(x)
    b = launch_model.fit(other, turned, found.groups, rows).read(x)
    assert np.allclose(a.both, b.both)


def test_the_shipped_head_verifies_reaches_its_targets_and_its_card_says_so() -> None:
    assert launch_pack.verify(SHIPPED)["files"] == len(launch_pack.FILES)
    manifest = json.loads((SHIPPED / "manifest.json").read_text(encoding="utf-8"))
    figures = manifest["metrics"]
    for head, base_line in figures["against"].items():
        assert figures["auc"][head][0] > figures["auc"][base_line][0]
    assert (SHIPPED / "MODEL_CARD.md").read_text(encoding="utf-8") == launch_card.render(figures, manifest["calibration"])
