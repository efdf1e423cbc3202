"""Turn the frozen TensorFlow graph into the ONNX graph that the robot runs; started by `aisle models rebuild`.

Runs in a throw-away environment (requirements.txt), never in the project's own. The in-graph preprocessing and
non-maximum suppression are loops that no other runtime likes: they are cut off, and the 1917 anchors, which the graph
computes from constants, are kept as a constant output.

    python convert.py frozen_inference_graph.pb person_detector.onnx
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import onnx
import tensorflow as tf
import tf2onnx
from onnx import TensorProto, helper, numpy_helper

IMAGE, ENCODINGS, LOGITS, ANCHORS = "Preprocessor/sub:0", "Squeeze:0", "concat_1:0", "Concatenate/concat:0"
SIDE_PX, ANCHOR_COUNT, PERSON = 300, 1917, 1
OPSET = 13
KEPT_NAMES = {IMAGE: "image", ENCODINGS: "encodings", "scores": "scores", "anchors": "anchors"}


def main() -> None:
    """Convert the graph named first into the file named second."""
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    graph = tf.compat.v1.GraphDef()
    graph.ParseFromString(source.read_bytes())
    anchors = _anchors(graph)
    model, _ = tf2onnx.convert.from_graph_def(
        graph, input_names=[IMAGE], output_names=[ENCODINGS, LOGITS], opset=OPSET,
        shape_override={IMAGE: [1, SIDE_PX, SIDE_PX, 3]},
    )  # fmt: skip
    _keep_person_only(model.graph, anchors)
    _rename(model.graph)
    model.producer_name, model.producer_version, model.doc_string = "aisle", "1", ""
    onnx.checker.check_model(model)
    target.write_bytes(model.SerializeToString(deterministic=True))


def _anchors(graph: tf.compat.v1.GraphDef) -> np.ndarray:
    """Run the anchor generator once; rows are ymin, xmin, ymax, xmax as shares of the image's side."""
    with tf.Graph().as_default() as whole:
        tf.import_graph_def(graph, name="")
        blank = np.zeros((1, SIDE_PX, SIDE_PX, 3), np.uint8)
        with tf.compat.v1.Session(graph=whole) as session:
            anchors = np.asarray(session.run(ANCHORS, {"image_tensor:0": blank}), np.float32)
    if anchors.shape != (ANCHOR_COUNT, 4):
        raise SystemExit(f"the graph gave anchors of shape {anchors.shape}, wanted ({ANCHOR_COUNT}, 4)")
    return anchors


def _keep_person_only(graph: onnx.GraphProto, anchors: np.ndarray) -> None:
    """Replace the scores of 91 classes by the sigmoid of the person's, and give out the anchors."""
    constants = {
        "person_from": np.array([PERSON], np.int64), "person_to": np.array([PERSON + 1], np.int64),
        "class_axis": np.array([2], np.int64), "anchor_table": anchors,
    }  # fmt: skip
    graph.initializer.extend(numpy_helper.from_array(value, name) for name, value in constants.items())
    graph.node.extend(
        [
            helper.make_node("Slice", [LOGITS, "person_from", "person_to", "class_axis"], ["person_logits"], "person"),
            helper.make_node("Sigmoid", ["person_logits"], ["scores"], "score"),
            helper.make_node("Identity", ["anchor_table"], ["anchors"], "anchors"),
        ]
    )
    encodings = next(output for output in graph.output if output.name == ENCODINGS)
    del graph.output[:]
    graph.output.extend(
        [
            encodings,
            helper.make_tensor_value_info("scores", TensorProto.FLOAT, [1, ANCHOR_COUNT, 1]),
            helper.make_tensor_value_info("anchors", TensorProto.FLOAT, [ANCHOR_COUNT, 4]),
        ]
    )


def _rename(graph: onnx.GraphProto) -> None:
    """Name tensors and nodes by their order of use: the converter numbers them by the order of a hash table."""
    _sort(graph)
    names = dict(KEPT_NAMES)
    for number, node in enumerate(graph.node):
        node.name, node.doc_string = f"{number}_{node.op_type}", ""
        for tensors in (node.input, node.output):
            for position, name in enumerate(tensors):
                tensors[position] = names.setdefault(name, f"t{len(names)}")
    for value in [*graph.input, *graph.output, *graph.initializer]:
        value.name = names[value.name]
    constants = sorted(graph.initializer, key=lambda constant: int(constant.name[1:]))
    del graph.initializer[:], graph.value_info[:]
    graph.initializer.extend(constants)
    graph.name, graph.doc_string = "person_detector", ""


def _sort(graph: onnx.GraphProto) -> None:
    """Bring the nodes into one order whatever order they came in: depth first from the outputs, inputs before users."""
    maker = {name: node for node in graph.node for name in node.output}
    ordered: dict[str, onnx.NodeProto] = {}

    def visit(name: str) -> None:
        node = maker.get(name)
        if node is None or node.output[0] in ordered:
            return
        for needed in node.input:
            visit(needed)
        ordered[node.output[0]] = node

    sys.setrecursionlimit(10_000)
    for output in graph.output:
        visit(output.name)
    nodes = list(ordered.values())
    del graph.node[:]
    graph.node.extend(nodes)


if __name__ == "__main__":
    main()
