"""Cleaning, quarantine and the border between training and test."""

import random
from dataclasses import replace

import pytest

from ideaslab.cleaning_report import report
from ideaslab.duplicates import near_pairs
from ideaslab.language import UNKNOWN, detect
from ideaslab.prepare import prepare
from ideaslab.proposals import Proposal

TEXT = (
    "We teach forty farmers to measure soil moisture with cheap sensors and publish every reading on a public map "
    "so that neighbours can plan watering together during the long dry season in the valley"
)

FRENCH = "Nous voulons ouvrir un atelier de réparation de vélos dans chaque quartier et former les jeunes qui le demandent"


def idea(number: int, fund: str, solution: str, **changes: object) -> Proposal:
    made = Proposal(
        id=number, fund=fund, group=number, author="a", call=1,
        text={"title": f"idea {number}", "problem": "", "solution": solution, "team": ""},
        requested_usd=10, call_budget_usd=100, is_challenge_setting=False,
        outcome="funded", support=0.5, rating=4.0, ratings={"impact": 4.0}, reviews=3,
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # fields of many types by name


def reasons(rows: list[Proposal]) -> dict[int, str]:
    return {s.row.id: s.reason for s in prepare(rows).quarantine}


def test_texts_are_cleaned_before_anything_looks_at_them() -> None:
    made = prepare([idea(1, "F7", f"<p>{TEXT} &amp; more</p>")])
    assert made.rows[0].text["solution"] == f"{TEXT} & more"


def test_each_unfit_row_is_set_aside_with_its_reason() -> None:
    rows = [
        idea(1, "F7", TEXT, is_challenge_setting=True),
        idea(2, "F7", "too short"),
        idea(3, "F7", TEXT, outcome=None, rating=None),
        idea(4, "F7", FRENCH),
    ]
    assert reasons(rows) == {1: "challenge_setting", 2: "too_short", 3: "no_label", 4: "language"}


def test_what_was_seen_is_told_with_the_reason() -> None:
    rows = [idea(1, "F7", TEXT), idea(2, "F8", TEXT), idea(3, "F7", "too short"), idea(4, "F7", FRENCH)]
    detail = {s.row.id: s.detail for s in prepare(rows).quarantine}
    assert detail[1].startswith("like F8 2, similarity 0.")
    assert detail[3] == "4 words, at least 5 are needed"
    assert detail[4].startswith("fr with probability ")


def test_a_text_whose_language_cannot_be_told_stays() -> None:
    assert detect("zzz qqq xkcd vvv www").code == UNKNOWN
    assert reasons([idea(1, "F7", "zzz qqq xkcd vvv www")]) == {}


def test_the_report_counts_what_was_touched_missing_and_set_aside() -> None:
    rows = [
        idea(1, "F7", f"<p>{TEXT}</p> &amp; https://example.org", requested_usd=0.0),
        idea(2, "F8", "Cafe\u0301 owners in six towns share one delivery bike\u200b and its costs", support=None),
        idea(3, "F7", FRENCH),
        idea(4, "F7", "<br>"),
    ]
    told = report(rows, prepare(rows))
    assert told["collected"] == {"F7": 3, "F8": 1}
    assert told["rows"] == {"F7": 1, "F8": 1}
    assert told["quarantine"] == {"language": 1, "too_short": 1}
    assert {name: n["rows"] for name, n in told["rules"].items() if n["rows"]} == {
        "normalisation": 1, "tags": 2, "entities": 1, "addresses": 1, "control and invisible characters": 1,
        "white space": 2,
    }
    assert told["emptied_fields"] == 1
    assert {k: n for k, n in told["missing"].items() if n} == {"problem": 2, "team": 2, "requested amount": 1, "votes": 1}
    assert told["languages"]["fr"] == 1
    assert told["words"]["title"]["median"] == 2


def test_of_two_copies_in_a_round_the_later_row_stays() -> None:
    first, second = idea(1, "F7", TEXT), idea(2, "F7", TEXT)
    second = replace(second, text=first.text)
    assert reasons([first, second]) == {1: "duplicate"}


@pytest.mark.parametrize("older_first", [True, False])
def test_of_copies_in_two_rounds_the_older_rounds_goes_in_whatever_order_they_came(older_first: bool) -> None:
    rows = [idea(1, "F7", TEXT), idea(2, "F8", TEXT + " indeed")]
    made = prepare(rows if older_first else rows[::-1])
    assert [p.id for p in made.rows] == [2]
    assert [(s.row.id, s.reason) for s in made.quarantine] == [(1, "near_duplicate_of_later_round")]


@pytest.mark.parametrize("seed", range(10))
def test_no_row_that_is_kept_nearly_equals_another(seed: int) -> None:
    source = random.Random(seed)
    rows = [idea(i, source.choice(("F6", "F7", "F8")), TEXT + " extra" * source.randrange(20)) for i in range(12)]
    assert near_pairs([p.text for p in prepare(rows).rows]) == []


def test_near_pairs_finds_the_exact_similarity() -> None:
    a = {"t": "one two three four five"}
    b = {"t": "one two three four six"}
    assert near_pairs([a, b], 0.5) == [(0, 1, 0.5)]
    assert near_pairs([a, b], 0.51) == []
    assert near_pairs([a, dict(a)]) == [(0, 1, 1.0)]
