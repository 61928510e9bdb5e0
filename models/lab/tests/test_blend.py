"""The lexicon in the graph equals its formula, and the joined heads equal the blend."""

from pathlib import Path

import numpy as np
import pytest
import torch

from ideaslab import blend, lexicon, members
from ideaslab.batches import padded
from ideaslab.proposals import Proposal
from ideaslab.train import Recipe, predict
from synthetic import write_base

VOCABULARY = lexicon.Vocabulary(pieces=90, cls=2, sep=3)
GENERATOR = np.random.default_rng(4)


def texts(n: int) -> list[list[int]]:
    """Return made-up ids: [CLS], two fields of random pieces, each closed by [SEP]."""
    def field() -> list[int]:
        return GENERATOR.integers(4, 40, GENERATOR.integers(0, 15)).tolist()

    return [[2, *field(), 3, *field(), 3] for _ in range(n)]


@pytest.fixture(scope="module")
def reading() -> lexicon.Reading:
    found = lexicon.counts(VOCABULARY, texts(200))
    return lexicon.fit(found, GENERATOR.normal(3, 1, (200, len(blend.OUTPUTS))))


def test_terms_are_pieces_and_pairs_that_do_not_cross_a_separator() -> None:
    found = lexicon.counts(VOCABULARY, [[2, 5, 6, 3, 7, 5, 3]])[0]
    pairs = [VOCABULARY.pieces + (a * 1_000_003 + b) % lexicon.PAIR_BUCKETS for a, b in ((5, 6), (7, 5))]
    assert dict(zip(found.indices.tolist(), found.data.tolist(), strict=True)) == {5: 2, 6: 1, 7: 1, **dict.fromkeys(pairs, 1)}


def test_the_lexicon_learns_which_words_matter() -> None:
    rows = texts(400)
    target = np.array([[float(10 in row)] * 3 for row in rows])
    found = lexicon.counts(VOCABULARY, rows)
    answers = lexicon.read(lexicon.fit(found[:300], target[:300]), found[300:])
    assert np.corrcoef(answers[:, 0], target[300:, 0])[0, 1] > 0.8


def test_the_graph_equals_the_formula_with_and_without_padding(reading: lexicon.Reading) -> None:
    rows = [*texts(20), [2, 3], [2]]
    graph = lexicon.Lexicon(VOCABULARY, len(blend.OUTPUTS))
    graph.load(reading.idf, reading.weights)
    expected = lexicon.read(reading, lexicon.counts(VOCABULARY, rows)) - reading.intercept
    together = graph(padded(rows)[0]).numpy()
    np.testing.assert_allclose(together, expected, atol=1e-5)
    for row, answer in zip(rows, expected, strict=True):
        np.testing.assert_allclose(graph(torch.tensor([row])).numpy()[0], answer, atol=1e-5)


@pytest.mark.parametrize("used", [True, False])
def test_the_joined_heads_are_the_weighted_sums(tmp_path: Path, reading: lexicon.Reading, used: bool) -> None:
    write_base(tmp_path / "base")
    rows = texts(6)
    model = members.new_model(tmp_path / "base", Recipe())
    before = members.head_outputs(model, rows)
    words = lexicon.read(reading, lexicon.counts(VOCABULARY, rows))
    criterion = blend.Part({"head": 0.7, "words": 0.4}, -0.2, used, 0.0, 1.0)
    fate = blend.Part({"head": 0.5, "words": 1.5}, 0.3, used, 0.0, 1.0)
    made = blend.Blend(fate, dict.fromkeys(blend.CRITERIA, criterion))
    success, criteria, _ = predict(blend.join(model, reading, VOCABULARY, made), rows)
    expected_success, expected_criteria = blend.answers(made, before, words)
    np.testing.assert_allclose(success, expected_success, atol=1e-4)
    np.testing.assert_allclose(criteria, expected_criteria, atol=1e-4)
    if used:
        np.testing.assert_allclose(expected_success, 0.5 * before[:, 0] + 1.5 * words[:, 0] + 0.3)
        np.testing.assert_allclose(expected_criteria, 0.7 * before[:, 1:4] + 0.4 * words[:, 1:] - 0.2)
    else:
        np.testing.assert_allclose(expected_success, before[:, 0])
        np.testing.assert_allclose(expected_criteria, before[:, 1:4])


def judged(count: int) -> list[Proposal]:
    """Return proposals of two calls with outcomes and ratings that follow their number."""
    return [
        Proposal(
            id=i, fund="F7", group=i, author="a", call=i % 2, text={}, requested_usd=1, call_budget_usd=1,
            is_challenge_setting=False, outcome="funded" if i > count / 2 else "rejected", support=0.5,
            rating=3.0, ratings=dict.fromkeys(blend.CRITERIA, 1 + 4 * i / count), reviews=5,
        )
        for i in range(count)
    ]


def test_a_blend_is_used_only_where_the_sources_help() -> None:
    rows = judged(80)
    signal, noise = np.arange(80.0)[:, None] / 20, GENERATOR.normal(size=(80, 6))
    helped = blend.fit_blend(signal + noise, signal[:, [0, 0, 0, 0]], rows)
    assert helped.success.used and helped.success.blended > helped.success.alone
    assert all(part.used for part in helped.criteria.values())
    perfect = np.tile(signal, (1, 6))
    spoiled = blend.fit_blend(np.column_stack([perfect[:, :1], noise[:, 1:]]), noise[:, :4], rows)
    assert not spoiled.success.used
