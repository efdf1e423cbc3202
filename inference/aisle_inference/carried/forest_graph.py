"""Forests as an ONNX graph: every tree, the mean of the forests and the order inside (https://onnx.ai/onnx/operators/).

Inputs: `features` float (rows, F), `limit` int64 (1,). Outputs: `scores` float (rows,) of all rows in their order,
`places` int64 (k,) of the best rows, best first, k = min(limit, rows).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from aisle_inference.carried.forest_form import FEATURES_KEY, INPUTS, OUTPUTS, ZERO_WIDTH, names_digest
from aisle_inference.carried.trees import Node, Trees, trees_of

if TYPE_CHECKING:
    # A robot reads trees from a graph and needs nothing that grows them.
    from aisle_inference.ranking.forest import Forest

OPSET = 18
TREE_OPSET = 3
IR_VERSION = 9
TREE_DOMAIN = "ai.onnx.ml"


def forest_graph(forests: Sequence[Forest]) -> onnx.ModelProto:
    """Build and check the graph of the mean of the forests. Raises ValueError (trees_of)."""
    model = graph_of(trees_of(forests))
    onnx.checker.check_model(model)
    return model


def graph_of(trees: Trees) -> onnx.ModelProto:
    """Build the graph; it carries a digest of the names of its features."""
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(TREE_DOMAIN, TREE_OPSET)]
    model = helper.make_model(_graph(trees), opset_imports=opsets, ir_version=IR_VERSION)
    helper.set_model_props(model, {FEATURES_KEY: names_digest(trees.names)})
    return model


def _graph(trees: Trees) -> onnx.GraphProto:
    nodes = [*_known(trees), _ensemble(trees), *_order()]
    used = {name for node in nodes for name in node.input}
    return helper.make_graph(
        nodes,
        "forests",
        [
            helper.make_tensor_value_info(INPUTS[0], TensorProto.FLOAT, ["rows", len(trees.names)]),
            helper.make_tensor_value_info(INPUTS[1], TensorProto.INT64, [1]),
        ],
        [
            helper.make_tensor_value_info(OUTPUTS[0], TensorProto.FLOAT, ["rows"]),
            helper.make_tensor_value_info(OUTPUTS[1], TensorProto.INT64, ["k"]),
        ],
        initializer=[constant for constant in _constants(trees) if constant.name in used],
    )


def _constants(trees: Trees) -> list[onnx.TensorProto]:
    return [
        numpy_helper.from_array(np.array([-1], dtype=np.int64), "flat"),
        numpy_helper.from_array(trees.is_unknown_at_zero, "unknown_at_zero"),
        numpy_helper.from_array(np.array(ZERO_WIDTH, dtype=np.float32), "zero_width"),
        numpy_helper.from_array(np.array(np.nan, dtype=np.float32), "unknown"),
    ]


def _order() -> list[onnx.NodeProto]:
    """Return what makes scores and places of the sums (rows, 1)."""
    return [
        helper.make_node("Reshape", ["sums", "flat"], ["scores"]),
        helper.make_node("Shape", ["scores"], ["rows"]),
        helper.make_node("Min", ["limit", "rows"], ["k"]),
        helper.make_node("TopK", ["scores", "k"], ["best", "places"], axis=0, largest=1, sorted=1),
    ]


def _known(trees: Trees) -> list[onnx.NodeProto]:
    """Return what makes `known` of `features`: nothing, unless some features are unknown at 0."""
    if not trees.is_unknown_at_zero.any():
        return []
    return [
        helper.make_node("Abs", ["features"], ["sizes"]),
        helper.make_node("LessOrEqual", ["sizes", "zero_width"], ["zeros"]),
        helper.make_node("And", ["zeros", "unknown_at_zero"], ["unknowns"]),
        helper.make_node("Where", ["unknowns", "unknown", "features"], ["known"]),
    ]


def _ensemble(trees: Trees) -> onnx.NodeProto:
    nodes = list(chain.from_iterable(trees.trees))
    places = [(tree, place) for tree, nodes in enumerate(trees.trees) for place in range(len(nodes))]
    leaves = [(tree, place, node) for (tree, place), node in zip(places, nodes, strict=True) if node.is_leaf]
    return helper.make_node(
        "TreeEnsembleRegressor",
        ["known" if trees.is_unknown_at_zero.any() else "features"],
        ["sums"],
        domain=TREE_DOMAIN,
        aggregate_function="SUM",
        n_targets=1,
        **_split_attributes(nodes),
        nodes_treeids=[tree for tree, _ in places],
        nodes_nodeids=[place for _, place in places],
        target_treeids=[tree for tree, _, _ in leaves],
        target_nodeids=[place for _, place, _ in leaves],
        target_ids=[0] * len(leaves),
        target_weights=[node.value for _, _, node in leaves],
    )


def _split_attributes(nodes: Sequence[Node]) -> dict[str, Any]:
    return {
        "nodes_modes": ["LEAF" if node.is_leaf else "BRANCH_LEQ" for node in nodes],
        "nodes_featureids": [node.feature for node in nodes],
        "nodes_values": [float(node.threshold) for node in nodes],
        "nodes_truenodeids": [node.yes for node in nodes],
        "nodes_falsenodeids": [node.no for node in nodes],
        "nodes_missing_value_tracks_true": [int(node.is_yes_when_unknown) for node in nodes],
    }
