"""Token ids, labels and batches of similar length."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from .compose import Composer
from .encoder import CRITERIA
from .metrics import Floats
from .proposals import Proposal

NAN = float("nan")


@dataclass(frozen=True)
class Labels:
    """What the network learns, NaN where unknown; rows in the order of the proposals."""

    funded: Floats
    approved: Floats
    support: Floats  # share of yes votes, standardised inside the fund
    criteria: Floats  # [n, 3], moved so that every fund has the reference fund's mean
    weight: Floats  # trust in the criteria means, 0..1, by number of reviews
    belief: Floats  # what the success head learns, a chance 0..1: `funded`, until a teacher says more (see teacher.py)


def _number(value: float | None) -> float:
    return NAN if value is None else float(value)


def labels(proposals: Sequence[Proposal], reference: str = "F7", doubt: float = 3.0) -> Labels:
    """Return the labels. Funds differ in strictness (means 2.6 to 3.9), which no text explains, so ratings
    are centred inside each fund; a mean over n reviews is trusted n / (n + doubt)."""
    fund = np.array([p.fund for p in proposals])
    criteria = np.array([[_number(p.ratings.get(name)) for name in CRITERIA] for p in proposals])
    support = np.array([_number(p.support) for p in proposals])
    funded = np.array([_number(p.funded) for p in proposals])
    level = np.nanmean(criteria[fund == reference], axis=0) if (fund == reference).any() else 3.5
    for name in np.unique(fund):
        rows = fund == name
        if not np.isnan(criteria[rows]).all():
            criteria[rows] += level - np.nanmean(criteria[rows], axis=0)
        known = support[rows]
        if not np.isnan(known).all():
            support[rows] = (known - np.nanmean(known)) / (np.nanstd(known) + 1e-9)
    return Labels(
        funded=funded,
        approved=np.array([_number(p.approved) for p in proposals]),
        support=support,
        criteria=criteria,
        weight=np.array([p.reviews / (p.reviews + doubt) for p in proposals]),
        belief=funded,
    )


def encode(composer: Composer, proposals: Sequence[Proposal]) -> list[list[int]]:
    """Return the input ids of each proposal."""
    return [composer.ids(p.text) for p in proposals]


def padded(rows: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor, Tensor]:
    """Return input_ids, attention_mask and token_type_ids, int64 [batch, longest], padded with 0 on the right."""
    longest = max(len(row) for row in rows)
    ids = torch.zeros(len(rows), longest, dtype=torch.int64)
    mask = torch.zeros_like(ids)
    for i, row in enumerate(rows):
        ids[i, : len(row)] = torch.tensor(row)
        mask[i, : len(row)] = 1
    return ids, mask, torch.zeros_like(ids)


def by_length(lengths: Sequence[int], size: int) -> list[NDArray[np.int_]]:
    """Return batches of row numbers, shortest first: least padding, for scoring."""
    order = np.argsort(lengths, kind="stable")
    return [order[i : i + size] for i in range(0, len(order), size)]


def shuffled(
    lengths: Sequence[int], size: int, generator: np.random.Generator, pool: int = 8
) -> Iterator[NDArray[np.int_]]:
    """Yield random batches in random order; inside a pool of batches rows of like length sit together."""
    order = generator.permutation(len(lengths))
    found = []
    for start in range(0, len(order), size * pool):
        part = order[start : start + size * pool]
        part = part[np.argsort(np.asarray(lengths)[part], kind="stable")]
        found += [part[i : i + size] for i in range(0, len(part), size)]
    for i in generator.permutation(len(found)):
        yield found[i]
