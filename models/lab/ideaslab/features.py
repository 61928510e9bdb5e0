"""Features of the baselines: words, surface statistics and launch-time metadata.

Only what is known when the idea is submitted. Ratings, votes, outcomes and the
number of reviews never enter; `tests/test_features.py` changes each of them and
expects the same features.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from .compose import FIELDS
from .metrics import Floats
from .proposals import Proposal

METADATA = (
    "log_requested", "log_call_budget", "share_of_call_budget",
    "words", "title_words", "team_words", "mean_word_length", "digits", "exclamations", "questions",
)
_WORD = re.compile(r"\w+")


def joined(proposal: Proposal) -> str:
    """Return the same four fields the encoder reads, as one text."""
    return " ".join(proposal.text[name] for name in FIELDS)


def vectoriser() -> TfidfVectorizer:
    """Return the baselines' TF-IDF: words and word pairs, sub-linear counts."""
    return TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2), min_df=2)


def metadata(proposals: Sequence[Proposal]) -> Floats:
    """Return launch-time features [n, len(METADATA)]; amounts in log10 dollars."""
    rows = []
    for p in proposals:
        text = joined(p)
        words = _WORD.findall(text)
        rows.append([
            np.log10(1 + p.requested_usd),
            np.log10(1 + p.call_budget_usd),
            min(p.requested_usd / p.call_budget_usd, 2.0) if p.call_budget_usd else 0.0,
            len(words),
            len(_WORD.findall(p.text["title"])),
            len(_WORD.findall(p.text["team"])),
            sum(map(len, words)) / max(len(words), 1),
            sum(c.isdigit() for c in text),
            text.count("!"),
            text.count("?"),
        ])
    return np.array(rows, dtype=np.float64)
