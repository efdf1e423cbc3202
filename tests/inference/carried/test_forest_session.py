from __future__ import annotations

import numpy as np
import onnx
import pytest

from aisle_inference.carried.forest_graph import forest_graph
from aisle_inference.carried.forest_session import load_forest
from aisle_inference.carried.problem import ModelProblem
from tests.inference.carried.forests import NAMES, carried


def test_no_rows_have_no_places() -> None:
    content = forest_graph(carried("one forest")).SerializeToString()
    places, scores = load_forest("novel.onnx", content, NAMES).best(np.empty((0, len(NAMES)), dtype=np.float32), 5)
    assert (places.shape, scores.shape) == ((0,), (0,))


def test_other_names_than_those_it_was_grown_with_are_refused() -> None:
    content = forest_graph(carried("one forest")).SerializeToString()
    with pytest.raises(ModelProblem, match=r"next_basket\.onnx: its features are named otherwise .*aisle train"):
        load_forest("next_basket.onnx", content, NAMES[::-1])


def test_another_number_of_features_is_refused() -> None:
    content = forest_graph(carried("one forest")).SerializeToString()
    with pytest.raises(ModelProblem, match="reads 4 features, wanted 3"):
        load_forest("novel.onnx", content, NAMES[:3])


def test_other_outputs_are_refused() -> None:
    graph = forest_graph(carried("one leaf"))
    del graph.graph.output[1]
    with pytest.raises(ModelProblem, match=r"novel\.onnx: has inputs and outputs .* wanted .*'places'"):
        load_forest("novel.onnx", graph.SerializeToString(), NAMES)


def test_another_shape_is_refused() -> None:
    graph = forest_graph(carried("one leaf"))
    graph.graph.input[1].CopyFrom(onnx.helper.make_tensor_value_info("limit", onnx.TensorProto.INT64, [1, 1]))
    with pytest.raises(ModelProblem, match=r"novel\.onnx: "):
        load_forest("novel.onnx", graph.SerializeToString(), NAMES)


@pytest.mark.parametrize("content", [b"", b"not a graph", b"\x08\x09" * 50])
def test_what_is_no_graph_is_refused(content: bytes) -> None:
    with pytest.raises(ModelProblem, match=r"shelf\.onnx: cannot be run"):
        load_forest("shelf.onnx", content, NAMES)
