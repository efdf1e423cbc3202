from __future__ import annotations

from functools import cache

import numpy as np
import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aisle_inference.carried import scorer
from aisle_inference.carried.bit_forest import BitForest
from aisle_inference.carried.bit_tables import bit_forest
from aisle_inference.carried.forest_graph import forest_graph
from aisle_inference.carried.problem import ModelProblem
from aisle_inference.carried.scorer import CheckedForest, Engine, load_scorer
from aisle_inference.carried.trees import Trees, trees_of
from tests.inference.carried.forests import CARRIED, NAMES, carried, edge_rows, forest, mean_scores, table


@cache
def content(name: str) -> bytes:
    return bytes(forest_graph(carried(name)).SerializeToString())


@cache
def loaded(name: str) -> CheckedForest:
    return load_scorer(f"{name}.onnx", content(name), NAMES)


@pytest.mark.parametrize("name", CARRIED)
def test_scores_are_those_of_the_forests_that_were_grown(name: str) -> None:
    features = edge_rows(name, seed=3)
    assert loaded(name).engine is Engine.COMPILED
    assert np.abs(loaded(name).best(features, 1)[1] - mean_scores(carried(name), features)).max() < 1e-5


@settings(max_examples=40, deadline=None)
@given(rows=st.integers(0, 60), limit=st.integers(0, 90))
def test_places_are_in_order_of_the_scores_and_of_the_rows_among_equals(rows: int, limit: int) -> None:
    features = np.repeat(table(rows=rows, seed=limit), 2, axis=0)[:rows]
    places, scores = loaded("three forests").best(features, limit)
    assert places.tolist() == sorted(range(rows), key=lambda row: (-scores[row], row))[:limit]


def test_trees_that_are_too_large_to_compile_run_in_onnx_runtime_and_it_says_so() -> None:
    grown = forest(trees=3, leaves=40)
    features = table(rows=200, seed=9)
    large = load_scorer("shelf.onnx", forest_graph([grown]).SerializeToString(), NAMES)
    places, scores = large.best(features, 5)
    assert large.engine is Engine.ONNX_RUNTIME
    assert np.abs(scores - mean_scores([grown], features)).max() < 1e-5
    assert places.tolist() == np.argsort(-scores, kind="stable")[:5].tolist()


def test_a_compiled_forest_that_scores_otherwise_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(trees: Trees) -> BitForest:
        forest = bit_forest(trees)
        forest.value[0] += 2e-4
        return forest

    monkeypatch.setattr(scorer, "bit_forest", wrong)
    with pytest.raises(ModelProblem, match=r"shelf\.onnx: compiled, its scores are up to 0\.0002 .*run `aisle train`"):
        load_scorer("shelf.onnx", content("one forest"), NAMES)


def test_one_wrong_threshold_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(trees: Trees) -> BitForest:
        forest = bit_forest(trees)
        forest.threshold[5] = np.nextafter(forest.threshold[5], np.float32(np.inf))
        return forest

    monkeypatch.setattr(scorer, "bit_forest", wrong)
    with pytest.raises(ModelProblem, match="from those of ONNX Runtime"):
        load_scorer("shelf.onnx", content("one forest"), NAMES)


def test_leaves_that_are_no_number_are_refused() -> None:
    graph = onnx.ModelProto.FromString(content("one forest"))
    (ensemble,) = (node for node in graph.graph.node if node.op_type == "TreeEnsembleRegressor")
    next(part for part in ensemble.attribute if part.name == "target_weights").floats[0] = float("nan")
    with pytest.raises(ModelProblem):
        load_scorer("shelf.onnx", graph.SerializeToString(), NAMES)


@pytest.mark.parametrize("junk", [b"", b"not a graph", b"\x08\x09" * 50])
def test_what_is_no_graph_is_refused(junk: bytes) -> None:
    with pytest.raises(ModelProblem, match=r"shelf\.onnx: cannot be run"):
        load_scorer("shelf.onnx", junk, NAMES)


def test_the_rows_to_compare_by_touch_every_kind_of_edge() -> None:
    trees = trees_of(carried("three forests"))
    rows = scorer._rows(trees)
    thresholds = {float(threshold) for feature, threshold in scorer._splits(trees) if feature == 1}
    assert np.isnan(rows).any(axis=0).all()
    assert (rows == 0.0).any(axis=0).all()
    assert thresholds & set(rows[:, 1].tolist())
