"""Optimise: hyper-parameter search by out-of-fold figures, within a budget of trials and minutes.

A trial trains one member on a sample of the training rounds without one fold and is judged by that
fold: cheap enough for two processor cores, and blind to the test round. Settings are proposed by a
tree-structured Parzen estimator (Bergstra et al. 2011); a trial that lies below the median of the others
at its epoch is stopped. What wins here is a proposal: it enters `Recipe` once full cross-fitting agrees.

Trials live in WORK/search/journal.log. A search that was killed goes on: the trial it was in is taken up
again at its last whole epoch, and budget that was spent stays spent.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import optuna
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
from optuna.trial import FrozenTrial, TrialState

from . import lexicon, members
from .atomic import write_json
from .batches import encode, labels
from .lab import PROTOCOL, Lab
from .metrics import Floats
from .proposals import Proposal
from .reading import learn_words
from .splits import folds
from .teacher import taught
from .train import Recipe, fit, judge, predict

SEED = 11
HELD = 0  # the fold that judges
STRENGTH = "lexicon_strength"  # the one setting that is not the recipe's


@dataclass(frozen=True)
class Setting:
    """A setting's range, walked by ratio if `log`, in whole numbers if `whole`; or its choices."""

    low: float = 0.0
    high: float = 0.0
    log: bool = False
    whole: bool = False
    choices: tuple[int, ...] = ()

    def suggest(self, trial: optuna.Trial, name: str) -> float:
        """Return the trial's value."""
        if self.choices:
            return int(trial.suggest_categorical(name, self.choices))
        if self.whole:
            return trial.suggest_int(name, int(self.low), int(self.high))
        return trial.suggest_float(name, self.low, self.high, log=self.log)


SPACE = {
    "rate": Setting(1e-5, 3e-4, log=True),
    "head_rate": Setting(3e-4, 3e-3, log=True),
    "layer_decay": Setting(0.7, 1.0),
    "batch": Setting(choices=(8, 16, 32)),
    "warmup": Setting(0.0, 0.3),
    "dropout": Setting(0.0, 0.3),
    "epochs": Setting(2, 6, whole=True),
    "success": Setting(0.25, 2.0, log=True),
    "approved": Setting(0.0, 0.5),
    "support": Setting(0.0, 1.0),
    STRENGTH: Setting(0.1, 10.0, log=True),
}


@dataclass(frozen=True)
class Sample:
    """What every trial trains on and is judged by."""

    inside: list[Proposal]
    outside: list[Proposal]
    inside_ids: list[list[int]]
    outside_ids: list[list[int]]


def sample(at: Lab, rows: Sequence[Proposal], share: float) -> Sample:
    """Draw about `share` of the rows by whole groups, and hold one fold of them out."""
    parts = max(1, round(1 / share))
    drawn = folds([p.group for p in rows], parts, SEED)
    some = [p for p, part in zip(rows, drawn, strict=True) if part == 0]
    fold = folds([p.group for p in some], at.folds, members.SPLIT_SEED)
    inside = [p for p, f in zip(some, fold, strict=True) if f != HELD]
    outside = [p for p, f in zip(some, fold, strict=True) if f == HELD]
    composer = at.composer()
    return Sample(inside, outside, encode(composer, inside), encode(composer, outside))


def _unit(values: Floats) -> Floats:
    scaled: Floats = (values - values.mean(axis=0)) / (values.std(axis=0) + 1e-9)
    return scaled


def run_trial(at: Lab, given: Sample, trial: optuna.Trial) -> float:
    """Train one member and one lexicon by the trial's settings and return the joint figure on the held-out fold."""
    settings: dict[str, Any] = {name: setting.suggest(trial, name) for name, setting in SPACE.items()}
    strength = settings.pop(STRENGTH)
    recipe = replace(at.recipes[0], **settings)
    folder = at.work / "search" / _name(recipe)

    def watch(epoch: Mapping[str, float]) -> None:
        trial.report(epoch["chosen_by"], int(epoch["epoch"]))
        if epoch["epoch"] < recipe.epochs and trial.should_prune():
            raise optuna.TrialPruned

    target = labels(given.outside)
    try:
        model = members.new_model(at.base, recipe)
        fit(model, (given.inside_ids, taught(given.inside)), (given.outside_ids, target), recipe, folder, watch)
    except optuna.TrialPruned:
        _forget_weights(folder)
        raise
    success, criteria, _ = predict(model, given.outside_ids)
    vocabulary = at.vocabulary()
    reading = learn_words(lexicon.counts(vocabulary, given.inside_ids), given.inside, strength)
    words = lexicon.read(reading, lexicon.counts(vocabulary, given.outside_ids))
    joined = _unit(np.column_stack([success, criteria])) + _unit(words)
    figure = judge(joined[:, 0], joined[:, 1:], target)["chosen_by"]
    _forget_weights(folder)
    return figure


def _name(recipe: Recipe) -> str:
    return "trial-" + hashlib.sha256(json.dumps(asdict(recipe)).encode()).hexdigest()[:12]


def _forget_weights(folder: Path) -> None:
    """Remove a finished trial's weights, some 300 MB; its events and its report stay."""
    for path in folder.glob("*.pt"):
        path.unlink()


def _spent(study: optuna.Study) -> float:
    """Return the minutes that the study's finished trials took."""
    return sum((t.duration.total_seconds() for t in _done(study) if t.duration is not None), 0.0) / 60


def _done(study: optuna.Study) -> list[FrozenTrial]:
    return study.get_trials(deepcopy=False, states=(TrialState.COMPLETE, TrialState.PRUNED))


def _settings(trial: FrozenTrial) -> dict[str, Any]:
    """Return a trial's settings, also while it waits."""
    return trial.params or trial.system_attrs.get("fixed_params", {})


def _take_up(study: optuna.Study) -> None:
    """Queue again the settings of trials that were stopped, unless a later trial has them."""
    for trial in study.get_trials(deepcopy=False, states=(TrialState.RUNNING,)):
        study.tell(trial.number, state=TrialState.FAIL)
    for trial in study.get_trials(deepcopy=False, states=(TrialState.FAIL,)):
        if _settings(trial) not in [_settings(later) for later in study.trials[trial.number + 1 :]]:
            study.enqueue_trial(_settings(trial))


def _told(trial: FrozenTrial) -> dict[str, Any]:
    done = trial.state is TrialState.COMPLETE  # a pruned trial's value is only that of its last epoch
    return {
        "number": trial.number, "state": trial.state.name.lower(), "value": trial.value if done else None,
        "settings": trial.params,
        "epochs": {str(epoch): value for epoch, value in trial.intermediate_values.items()},
    }


def _importance(study: optuna.Study) -> dict[str, float]:
    """Return each setting's share of the variance (functional ANOVA; Hutter et al. 2014); none for few trials."""
    done = study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,))
    if len({t.value for t in done}) < 4:
        return {}
    evaluator = optuna.importance.FanovaImportanceEvaluator(seed=SEED)
    return {k: float(v) for k, v in optuna.importance.get_param_importances(study, evaluator=evaluator).items()}


def run(at: Lab) -> None:
    """Search until the budget is spent, keeping search.json up to date."""
    at = at.during(PROTOCOL)
    budget, folder = at.budget, at.work / "search"
    folder.mkdir(parents=True, exist_ok=True)
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    storage = JournalStorage(JournalFileBackend(str(folder / "journal.log")))
    study = optuna.create_study(
        study_name="recipe", storage=storage, load_if_exists=True, direction="maximize",
        pruner=optuna.pruners.MedianPruner(n_startup_trials=4, n_warmup_steps=1),
    )
    _take_up(study)
    given = sample(at, at.train(), budget.share)

    def tell(study: optuna.Study, trial: FrozenTrial) -> None:
        done = study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,))
        write_json(at.work / "search.json", {
            "budget": asdict(budget), "minutes": _spent(study), "share": budget.share, "fold": HELD, "folds": at.folds,
            "rows": [len(given.inside), len(given.outside)],
            "trials": [_told(t) for t in _done(study)],
            "best": _told(study.best_trial) if done else None,
            "importance": _importance(study),
        })
        value = f"{trial.value:.4f}" if trial.state is TrialState.COMPLETE else "pruned"
        print(f"trial {trial.number}: {value}, {len(_done(study))} of {budget.trials}, {_spent(study):.0f} min", flush=True)

    while len(_done(study)) < budget.trials and _spent(study) < budget.minutes:
        # Each proposal draws from a seed of its own, so that a search that goes on does not repeat itself.
        study.sampler = optuna.samplers.TPESampler(seed=SEED + len(study.trials), n_startup_trials=6)
        study.optimize(lambda trial: run_trial(at, given, trial), n_trials=1, callbacks=[tell])
