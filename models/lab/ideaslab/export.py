"""From the trained network to one ONNX graph, in float32, in int8 for processors and in float16 for GPUs."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers.float16 import convert_float_to_float16
from torch import nn

from .atomic import replacing
from .batches import by_length, padded
from .metrics import Floats

INPUTS = ("input_ids", "attention_mask", "token_type_ids")
OUTPUTS = ("success_logit", "criteria", "embedding")
OPSET = 20
_MARK = "output_"
# ONNX Runtime would join a residual's addition and its normalisation into one operator, whose CPU kernel takes
# five times what the two take apart. The Go program (internal/scoring/runtime.go) leaves it out too: roundings
# differ a little, so both sides must do the same.
SLOW_FUSION = "SkipLayerNormFusion"
PARITY = 1e-4  # largest allowed difference between ONNX and PyTorch, both float32
HALF_PARITY = 1e-2  # the same between float16 and float32, relative beyond 1; half floats carry three decimals


def to_onnx(model: nn.Module, path: Path) -> None:
    """Write `model` as one graph with all heads, batch and sequence dynamic."""
    model.eval()
    example = padded([[101, 7592, 102, 2088, 102, 102, 102], [101, 102, 102, 102, 102]])
    batch, sequence = torch.export.Dim("batch"), torch.export.Dim("sequence")
    shape = {0: batch, 1: sequence}
    path.parent.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            model, example, str(path), input_names=list(INPUTS),
            output_names=[_MARK + name for name in OUTPUTS],
            dynamic_shapes=(shape, shape, shape), opset_version=OPSET, dynamo=True,
            external_data=False, verbose=False,
        )
    graph = onnx.load(str(path))
    _name_outputs(graph.graph)
    with replacing(path) as partial:
        onnx.save(graph, str(partial))
        onnx.checker.check_model(str(partial))


def _name_outputs(graph: onnx.GraphProto) -> None:
    """Give the outputs their names. The exporter calls inner values by their operator ("embedding"), so
    the outputs are exported under a mark and inner values that hold a wanted name give way first."""
    names = {name: "inner_" + name for name in OUTPUTS} | {_MARK + name: name for name in OUTPUTS}
    for node in graph.node:
        node.input[:] = [names.get(n, n) for n in node.input]
        node.output[:] = [names.get(n, n) for n in node.output]
    for value in [*graph.output, *graph.value_info]:
        value.name = names.get(value.name, value.name)


def quantise(source: Path, target: Path) -> None:
    """Write the int8 graph: dynamic, MatMul only, per channel.

    Weights use 7 of 8 bits. On processors without VNNI the 16-bit sums of full 8-bit products
    saturate, and the same idea would get another score there.
    """
    logging.getLogger().setLevel(logging.ERROR)  # it recommends a step that this graph does not need
    with replacing(target) as partial:
        quantize_dynamic(
            str(source), str(partial), op_types_to_quantize=["MatMul"], per_channel=True,
            reduce_range=True, weight_type=QuantType.QInt8,
        )
        onnx.checker.check_model(str(partial))


def halve(source: Path, target: Path) -> None:
    """Write the float16 graph, with the inputs and float32 outputs of the float one.

    Half floats end at 65,504. The largest sum in the graph is the lexicon's of squared inverse document
    frequencies, about 500 terms of at most (1 + ln n)^2: 60,000 texts would reach the end.
    """
    graph = convert_float_to_float16(onnx.load(str(source)), keep_io_types=True)
    with replacing(target) as partial:
        onnx.save(graph, str(partial))
        onnx.checker.check_model(str(partial))


def session(path: Path, threads: int = 2) -> onnxruntime.InferenceSession:
    """Open a graph on the CPU, with the settings it is served with."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    options.add_session_config_entry("optimization.disable_specified_optimizers", SLOW_FUSION)
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def run(
    opened: onnxruntime.InferenceSession, ids: Sequence[Sequence[int]], size: int = 32
) -> tuple[Floats, Floats, Floats]:
    """Return success logits [n], criteria [n, 3] and embeddings [n, width] in input order.

    Dynamic quantisation takes its activation range from the whole batch, so int8 answers
    differ a little with the company an idea is scored in; size 1 gives the reference answer.
    """
    batches = by_length([len(row) for row in ids], size)
    parts = []
    for rows in batches:
        feed = dict(zip(INPUTS, (t.numpy() for t in padded([ids[i] for i in rows])), strict=True))
        parts.append(opened.run(list(OUTPUTS), feed))
    back = np.argsort(np.concatenate(batches))
    success, criteria, embedding = (
        np.concatenate(part).astype(np.float64)[back] for part in zip(*parts, strict=True)
    )
    return success, criteria, embedding


def largest_difference(
    one: tuple[Floats, Floats, Floats], other: tuple[Floats, Floats, Floats]
) -> float:
    """Return the largest absolute difference over all outputs."""
    return max(float(np.abs(a - b).max()) for a, b in zip(one, other, strict=True))


def largest_relative_difference(
    one: tuple[Floats, Floats, Floats], other: tuple[Floats, Floats, Floats]
) -> float:
    """Return the largest difference over all outputs, each divided by the size of `one` where that is beyond 1."""
    return max(float((np.abs(a - b) / np.maximum(np.abs(a), 1)).max()) for a, b in zip(one, other, strict=True))
