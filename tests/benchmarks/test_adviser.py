from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest

from aisle_inference.baselines.baseline import ScoredBaseline
from aisle_inference.baselines.popularity import PopularitySettings, popularity
from aisle_inference.harness.queries import Task, all_queries
from aisle_inference.purchases.past import Past
from benchmarks.adviser import OUR_NAME, Contender, Result, results, rows_of
from benchmarks.adviser_grids import GRIDS
from benchmarks.adviser_month import JudgedMonth
from benchmarks.adviser_tuning import trials
from tests.inference.harness.worlds import SECOND_MONTH, assortment, random_purchases


def result(name: str, task: Task, recalls: Iterable[float]) -> Result:
    values = np.array(list(recalls), dtype=np.float64)
    return Result(name, task, {"recall@10": values, "hit rate@3": values}, learnt_s=1.0, ranked_s=1.0)


@pytest.fixture
def month() -> JudgedMonth:
    purchases, products = random_purchases(7), assortment()
    past = Past.of(purchases, products, SECOND_MONTH.start_d)
    return JudgedMonth(past, all_queries(purchases, products, SECOND_MONTH, seed=1))


def test_the_table_goes_task_by_task_the_best_first() -> None:
    rows = rows_of(
        [
            result("weak", Task.NOVEL, [0.0, 0.1]),
            result("strong", Task.NOVEL, [0.2, 0.3]),
            result("only", Task.NEXT_BASKET, [0.5, 0.5]),
        ]
    )
    assert [row.name for row in rows] == ["next-basket: only", "novel: strong", "novel: weak"]
    assert rows[1].value == pytest.approx(0.25)


def test_ours_stands_beside_the_best_of_the_others_by_the_paired_difference() -> None:
    base = np.linspace(0.1, 0.5, 50)
    gain = rows_of(
        [
            result(OUR_NAME, Task.SHELF, base * 1.1),
            result("best", Task.SHELF, base),
            result("weak", Task.SHELF, base * 0.5),
        ]
    )[-1]
    assert gain.name == "shelf: ours over best"
    assert gain.value == pytest.approx(10.0)
    assert gain.key == "shelf_gain_percent"
    assert gain.note.startswith("+0.0300 hit rate@3, 95 % from 0.02")


def test_a_contender_is_learnt_once_and_judged_on_each_of_its_tasks(month: JudgedMonth) -> None:
    learnt: list[Past] = []

    def learn(past: Past) -> ScoredBaseline:
        learnt.append(past)
        return ScoredBaseline("popularity", past, popularity(past, PopularitySettings()))

    judged = list(results(month, [Contender("popularity", (Task.NOVEL, Task.SHELF), learn)]))
    assert [one.task for one in judged] == [Task.NOVEL, Task.SHELF]
    assert [len(one.main) for one in judged] == [len(month.queries[Task.NOVEL]), len(month.queries[Task.SHELF])]
    assert learnt == [month.past]


def test_a_quick_run_asks_every_so_many_queries(month: JudgedMonth) -> None:
    def learn(past: Past) -> ScoredBaseline:
        return ScoredBaseline("popularity", past, popularity(past, PopularitySettings()))

    (judged,) = results(month, [Contender("popularity", (Task.COMPLETION,), learn)], every=3)
    assert len(judged.main) == -(-len(month.queries[Task.COMPLETION]) // 3)


def test_every_grid_is_about_as_large_as_the_others() -> None:
    sizes = {grid.name: len(grid.trials) for grid in GRIDS}
    assert min(sizes.values()) >= 6
    assert max(sizes.values()) <= 12


def test_tuning_gives_the_main_figure_of_every_task(month: JudgedMonth) -> None:
    grid = next(grid for grid in GRIDS if grid.name == "popularity")
    settings, _, means = next(trials(grid, month))
    assert settings == PopularitySettings(window_d=14.0)
    assert set(means) == set(Task)
    assert all(0.0 <= mean <= 1.0 for mean in means.values())
