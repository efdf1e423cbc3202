"""What promotions do for lists in October, quickly learnt: `python -m benchmarks.adviser_promotions [TASK ...]`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

from aisle_inference.evaluation.figures import RESAMPLES
from aisle_inference.harness.bootstrap import difference_interval
from aisle_inference.harness.judge import judged
from aisle_inference.harness.queries import Task
from aisle_inference.purchases.past import Past
from aisle_inference.ranking.ranker import learn
from aisle_inference.training.settings import quick
from benchmarks.adviser_month import OCTOBER, SEED, JudgedMonth, judged_month


def differences(task: Task, month: JudgedMonth) -> Iterator[str]:
    """Yield a line a figure: its mean without promotions, with them, and the difference with its interval."""
    settings, past = quick().settings[task], month.past
    plain = Past.of(past.purchases, past.assortment, past.before_d)
    without, beside = (judged(learn(task, some, settings), month.queries[task]) for some in (plain, past))
    for name, before in without.items():
        gain = difference_interval(beside[name], before, SEED, RESAMPLES)
        shown = f"{gain.mean:+.4f} [{gain.low:+.4f}, {gain.high:+.4f}]"
        yield f"{task.value}  {name}  {before.mean():.4f}  {beside[name].mean():.4f}  {shown}"


def main(names: Sequence[str]) -> None:
    """Judge the named tasks, or all."""
    month = judged_month(OCTOBER, has_promotions=True)
    for task in map(Task, names) if names else Task:
        for line in differences(task, month):
            print(line, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
