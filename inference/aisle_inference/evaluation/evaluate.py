"""Judge an adviser on a month: learn everything before it, answer its questions, compare."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

from aisle_inference.baselines.baseline import Baseline
from aisle_inference.evaluation.cold import COLD_TASKS, ColdFigure, ColdSettings, cold_figures
from aisle_inference.evaluation.contenders import POPULARITY, baseline, ours, strongest
from aisle_inference.evaluation.figures import compared
from aisle_inference.evaluation.judged import Judged
from aisle_inference.evaluation.result import Evaluation, TaskResult
from aisle_inference.evaluation.splits import splits_of
from aisle_inference.evaluation.spread import spread_of
from aisle_inference.harness.judge import LISTED
from aisle_inference.harness.queries import Task
from aisle_inference.purchases.table import Floats, time_of
from aisle_inference.ranking.ranker import Ranker
from aisle_inference.ranking.sales import Sales
from aisle_inference.training.course import Course, Notebook, Told

_COLD = ColdSettings()


@dataclass(frozen=True, slots=True)
class Plan:
    """How to judge: the course that is learnt, whether quickly, and the cold start; None leaves that out."""

    course: Course
    is_quick: bool = False
    cold: ColdSettings | None = _COLD


def evaluation(judged: Judged, plan: Plan, notebook: Notebook, told: Told) -> Evaluation:
    """Learn, rank and compare. Raises TooLittleHistory."""
    began_s = time.monotonic()
    rankers = ours(judged.shop, plan.course, notebook, lambda what, share: told(what, 0.4 * share))
    price = Sales.of(judged.past).price
    results = {}
    for number, task in enumerate(task for task in rankers if judged.queries.get(task)):
        told(f"{task.value}: learning the baselines, comparing", 0.4 + 0.3 * number / len(rankers))
        results[task] = _result(judged, task, rankers[task], price, plan.is_quick)
    cold = _cold(judged, rankers, plan, lambda what, share: told(what, 0.7 + 0.3 * share))
    shop = judged.shop.purchases
    return Evaluation(
        first_day=time_of(judged.month.start_d).date(),
        last_day=time_of(judged.month.end_d - 1.0).date(),
        products=shop.products,
        households=shop.households,
        is_quick=plan.is_quick,
        took_s=round(time.monotonic() - began_s, 1),
        tasks=results,
        cold=cold,
    )


def _result(judged: Judged, task: Task, ranker: Ranker, price: Floats, is_quick: bool) -> TaskResult:
    others: list[Baseline] = [
        baseline(POPULARITY, task, judged.past),
        strongest(task, judged.past, is_quick),
    ]
    queries = judged.queries[task]
    ranked, sold, best = (one.rank(queries, LISTED) for one in (ranker, *others))
    purchases, wares = judged.shop.purchases, judged.shop.assortment
    return TaskResult(
        queries=len(queries),
        strongest=others[1].name,
        figures=compared(ranked, sold, best, queries),
        splits=splits_of(task, (ranked, best), queries, purchases, price),
        spread=spread_of(ranked, sold, [query.truth for query in queries], wares),
    )


def _cold(judged: Judged, warm: Mapping[Task, Ranker], plan: Plan, told: Told) -> tuple[ColdFigure, ...]:
    asked = {task: ranker for task, ranker in warm.items() if task in COLD_TASKS}
    if plan.cold is None or not asked:
        return ()
    return cold_figures(judged, asked, plan.course, plan.cold, told)
