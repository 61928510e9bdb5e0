"""Fine-tunes the encoder on all heads at once and keeps the best epoch by the development fold."""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.tensorboard import SummaryWriter

from .atomic import replacing, write_json
from .batches import Labels, by_length, padded, shuffled
from .encoder import IdeaModel
from .metrics import Floats, Rows, above_median, auc, brier, by_class, spearman
from .progress import progress


@dataclass(frozen=True)
class Recipe:
    """Hyper-parameters of one training run."""

    epochs: int = 5
    patience: int = 2
    batch: int = 16
    rate: float = 1e-4
    head_rate: float = 1e-3
    layer_decay: float = 0.85
    weight_decay: float = 0.01
    warmup: float = 0.1
    clip: float = 1.0
    dropout: float = 0.1
    success: float = 1.0
    criteria: float = 1.0
    approved: float = 0.25
    support: float = 0.5
    bfloat16: bool = True
    seed: int = 1


def set_seed(seed: int) -> None:
    """Make a run repeatable on one machine."""
    np.random.seed(seed)
    torch.manual_seed(seed)


def optimiser(model: IdeaModel, recipe: Recipe) -> torch.optim.AdamW:
    """Return AdamW with rates that fall by `layer_decay` per layer from the top; embeddings stay as they are."""
    for parameter in model.bert.embeddings.parameters():
        parameter.requires_grad_(False)
    groups: list[dict[str, Any]] = []
    layers = model.bert.encoder.layer
    for depth, layer in enumerate(layers):
        rate = recipe.rate * recipe.layer_decay ** (len(layers) - 1 - depth)
        matrices = [p for p in layer.parameters() if p.ndim > 1]
        vectors = [p for p in layer.parameters() if p.ndim <= 1]
        groups.append({"params": matrices, "lr": rate, "weight_decay": recipe.weight_decay})
        groups.append({"params": vectors, "lr": rate, "weight_decay": 0.0})
    heads = [p for head in (model.success, model.criteria, model.auxiliary) for p in head.parameters()]
    groups.append({"params": heads, "lr": recipe.head_rate, "weight_decay": recipe.weight_decay})
    return torch.optim.AdamW(groups, fused=True)


def _masked(loss: Tensor, target: Tensor, weight: Tensor | float = 1.0) -> Tensor:
    known = ~torch.isnan(target)
    if not bool(known.any()):
        return loss.sum() * 0.0
    return torch.where(known, loss * weight, torch.zeros_like(loss)).sum() / known.sum()


def loss_of(
    outputs: tuple[Tensor, Tensor, Tensor], target: Labels, rows: Rows, recipe: Recipe
) -> Tensor:
    """Return the weighted sum of the task losses, each a mean over the rows whose label is known."""
    success, criteria, auxiliary = (o.float() for o in outputs)

    def of(values: Floats) -> Tensor:
        return torch.tensor(values[rows], dtype=torch.float32)

    def entropy(logit: Tensor, truth: Tensor) -> Tensor:
        return nn.functional.binary_cross_entropy_with_logits(logit, truth.nan_to_num(), reduction="none")

    belief, approved, support, means = (
        of(target.belief), of(target.approved), of(target.support), of(target.criteria),
    )
    trust = of(target.weight).unsqueeze(-1)
    return (
        recipe.success * _masked(entropy(success, belief), belief)
        + recipe.criteria * _masked((criteria - means.nan_to_num()) ** 2, means, trust)
        + recipe.approved * _masked(entropy(auxiliary[:, 0], approved), approved)
        + recipe.support * _masked((auxiliary[:, 1] - support.nan_to_num()) ** 2, support)
    )


@torch.no_grad()
def predict(model: nn.Module, ids: Sequence[Sequence[int]], size: int = 32) -> tuple[Floats, Floats, Floats]:
    """Return success logits [n], criteria [n, 3] and embeddings [n, width] in input order, in float32."""
    model.eval()
    parts: list[tuple[Floats, Floats, Floats]] = []
    batches = by_length([len(row) for row in ids], size)
    for rows in batches:
        success, criteria, embedding = model(*padded([ids[i] for i in rows]))
        parts.append((success.double().numpy(), criteria.double().numpy(), embedding.double().numpy()))
    back = np.argsort(np.concatenate(batches))
    success, criteria, embedding = (np.concatenate(part)[back] for part in zip(*parts, strict=True))
    return success, criteria, embedding


def judge(success: Floats, criteria: Floats, target: Labels) -> dict[str, float]:
    """Return the development figures: success AUC, rating-above-median AUC and Spearman, the mean of the two AUCs,
    and of the uncalibrated chance the Brier score and both classes' precision, recall and F1."""
    known = ~np.isnan(target.funded)
    rated = ~np.isnan(target.criteria).any(axis=1)
    rating = target.criteria[rated].mean(axis=1)
    guess = criteria[rated].mean(axis=1)
    figures = {
        "success_auc": auc(target.funded[known], success[known]),
        "rating_auc": auc(above_median(rating), guess),
        "rating_spearman": spearman(rating, guess),
    }
    known_figures = [f for f in (figures["success_auc"], figures["rating_auc"]) if not math.isnan(f)]
    figures["chosen_by"] = sum(known_figures) / len(known_figures) if known_figures else 0.0
    if known.any():
        chance = 1 / (1 + np.exp(-success[known]))
        figures |= {"brier": brier(target.funded[known], chance), **by_class(target.funded[known], chance)}
    return figures


def _epoch(
    model: IdeaModel, ids: Sequence[Sequence[int]], target: Labels, recipe: Recipe,
    optimise: torch.optim.Optimizer, schedule: torch.optim.lr_scheduler.LambdaLR, generator: np.random.Generator,
) -> float:
    model.train()
    total = steps = 0.0
    batches = shuffled([len(row) for row in ids], recipe.batch, generator)
    for rows in progress(batches, math.ceil(len(ids) / recipe.batch), "epoch"):
        ids_, mask, types = padded([ids[i] for i in rows])
        with torch.autocast("cpu", torch.bfloat16, enabled=recipe.bfloat16):
            pooled = model.pool(ids_, mask, types)
        loss = loss_of(model.heads(pooled.float()), target, rows, recipe)
        optimise.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        nn.utils.clip_grad_norm_([p for p in model.parameters() if p.requires_grad], recipe.clip)
        optimise.step()
        schedule.step()
        total += loss.item()
        steps += 1
    return total / max(steps, 1)


def fit(
    model: IdeaModel,
    train: tuple[Sequence[Sequence[int]], Labels],
    dev: tuple[Sequence[Sequence[int]], Labels],
    recipe: Recipe,
    folder: Path,
    watch: Callable[[Mapping[str, float]], None] = lambda _: None,
) -> dict[str, Any]:
    """Train, leaving `best.pt` (the best epoch's weights), `history.json` and TensorBoard events in `folder`.

    A run that was stopped goes on from its last whole epoch; a finished one is not run again. `watch` is
    shown each epoch's report once the epoch is safe; what it raises ends the run.
    """
    folder.mkdir(parents=True, exist_ok=True)
    ids, target = train
    steps = recipe.epochs * math.ceil(len(ids) / recipe.batch)
    warm = max(1, int(steps * recipe.warmup))
    optimise = optimiser(model, recipe)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimise, lambda step: min((step + 1) / warm, max(0.0, (steps - step) / max(1, steps - warm)))
    )
    generator = np.random.default_rng(recipe.seed)
    history: list[dict[str, float]] = []
    last, begun = folder / "last.pt", _beginning(model, ids, dev[0])
    if last.exists():
        state = torch.load(last, weights_only=False)
        if state["recipe"] != asdict(recipe):
            raise ValueError(f"{folder} holds a run with another recipe; remove it to train anew")
        if state.get("begun", begun) != begun:
            raise ValueError(f"{folder} holds a run on other rows or from another base; remove it to train anew")
        model.load_state_dict(state["model"])
        optimise.load_state_dict(state["optimiser"])
        schedule.load_state_dict(state["schedule"])
        generator.bit_generator.state = state["generator"]
        torch.set_rng_state(state["torch"])
        history = state["history"]
    writer = SummaryWriter(str(folder / "tensorboard"))
    while not _finished(history, recipe):
        began = time.monotonic()
        loss = _epoch(model, ids, target, recipe, optimise, schedule, generator)
        success, criteria, _ = predict(model, dev[0])
        row = {"epoch": len(history) + 1, "loss": loss, **judge(success, criteria, dev[1])}
        row["seconds"] = time.monotonic() - began
        history.append(row)
        for name, value in row.items():
            writer.add_scalar(name, value, len(history))
        writer.flush()
        print(f"{folder.name}: " + " ".join(f"{k}={v:.4g}" for k, v in row.items()), flush=True)
        if row["chosen_by"] >= max(h["chosen_by"] for h in history):
            with replacing(folder / "best.pt") as path:
                torch.save(model.state_dict(), path)
        with replacing(last) as path:
            torch.save(
                {
                    "recipe": asdict(recipe), "begun": begun, "model": model.state_dict(), "optimiser": optimise.state_dict(),
                    "schedule": schedule.state_dict(), "generator": generator.bit_generator.state,
                    "torch": torch.get_rng_state(), "history": history,
                },
                path,
            )
        watch(row)
    writer.close()
    write_json(folder / "history.json", history)
    model.load_state_dict(torch.load(folder / "best.pt", weights_only=True))
    return {"history": history, "best": max(history, key=lambda h: h["chosen_by"])}


def _beginning(model: IdeaModel, *parts: Sequence[Sequence[int]]) -> str:
    """Return a digest of what a run begins with: the base's embeddings, which stay as they are, and the rows of
    each part. A member of other folds that went on would answer rows that it was trained on."""
    sha = hashlib.sha256()
    for parameter in model.bert.embeddings.parameters():
        sha.update(parameter.detach().numpy().tobytes())
    for part in parts:
        sha.update(repr([list(map(int, row)) for row in part]).encode())
    return sha.hexdigest()


def _finished(history: list[dict[str, float]], recipe: Recipe) -> bool:
    if len(history) >= recipe.epochs:
        return True
    best = max(range(len(history)), key=lambda i: history[i]["chosen_by"], default=0)
    return len(history) - 1 - best >= recipe.patience
