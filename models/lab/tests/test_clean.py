"""The cleaning rule against examples written down by hand."""

import unicodedata

import pytest

from ideaslab.clean import RULES, clean, touched_by
from ideaslab.golden_texts import clean_texts, tokenizer_texts


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("", ""),
        ("plain text", "plain text"),
        (" two  spaces ", "two spaces"),
        ("one\r\ntwo\tthree", "one two three"),
        ("<p>Hello <b>world</b></p>", "Hello world"),
        ("5 < 6", "5 < 6"),
        ("<" + "x" * 200 + ">gone", "gone"),
        ("<" + "x" * 201 + ">", "<" + "x" * 201 + ">"),
        ("Fish &amp; chips &lt;3", "Fish & chips <3"),
        ("&amp;amp;", "&amp;"),
        ("&#65;&#x42;&#67", "ABC"),
        ("&#128;&#150;", "€–"),
        ("&#0;&#xD800;&#x110000;", "\ufffd\ufffd\ufffd"),
        ("a&#1;b", "a b"),
        ("&notanentity; & &&", "¬anentity; & &&"),
        ("&lt;b&gt;", "<b>"),
        ("[site](https://e.org) now", "site now"),
        ("![pic](p.png)", "pic"),
        ("[no](a b)", "[no](a b)"),
        ("see https://e.org/a?b=c#d, end", "see end"),
        ("www.example.org goes", "goes"),
        ("HTTPS://E.ORG stays", "HTTPS://E.ORG stays"),
        ("# Title\n## Two", "Title Two"),
        ("> a\n- b\n  - c", "a b c"),
        ("mid # hash - dash", "mid # hash - dash"),
        ("*a* **b** 2*3", "a b 2 3"),
        ("_a_ __b__ snake_case", "_a_ b snake_case"),
        ("`code` ```x```", "code x"),
        ("nul\0bell\x07", "nul bell"),
        ("soft\u00adhyphen zero\u200bwidth", "softhyphen zerowidth"),
        ("می\u200cخواهیم", "می\u200cخواهیم"),
        ("👩\u200d🔧", "👩\u200d🔧"),
        ("\u202eabc\u202c", "abc"),
        ("nbsp\u00a0ideographic\u3000thin\u2009end", "nbsp ideographic thin end"),
        ("line\u2028para\u2029next\u0085end", "line para next end"),
        ("cafe\u0301", "café"),
        ("\u1112\u1161\u11ab", "한"),
        ("\u212b", "Å"),
        ("① ﬁ", "① ﬁ"),
        ("\ud800x", "\ufffdx"),
        ("<br/>&nbsp;<br>", ""),
    ],
)
def test_a_text_cleans_to_what_the_rule_says(raw: str, expected: str) -> None:
    assert clean(raw) == expected


@pytest.mark.parametrize("raw", [*clean_texts(), *tokenizer_texts()])
def test_a_clean_text_has_one_line_single_spaces_and_no_invisible_characters(raw: str) -> None:
    text = clean(raw)
    assert text == " ".join(text.split())
    unwanted = [c for c in text if unicodedata.category(c) in ("Cc", "Cf") and c not in "\u200c\u200d"]
    assert unwanted == []


@pytest.mark.parametrize(
    ("raw", "rules"),
    [
        ("plain", []),
        ("\ud800", ["surrogates"]),
        ("e\u0301", ["normalisation"]),
        ("<b>x</b>", ["tags", "white space"]),
        ("&lt;", ["entities"]),
        ("[a](b)", ["links"]),
        ("a https://e.org", ["addresses", "white space"]),
        ("- a", ["line marks", "white space"]),
        ("*a", ["inline marks", "white space"]),
        ("a\x00b", ["control and invisible characters"]),
        ("a\u200bb", ["control and invisible characters"]),
        ("a\nb", ["white space"]),
    ],
)
def test_the_rules_that_touched_a_text_are_named(raw: str, rules: list[str]) -> None:
    assert touched_by(raw) == rules


def test_every_rule_touches_one_of_the_golden_texts_and_none_a_clean_one() -> None:
    texts = [*clean_texts(), *tokenizer_texts()]
    assert {name for text in texts for name in touched_by(text)} >= {name for name, _ in RULES} - {"surrogates"}
    assert [touched_by(text) for text in ("", "plain text", "5 < 6")] == [[], [], []]
