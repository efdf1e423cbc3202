"""The associations as an ONNX graph: neighbours, sum, mask and top-k inside (https://onnx.ai/onnx/operators/).

Inputs: `given` int64 (n,), `limit` int64 (1,). Outputs: `columns` int64 (limit,), `scores` float (limit,),
`contributions` float (n, limit): how much of each score each given product caused; its columns sum to the score.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from aisle_inference.associations import Associations
from aisle_inference.manifest import PRODUCTS_KEY, product_ids_digest

OPSET = 18
IR_VERSION = 9
INPUTS = ("given", "limit")
OUTPUTS = ("columns", "scores", "contributions")


def association_graph(associations: Associations, product_ids: npt.NDArray[np.int64]) -> onnx.ModelProto:
    """Build and check the graph; it carries a digest of the products that its columns stand for."""
    products = associations.neighbours.shape[0]
    constants = [
        numpy_helper.from_array(associations.neighbours, "neighbours"),
        numpy_helper.from_array(associations.weights, "weights"),
        numpy_helper.from_array(np.array([products], dtype=np.int64), "products"),
        numpy_helper.from_array(np.array([0], dtype=np.int64), "axis_0"),
        numpy_helper.from_array(np.array(-1.0, dtype=np.float32), "never"),
    ]
    nodes = [
        helper.make_node("Gather", ["neighbours", "given"], ["their_neighbours"], axis=0),
        helper.make_node("Gather", ["weights", "given"], ["their_weights"], axis=0),
        helper.make_node("Shape", ["given"], ["count"]),
        helper.make_node("Concat", ["count", "products"], ["table_shape"], axis=0),
        helper.make_node(
            "ConstantOfShape",
            ["table_shape"],
            ["empty_table"],
            value=helper.make_tensor("zero", TensorProto.FLOAT, [1], [0.0]),
        ),
        helper.make_node(
            "ScatterElements", ["empty_table", "their_neighbours", "their_weights"], ["table"], axis=1, reduction="add"
        ),
        helper.make_node("ReduceSum", ["table", "axis_0"], ["total"], keepdims=0),
        helper.make_node("Expand", ["never", "count"], ["nevers"]),
        helper.make_node("ScatterElements", ["total", "given", "nevers"], ["masked"], axis=0),
        helper.make_node("TopK", ["masked", "limit"], ["scores", "columns"], axis=0, largest=1, sorted=1),
        helper.make_node("Gather", ["table", "columns"], ["contributions"], axis=1),
    ]
    graph = helper.make_graph(
        nodes,
        "associations",
        [
            helper.make_tensor_value_info("given", TensorProto.INT64, ["n"]),
            helper.make_tensor_value_info("limit", TensorProto.INT64, [1]),
        ],
        [
            helper.make_tensor_value_info("columns", TensorProto.INT64, ["k"]),
            helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["k"]),
            helper.make_tensor_value_info("contributions", TensorProto.FLOAT, ["n", "k"]),
        ],
        initializer=constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
    helper.set_model_props(model, {PRODUCTS_KEY: product_ids_digest(product_ids)})
    onnx.checker.check_model(model)
    return model
