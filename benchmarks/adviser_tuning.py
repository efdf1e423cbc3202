"""Try each baseline's settings on October: `python -m benchmarks.adviser_tuning [NAME ...]` prints one line a trial."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence

from aisle_inference.baselines.baseline import ScoredBaseline
from aisle_inference.harness.judge import MAIN_FIGURE, judged
from aisle_inference.harness.queries import Task
from benchmarks.adviser_grids import GRIDS, Grid
from benchmarks.adviser_month import OCTOBER, JudgedMonth, judged_month


def trials(grid: Grid, month: JudgedMonth) -> Iterator[tuple[object, float, dict[Task, float]]]:
    """Yield the settings, the seconds of learning and the mean main figure of each task."""
    for trial in grid.trials:
        began_s = time.perf_counter()
        baseline = ScoredBaseline(grid.name, month.past, trial.learn(month.past))
        learnt_s = time.perf_counter() - began_s
        means = {task: float(judged(baseline, month.queries[task])[MAIN_FIGURE[task]].mean()) for task in grid.tasks}
        yield trial.settings, learnt_s, means


def main(names: Sequence[str]) -> None:
    """Try the named grids, or all."""
    month = judged_month(OCTOBER)
    print({task.value: len(queries) for task, queries in month.queries.items()}, flush=True)
    for grid in GRIDS:
        if names and grid.name not in names:
            continue
        for settings, learnt_s, means in trials(grid, month):
            figures = "  ".join(f"{task.value} {mean:.4f}" for task, mean in means.items())
            print(f"{grid.name}  {settings}  learnt in {learnt_s:.1f} s  {figures}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
