"""Training on a tiny random BERT: it learns, it resumes, it averages, it exports."""

import os
from pathlib import Path

import numpy as np
import pytest
import torch
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from ideaslab import export, lexicon, members, prepare, proposals
from ideaslab.batches import encode, labels, padded, shuffled
from ideaslab.blend import Shipped
from ideaslab.compose import Composer
from ideaslab.encoder import IdeaModel, load_bert
from ideaslab.lab import PROTOCOL
from ideaslab.proposals import Proposal
from ideaslab.splits import by_round
from ideaslab.train import Recipe, fit, predict
from synthetic import write_base, write_data

RECIPE = Recipe(epochs=2, rate=2e-3, head_rate=1e-2, bfloat16=False)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.set_num_threads(2)
    folder = tmp_path_factory.mktemp("lab")
    write_data(folder / "data", per_fund=40)
    write_base(folder / "base")
    return folder


@pytest.fixture(scope="module")
def rows(place: Path) -> list[Proposal]:
    made = prepare.prepare(proposals.collect(place / "data"))
    return by_round(made.rows, PROTOCOL.train, PROTOCOL.test)[0]


def split(rows: list[Proposal], composer: Composer) -> tuple:  # type: ignore[type-arg]
    half = len(rows) // 2
    parts = (rows[:half], rows[half:])
    return tuple((encode(composer, part), labels(part)) for part in parts)


@pytest.fixture(scope="module")
def unstopped(place: Path, rows: list[Proposal], tmp_path_factory: pytest.TempPathFactory) -> IdeaModel:
    model = members.new_model(place / "base", RECIPE)
    fit(model, *split(rows, Composer(place / "base" / "vocab.txt")), RECIPE, tmp_path_factory.mktemp("whole"))
    return model


@pytest.mark.parametrize("nth", [1, 2, 3])
def test_a_run_killed_in_the_middle_of_any_write_goes_on_to_the_same_weights(
    place: Path, rows: list[Proposal], unstopped: IdeaModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nth: int
) -> None:
    train, dev = split(rows, Composer(place / "base" / "vocab.txt"))
    saved, calls = torch.save, []

    def save_half_and_stop(state: object, path: Path) -> None:
        calls.append(path)
        saved(state, path)
        if len(calls) == nth:
            os.truncate(path, path.stat().st_size // 2)
            raise KeyboardInterrupt

    monkeypatch.setattr(torch, "save", save_half_and_stop)
    with pytest.raises(KeyboardInterrupt):
        fit(members.new_model(place / "base", RECIPE), train, dev, RECIPE, tmp_path)
    monkeypatch.setattr(torch, "save", saved)
    resumed = members.new_model(place / "base", RECIPE)
    result = fit(resumed, train, dev, RECIPE, tmp_path)

    assert len(result["history"]) == 2
    for one, other in zip(unstopped.parameters(), resumed.parameters(), strict=True):
        torch.testing.assert_close(one, other)


def test_a_run_with_another_recipe_is_not_mixed_in(place: Path, rows: list[Proposal], tmp_path: Path) -> None:
    train, dev = split(rows[:32], Composer(place / "base" / "vocab.txt"))
    short = Recipe(epochs=1, bfloat16=False)
    fit(members.new_model(place / "base", short), train, dev, short, tmp_path / "run")
    with pytest.raises(ValueError, match="another recipe"):
        fit(members.new_model(place / "base", RECIPE), train, dev, RECIPE, tmp_path / "run")


def test_a_run_on_other_rows_or_from_another_base_does_not_go_on(place: Path, rows: list[Proposal], tmp_path: Path) -> None:
    short = Recipe(epochs=1, bfloat16=False)
    composer = Composer(place / "base" / "vocab.txt")
    train, dev = split(rows[:32], composer)
    fit(members.new_model(place / "base", short), train, dev, short, tmp_path / "run")
    fit(members.new_model(place / "base", short), train, dev, short, tmp_path / "run")
    with pytest.raises(ValueError, match="other rows"):
        fit(members.new_model(place / "base", short), *split(rows[:40], composer), short, tmp_path / "run")
    other = members.new_model(place / "base", short)
    with torch.no_grad():
        other.bert.embeddings.word_embeddings.weight[0, 0] += 1
    with pytest.raises(ValueError, match="another base"):
        fit(other, train, dev, short, tmp_path / "run")


def test_cross_fitting_answers_every_row_and_no_member_sees_a_group_it_answers(
    place: Path, rows: list[Proposal], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[set[int]] = []
    held: list[set[int]] = []
    text_of = {tuple(i): p.group for i, p in zip(encode(Composer(place / "base" / "vocab.txt"), rows), rows, strict=True)}
    real = members.fit

    def watched(model, train, dev, recipe, folder):  # type: ignore[no-untyped-def]
        seen.append({text_of[tuple(i)] for i in train[0]})
        held.append({text_of[tuple(i)] for i in dev[0]})
        return real(model, train, dev, recipe, folder)

    monkeypatch.setattr(members, "fit", watched)
    composer = Composer(place / "base" / "vocab.txt")
    fitted = members.cross_fit(rows, composer, place / "base", [RECIPE], tmp_path, k=2)
    assert all(not (a & b) for a, b in zip(seen, held, strict=True))
    assert not np.isnan(fitted.outputs).any()

    folders = [members.member_folder(tmp_path, RECIPE, held) for held in range(2)]
    model = members.soup(place / "base", folders)
    states = [torch.load(folder / "best.pt", weights_only=True) for folder in folders]
    mean = (states[0]["success.weight"] + states[1]["success.weight"]) / 2
    torch.testing.assert_close(model.success.weight.detach(), mean)


def test_batches_cover_every_row_once() -> None:
    lengths = [i % 17 + 3 for i in range(103)]
    found = np.concatenate(list(shuffled(lengths, 8, np.random.default_rng(1))))
    assert sorted(found.tolist()) == list(range(103))


def test_padding_does_not_change_an_answer(place: Path) -> None:
    model = members.new_model(place / "base", RECIPE).eval()
    alone = predict(model, [[2, 50, 51, 3]])
    beside = predict(model, [[2, 50, 51, 3], [2] + [52] * 100 + [3]])
    np.testing.assert_allclose(alone[0][0], beside[0][0], atol=1e-5)


def test_the_exported_graph_answers_as_pytorch_does_at_any_shape(place: Path, tmp_path: Path) -> None:
    model = Shipped(IdeaModel(load_bert(place / "base")), lexicon.Vocabulary(200, 2, 3)).eval()
    model.lexicon.table.uniform_(-0.1, 0.1)
    export.to_onnx(model, tmp_path / "float.onnx")
    opened = export.session(tmp_path / "float.onnx")
    assert [i.name for i in opened.get_inputs()] == list(export.INPUTS)
    assert [o.name for o in opened.get_outputs()] == list(export.OUTPUTS)
    for lengths in ([1], [5], [7, 7, 7], [3, 40, 200], [256]):
        ids = [[2 + (i * 7 + j) % 80 for j in range(n)] for i, n in enumerate(lengths)]
        expected, got = predict(model, ids), export.run(opened, ids)
        assert export.largest_difference(expected, got) <= export.PARITY
        np.testing.assert_allclose(np.linalg.norm(got[2], axis=1), 1, atol=1e-5)
    export.halve(tmp_path / "float.onnx", tmp_path / "fp16.onnx")
    half = export.session(tmp_path / "fp16.onnx")
    assert {o.type for o in half.get_outputs()} == {"tensor(float)"}
    assert 0 < export.largest_relative_difference(export.run(opened, ids), export.run(half, ids)) <= export.HALF_PARITY
    export.quantise(tmp_path / "float.onnx", tmp_path / "int8.onnx")
    ints = export.run(export.session(tmp_path / "int8.onnx"), ids, 1)
    assert 0 < export.largest_difference(export.run(opened, ids), ints) < 0.2


def test_labels_move_each_round_to_the_same_level_and_keep_gaps(rows: list[Proposal]) -> None:
    made = labels(rows)
    fund = np.array([p.fund for p in rows])
    level = made.criteria[fund == "F7"].mean(axis=0)
    for name in ("F4", "F5", "F6"):
        np.testing.assert_allclose(made.criteria[fund == name].mean(axis=0), level)
        assert np.isnan(made.funded[fund == name]).all()
    assert padded([[1, 2], [3]])[1].tolist() == [[1, 1], [1, 0]]


def test_every_epoch_is_reported_by_class_and_as_tensorboard_events(
    place: Path, rows: list[Proposal], tmp_path: Path
) -> None:
    result = fit(
        members.new_model(place / "base", RECIPE), *split(rows, Composer(place / "base" / "vocab.txt")), RECIPE, tmp_path
    )
    events = EventAccumulator(str(tmp_path / "tensorboard")).Reload()
    for name in ("loss", "success_auc", "brier", "precision_yes", "recall_yes", "f1_no", "rating_spearman"):
        logged = [event.value for event in events.Scalars(name)]
        assert logged == pytest.approx([epoch[name] for epoch in result["history"]], rel=1e-5)
