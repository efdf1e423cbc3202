"""How good the recommendations are: every baseline, and our own ranking, on the four tasks of November.

Settings were chosen on October (`benchmarks.adviser_tuning`). Everything is learnt from before 1 November; means stand
with their 95 % bootstrap intervals over queries, and ours beside the best baseline by the paired difference.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from aisle_inference.baselines.baseline import Baseline, Score, ScoredBaseline
from aisle_inference.baselines.chosen import CHOSEN
from aisle_inference.harness.bootstrap import Interval, difference_interval, mean_interval
from aisle_inference.harness.judge import MAIN_FIGURE
from aisle_inference.harness.judge import judged as judge
from aisle_inference.harness.metrics import Figures
from aisle_inference.harness.queries import Task
from aisle_inference.purchases.past import Past
from aisle_inference.ranking.ranker import learn
from benchmarks.adviser_month import NOVEMBER, SEED, JudgedMonth, judged_month
from benchmarks.rows import BenchmarkProblem, Request, Row
from catalogue.source import SourceError

OUR_NAME = "ours"
_QUICK_EVERY = 8
# What our own ranking must at least gain over the best baseline, as a share of its figure.
GOALS = {Task.NEXT_BASKET: 0.08, Task.NOVEL: 0.15, Task.COMPLETION: 0.08, Task.SHELF: 0.08}

Learn = Callable[[Past], Baseline]


@dataclass(frozen=True, slots=True)
class Contender:
    """A way to learn a ranking, and the tasks that it answers."""

    name: str
    tasks: tuple[Task, ...]
    learn: Learn


@dataclass(frozen=True, slots=True)
class Result:
    """The figures of one contender on one task, a value a query."""

    name: str
    task: Task
    figures: Mapping[str, Figures]
    learnt_s: float
    ranked_s: float

    @property
    def main(self) -> Figures:
        """Return the figure that decides."""
        return self.figures[MAIN_FIGURE[self.task]]


def run(request: Request) -> list[Row]:
    """Judge the baselines on November; quickly: every eighth query. Raises BenchmarkProblem without the demo data."""
    try:
        month = judged_month(NOVEMBER)
    except SourceError as error:
        raise BenchmarkProblem(str(error)) from error
    every = _QUICK_EVERY if request.quick else 1
    return rows_of(list(results(month, contenders(), every)))


def contenders() -> list[Contender]:
    """Return every baseline with its chosen settings, and our own ranking of each task."""
    baselines = [Contender(chosen.name, chosen.tasks, _learner(chosen.name, chosen.learn)) for chosen in CHOSEN]
    return [*baselines, *(Contender(OUR_NAME, (task,), partial(learn, task)) for task in Task)]


def results(month: JudgedMonth, judged: Iterable[Contender], every: int = 1) -> Iterable[Result]:
    """Learn each contender before the month and judge it on its tasks; only every so many queries are asked."""
    for contender in judged:
        began_s = time.perf_counter()
        baseline = contender.learn(month.past)
        learnt_s = time.perf_counter() - began_s
        for task in contender.tasks:
            began_s = time.perf_counter()
            figures = judge(baseline, month.queries[task][::every])
            yield Result(contender.name, task, figures, learnt_s, time.perf_counter() - began_s)


def rows_of(judged: Sequence[Result]) -> list[Row]:
    """Return the table, task by task, the best first; where ours is among them, its gain over the best other."""
    rows: list[Row] = []
    for task in Task:
        there = sorted((result for result in judged if result.task is task), key=_mean, reverse=True)
        rows += [_row(result) for result in there]
        ours = next((result for result in there if result.name == OUR_NAME), None)
        best = next((result for result in there if result.name != OUR_NAME), None)
        if ours is not None and best is not None:
            rows.append(_gain(ours, best))
    return rows


def _learner(name: str, learn: Callable[[Past], Score]) -> Learn:
    def learnt(past: Past) -> Baseline:
        return ScoredBaseline(name, past, learn(past))

    return learnt


def _mean(result: Result) -> float:
    return float(result.main.mean())


def _row(result: Result) -> Row:
    interval = mean_interval(result.main, SEED)
    others = ", ".join(
        f"{name} {figures.mean():.4f}" for name, figures in result.figures.items() if name != MAIN_FIGURE[result.task]
    )
    return Row(
        f"{result.task.value}: {result.name}",
        interval.mean,
        MAIN_FIGURE[result.task],
        note=f"{_between(interval)}; {others}; {len(result.main)} queries, learnt in {result.learnt_s:.1f} s,"
        f" ranked in {result.ranked_s:.1f} s",
        key=f"{result.task.key}_{result.name}".replace(" ", "_"),
    )


def _gain(ours: Result, best: Result) -> Row:
    interval = difference_interval(ours.main, best.main, SEED)
    share = interval.mean / max(1e-9, _mean(best))
    return Row(
        f"{ours.task.value}: ours over {best.name}",
        100.0 * share,
        "%",
        target=f"at least {100 * GOALS[ours.task]:.0f} %, and the interval above zero",
        note=f"{interval.mean:+.4f} {MAIN_FIGURE[ours.task]}, {_between(interval)}",
        key=f"{ours.task.key}_gain_percent",
    )


def _between(interval: Interval) -> str:
    return f"95 % from {interval.low:.4f} to {interval.high:.4f}"
