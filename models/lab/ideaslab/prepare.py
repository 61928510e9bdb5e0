"""Clean: from collected proposals to rows fit to learn from, with a reason for each row left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .clean import clean
from .duplicates import near_pairs, words
from .features import joined
from .language import UNKNOWN, Language, detect
from .proposals import Proposal
from .splits import round_number

MIN_WORDS = 5
LANGUAGE = "en"  # what the encoder is trained on; other languages have a model of their own


@dataclass(frozen=True)
class SetAside:
    """A cleaned row that is left out, and why: a word to count by, and what was seen."""

    row: Proposal
    reason: str
    detail: str


@dataclass(frozen=True)
class Prepared:
    """The cleaned rows, oldest round first, the rows set aside, and the language of every row of both."""

    rows: list[Proposal]
    quarantine: list[SetAside]
    languages: list[Language]


def _unfit(proposal: Proposal, language: Language) -> tuple[str, str] | None:
    """Return reason and detail when a cleaned row cannot be learned from by itself."""
    count = len(words(proposal.text))
    if proposal.is_challenge_setting:
        return "challenge_setting", "a proposal for a call, judged by other questions"
    if count < MIN_WORDS:
        return "too_short", f"{count} words, at least {MIN_WORDS} are needed"
    if proposal.rating is None and proposal.outcome is None:
        return "no_label", "neither rating nor outcome"
    if language.code not in (LANGUAGE, UNKNOWN):
        return "language", f"{language.code} with probability {language.probability:.3f}"
    return None


def _copies(rows: Sequence[Proposal]) -> dict[int, tuple[str, str]]:
    """Return, by row number, reason and detail of rows that go because a later one says the same.

    Of two copies the later one stays: it is the version that was last judged, and no
    round is left with the text of a later one, which may be its test.
    """
    out: dict[int, tuple[str, str]] = {}
    for i, j, similarity in near_pairs([p.text for p in rows]):
        if i in out or j in out:
            continue
        kind = "duplicate" if similarity == 1.0 else "near_duplicate"
        reason = kind if rows[i].fund == rows[j].fund else f"{kind}_of_later_round"
        out[i] = reason, f"like {rows[j].fund} {rows[j].id}, similarity {similarity:.3f}"
    return out


def prepare(collected: Sequence[Proposal]) -> Prepared:
    """Clean the texts, set unfit rows aside, and keep the latest of several copies."""
    quarantine: list[SetAside] = []
    fit: list[Proposal] = []
    languages: list[Language] = []
    for raw in sorted(collected, key=lambda p: round_number(p.fund)):
        row = replace(raw, text={name: clean(value) for name, value in raw.text.items()})
        languages.append(detect(joined(row)))
        unfit = _unfit(row, languages[-1])
        if unfit:
            quarantine.append(SetAside(row, *unfit))
        else:
            fit.append(row)
    copies = _copies(fit)
    quarantine += [SetAside(fit[i], *why) for i, why in sorted(copies.items())]
    return Prepared([p for i, p in enumerate(fit) if i not in copies], quarantine, languages)
