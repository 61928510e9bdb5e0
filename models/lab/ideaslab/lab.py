"""Where a run finds and leaves its files, and its two phases.

    WORK/                 what both phases share: collected, cleaned, features, search
    WORK/protocol/        trained on the older rounds, tested on the newest: the figures of the card
    WORK/final/           the same recipe on every round: what ships, with out-of-fold figures

Every file is written whole or not at all (see `atomic`), so any step may be killed and run again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from . import lexicon, members, proposals
from .atomic import write_json
from .compose import MAX_TOKENS, Composer
from .encoder import base_folder
from .proposals import Proposal
from .splits import by_round
from .train import Recipe


@dataclass(frozen=True)
class Phase:
    """One pass of training and judging.

    `test` is the newest closed round: figures and calibration are about it. When it is among
    the rounds of `train`, its answers are out-of-fold ones, else the trained network's.
    """

    name: str
    train: tuple[str, ...]
    test: str

    @property
    def held_out(self) -> bool:
        """Whether the test round trains nothing."""
        return self.test not in self.train


PROTOCOL = Phase("protocol", ("F4", "F5", "F6", "F7"), "F8")
FINAL = Phase("final", ("F4", "F5", "F6", "F7", "F8"), "F8")
PHASES = {phase.name: phase for phase in (PROTOCOL, FINAL)}


@dataclass(frozen=True)
class Budget:
    """What a hyper-parameter search may spend, over all the runs that go on with it."""

    trials: int = 24
    minutes: float = 60.0
    share: float = 0.4  # of the training rounds' rows


@dataclass(frozen=True)
class Lab:
    """A run: its folders, its recipe and the phase it is in."""

    data: Path
    work: Path
    out: Path
    base: Path
    phase: Phase = PROTOCOL
    recipes: tuple[Recipe, ...] = members.RECIPES
    folds: int = 5
    budget: Budget = Budget()

    def during(self, phase: Phase) -> Lab:
        """Return the same run in another phase."""
        return replace(self, phase=phase)

    @property
    def folder(self) -> Path:
        """Where the phase keeps its files."""
        return self.work / self.phase.name

    def all_rows(self) -> list[Proposal]:
        """Read every cleaned row, oldest round first."""
        return proposals.read(self.work / "rows.jsonl")

    def train(self) -> list[Proposal]:
        """Read the phase's training rows."""
        return by_round(self.all_rows(), self.phase.train, self.phase.test)[0]

    def test(self) -> list[Proposal]:
        """Read the phase's test rows."""
        return by_round(self.all_rows(), self.phase.train, self.phase.test)[1]

    def composer(self) -> Composer:
        """Return the composer over the base's vocabulary."""
        return Composer(self.base / "vocab.txt", MAX_TOKENS)

    def vocabulary(self) -> lexicon.Vocabulary:
        """Return what the lexicon needs to know of the vocabulary."""
        composer = self.composer()
        return lexicon.Vocabulary(composer.tokenizer.get_vocab_size(), composer.cls, composer.sep)

    def note(self, name: str, value: Any) -> None:
        """Leave a JSON note of this phase for later steps and for people."""
        write_json(self.folder / f"{name}.json", value)

    def recall(self, name: str) -> Any:
        """Read a note of this phase, or, if only the run has it, of the run."""
        own, shared = self.folder / f"{name}.json", self.work / f"{name}.json"
        return json.loads((own if own.exists() else shared).read_text(encoding="utf-8"))


def lab(data: Path, work: Path, out: Path, base: str | None) -> Lab:
    """Return a lab over existing folders; `base` may name another BERT folder."""
    work.mkdir(parents=True, exist_ok=True)
    return Lab(data=data, work=work, out=out, base=base_folder(base))
