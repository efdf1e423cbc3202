"""The other way to choose candidates: neighbours, sum, mask and top-k as one ONNX graph (https://onnx.ai/onnx/operators/).

It shows by a figure why the lists of candidates are compiled code and not a graph.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from scipy import sparse

from aisle_inference.purchases.table import Indices

NEIGHBOURS = 64
_OPSET, _IR_VERSION = 18, 9


def graph_candidates(links: sparse.csr_matrix, limit: int) -> Callable[[Indices], Indices]:
    """Return a session that finds the products linked most to some given ones, on one thread."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    content = neighbour_graph(*strongest_neighbours(links, NEIGHBOURS)).SerializeToString()
    session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    count = np.array([limit], dtype=np.int64)

    def found(given: Indices) -> Indices:
        (columns,) = session.run(["columns"], {"given": given.astype(np.int64), "limit": count})
        return columns.astype(np.int32)  # type: ignore[no-any-return]

    return found


def strongest_neighbours(links: sparse.csr_matrix, width: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
    """Return each product's strongest links (P, width): to which product and how strong; 0 to itself fills up."""
    products = links.shape[0]
    neighbours = np.tile(np.arange(products)[:, None], (1, width))
    weights = np.zeros((products, width), dtype=np.float32)
    for product in range(products):
        row = slice(links.indptr[product], links.indptr[product + 1])
        best = np.argsort(-links.data[row], kind="stable")[:width]
        neighbours[product, : len(best)] = links.indices[row][best]
        weights[product, : len(best)] = links.data[row][best]
    return neighbours.astype(np.int64), weights


def neighbour_graph(neighbours: npt.NDArray[np.int64], weights: npt.NDArray[np.float32]) -> onnx.ModelProto:
    """Build and check the graph: `given` int64 (n,), `limit` int64 (1,) to `columns` int64 (limit,)."""
    graph = helper.make_graph(
        [
            helper.make_node("Gather", ["neighbours", "given"], ["their_neighbours"], axis=0),
            helper.make_node("Gather", ["weights", "given"], ["their_weights"], axis=0),
            helper.make_node("Reshape", ["their_neighbours", "flat"], ["all_neighbours"]),
            helper.make_node("Reshape", ["their_weights", "flat"], ["all_weights"]),
            helper.make_node("ConstantOfShape", ["products"], ["nothing"]),
            helper.make_node(
                "ScatterElements", ["nothing", "all_neighbours", "all_weights"], ["total"], axis=0, reduction="add"
            ),
            helper.make_node("Shape", ["given"], ["count"]),
            helper.make_node("Expand", ["never", "count"], ["nevers"]),
            helper.make_node("ScatterElements", ["total", "given", "nevers"], ["masked"], axis=0),
            helper.make_node("TopK", ["masked", "limit"], ["scores", "columns"], axis=0, largest=1, sorted=1),
        ],
        "neighbours",
        [
            helper.make_tensor_value_info("given", TensorProto.INT64, ["n"]),
            helper.make_tensor_value_info("limit", TensorProto.INT64, [1]),
        ],
        [helper.make_tensor_value_info("columns", TensorProto.INT64, ["k"])],
        initializer=[
            numpy_helper.from_array(neighbours, "neighbours"),
            numpy_helper.from_array(weights, "weights"),
            numpy_helper.from_array(np.array([len(neighbours)], dtype=np.int64), "products"),
            numpy_helper.from_array(np.array([-1], dtype=np.int64), "flat"),
            numpy_helper.from_array(np.array(-1.0, dtype=np.float32), "never"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR_VERSION)
    onnx.checker.check_model(model)
    return model
