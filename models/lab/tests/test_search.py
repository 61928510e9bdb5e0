"""The search keeps to its budget and its rounds, and goes on where it was killed."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ideaslab import search, steps
from ideaslab.lab import Budget, Lab
from ideaslab.train import Recipe
from synthetic import write_base, write_data

SHORT = {
    "rate": search.SPACE["rate"], "batch": search.SPACE["batch"], "epochs": search.Setting(1, 2, whole=True),
    search.STRENGTH: search.SPACE[search.STRENGTH],
}


@pytest.fixture(scope="module")
def cleaned(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    folder = tmp_path_factory.mktemp("search")
    write_data(folder / "data", per_fund=20)
    write_base(folder / "base")
    at = Lab(folder / "data", folder / "work", folder / "out", folder / "base", recipes=(Recipe(bfloat16=False),), folds=2)
    steps.collect(at)
    steps.clean(at)
    return at


@pytest.fixture
def at(cleaned: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lab:
    monkeypatch.setattr(search, "SPACE", SHORT)
    (tmp_path / "rows.jsonl").write_bytes((cleaned.work / "rows.jsonl").read_bytes())
    return replace(cleaned, work=tmp_path, budget=Budget(trials=2, share=1.0))


def told(at: Lab) -> dict[str, Any]:
    return json.loads((at.work / "search.json").read_text(encoding="utf-8"))


def test_no_trial_sees_the_test_round_or_both_sides_of_a_group(cleaned: Lab) -> None:
    rows = cleaned.train()
    for share in (1.0, 0.5, 0.2):
        given = search.sample(cleaned, rows, share)
        drawn = given.inside + given.outside
        assert {p.fund for p in drawn} <= {"F4", "F5", "F6", "F7"}
        assert not {p.group for p in given.inside} & {p.group for p in given.outside}
        assert len(drawn) == pytest.approx(share * len(rows), rel=0.1)


def test_a_search_keeps_to_its_trials_goes_on_with_more_and_leaves_no_weights(at: Lab) -> None:
    search.run(at)
    first = told(at)["trials"]
    assert len(first) == 2
    search.run(at)
    assert told(at)["trials"] == first
    search.run(replace(at, budget=Budget(trials=3, share=1.0)))
    assert told(at)["trials"][:2] == first
    assert len({json.dumps(t["settings"]) for t in told(at)["trials"]}) == 3
    assert told(at)["best"]["value"] == max(t["value"] for t in told(at)["trials"] if t["value"] is not None)
    assert list((at.work / "search").rglob("*.pt")) == []
    assert list((at.work / "search").rglob("history.json"))


def test_spent_minutes_end_a_search(at: Lab) -> None:
    search.run(replace(at, budget=Budget(trials=1, share=1.0)))
    search.run(replace(at, budget=Budget(trials=9, minutes=0.0, share=1.0)))
    assert len(told(at)["trials"]) == 1


def test_a_killed_trial_is_taken_up_again_with_its_settings(at: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[Recipe] = []
    real = search.fit

    def killed_once(model, train, dev, recipe, folder, watch):  # type: ignore[no-untyped-def]  # passes on whatever fit takes
        tried.append(recipe)
        if len(tried) == 1:
            raise KeyboardInterrupt
        return real(model, train, dev, recipe, folder, watch)

    monkeypatch.setattr(search, "fit", killed_once)
    with pytest.raises(KeyboardInterrupt):
        search.run(at)
    search.run(at)
    assert tried[1] == tried[0]
    assert len(tried) == 3
    assert len(told(at)["trials"]) == 2


def test_a_trial_that_is_pruned_is_told_and_leaves_no_weights(at: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SHORT, "epochs", search.Setting(2, 2, whole=True))
    monkeypatch.setattr(search.optuna.Trial, "should_prune", lambda _: True)
    search.run(replace(at, budget=Budget(trials=1, share=1.0)))
    (trial,) = told(at)["trials"]
    assert (trial["state"], trial["value"], list(trial["epochs"])) == ("pruned", None, ["1"])
    assert told(at)["best"] is None
    assert list((at.work / "search").rglob("*.pt")) == []
