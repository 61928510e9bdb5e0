"""Cross-fitting: members per fold and recipe, their out-of-fold answers, and the average of their weights.

Each member trains on the other folds and stops by its own. Fine-tuned copies of one
network lie close together, so the mean of their weights acts like their ensemble at the
price of one model (Wortsman et al. 2022, "Model soups").
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from .batches import by_length, encode, labels, padded
from .compose import Composer
from .encoder import IdeaModel, load_bert
from .metrics import Floats
from .proposals import Proposal
from .splits import folds
from .teacher import taught
from .train import Recipe, fit, set_seed

SPLIT_SEED = 1
RECIPES = (Recipe(),)  # each further recipe, with a seed of its own, adds a pass of members to the average


@dataclass(frozen=True)
class CrossFit:
    """What cross-fitting leaves: per row the out-of-fold head outputs, and per member its epochs."""

    outputs: Floats  # [n, 6]: success, impact, feasibility, auditability, approved, support
    histories: dict[str, list[dict[str, Any]]]


@torch.no_grad()
def head_outputs(model: IdeaModel, ids: Sequence[Sequence[int]], size: int = 32) -> Floats:
    """Return all head outputs, auxiliary ones included, [n, 6] in input order."""
    model.eval()
    batches = by_length([len(row) for row in ids], size)
    parts = []
    for rows in batches:
        success, criteria, auxiliary = model.heads(model.pool(*padded([ids[i] for i in rows])))
        parts.append(torch.cat([success.unsqueeze(-1), criteria, auxiliary], dim=-1).double().numpy())
    back = np.argsort(np.concatenate(batches))
    out: Floats = np.concatenate(parts)[back]
    return out


def new_model(base: Path, recipe: Recipe) -> IdeaModel:
    """Return the untrained network as the recipe's seed makes it."""
    set_seed(recipe.seed)
    return IdeaModel(load_bert(base), recipe.dropout)


def member_folder(work: Path, recipe: Recipe, held: int) -> Path:
    """Return where the member of one recipe and one held-out fold keeps its files."""
    return work / f"member-{recipe.seed}-{held}"


def train_member(
    held: int, rows: Sequence[Proposal], ids: Sequence[Sequence[int]], base: Path, recipe: Recipe, work: Path, k: int
) -> list[dict[str, Any]]:
    """Train the member that stops by fold `held`, going on where it was stopped, and return its epochs."""
    fold = folds([p.group for p in rows], k, SPLIT_SEED)
    inside, outside = np.flatnonzero(fold != held).tolist(), np.flatnonzero(fold == held).tolist()
    result = fit(
        new_model(base, recipe),
        ([ids[i] for i in inside], taught([rows[i] for i in inside])),
        ([ids[i] for i in outside], labels([rows[i] for i in outside])),
        recipe,
        member_folder(work, recipe, held),
    )
    history: list[dict[str, Any]] = result["history"]
    return history


def cross_fit(
    rows: Sequence[Proposal], composer: Composer, base: Path, recipes: Sequence[Recipe], work: Path, k: int
) -> CrossFit:
    """Train every recipe on every fold. A row's out-of-fold answer comes from the average of the members
    that did not train on its fold."""
    fold = folds([p.group for p in rows], k, SPLIT_SEED)
    ids = encode(composer, rows)
    outputs = np.full((len(rows), 6), np.nan)
    histories = {}
    for held in range(k):
        for recipe in recipes:
            folder = member_folder(work, recipe, held)
            histories[folder.name] = train_member(held, rows, ids, base, recipe, work, k)
        outside = np.flatnonzero(fold == held)
        model = soup(base, [member_folder(work, recipe, held) for recipe in recipes])
        outputs[outside] = head_outputs(model, [ids[i] for i in outside])
    return CrossFit(outputs, histories)


def soup(base: Path, members: Iterable[Path]) -> IdeaModel:
    """Return the network whose every weight is the mean of the members' best weights."""
    states = [torch.load(folder / "best.pt", weights_only=True) for folder in members]
    mean = {
        name: torch.stack([s[name].double() for s in states]).mean(0).to(value.dtype)
        if value.is_floating_point() else value
        for name, value in states[0].items()
    }
    model = IdeaModel(load_bert(base))
    model.load_state_dict(mean)
    model.eval()
    return model
