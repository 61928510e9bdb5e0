"""The model for other languages: its rule, its folds, its file and its folder."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ideaslab import (
    ngram, ngram_figures, ngram_golden, ngram_languages, ngram_pack, ngram_step, ngram_table, prepare, proposals, translations,
)
from ideaslab.atomic import write_lines
from ideaslab.lab import Lab
from ideaslab.metrics import auc
from ideaslab.ngram_terms import BITS, bucket, counts, fold, runs, terms
from ideaslab.proposals import Proposal
from ideaslab.splits import folds
from ideaslab.translations import Translations
from synthetic import write_data


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    folder = tmp_path_factory.mktemp("ngram")
    write_data(folder / "data")
    made = Lab(data=folder / "data", work=folder / "work", out=folder / "models" / "main", base=folder)
    proposals.write(prepare.prepare(proposals.collect(made.data)).rows, made.work / "rows.jsonl")
    return made


@pytest.fixture(scope="module")
def read(at: Lab) -> tuple[Translations, list[Proposal]]:
    rows = at.all_rows()
    return translations.read(at.data, rows), [p for p in rows if p.fund != translations.ROUND]


@pytest.mark.parametrize(("text", "folded"), [
    ("Café À L'ÉCOLE", "cafe a l'ecole"),
    ("ＤＡＯ　１２", "dao 12"),
    ("ﾌﾞﾛｯｸ がぎ", "ブロック がぎ"),
    ("ёжик Й", "ежик и"),
    ("自行車", "自行车"),
    ("İ ẞ ﬁ", "i ß fi"),
])
def test_folding_makes_equal_what_reads_equal(text: str, folded: str) -> None:
    assert fold(text, {ord("車"): ord("车")}) == folded


def test_runs_part_words_from_characters_without_spaces() -> None:
    assert list(runs("用dao投票, 2 ライブ・車")) == [
        ("c", "用"), ("w", "dao"), ("c", "投票"), ("w", "2"), ("c", "ライブ"), ("c", "車"),
    ]


def test_buckets_are_fnv_1a_folded_by_exclusive_or() -> None:
    for text, code in (("", 0x811C9DC5), ("a", 0xE40C292C), ("foobar", 0xBF9CF968)):
        assert bucket(text) == (code >> BITS ^ code) & (1 << BITS) - 1


def test_a_word_has_its_borders_and_a_character_is_a_unit() -> None:
    text = {"title": "ab", "problem": "", "solution": "车库", "team": ""}
    found, units = terms(text, {})
    words = [" a", "ab", "b ", " ab", "ab ", " ab ", "车", "库", "车库"]
    assert sorted(found.elements()) == sorted(map(bucket, words))
    assert units == 3


def test_the_solver_finds_the_ridge_solution() -> None:
    texts = [{"title": " ".join(w), "problem": "", "solution": "", "team": ""} for w in ("abc", "bcd", "abd", "xyz", "abz")]
    found, target = counts(texts, {}), np.array([[1.0, 0], [2, 1], [3, 0], [5, 1], [4, 2]])
    reading = ngram.fit(found, target, 2.0)
    x = ngram.features(found, reading.idf).toarray()
    dual = np.linalg.solve(x @ x.T + 2.0 * np.eye(5), target - target.mean(axis=0))
    assert np.allclose(ngram.read(reading, found), x @ (x.T @ dual) + target.mean(axis=0), atol=1e-6)


def test_no_group_is_in_two_folds_in_any_language(read: tuple[Translations, list[Proposal]]) -> None:
    texts = ngram.corpus(read[0], {})
    fold_of = folds([p.group for p in texts.ideas], ngram.FOLDS, ngram.SEED)[texts.idea]
    groups = np.array([p.group for p in texts.ideas])[texts.idea]
    assert len(groups) == len(read[0].ideas) * 7
    assert all(len(set(fold_of[groups == g].tolist())) == 1 for g in set(groups.tolist()))


def test_the_hint_reads_no_idea_of_a_held_group(read: tuple[Translations, list[Proposal]]) -> None:
    translated, others = read
    held = {p.group for p in others[::3]}
    without = [p for p in others if p.group not in held]
    assert np.array_equal(ngram.hints(translated.ideas, others, held), ngram.hints(translated.ideas, without, set()))


def test_what_became_of_an_idea_does_not_move_its_own_answers(read: tuple[Translations, list[Proposal]]) -> None:
    translated, others = read
    texts = ngram.corpus(translated, {})
    fold_of = folds([p.group for p in texts.ideas], 2, ngram.SEED)
    turned = [
        p if of else replace(
            p, outcome="rejected" if p.outcome == "funded" else "funded", support=1 - (p.support or 0),
            ratings={c: 6 - r for c, r in p.ratings.items()},
        )
        for p, of in zip(texts.ideas, fold_of, strict=True)
    ]
    before = ngram.cross_fit(texts, others, 2).answers
    after = ngram.cross_fit(replace(texts, ideas=turned), others, 2).answers
    assert np.allclose(before[fold_of[texts.idea] == 0], after[fold_of[texts.idea] == 0])
    assert not np.allclose(before[fold_of[texts.idea] == 1], after[fold_of[texts.idea] == 1])


def test_every_language_learns_the_rule(read: tuple[Translations, list[Proposal]]) -> None:
    translated, others = read
    texts = ngram.corpus(translated, {})
    funded = np.array([p.funded for p in texts.ideas], dtype=np.float64)
    for code, answers in texts.by_language(ngram.cross_fit(texts, others, 3).answers).items():
        assert auc(funded, answers[:, 0]) > 0.8, code


def test_a_language_far_below_english_is_not_served() -> None:
    figures = {"en": 0.70, "zh": 0.672, "es": 0.668, "ru": 0.75}
    assert ngram_figures.served({c: {"funded_auc": [v, 0, 1]} for c, v in figures.items()}) == ["zh", "ru"]


def test_the_file_gives_back_what_was_written(tmp_path: Path) -> None:
    generator = np.random.default_rng(1)
    reading = ngram.Reading(
        generator.random(1 << BITS), generator.normal(size=(1 << BITS, 4)), np.array([0.1, 3.0, 3.1, 3.2])
    )
    made = ngram_table.table(reading, {ord("車"): ord("车")})
    ngram_table.write(made, tmp_path / "ngram.bin")
    back = ngram_table.load(tmp_path / "ngram.bin")
    assert back.variants == made.variants
    assert np.array_equal(back.numbers, made.numbers) and np.array_equal(back.intercept, made.intercept)
    texts = [draft._asdict() for draft in ngram_golden.DRAFTS if draft.problem]
    together = ngram.read(back.reading(), counts(texts, back.variants))
    for text, expected in zip(texts, together, strict=True):
        assert np.allclose(list(back.score(text)[0].values()), expected, atol=1e-5)
    (tmp_path / "ngram.bin").write_bytes(b"GBNGRAM1" + bytes(40))
    with pytest.raises(ValueError, match="another rule"):
        ngram_table.load(tmp_path / "ngram.bin")


def test_traditional_ideographs_become_the_simplified_ones_that_were_read() -> None:
    found = translations.variants([{"title": "车图", "problem": "", "solution": "", "team": ""}])
    assert found[ord("車")] == ord("车") and found[ord("圖")] == ord("图")
    assert ord("語") not in found  # its simplified form was never read


def test_the_step_writes_a_folder_that_verifies_and_is_not_fitted_twice(
    at: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    ngram_step.run(at, rounds=20)
    folder = at.out.parent / ngram_pack.NAME
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert ngram_pack.is_ngram(folder) and ngram_pack.verify(folder)["scores"] == len(ngram_golden.DRAFTS)
    assert set(manifest["languages"]) <= set(translations.LANGUAGES) and manifest["languages"]
    card = (folder / "MODEL_CARD.md").read_text(encoding="utf-8")
    for figures in manifest["metrics"]["by_language"].values():
        value, low, high = figures["funded_auc"]
        assert f"{value:.3f} ({low:.3f} to {high:.3f})" in card
    monkeypatch.setattr(ngram, "fit", None)  # to fit again would fail
    ngram_step.run(at, rounds=20)


def test_a_changed_score_or_file_is_found(at: Lab) -> None:
    folder = at.out.parent / ngram_pack.NAME
    if not folder.exists():
        ngram_step.run(at, rounds=20)
    path, manifest = folder / "golden_scores.jsonl", folder / "manifest.json"
    before, recorded = path.read_text(encoding="utf-8"), json.loads(manifest.read_text(encoding="utf-8"))
    rows = [json.loads(line) for line in before.splitlines()]
    rows[0]["output"]["impact"] += 0.01
    write_lines(path, rows)
    with pytest.raises(ValueError, match=r"golden_scores\.jsonl is not the file"):
        ngram_pack.verify(folder)
    recorded["files"][path.name] = ngram_pack.digest(path)
    manifest.write_text(json.dumps(recorded), encoding="utf-8")
    with pytest.raises(ValueError, match="impact"):
        ngram_pack.verify(folder)


def test_the_languages_that_the_program_says_are_tallied() -> None:
    texts = {"zh": [{"title": "t", "problem": "p", "solution": "s", "team": ""}] * 2}
    asked = ngram_languages.questions(texts)
    assert [line["id"] for line in asked] == ["zh idea 0", "zh problem 0", "zh idea 1", "zh problem 1"]
    assert "solution" in asked[0] and "solution" not in asked[1]
    answers = [{"id": line["id"], "language": said} for line, said in zip(asked, ("zh", "zh", "ja", "zh"), strict=True)]
    assert ngram_languages.tally(answers) == {"zh": {
        "idea": {"texts": 2, "right": 0.5, "wrong": {"ja": 1}}, "problem": {"texts": 2, "right": 1.0, "wrong": {}},
    }}
