"""The launch head as one ONNX graph, built node by node; every number in it is an initialiser.

Inputs: `title` and `blurb`, int64 [batch, any], ids of word pieces, 0 for padding; `plan`, float32
[batch, FEATURES], NaN where unknown; `category` and `main_category`, int64 [batch], 0 for the
unknown. Output: `logits`, float32 [batch, 3]: text, metadata, both.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from .launch_model import RELATIVE, Inputs, LaunchModel
from .launch_plan import FEATURES
from .metrics import Floats

INPUTS = ("title", "blurb", "plan", "category", "main_category")
OUTPUTS = ("logits",)
HEADS = ("text", "metadata", "both")
OPSET = 20
PARITY = 1e-4  # largest allowed difference of a logit between the graph and the lab's float64


class _Builder:
    """Collects nodes and initialisers; `do` returns the name of what a node gives."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.held: list[onnx.TensorProto] = []

    def hold(self, name: str, value: Floats | NDArray[np.int64] | list[int] | float, kind: type = np.float32) -> str:
        self.held.append(numpy_helper.from_array(np.asarray(value, dtype=kind), name))
        return name

    def axes(self, *axes: int) -> str:
        name = "axes_" + "_".join(map(str, axes))
        if all(one.name != name for one in self.held):
            self.hold(name, list(axes), np.int64)
        return name

    def do(self, operator: str, *inputs: str, **attributes: int) -> str:
        name = f"{operator.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, list(inputs), [name], **attributes))
        return name


def _text(b: _Builder, model: LaunchModel, static: Floats) -> str:
    """Add both readings of the text and their join. The table holds per piece: idf, idf times its weight,
    and its share of the static reading in a title and in a blurb."""
    width = static.shape[1]
    weights = model.static.weights
    b.hold("pieces", np.column_stack([
        model.words.idf, model.words.idf * model.words.linear.weights, static @ weights[:width], static @ weights[width:],
    ]))
    b.hold("nothing", [0], np.int64)
    b.hold("one", 1.0)
    b.hold("least", 1e-12)
    parts = {}
    for field, own in (("title", 2), ("blurb", 3)):
        there = b.do("Cast", b.do("Greater", field, "nothing"), to=TensorProto.FLOAT)
        rows = b.do("Mul", b.do("Gather", "pieces", field, axis=0), b.do("Unsqueeze", there, b.axes(2)))
        sums = b.do("ReduceSum", rows, b.axes(1), keepdims=0)
        squares = b.do("ReduceSum", b.do("Mul", rows, rows), b.axes(1), keepdims=0)
        length = b.do("Max", b.do("ReduceSum", there, b.axes(1), keepdims=0), "one")
        take = b.hold(f"column_{own}", own, np.int64)
        parts[field] = (sums, squares, b.do("Div", b.do("Gather", sums, take, axis=1), length))
    zero, first = b.hold("column_0", 0, np.int64), b.hold("column_1", 1, np.int64)
    (title, title_squares, title_static), (blurb, blurb_squares, blurb_static) = parts.values()
    squares = b.do("Gather", b.do("Add", title_squares, blurb_squares), zero, axis=1)
    words = b.do("Div", b.do("Gather", b.do("Add", title, blurb), first, axis=1), b.do("Sqrt", b.do("Max", squares, "least")))
    words = b.do("Mul", words, b.hold("words_weight", model.text_join.weights[0]))
    known = b.do("Mul", b.do("Add", title_static, blurb_static), b.hold("static_weight", model.text_join.weights[1]))
    fixed = (
        model.text_join.intercept + model.text_join.weights[0] * model.words.linear.intercept
        + model.text_join.weights[1] * model.static.intercept
    )
    return b.do("Add", b.do("Add", words, known), b.hold("text_intercept", fixed))


def _plan(b: _Builder, model: LaunchModel) -> str:
    p = model.plan
    filled = b.do("Where", b.do("IsNaN", "plan"), b.hold("usual", p.usual), "plan")
    which = b.hold("relative", [FEATURES.index(name) for name in RELATIVE], np.int64)
    centres = b.do("Gather", b.hold("centres", p.centres), "main_category", axis=0)
    relative = b.do("Sub", b.do("Gather", filled, which, axis=1), centres)
    columns = b.do("Concat", filled, relative, axis=1)
    scaled = b.do("Div", b.do("Sub", columns, b.hold("mean", p.mean)), b.hold("scale", p.scale))
    at = b.do("Gather", scaled, b.hold("bend_of", list(p.bend_of), np.int64), axis=1)
    bent = b.do("Relu", b.do("Sub", at, b.hold("bend_at", p.bend_at)))
    effect = b.do("MatMul", b.do("Concat", scaled, bent, axis=1), b.hold("plan_weights", p.weights))
    for name, table in (("main_category", p.main), ("category", p.category)):
        effect = b.do("Add", effect, b.do("Gather", b.hold(f"{name}_weights", table), name, axis=0))
    return b.do("Add", effect, b.hold("plan_intercept", p.intercept))


def build(model: LaunchModel, static: Floats) -> onnx.ModelProto:
    """Return the graph of a fitted head over a vocabulary's static embeddings."""
    b = _Builder()
    text, plan = _text(b, model, static), _plan(b, model)
    join = model.both_join
    both = b.do("Add", b.do("Mul", text, b.hold("both_text", join.weights[0])), b.do("Mul", plan, b.hold("both_plan", join.weights[1])))
    both = b.do("Add", both, b.hold("both_intercept", join.intercept))
    columns = [b.do("Unsqueeze", one, b.axes(1)) for one in (text, plan, both)]
    b.nodes.append(helper.make_node("Concat", columns, list(OUTPUTS), axis=1))
    graph = helper.make_graph(
        b.nodes, "launch",
        [
            helper.make_tensor_value_info("title", TensorProto.INT64, ["batch", "title_pieces"]),
            helper.make_tensor_value_info("blurb", TensorProto.INT64, ["batch", "blurb_pieces"]),
            helper.make_tensor_value_info("plan", TensorProto.FLOAT, ["batch", len(FEATURES)]),
            helper.make_tensor_value_info("category", TensorProto.INT64, ["batch"]),
            helper.make_tensor_value_info("main_category", TensorProto.INT64, ["batch"]),
        ],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", len(HEADS)])],
        b.held,
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=10)
    onnx.checker.check_model(made, full_check=True)
    return made


def _padded(rows: list[list[int]]) -> NDArray[np.int64]:
    width = max([1, *map(len, rows)])
    return np.array([row + [0] * (width - len(row)) for row in rows], dtype=np.int64).reshape(len(rows), width)


def run(session: onnxruntime.InferenceSession, x: Inputs) -> Floats:
    """Return the graph's logits [n, 3]."""
    feed = {
        "title": _padded(x.texts.titles), "blurb": _padded(x.texts.blurbs), "plan": x.plan.astype(np.float32),
        "category": x.category.astype(np.int64), "main_category": x.main.astype(np.int64),
    }
    return np.asarray(session.run(list(OUTPUTS), feed)[0], dtype=np.float64)


def load(path: Path) -> onnxruntime.InferenceSession:
    """Open a graph on one thread."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def largest_difference(session: onnxruntime.InferenceSession, model: LaunchModel, x: Inputs) -> float:
    """Return the largest difference of any logit between the graph and the fitted head."""
    read = model.read(x)
    return float(np.abs(run(session, x) - np.column_stack([read.text, read.metadata, read.both])).max())
