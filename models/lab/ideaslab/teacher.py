"""The teacher: what a reader of the reviews would believe about an idea's fate, as a soft label.

Outcomes are known for few rounds, ratings and review notes for all. A teacher that sees both
foretells outcomes far better than any reader of the text can, so its belief stands in where the
outcome is unknown and tempers it where chance had a part in it. The student never sees ratings
or notes: it learns to read the belief out of the idea's own text (generalised distillation;
Lopez-Paz, Bottou, Schölkopf and Vapnik 2016, "Unifying distillation and privileged information").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import scipy.sparse as sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from .batches import Labels, labels
from .metrics import Floats, Rows
from .proposals import Proposal
from .splits import folds

OUTCOME_SHARE = 0.5  # of a judged idea's label; the rest is the teacher's belief
RATING_SCALE = 0.7  # of centred ratings beside TF-IDF rows of unit length
LEAST_NOTES = 5  # notes that a term must stand in
MOST_TERMS = 60_000


def _evidence(rows: Sequence[Proposal], target: Labels) -> Any:
    """Return what the teacher sees: ratings centred inside their round, and the words of the notes."""
    marks = target.criteria - np.nanmean(target.criteria, axis=0)
    ratings = sparse.csr_matrix(RATING_SCALE * np.nan_to_num(marks))
    notes = [p.notes for p in rows]
    if sum(bool(n) for n in notes) < LEAST_NOTES:
        return ratings
    words = TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2), min_df=LEAST_NOTES, max_features=MOST_TERMS)
    return sparse.csr_matrix(sparse.hstack([ratings, words.fit_transform(notes)]))


def beliefs(rows: Sequence[Proposal], target: Labels, k: int = 5, seed: int = 9) -> Floats:
    """Return the teacher's chance of funding for every row, 0..1; NaN for all when outcomes are too few.

    A judged row is answered by a teacher that saw no outcome of its group.
    """
    out = np.full(len(rows), np.nan)
    judged = np.flatnonzero(~np.isnan(target.funded))
    if min(np.bincount(target.funded[judged].astype(int), minlength=2)) < k:
        return out
    seen = _evidence(rows, target)

    def ask(learn: Rows, about: Rows) -> Floats:
        model = LogisticRegression(max_iter=2000).fit(seen[learn], target.funded[learn])
        chance: Floats = model.predict_proba(seen[about])[:, 1]
        return chance

    others = np.flatnonzero(np.isnan(target.funded))
    if len(others):
        out[others] = ask(judged, others)
    fold = folds([rows[int(i)].group for i in judged], k, seed)
    for held in range(k):
        out[judged[fold == held]] = ask(judged[fold != held], judged[fold == held])
    return out


def taught(rows: Sequence[Proposal]) -> Labels:
    """Return the labels of `rows` with the success label that the student learns: the teacher's belief,
    mixed with the outcome where it is known. Without a teacher it is the outcome alone.

    The teacher learns from `rows` only, so no label of a fold that is left out of them can reach the student.
    """
    target = labels(rows)
    belief = beliefs(rows, target)
    mixed = OUTCOME_SHARE * target.funded + (1 - OUTCOME_SHARE) * belief
    known = np.where(np.isnan(belief), target.funded, mixed)
    return replace(target, belief=np.where(np.isnan(target.funded), belief, known))
