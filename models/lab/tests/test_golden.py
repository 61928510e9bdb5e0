"""The makers of Go's test data: special tokens that no text spells, and rows laid out as the program lays them."""

from __future__ import annotations

from tokenizers import Tokenizer, models, pre_tokenizers

from ideaslab import golden_folders, golden_vocab


def _unigram() -> Tokenizer:
    pieces = [("<s>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("\u2581", -1.0), ("\u2581a", -1.0), ("<", -2.0), ("s", -2.0)]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=2, byte_fallback=False))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.add_special_tokens(["<s>", "</s>"])
    return tokenizer


def test_a_text_that_spells_a_special_token_is_only_text() -> None:
    tokenizer = _unigram()
    assert 1 in tokenizer.encode("a </s>", add_special_tokens=False).ids
    plain = golden_vocab.unforgeable(tokenizer, ["<s>", "</s>", "<unk>"])
    assert not {0, 1} & set(plain.encode("a </s> <s>", add_special_tokens=False).ids)
    assert plain.encode("a", add_special_tokens=False).ids == [4]


def test_an_idea_becomes_fields_between_borders() -> None:
    plain = golden_vocab.unforgeable(_unigram(), ["<s>", "</s>", "<unk>"])
    idea = {"title": "a a", "problem": "", "solution": "a", "team": ""}
    assert golden_folders.idea_ids(plain, 0, 1, idea) == [0, 4, 4, 1, 1, 4, 1, 1]


def test_code_points_leave_surrogates_out() -> None:
    points = list(golden_vocab.points())
    assert points[0] == 0 and 0xD800 not in points and 0xDFFF not in points and 0x1F30D in points
    assert len(points) == len(set(points))
