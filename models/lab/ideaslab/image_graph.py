"""Makes a small image encoder: a folder with a graph, its manifest and golden embeddings.

`python -m ideaslab.image_graph --out FOLDER`. The network is untrained: three
convolutions with fixed random weights, whose averages say little more than where
a picture has colours and edges. It stands in for a real encoder in tests and
shows what a folder must hold; an operator installs a trained one in its place.
The serving side is internal/scoring/picture_encoder.go.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from .metrics import Floats
from .pictures import GOLDEN, golden_pixels, resized

SIDE, WIDTH, SEED, OPSET = 32, 32, 11, 20
INPUT, OUTPUT = "pixels", "embedding"
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # of ImageNet, as most encoders use them
CHANNELS = (3, 8, 16, 32)
GRAPH = "model.onnx"


def square(pixels: Floats, side: int) -> Floats:
    """Return the middle square of a picture [h, w, 3], averaged by area into side x side pixels."""
    height, width = pixels.shape[:2]
    edge = min(width, height)
    left, top = (width - edge) // 2, (height - edge) // 2
    return resized(pixels[top : top + edge, left : left + edge], side, side)


def planes(pixels: Floats, side: int = SIDE) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """Return a picture as the graph reads it: [1, 3, side, side]."""
    scaled = (square(pixels, side) / 255 - np.array(MEAN)) / np.array(STD)
    return np.ascontiguousarray(scaled.transpose(2, 0, 1)[None].astype(np.float32))


def graph() -> onnx.ModelProto:
    """Return the network: [batch, 3, SIDE, SIDE] to [batch, WIDTH] of unit length."""
    source = np.random.default_rng(SEED)
    nodes, weights, at = [], [], INPUT
    for n, (before, after) in enumerate(zip(CHANNELS, CHANNELS[1:], strict=False)):
        kernel = source.normal(0, np.sqrt(2 / (9 * before)), (after, before, 3, 3)).astype(np.float32)
        weights.append(numpy_helper.from_array(kernel, f"kernel_{n}"))
        nodes.append(helper.make_node("Conv", [at, f"kernel_{n}"], [f"conv_{n}"], strides=[2, 2], pads=[1, 1, 1, 1]))
        nodes.append(helper.make_node("Relu", [f"conv_{n}"], [f"relu_{n}"]))
        at = f"relu_{n}"
    weights.append(numpy_helper.from_array(source.normal(0, 0.2, (CHANNELS[-1], WIDTH)).astype(np.float32), "head"))
    nodes += [
        helper.make_node("GlobalAveragePool", [at], ["mean"]),
        helper.make_node("Flatten", ["mean"], ["flat"]),
        helper.make_node("MatMul", ["flat", "head"], ["projected"]),
        helper.make_node("LpNormalization", ["projected"], [OUTPUT], axis=1, p=2),
    ]
    taken = helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, ["batch", 3, SIDE, SIDE])
    given = helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, ["batch", WIDTH])
    made = helper.make_model(
        helper.make_graph(nodes, "image_encoder", [taken], [given], weights),
        opset_imports=[helper.make_opsetid("", OPSET)], ir_version=10,
    )
    onnx.checker.check_model(made)
    return made


def write(out: Path) -> None:
    """Write the folder: the graph, manifest.json, and golden.jsonl with the golden pictures' embeddings."""
    out.mkdir(parents=True, exist_ok=True)
    content = graph().SerializeToString(deterministic=True)
    (out / GRAPH).write_bytes(content)
    manifest = {
        "schema": 1, "kind": "image", "name": "lab-image-encoder", "version": "1", "licence": "Apache-2.0",
        "files": {GRAPH: {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}},
        "graph": {"inputs": [INPUT], "outputs": [OUTPUT]},
        "image": {"side": SIDE, "layout": "nchw", "mean": MEAN, "std": STD},
    }
    (out / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    opened = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    lines = []
    for name, width, height in GOLDEN:
        embedding = opened.run([OUTPUT], {INPUT: planes(golden_pixels(name, width, height))})[0][0]
        lines.append(json.dumps({
            "picture": name, "width": width, "height": height, "embedding": [round(float(v), 6) for v in embedding],
        }))
    (out / "golden.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Write the folder that is asked for and return the exit status."""
    parser = argparse.ArgumentParser(prog="ideaslab.image_graph", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="the folder to write")
    write(parser.parse_args(arguments).out)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
