from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import cache

import numpy as np
import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aisle_inference.carried.forest_graph import forest_graph
from aisle_inference.carried.graph_trees import trees_in
from aisle_inference.carried.problem import ModelProblem
from aisle_inference.carried.trees import Trees, trees_of
from tests.inference.carried.forests import CARRIED, NAMES, carried


@cache
def content(name: str) -> bytes:
    return bytes(forest_graph(carried(name)).SerializeToString())


def read(given_content: bytes) -> Trees:
    return trees_in("novel.onnx", given_content, NAMES)


def damaged(change: Callable[[onnx.ModelProto], object], name: str = "one forest") -> bytes:
    graph = onnx.ModelProto.FromString(content(name))
    change(graph)
    return bytes(graph.SerializeToString())


def attribute(graph: onnx.ModelProto, name: str) -> onnx.AttributeProto:
    (ensemble,) = (node for node in graph.graph.node if node.op_type == "TreeEnsembleRegressor")
    found: onnx.AttributeProto = next(part for part in ensemble.attribute if part.name == name)
    return found


def set_whole(name: str, place: int, value: int) -> Callable[[onnx.ModelProto], None]:
    def change(graph: onnx.ModelProto) -> None:
        attribute(graph, name).ints[place] = value

    return change


def set_real(name: str, place: int, value: float) -> Callable[[onnx.ModelProto], None]:
    def change(graph: onnx.ModelProto) -> None:
        attribute(graph, name).floats[place] = value

    return change


@pytest.mark.parametrize("name", CARRIED)
def test_the_trees_come_back_as_they_were_written(name: str) -> None:
    written, found = trees_of(carried(name)), read(content(name))
    assert np.array_equal(found.is_unknown_at_zero, written.is_unknown_at_zero)
    rounded = [[node._replace(value=float(np.float32(node.value))) for node in nodes] for nodes in written.trees]
    assert [list(nodes) for nodes in found.trees] == rounded


@pytest.mark.parametrize(
    "change",
    [
        set_whole("nodes_truenodeids", 0, 0),
        set_whole("nodes_truenodeids", 0, 2),
        set_whole("nodes_falsenodeids", 0, -1),
        set_whole("nodes_falsenodeids", 0, 10**12),
        set_whole("nodes_featureids", 0, len(NAMES)),
        set_whole("nodes_featureids", 0, -1),
        set_whole("nodes_treeids", 3, 7),
        set_whole("nodes_nodeids", 0, 1),
        set_whole("target_nodeids", 0, 0),
        set_whole("target_ids", 0, 1),
        set_real("nodes_values", 0, float("nan")),
        lambda graph: attribute(graph, "nodes_values").floats.pop(),
        lambda graph: attribute(graph, "target_weights").floats.pop(),
        lambda graph: attribute(graph, "target_weights").floats.append(1.0),
        lambda graph: attribute(graph, "nodes_modes").strings.__setitem__(0, b"BRANCH_GT"),
        lambda graph: attribute(graph, "aggregate_function").ClearField("s"),
        lambda graph: attribute(graph, "nodes_modes").ClearField("name"),
    ],
)
def test_tables_that_make_no_trees_of_ours_are_refused(change: Callable[[onnx.ModelProto], None]) -> None:
    with pytest.raises(ModelProblem, match=r"^novel\.onnx: .*run `aisle train`$"):
        read(damaged(change))


@pytest.mark.parametrize(
    "change",
    [
        lambda graph: graph.graph.node.add(op_type="Identity"),
        lambda graph: graph.graph.node.pop(),
        lambda graph: graph.metadata_props.pop(),
        lambda graph: graph.graph.initializer.pop(),
        lambda graph: graph.opset_import.pop(),
    ],
)
def test_a_graph_with_more_or_less_in_it_is_refused(change: Callable[[onnx.ModelProto], None]) -> None:
    with pytest.raises(ModelProblem, match=r"holds something else than forests of this program"):
        read(damaged(change))


def test_a_graph_without_trees_is_refused() -> None:
    with pytest.raises(ModelProblem, match="0 nodes have trees, wanted 1"):
        read(damaged(lambda graph: graph.graph.node.__delitem__(slice(None))))


def test_zeros_that_count_as_unknown_must_be_those_of_every_feature() -> None:
    def change(graph: onnx.ModelProto) -> None:
        (mask,) = (constant for constant in graph.graph.initializer if constant.name == "unknown_at_zero")
        mask.CopyFrom(onnx.numpy_helper.from_array(np.ones(3, dtype=np.bool_), "unknown_at_zero"))

    with pytest.raises(ModelProblem, match="wanted 4"):
        read(damaged(change, "one that takes 0 for unknown"))


def test_features_of_other_names_are_refused() -> None:
    with pytest.raises(ModelProblem, match="something else"):
        trees_in("novel.onnx", content("one forest"), NAMES[::-1])


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_one_changed_byte_is_read_as_other_trees_or_refused_and_never_crashes(data: st.DataObject) -> None:
    whole = content("one leaf beside a forest")
    place, bits = data.draw(st.integers(0, len(whole) - 1)), data.draw(st.integers(1, 255))
    changed = whole[:place] + bytes([whole[place] ^ bits]) + whole[place + 1 :]
    with suppress(ModelProblem):
        assert len(read(changed).trees) == len(read(whole).trees)


@given(junk=st.binary(max_size=200))
def test_what_is_no_graph_is_refused(junk: bytes) -> None:
    with pytest.raises(ModelProblem, match=r"^novel\.onnx: "):
        read(junk)
