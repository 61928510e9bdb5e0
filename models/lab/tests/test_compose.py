"""Sharing the token budget, and the ids that reach the encoder."""

import random

import pytest
from tokenizers import Tokenizer

from ideaslab.compose import MAX_TOKENS, Composer, fair_shares
from ideaslab.encoder import base_folder
from ideaslab.golden_texts import tokenizer_texts


@pytest.fixture(scope="module")
def composer() -> Composer:
    return Composer(base_folder() / "vocab.txt")


@pytest.mark.parametrize(
    ("lengths", "budget", "shares"),
    [
        ([1, 2, 3, 4], 10, [1, 2, 3, 4]),
        ([0, 0, 0, 0], 10, [0, 0, 0, 0]),
        ([100, 100, 100, 100], 251, [63, 63, 63, 62]),
        ([5, 500, 500, 5], 251, [5, 121, 120, 5]),
        ([5, 100, 500, 40], 251, [5, 100, 106, 40]),
        ([1000, 0, 0, 0], 251, [251, 0, 0, 0]),
        ([9, 9, 9, 9], 2, [1, 1, 0, 0]),
        ([0, 9, 0, 9], 1, [0, 1, 0, 0]),
        ([3, 3], 0, [0, 0]),
    ],
)
def test_the_budget_is_shared_max_min_fairly(lengths: list[int], budget: int, shares: list[int]) -> None:
    assert fair_shares(lengths, budget) == shares


def test_shares_use_the_whole_budget_and_nobody_is_cut_below_another() -> None:
    source = random.Random(1)
    for _ in range(2000):
        lengths = [source.choice((0, 1, source.randrange(300))) for _ in range(4)]
        budget = source.randrange(300)
        shares = fair_shares(lengths, budget)
        assert all(0 <= s <= n for s, n in zip(shares, lengths, strict=True))
        assert sum(shares) == min(budget, sum(lengths))
        cut = [s for s, n in zip(shares, lengths, strict=True) if s < n]
        assert not cut or max(shares) - min(cut) <= 1
        assert cut == sorted(cut, reverse=True)


def test_an_idea_is_four_fields_each_closed_by_a_separator(composer: Composer) -> None:
    ids = composer.ids({"title": "hello", "problem": "", "solution": "hello world", "team": ""})
    hello, world = composer.field_ids("hello world")
    assert ids == [composer.cls, hello, composer.sep, composer.sep, hello, world, composer.sep, composer.sep]


def test_a_missing_field_counts_as_empty(composer: Composer) -> None:
    assert composer.ids({}) == [composer.cls] + [composer.sep] * 4


def test_a_long_idea_fills_exactly_the_limit(composer: Composer) -> None:
    ids = composer.ids({name: "word " * 500 for name in ("title", "problem", "solution", "team")})
    assert len(ids) == MAX_TOKENS
    assert ids.count(composer.sep) == 4


def test_text_cannot_forge_a_separator(composer: Composer) -> None:
    assert composer.ids({"title": "[SEP] [CLS]"}).count(composer.sep) == 4


def test_ids_equal_those_of_the_bases_own_tokenizer(composer: Composer) -> None:
    own = Tokenizer.from_file(str(base_folder() / "tokenizer.json"))
    own.no_truncation()
    own.no_padding()
    for text in tokenizer_texts():
        if "[" not in text:  # the base's file would turn "[SEP]" into a real separator
            assert composer.field_ids(text) == own.encode(text, add_special_tokens=False).ids, text[:40]
