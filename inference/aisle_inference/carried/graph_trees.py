"""The trees of a forest read back from its ONNX graph.

A graph is believed only when the trees that were read from it make the same graph again, to the byte: so nothing in it
can be overlooked.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import helper, numpy_helper

from aisle_inference.carried.forest_graph import TREE_DOMAIN, graph_of
from aisle_inference.carried.problem import ModelProblem
from aisle_inference.carried.trees import Node, Trees

_ENSEMBLE = (TREE_DOMAIN, "TreeEnsembleRegressor")
_Attributes = dict[str, Any]


def trees_in(where: str, content: bytes, names: tuple[str, ...]) -> Trees:
    """Return the trees of a graph over features of these names.

    `where` is the file that the content comes from, for the message. Raises ModelProblem for any graph that
    `forest_graph` would not write.
    """
    try:
        model = onnx.ModelProto.FromString(content)
        trees = Trees(names, tuple(_trees(_ensemble(model))), _unknown_at_zero(model, len(names)))
        _refuse_strange(trees)
        is_same = graph_of(trees).SerializeToString(deterministic=True) == model.SerializeToString(deterministic=True)
    except Exception as error:
        # Protocol buffers and the readers of ONNX raise families of their own without a common base.
        raise ModelProblem(f"{where}: its trees cannot be read ({error}); run `aisle train`") from error
    if not is_same:
        raise ModelProblem(f"{where}: holds something else than forests of this program; run `aisle train`")
    return trees


def _ensemble(model: onnx.ModelProto) -> _Attributes:
    """Return the attributes of the one node with trees. Raises ValueError."""
    found = [node for node in model.graph.node if (node.domain, node.op_type) == _ENSEMBLE]
    if len(found) != 1:
        raise ValueError(f"{len(found)} nodes have trees, wanted 1")
    return {part.name: helper.get_attribute_value(part) for part in found[0].attribute}


def _trees(parts: _Attributes) -> Iterator[tuple[Node, ...]]:
    """Yield the nodes of each tree. Raises KeyError or ValueError for tables that do not fit together."""
    nodes = list(_nodes(parts))
    first = np.flatnonzero(np.array(parts["nodes_nodeids"]) == 0).tolist()
    for start, end in zip(first, [*first[1:], len(nodes)], strict=True):
        yield tuple(nodes[start:end])


def _nodes(parts: _Attributes) -> Iterator[Node]:
    thresholds = np.array(parts["nodes_values"], dtype=np.float32)
    values = iter(parts["target_weights"])
    columns = (
        parts["nodes_modes"],
        parts["nodes_featureids"],
        thresholds,
        parts["nodes_truenodeids"],
        parts["nodes_falsenodeids"],
        parts["nodes_missing_value_tracks_true"],
    )
    for mode, feature, threshold, yes, no, is_yes_when_unknown in zip(*columns, strict=True):
        is_leaf = mode == b"LEAF"
        value = next(values, 0.0) if is_leaf else 0.0
        yield Node(feature, threshold, yes, no, bool(is_yes_when_unknown), is_leaf, value)


def _unknown_at_zero(model: onnx.ModelProto, features: int) -> npt.NDArray[np.bool_]:
    """Return which features count as unknown when they are 0. Raises ValueError for another number of them."""
    found = [constant for constant in model.graph.initializer if constant.name == "unknown_at_zero"]
    unknown = numpy_helper.to_array(found[0]).astype(np.bool_) if found else np.zeros(features, dtype=np.bool_)
    if unknown.shape != (features,):
        raise ValueError(f"says of {unknown.shape} features which are unknown at 0, wanted {features}")
    return unknown


def _refuse_strange(trees: Trees) -> None:
    """Raise ValueError for nodes that make no tree, or that hold a number that nothing can be compared with."""
    for number, nodes in enumerate(trees.trees):
        splits = [(place, node) for place, node in enumerate(nodes) if not node.is_leaf]
        children = sorted(child for _, node in splits for child in (node.yes, node.no))
        if children != list(range(1, len(nodes))) or any(min(node.yes, node.no) <= place for place, node in splits):
            raise ValueError(f"the nodes of tree {number} make no tree")
        if any(not 0 <= node.feature < len(trees.names) or np.isnan(node.threshold) for _, node in splits):
            raise ValueError(f"tree {number} reads a feature that is not there, or compares with no number")
