"""Command line: one command per step, `all` for every step in order, `verify` for a shipped folder."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import torch

from . import launch_pack, ngram_pack, pack, steps
from .lab import PHASES, Budget, Phase, lab


def _default_work() -> Path:
    cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(cache) / "globalbrain" / "lab-runs" / "main"


def plan(names: Iterable[str], phases: Iterable[Phase]) -> Iterator[tuple[str, Phase | None]]:
    """Yield the steps in order: phased neighbours phase by phase, the others once."""
    phases = list(phases)
    for phased, part in groupby(names, key=lambda name: steps.STEPS[name].phased):
        listed = list(part)
        for phase in phases if phased else [None]:
            for name in listed:
                yield name, phase


def _verify(folder: Path) -> dict[str, int]:
    """Check a shipped folder of any kind."""
    if launch_pack.is_launch(folder):
        return launch_pack.verify(folder)
    return ngram_pack.verify(folder) if ngram_pack.is_ngram(folder) else pack.verify(folder)


def main(arguments: list[str]) -> int:
    """Run the command and return the exit status: 0 done, 1 a gate or a check failed."""
    parser = argparse.ArgumentParser(prog="ideaslab", description=__doc__)
    parser.add_argument("step", choices=[*steps.STEPS, "all", "verify"])
    parser.add_argument("--data", type=Path, help="folder with catalyst/ (for collect, ngram and launch)")
    parser.add_argument("--work", type=Path, default=_default_work(), help="where steps keep their files")
    parser.add_argument("--out", type=Path, default=Path("models") / pack.NAME, help="the shipped folder")
    parser.add_argument("--base", help="another BERT folder in Hugging Face layout")
    parser.add_argument("--phase", choices=[*PHASES], help="only this phase, for steps that run in both")
    parser.add_argument("--trials", type=int, default=Budget.trials, help="search: trials in all")
    parser.add_argument("--minutes", type=float, default=Budget.minutes, help="search: minutes in all; the last trial may go over")
    parser.add_argument("--share", type=float, default=Budget.share, help="search: share of the training rows, 0 to 1")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args(arguments)
    torch.set_num_threads(given.threads)
    try:
        if given.step == "verify":
            print(_verify(given.out))
            return 0
        if given.step in ("collect", "ngram", "launch", "all") and given.data is None:
            parser.error("this step reads the data: give --data")
        budget = Budget(given.trials, given.minutes, given.share)
        at = replace(lab(given.data or Path(), given.work, given.out, given.base), budget=budget)
        names = [n for n, step in steps.STEPS.items() if not step.extra] if given.step == "all" else [given.step]
        for name, phase in plan(names, [PHASES[given.phase]] if given.phase else PHASES.values()):
            print(f"== {name}" + (f" ({phase.name})" if phase else ""), flush=True)
            steps.STEPS[name].run(at.during(phase) if phase else at)
    except (ValueError, FileNotFoundError) as error:
        print(f"ideaslab: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
