"""Learns the lexicon from the labels that the members learn, out of fold and on all rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy.sparse as sparse

from . import blend, lexicon, members
from .batches import encode
from .lab import Lab
from .metrics import Floats
from .proposals import Proposal
from .splits import folds
from .teacher import taught


def read_words(at: Lab, rows: Sequence[Proposal]) -> tuple[Floats, lexicon.Reading]:
    """Return the lexicon's out-of-fold answers [n, 4], in the order of blend.OUTPUTS, on the members' folds,
    and its fit on all rows."""
    found = lexicon.counts(at.vocabulary(), encode(at.composer(), rows))
    fold = folds([p.group for p in rows], at.folds, members.SPLIT_SEED)
    words = np.zeros((len(rows), len(blend.OUTPUTS)))
    for held in range(at.folds):
        learn = np.flatnonzero(fold != held)
        reading = learn_words(found[learn], [rows[int(i)] for i in learn])
        words[fold == held] = lexicon.read(reading, found[fold == held])
    return words, learn_words(found, rows)


def learn_words(
    found: sparse.csr_matrix, rows: Sequence[Proposal], strength: float = lexicon.STRENGTH
) -> lexicon.Reading:
    """Fit the lexicon to the labels that the members learn, belief first, on the rows that have all of them."""
    target = taught(rows)
    wanted = np.column_stack([target.belief, target.criteria])
    known = ~np.isnan(wanted).any(axis=1)
    return lexicon.fit(found[known], wanted[known], strength)
