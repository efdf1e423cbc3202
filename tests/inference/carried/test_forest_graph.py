from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aisle_inference.carried.forest_form import INPUTS, OUTPUTS
from aisle_inference.carried.forest_graph import forest_graph
from aisle_inference.carried.forest_session import ForestSession, load_forest
from tests.inference.carried.forests import CARRIED, NAMES, carried, edge_rows, mean_scores, table


@cache
def loaded(name: str) -> ForestSession:
    return load_forest(f"{name}.onnx", forest_graph(carried(name)).SerializeToString(), NAMES)


@pytest.mark.parametrize("name", CARRIED)
def test_scores_are_those_of_the_trees(name: str) -> None:
    features = table(rows=300, seed=9)
    _, scores = loaded(name).best(features, 10)
    assert scores.dtype == np.float32
    assert np.abs(scores - mean_scores(carried(name), features)).max() < 1e-5


@settings(max_examples=20, deadline=None)
@given(name=st.sampled_from(CARRIED), seed=st.integers(0, 2**32))
def test_scores_agree_at_and_beside_every_threshold(name: str, seed: int) -> None:
    features = edge_rows(name, seed)
    _, scores = loaded(name).best(features, 1)
    assert np.abs(scores - mean_scores(carried(name), features)).max() < 1e-5


@settings(max_examples=40, deadline=None)
@given(rows=st.integers(1, 60), limit=st.integers(0, 90))
def test_places_are_in_order_of_the_scores_and_of_the_rows_among_equals(rows: int, limit: int) -> None:
    features = np.repeat(table(rows=rows, seed=limit), 2, axis=0)[:rows]
    places, scores = loaded("three forests").best(features, limit)
    assert places.tolist() == np.argsort(-scores, kind="stable")[:limit].tolist()


def test_the_graph_names_what_goes_in_and_out() -> None:
    graph = forest_graph(carried("one forest")).graph
    assert tuple(part.name for part in graph.input) == INPUTS
    assert tuple(part.name for part in graph.output) == OUTPUTS
