"""The intent model as an ONNX graph (https://onnx.ai/onnx/operators/), with what belongs to it as its metadata.

Input: `features` float (1, F). Outputs: `probabilities` float (1, I); `contributions` float (F, I), how much each
feature added to the log odds of each intent.
"""

from __future__ import annotations

import msgspec
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from aisle_inference.intent.answer import TrainedModel
from aisle_inference.intent.card import CARD_KEY, INPUTS, OUTPUTS, SHAPES, Card
from aisle_inference.intent.category import EVIDENCE
from aisle_inference.intent.events import INTENTS
from aisle_inference.intent.features import FEATURES

OPSET = 18
IR_VERSION = 9


def intent_graph(model: TrainedModel, learnt_from: str) -> onnx.ModelProto:
    """Build and check the graph; `learnt_from` says in a sentence which sessions the model has seen."""
    constants = [
        numpy_helper.from_array(model.linear.weights.astype(np.float32), "weights"),
        numpy_helper.from_array(model.linear.bias.astype(np.float32), "bias"),
    ]
    nodes = [
        helper.make_node("Gemm", ["features", "weights", "bias"], ["logits"]),
        helper.make_node("Softmax", ["logits"], ["probabilities"], axis=1),
        helper.make_node("Transpose", ["features"], ["column"], perm=[1, 0]),
        helper.make_node("Mul", ["column", "weights"], ["contributions"]),
    ]
    inputs, outputs = (
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, SHAPES[name]) for name in names]
        for names in (INPUTS, OUTPUTS)
    )
    graph = helper.make_graph(nodes, "intent", inputs, outputs, initializer=constants)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
    helper.set_model_props(made, {CARD_KEY: msgspec.json.encode(_card(model, learnt_from)).decode()})
    onnx.checker.check_model(made)
    return made


def _card(model: TrainedModel, learnt_from: str) -> Card:
    return Card(
        features=FEATURES,
        intents=tuple(INTENTS),
        evidence=EVIDENCE,
        category_weights=tuple(map(float, model.category_weights)),
        intent_limit=model.limits.intent,
        category_limit=model.limits.category,
        learnt_from=learnt_from,
    )
