"""The other way to choose candidates: links, sums, masks, top-k and union as one ONNX graph.

It chooses what the completion task chooses (`BasketSource.candidates`), so that a figure shows what compiled code is
worth here, or is not. Operators: https://onnx.ai/onnx/operators/
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from scipy import sparse

from aisle_inference.purchases.table import Indices
from aisle_inference.ranking.basket_source import BasketSource

LINKED, SOLD = 140, 40
_OPSET, _IR_VERSION = 18, 9
_Constants = dict[str, npt.NDArray[np.generic]]


def graph_candidates(source: BasketSource, width: int) -> Callable[[Indices], Indices]:
    """Return a session that finds the candidates of a basket where nobody knows the store, on one thread.

    Each product brings along its strongest `width` links of each kind.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    sold = np.argsort(-source.sales.quarter, kind="stable")[:SOLD]
    content = candidate_graph([padded(links, width) for links in source.links.ways], sold).SerializeToString()
    session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])

    def found(given: Indices) -> Indices:
        (columns,) = session.run(["candidates"], {"given": given.astype(np.int64)})
        return columns.astype(np.int32)  # type: ignore[no-any-return]

    return found


def padded(links: sparse.csr_matrix, width: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
    """Return each product's strongest links (P, width): to which product and how strong; 0 to itself fills up."""
    products = links.shape[0]
    neighbours = np.tile(np.arange(products)[:, None], (1, width)).astype(np.int64)
    weights = np.zeros((products, width), dtype=np.float32)
    for product in range(products):
        row = slice(links.indptr[product], links.indptr[product + 1])
        best = np.argsort(-links.data[row], kind="stable")[:width]
        neighbours[product, : len(best)] = links.indices[row][best]
        weights[product, : len(best)] = links.data[row][best]
    return neighbours, weights


def candidate_graph(
    ways: Sequence[tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]], sold: npt.NDArray[np.int64]
) -> onnx.ModelProto:
    """Build and check the graph: `given` int64 (n,) to `candidates` int64 (m,), ascending, none of them given."""
    constants: _Constants = {
        "products": np.array([len(ways[0][0])], dtype=np.int64),
        "flat": np.array([-1], dtype=np.int64),
        "linked": np.array([min(LINKED, len(ways[0][0]))], dtype=np.int64),
        "sold": sold.astype(np.int64),
        "none": np.array(0.0, dtype=np.float32),
        "one": np.array(1.0, dtype=np.float32),
    }
    nodes = [
        helper.make_node("Shape", ["given"], ["count"]),
        helper.make_node("Expand", ["none", "count"], ["nones"]),
        helper.make_node("ConstantOfShape", ["products"], ["nothing"]),
    ]
    for number, (neighbours, weights) in enumerate(ways):
        constants |= {f"neighbours{number}": neighbours, f"weights{number}": weights}
        nodes += _way(str(number))
    nodes += _union([f"chosen{number}" for number in range(len(ways))])
    return _model(nodes, constants)


def _way(number: str) -> list[onnx.NodeProto]:
    """Return what chooses by one kind of links: the sum over the basket, and the strongest above zero."""
    return [
        helper.make_node("Gather", [f"neighbours{number}", "given"], [f"theirs{number}"], axis=0),
        helper.make_node("Gather", [f"weights{number}", "given"], [f"strengths{number}"], axis=0),
        helper.make_node("Reshape", [f"theirs{number}", "flat"], [f"all_theirs{number}"]),
        helper.make_node("Reshape", [f"strengths{number}", "flat"], [f"all_strengths{number}"]),
        helper.make_node(
            "ScatterElements",
            ["nothing", f"all_theirs{number}", f"all_strengths{number}"],
            [f"total{number}"],
            axis=0,
            reduction="add",
        ),
        helper.make_node("TopK", [f"total{number}", "linked"], [f"best{number}", f"columns{number}"], axis=0, sorted=0),
        helper.make_node("Greater", [f"best{number}", "none"], [f"is_linked{number}"]),
        helper.make_node("Compress", [f"columns{number}", f"is_linked{number}"], [f"chosen{number}"], axis=0),
    ]


def _union(chosen: Sequence[str]) -> list[onnx.NodeProto]:
    """Return what joins everything that was chosen, each once, without what is given."""
    return [
        helper.make_node("Concat", [*chosen, "sold"], ["everything"], axis=0),
        helper.make_node("Shape", ["everything"], ["how_many"]),
        helper.make_node("Expand", ["one", "how_many"], ["marks"]),
        helper.make_node("ScatterElements", ["nothing", "everything", "marks"], ["marked"], axis=0),
        helper.make_node("ScatterElements", ["marked", "given", "nones"], ["left"], axis=0),
        helper.make_node("NonZero", ["left"], ["places"]),
        helper.make_node("Reshape", ["places", "flat"], ["candidates"]),
    ]


def _model(nodes: Sequence[onnx.NodeProto], constants: _Constants) -> onnx.ModelProto:
    used = {name for node in nodes for name in node.input}
    graph = helper.make_graph(
        nodes,
        "candidates",
        [helper.make_tensor_value_info("given", TensorProto.INT64, ["n"])],
        [helper.make_tensor_value_info("candidates", TensorProto.INT64, ["m"])],
        initializer=[numpy_helper.from_array(value, name) for name, value in constants.items() if name in used],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR_VERSION)
    onnx.checker.check_model(model)
    return model
