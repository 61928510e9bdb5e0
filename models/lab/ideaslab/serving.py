"""Yardsticks for serving: the same ideas scored in Python, for the Go program's `bench compare` to measure itself by.

    python -m ideaslab.serving NAME --model FOLDER --threads T

A process speaks JSON Lines. It first reads one line, a list of ideas, tries every setting of its kind on
them, keeps the fastest and answers {"setting": "..."}. For each further line it scores all ideas once, from
text to numbers, and answers {"seconds": s}. It ends with its input.

Every kind cleans and composes as the lab does, with the `tokenizers` package, and sorts by length so that
batches hold little padding. The kinds, by NAME:

    onnxruntime   the folder's graph in ONNX Runtime as a Python program would serve it, at its defaults: one
                  session with T threads and batches of 1 to 32, or T threads that each run one idea at a time
    tuned         the same with the session settings of the Go program
    transformers  a BERT of the shipped architecture, float32, from Hugging Face Transformers in PyTorch: the base
                  package's weights with heads of random weights, as speed does not depend on them
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from numpy.typing import NDArray

from .compose import Composer
from .encoder import IdeaModel, base_folder, load_bert
from .export import INPUTS, OUTPUTS, session

Idea = Mapping[str, str]
Batch = list[NDArray[np.int64]]
Rows = Sequence[Sequence[int]]
SIZES = (1, 2, 4, 8, 16, 32)
_TRIES = 3  # of each setting, of which the fastest counts


def _batches(rows: Rows, size: int) -> list[Batch]:
    """Return the graph's inputs, longest rows first, padded with zeros inside each batch."""
    order = sorted(rows, key=len, reverse=True)
    made = []
    for start in range(0, len(order), size):
        part = order[start : start + size]
        ids = np.zeros((len(part), len(part[0])), np.int64)
        mask = np.zeros_like(ids)
        for i, row in enumerate(part):
            ids[i, : len(row)] = row
            mask[i, : len(row)] = 1
        made.append([ids, mask, np.zeros_like(ids)])
    return made


def _usual_session(graph: Path, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])


def _run(opened: onnxruntime.InferenceSession, batch: Batch) -> object:
    return opened.run(list(OUTPUTS), dict(zip(INPUTS, batch, strict=True)))


def _in_batches(composer: Composer, run: Callable[[Batch], object], size: int, ideas: Sequence[Idea]) -> None:
    for batch in _batches([composer.ids(idea) for idea in ideas], size):
        run(batch)


def _side_by_side(
    composer: Composer, run: Callable[[Batch], object], pool: ThreadPoolExecutor, ideas: Sequence[Idea]
) -> None:
    def one(idea: Idea) -> None:
        run(_batches([composer.ids(idea)], 1)[0])

    longest_first = sorted(ideas, key=lambda idea: sum(map(len, idea.values())), reverse=True)
    for _ in pool.map(one, longest_first):
        pass


Settings = dict[str, Callable[[Sequence[Idea]], None]]


def onnx_settings(model: Path, threads: int, tuned: bool) -> Settings:
    """Return the ways to run the folder's graph, by name."""
    composer = Composer(model / "vocab.txt")
    opened = session if tuned else _usual_session
    whole = partial(_run, opened(model / "model.onnx", threads))
    single = partial(_run, opened(model / "model.onnx", 1))
    found: Settings = {
        f"one session, {threads} threads, batches of {size}": partial(_in_batches, composer, whole, size)
        for size in SIZES
    }
    found[f"{threads} threads side by side"] = partial(
        _side_by_side, composer, single, ThreadPoolExecutor(threads)
    )
    return found


def torch_settings(model: Path, threads: int) -> Settings:
    """Return the ways to run the float network, by name."""
    torch.set_num_threads(threads)
    composer = Composer(model / "vocab.txt")
    network = IdeaModel(load_bert(base_folder())).eval()

    def run(batch: Batch) -> object:
        with torch.inference_mode():
            return network(*(torch.from_numpy(part) for part in batch))

    return {f"batches of {size}": partial(_in_batches, composer, run, size) for size in SIZES}


def fastest(settings: Settings, ideas: Sequence[Idea]) -> str:
    """Return the name of the setting that scores the ideas in the least time."""
    best = {name: min(_seconds(score, ideas) for _ in range(_TRIES)) for name, score in settings.items()}
    return min(best, key=lambda name: best[name])


def _seconds(score: Callable[[Sequence[Idea]], None], ideas: Sequence[Idea]) -> float:
    began = time.perf_counter()
    score(ideas)
    return time.perf_counter() - began


def main(arguments: Sequence[str] | None = None) -> None:
    """Answer the lines of standard input; see the module's description."""
    parser = argparse.ArgumentParser(prog="ideaslab.serving")
    parser.add_argument("name", choices=("onnxruntime", "tuned", "transformers"))
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=1)
    given = parser.parse_args(arguments)
    if given.name == "transformers":
        settings = torch_settings(given.model, given.threads)
    else:
        settings = onnx_settings(given.model, given.threads, given.name == "tuned")
    ideas = json.loads(sys.stdin.readline())
    name = fastest(settings, ideas)
    print(json.dumps({"setting": name}), flush=True)
    for _ in sys.stdin:
        print(json.dumps({"seconds": _seconds(settings[name], ideas)}), flush=True)


if __name__ == "__main__":
    main()
