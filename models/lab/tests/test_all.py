"""The whole way on made-up data: every step, the gates, the folder, the card."""

import json
from pathlib import Path

import pytest

from ideaslab import card, export, graphs, pack, report, steps
from ideaslab.__main__ import main, plan
from ideaslab.lab import FINAL, PHASES, PROTOCOL, Lab
from ideaslab.train import Recipe
from synthetic import write_base, write_data
from synthetic_campaigns import campaigns, write


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("all")
    write_data(folder / "data")
    write(folder / "data", campaigns())
    write_base(folder / "base")
    at = Lab(
        data=folder / "data", work=folder / "work", out=folder / "out", base=folder / "base", folds=2,
        recipes=(Recipe(epochs=3, rate=2e-3, head_rate=1e-2, bfloat16=False),),
    )
    for name, phase in plan(steps.STEPS, PHASES.values()):
        steps.STEPS[name].run(at.during(phase) if phase else at)
    return folder


def test_the_fine_tuned_model_learns_the_rule(made: Path) -> None:
    for phase, model in (("protocol", report.MODEL), ("shipped", report.RECIPE)):
        metrics = json.loads((made / "work" / "metrics.json").read_text())[phase]
        assert metrics["success"][model]["auc"][0] > 0.8
        assert metrics["rating"][model]["auc"][0] > 0.9
        assert metrics["calibration"]["brier"] < metrics["calibration"]["brier_of_base_rate"]


def test_rows_set_aside_are_reported_with_reasons(made: Path) -> None:
    told = json.loads((made / "work" / "clean_report.json").read_text())
    assert told["quarantine"] == {"challenge_setting": 1, "duplicate_of_later_round": 1, "too_short": 1}


def test_steps_that_run_in_both_phases_run_phase_by_phase() -> None:
    order = [(name, phase and phase.name) for name, phase in plan(["features", "train", "export", "ship"], [PROTOCOL, FINAL])]
    assert order == [
        ("features", None), ("train", "protocol"), ("export", "protocol"), ("train", "final"), ("export", "final"),
        ("ship", None),
    ]


def test_the_folder_verifies_and_the_command_says_so(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "--out", str(made / "out"), "--work", str(made / "w")]) == 0
    assert f"'files': {len(pack.FILES)}" in capsys.readouterr().out


def test_the_card_carries_the_measured_figures(made: Path) -> None:
    metrics = json.loads((made / "work" / "metrics.json").read_text())["protocol"]
    text = (made / "out" / "MODEL_CARD.md").read_text()
    for part, score in (("success", report.MODEL), ("chance", report.BASELINE), ("rating", report.WORDS)):
        for value, low, high in metrics[part][score].values():
            assert f"{value:.3f} ({low:.3f} to {high:.3f})" in text
    for name in ("Licence", "protocol", "Slices", "Known failures", "What was tried", "Intended use", "Must not be used"):
        assert name in text
    for part in metrics["calibration"]["reliability"]:
        assert 0 <= part["low"] <= part["observed"] <= part["high"] <= 1


def test_each_device_has_a_graph_that_passed_its_gates(made: Path) -> None:
    manifest = json.loads((made / "out" / "manifest.json").read_text())
    assert manifest["graph"]["devices"] == {"cpu": "model.onnx", "cuda": "model.fp16.onnx"}
    assert set(manifest["graph"]["devices"].values()) <= set(manifest["files"])
    for phase in (manifest["metrics"], manifest["metrics"]["shipped"]):
        assert phase["gates"]["parity"]["largest_difference"] <= 1e-4
        assert phase["gates"]["halving"]["largest_difference"] <= export.HALF_PARITY
        assert max(phase["gates"]["halving"]["auc_lost"].values()) <= graphs.FP16_LOSS


def test_what_was_tried_is_told_in_full() -> None:
    for row in json.loads(card.TRIED.read_text(encoding="utf-8")):
        assert set(row) == {"what", "why", "figure", "interval", "kept"}
        assert all(isinstance(row[name], str) and row[name] for name in ("what", "why", "figure"))
        assert row["interval"] is None or isinstance(row["interval"], str)
        assert isinstance(row["kept"], bool)


@pytest.mark.parametrize("name", pack.FILES)
def test_a_changed_file_is_found(made: Path, name: str) -> None:
    path = made / "out" / name
    before = path.read_bytes()
    try:
        path.write_bytes(before + b"\n")
        with pytest.raises(ValueError, match=name):
            pack.verify(made / "out")
    finally:
        path.write_bytes(before)


def test_a_wrong_score_is_found_even_with_a_true_hash(made: Path) -> None:
    path, manifest = made / "out" / "golden_scores.jsonl", made / "out" / "manifest.json"
    before, recorded = path.read_text(), manifest.read_text()
    try:
        lines = [json.loads(line) for line in before.splitlines()]
        lines[0]["output"]["impact"] += 0.5
        path.write_text("".join(json.dumps(line) + "\n" for line in lines))
        changed = json.loads(recorded)
        changed["files"][path.name] = pack.digest(path)
        manifest.write_text(json.dumps(changed))
        with pytest.raises(ValueError, match="impact"):
            pack.verify(made / "out")
    finally:
        path.write_text(before)
        manifest.write_text(recorded)


def test_missing_data_is_a_clear_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["collect", "--data", str(tmp_path / "none"), "--work", str(tmp_path / "w")]) == 1
    assert "none" in capsys.readouterr().err
