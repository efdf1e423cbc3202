from __future__ import annotations

import numpy as np
import numpy.typing as npt
from hypothesis import given, settings
from hypothesis import strategies as st

from aisle_inference.associations import Associations
from aisle_inference.export import INPUTS, OUTPUTS, association_graph
from tests.inference.models import associations, session_of, table_of

Answer = tuple[npt.NDArray[np.int64], npt.NDArray[np.float32], npt.NDArray[np.float32]]


def run(made: Associations, columns: list[int], limit: int) -> Answer:
    graph = association_graph(made, np.arange(len(made.neighbours)))
    feed = {"given": np.array(columns, np.int64), "limit": np.array([limit], np.int64)}
    return tuple(session_of(graph.SerializeToString()).run(list(OUTPUTS), feed))


def reference(made: Associations, columns: list[int], limit: int) -> tuple[list[int], list[float]]:
    """Sum rows, put given products last, keep the order of columns among equals."""
    total = table_of(made)[columns].sum(axis=0)
    total[columns] = -1.0
    order = np.argsort(-total, kind="stable")[:limit]
    return order.tolist(), total[order].tolist()


@st.composite
def questions(draw: st.DrawFn) -> tuple[Associations, list[int], int]:
    made = draw(associations())
    products = len(made.neighbours)
    columns = draw(st.lists(st.integers(0, products - 1), min_size=1, max_size=9))
    return made, columns, draw(st.integers(1, products))


@settings(max_examples=30, deadline=None)
@given(question=questions())
def test_the_graph_agrees_with_numpy(question: tuple[Associations, list[int], int]) -> None:
    columns, scores, contributions = run(*question)
    assert (columns.tolist(), scores.tolist()) == reference(*question)
    assert contributions.shape == (len(question[1]), question[2])


@settings(max_examples=30, deadline=None)
@given(question=questions())
def test_contributions_are_the_rows_of_the_matrix_and_sum_to_the_score(
    question: tuple[Associations, list[int], int],
) -> None:
    made, given_columns, _ = question
    columns, scores, contributions = run(*question)
    assert np.array_equal(contributions, table_of(made)[given_columns][:, columns])
    not_given = ~np.isin(columns, given_columns)
    assert np.array_equal(contributions.sum(axis=0)[not_given], scores[not_given])


def test_the_signature_is_the_one_in_the_manifest() -> None:
    graph = association_graph(
        Associations(np.zeros((1, 1), np.int64), np.zeros((1, 1), np.float32)), np.array([7])
    ).graph
    assert tuple(part.name for part in graph.input) == INPUTS
    assert tuple(part.name for part in graph.output) == OUTPUTS
