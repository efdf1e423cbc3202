from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from aisle_inference.harness.queries import (
    ANY_CATEGORY,
    NOTHING,
    UNKNOWN,
    UNKNOWN_CATEGORY,
    Task,
    all_queries,
    own_history,
)
from aisle_inference.harness.queries_file import (
    QueriesProblem,
    asked_of,
    key_of,
    query_of,
    ranked_of,
    read_predictions,
    read_queries,
    write_predictions,
    write_queries,
)
from tests.inference.harness.worlds import SECOND_MONTH, assortment, random_purchases

PURCHASES, SHELF = random_purchases(2), assortment()
BASKET = {"query_id": "a", "store_id": 7, "ts": "2017-04-02 09:00:00", "given": [101, 102], "shelf": "PASTA"}
HOUSEHOLD = {"household_id": 3, "store_id": 7, "ts": "2017-04-02T09:00:00"}


def file_of(tmp_path: Path, content: object) -> Path:
    path = tmp_path / "queries.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def problem_of(read: Callable[[Path, Task], object], path: Path, task: Task) -> str:
    with pytest.raises(QueriesProblem) as problem:
        read(path, task)
    assert str(path) in str(problem.value)
    return str(problem.value)


@pytest.mark.parametrize("task", list(Task))
def test_questions_come_back_from_a_file_as_they_were_asked(tmp_path: Path, task: Task) -> None:
    queries = all_queries(PURCHASES, SHELF, SECOND_MONTH, seed=1)[task]
    path = tmp_path / "queries.json"
    write_queries(path, [asked_of(query, number, PURCHASES, SHELF) for number, query in enumerate(queries)])
    back = [query_of(asked, task, PURCHASES, SHELF) for asked in read_queries(path, task)]
    assert back
    for found, asked in zip(back, queries, strict=True):
        assert found.given.tolist() == asked.given.tolist()
        assert replace(found, given=NOTHING) == replace(asked, given=NOTHING, truth=found.truth)


def test_unknown_numbers_are_no_mistake(tmp_path: Path) -> None:
    strange = {**BASKET, "store_id": 99, "given": [101, -5, 999_999, 101, 2**62], "shelf": "SOAP"}
    (asked,) = read_queries(file_of(tmp_path, [strange]), Task.SHELF)
    query = query_of(asked, Task.SHELF, PURCHASES, SHELF)
    assert (query.store, query.category, query.given.tolist()) == (UNKNOWN, UNKNOWN_CATEGORY, [1])


def test_a_new_household_has_no_history(tmp_path: Path) -> None:
    (asked,) = read_queries(file_of(tmp_path, [{**HOUSEHOLD, "household_id": 77, "store_id": None}]), Task.NOVEL)
    query = query_of(asked, Task.NOVEL, PURCHASES, SHELF)
    assert (query.household, query.store) == (UNKNOWN, UNKNOWN)
    assert own_history(PURCHASES, query).tolist() == []
    assert key_of(asked) == "77"


def test_a_question_from_the_far_future_knows_all_history(tmp_path: Path) -> None:
    (asked,) = read_queries(file_of(tmp_path, [{**HOUSEHOLD, "ts": "9999-12-31T23:59:59Z"}]), Task.NEXT_BASKET)
    query = query_of(asked, Task.NEXT_BASKET, PURCHASES, SHELF)
    assert query.events_end == PURCHASES.household_start[query.household + 1]


def test_completion_is_not_limited_to_a_shelf(tmp_path: Path) -> None:
    (asked,) = read_queries(file_of(tmp_path, [BASKET]), Task.COMPLETION)
    assert query_of(asked, Task.COMPLETION, PURCHASES, SHELF).category == ANY_CATEGORY


def test_a_basket_of_five_thousand_products_is_read(tmp_path: Path) -> None:
    (asked,) = read_queries(file_of(tmp_path, [{**BASKET, "given": list(range(5000))}]), Task.COMPLETION)
    assert query_of(asked, Task.COMPLETION, PURCHASES, SHELF).given.tolist() == list(range(24))


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        ({"given": ["milk"]}, "$[0].given[0]"),
        ({"given": [float("nan")]}, "malformed"),
        ({"given": None}, "$[0].given"),
        ({"ts": 5}, "$[0].ts"),
        ({"given": [2**64]}, "$[0].given[0]"),
        ({"store_id": {}}, "$[0].store_id"),
        ({"shelf": None}, "has no 'shelf'"),
    ],
)
def test_a_wrong_type_is_named_by_its_place(tmp_path: Path, change: dict[str, Any], shown: str) -> None:
    assert shown in problem_of(read_queries, file_of(tmp_path, [{**BASKET, **change}]), Task.SHELF)


def test_a_time_that_is_none_is_named_by_its_query(tmp_path: Path) -> None:
    (asked,) = read_queries(file_of(tmp_path, [{**BASKET, "ts": "yesterday"}]), Task.SHELF)
    with pytest.raises(QueriesProblem, match="query 'a': ts 'yesterday' is no time"):
        query_of(asked, Task.SHELF, PURCHASES, SHELF)


@pytest.mark.parametrize("content", [b"", b"[", b"\xff\xfe", b"{}", b"[" * 100_000])
def test_what_is_no_list_of_queries_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "queries.json"
    path.write_bytes(content)
    problem_of(read_queries, path, Task.COMPLETION)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert "cannot be read" in problem_of(read_queries, tmp_path / "queries.json", Task.COMPLETION)


def test_answers_come_back_under_their_keys(tmp_path: Path) -> None:
    path = tmp_path / "predictions.json"
    write_predictions(path, Task.NEXT_BASKET, [("3", [105, 101]), ("4", list(range(900)))])
    content = msgspec.json.decode(path.read_bytes())
    assert content["next_basket"]["3"] == [105, 101]
    assert len(content["next_basket"]["4"]) == 500
    assert read_predictions(path, Task.NEXT_BASKET)["3"] == [105, 101]


def test_answers_of_another_task_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "predictions.json"
    write_predictions(path, Task.NOVEL, [])
    assert "holds novel, not 'shelf'; predict with --task shelf" in problem_of(read_predictions, path, Task.SHELF)


def test_unknown_and_missing_answers_are_empty_places() -> None:
    ranked = ranked_of({"a": [103, 5, 100], "b": []}, ["b", "a", "c"], PURCHASES, limit=4)
    assert np.array_equal(ranked, [[-1] * 4, [3, -1, 0, -1], [-1] * 4])
