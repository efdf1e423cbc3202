"""The whole way from files to a file of answers, in a made-up shop."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import polars as pl
import pytest
from rich.console import Console

from aisle_inference.harness.queries import Task
from aisle_inference.harness.queries_file import QueriesProblem
from aisle_inference.purchases.further import NOTHING_FURTHER, Further
from aisle_inference.purchases.read import HistoryProblem
from aisle_inference.purchases.stores import StoreProblem
from aisle_inference.purchases.weeks import WeekProblem
from aisle_inference.recommend import Request, recommend
from tests.inference.harness.worlds import CATEGORIES
from tests.inference.purchases.rows import START, history, product_table

HOUSEHOLDS, PRODUCTS = 16, 24


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with five months of purchases and the products."""
    folder, rng = tmp_path_factory.mktemp("shop"), np.random.default_rng(2)
    history(
        (number, 7 + number % 2, 24.0 * day, 100 + int(product))
        for number in range(HOUSEHOLDS)
        for day in range(number % 5, 150, 5)
        for product in rng.choice(PRODUCTS, 7, replace=False)
    ).write_parquet(folder / "history.parquet")
    product_table({100 + number: ("GROCERY", CATEGORIES[number % 3]) for number in range(PRODUCTS)}).write_parquet(
        folder / "catalogue.parquet"
    )
    return folder


def answered(
    shop: Path,
    task: Task,
    queries: list[dict[str, Any]],
    further: Further = NOTHING_FURTHER,
    history_file: str = "history.parquet",
) -> tuple[dict[str, list[int]], str]:
    """Return the answers to questions, and what was said."""
    (shop / "queries.json").write_bytes(msgspec.json.encode(queries))
    console = Console(record=True, width=400, file=StringIO())
    files = (shop / history_file, shop / "catalogue.parquet", shop / "queries.json", shop / "out.json")
    recommend(Request(task, *files, further=further), console)
    return json.loads((shop / "out.json").read_text())[task.key], console.export_text()


def at(day: float) -> str:
    return (START + timedelta(days=day)).isoformat()


@pytest.mark.parametrize("task", [Task.NEXT_BASKET, Task.NOVEL])
def test_households_are_answered_by_their_number_also_one_nobody_knows(shop: Path, task: Task) -> None:
    queries = [{"household_id": number, "store_id": 7, "ts": at(151)} for number in (0, 3, 999)]
    answers, said = answered(shop, task, queries)
    assert answers.keys() == {"0", "3", "999"}
    assert len(set(answers["999"])) == PRODUCTS
    assert set(answers["0"]) <= set(range(100, 100 + PRODUCTS))
    assert "3 answers about 24 products by" in said
    assert "learnt in" in said


def test_a_basket_is_completed_by_other_products(shop: Path) -> None:
    queries = [{"query_id": "a", "store_id": 7, "ts": at(151), "given": [100, 101, 555, -1]}]
    answers, _ = answered(shop, Task.COMPLETION, queries)
    assert len(set(answers["a"])) == PRODUCTS - 2
    assert not {100, 101} & set(answers["a"])


def test_a_shelf_answers_from_its_category_and_an_unknown_one_with_nothing(shop: Path) -> None:
    asked = {"store_id": 5, "ts": at(151), "given": [101]}
    queries = [asked | {"query_id": 1, "shelf": "SAUCE"}, asked | {"query_id": 2, "shelf": "SHOES"}]
    answers, _ = answered(shop, Task.SHELF, queries)
    assert set(answers["1"]) == set(range(104, 100 + PRODUCTS, 3))
    assert answers["2"] == []


def test_a_history_too_short_to_learn_from_is_answered_by_habit_and_says_so(shop: Path) -> None:
    answers, said = answered(shop, Task.NEXT_BASKET, [{"household_id": 0, "store_id": 7, "ts": at(40)}])
    assert len(answers["0"]) == PRODUCTS
    assert "less than 90 days" in said
    assert "by personal frequency" in said


def test_no_questions_have_no_answers(shop: Path) -> None:
    assert answered(shop, Task.COMPLETION, [])[0] == {}


def test_questions_before_all_purchases_are_refused(shop: Path) -> None:
    with pytest.raises(QueriesProblem, match="longer history or later questions"):
        answered(shop, Task.NEXT_BASKET, [{"household_id": 0, "store_id": 7, "ts": at(-10)}])


def test_a_history_that_is_no_table_is_named(shop: Path) -> None:
    bad = shop / "bad.parquet"
    bad.write_bytes(b"no table")
    request = Request(Task.SHELF, bad, shop / "catalogue.parquet", shop / "queries.json", shop / "bad.json")
    (shop / "queries.json").write_text("[]")
    with pytest.raises(HistoryProblem, match=r"bad\.parquet"):
        recommend(request, Console(quiet=True))
    assert not (shop / "bad.json").exists()


def with_weeks(shop: Path) -> str:
    """Write the history once more, with the week of each row; return the name of the file."""
    week = ((pl.col("ts") - START).dt.total_days() // 7 + 1).alias("week")
    pl.read_parquet(shop / "history.parquet").with_columns(week).write_parquet(shop / "weeks.parquet")
    return "weeks.parquet"


def promotions_file(shop: Path) -> Further:
    """Write promotions of the first five products in store 7, in every week."""
    rows = [(100 + product, 7, "0", "D", week) for product in range(5) for week in range(1, 30)]
    names = ("product_id", "store_id", "display_location", "mailer_location", "week")
    pl.DataFrame(rows, schema=list(names), orient="row").write_parquet(shop / "promotions.parquet")
    return Further(promotions=shop / "promotions.parquet")


@pytest.mark.parametrize("task", [Task.COMPLETION, Task.SHELF])
def test_promotions_are_learnt_from_where_the_shop_gives_them(shop: Path, task: Task) -> None:
    query = {"query_id": "a", "store_id": 7, "ts": at(151), "given": [100, 101], "shelf": "SAUCE"}
    answers, said = answered(shop, task, [query], promotions_file(shop), with_weeks(shop))
    assert answers["a"]
    assert not {100, 101} & set(answers["a"])
    assert "1 answers about 24 products by ours" in said


def test_promotions_of_a_history_without_weeks_are_refused(shop: Path) -> None:
    query = {"query_id": "a", "store_id": 7, "ts": at(151), "given": [100]}
    with pytest.raises(WeekProblem, match="the purchases say no week"):
        answered(shop, Task.COMPLETION, [query], promotions_file(shop))


def test_a_store_that_the_table_of_stores_lacks_is_named(shop: Path) -> None:
    pl.DataFrame({"store_id": [7]}).write_csv(shop / "stores.csv")
    query = {"query_id": "a", "store_id": 7, "ts": at(151), "given": [100]}
    with pytest.raises(StoreProblem, match=r"1 store\(s\) \(8\)"):
        answered(shop, Task.COMPLETION, [query], Further(stores=shop / "stores.csv"))


def test_an_idle_store_is_named_in_the_log_and_changes_no_answer(shop: Path, caplog: pytest.LogCaptureFixture) -> None:
    pl.DataFrame({"store_id": [7, 8, 9]}).write_csv(shop / "stores.csv")
    query = {"query_id": "a", "store_id": 7, "ts": at(151), "given": [100]}
    answers, _ = answered(shop, Task.COMPLETION, [query], Further(stores=shop / "stores.csv"))
    assert "nothing was bought in 1 store(s) (9)" in caplog.text
    assert answers == answered(shop, Task.COMPLETION, [query])[0]
