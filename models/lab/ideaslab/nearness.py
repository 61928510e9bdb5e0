"""What the cosine of two of a model's embeddings means, told by ideas that have nothing to do with each other.

Encoders differ in how near they put what is unrelated, so a fixed cosine means something
else for each of them. The share of unrelated pairs that lie nearer means the same for all.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .metrics import Floats

RELATED = 1e-2  # the share of unrelated pairs that lie nearer than ideas about the same thing
CLOSE = 1e-5  # and nearer than ideas that say nearly the same
FEWEST = 10  # pairs beyond a quantile without which it cannot be told


def nearness(embedding: Floats, groups: Sequence[int]) -> dict[str, float]:
    """Return the manifest's `nearness` by unit embeddings [n, width]; ideas of one group are related.

    A cosine that too few pairs are beyond to tell it is 1, which nothing reaches that is not
    the same text.
    """
    _, group = np.unique(np.asarray(groups), return_inverse=True)
    first, second = np.triu_indices(len(group), 1)
    unrelated = group[first] != group[second]
    cosines = (embedding @ embedding.T)[first[unrelated], second[unrelated]]
    return {"related": _exceeded(cosines, RELATED), "close": _exceeded(cosines, CLOSE)}


def _exceeded(cosines: Floats, share: float) -> float:
    if len(cosines) * share < FEWEST:
        return 1.0
    return float(np.clip(np.quantile(cosines, 1.0 - share), 0.0, 1.0))
