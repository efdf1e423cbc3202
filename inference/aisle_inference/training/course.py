"""The course of a training: lore of each month back, examples of each task, forests, and a measure on the last month.

Pure but for the notebook, in which every finished step is kept, so that a training that was cut goes on where it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from aisle_inference.advice.kit import CarriedLore
from aisle_inference.harness.judge import judged
from aisle_inference.harness.queries import Month, Task, all_queries
from aisle_inference.ranking.forest import Examples, Forest, grow
from aisle_inference.ranking.lore import LearntLore
from aisle_inference.ranking.ranker import Ranker, RankerSettings, TooLittleHistory, enough, examples_of
from aisle_inference.ranking.sources import SOURCES
from aisle_inference.ranking.windows import windows_before
from aisle_inference.training.shop import Shop

Told = Callable[[str, float], None]
Figures = Mapping[str, float]
_SEED = 20_171


class Notebook(Protocol):
    """Keeps the finished steps of one training under their names."""

    def examples(self, name: str, make: Callable[[], Examples]) -> Examples:
        """Return what was kept under a name, or make and keep it."""
        ...

    def forest(self, name: str, columns: tuple[str, ...], make: Callable[[], Forest]) -> Forest:
        """Return the forest that was kept under a name, or grow and keep it."""
        ...


@dataclass(frozen=True, slots=True)
class Course:
    """How each task is learnt; `is_measured` holds the last month back once, to measure on it."""

    settings: Mapping[Task, RankerSettings]
    is_measured: bool = True


@dataclass(frozen=True, slots=True)
class Graduate:
    """The lore, the forests of each task, and its figures on the month that was held back."""

    lore: CarriedLore
    forests: Mapping[Task, tuple[Forest, ...]]
    figures: Mapping[Task, Figures]


@dataclass(slots=True)
class Training:
    """One training of a shop's adviser."""

    shop: Shop
    course: Course
    notebook: Notebook
    told: Told
    _steps_done: int = 0

    def run(self) -> Graduate:
        """Learn every task. Raises TooLittleHistory."""
        months = self._months()
        examples: dict[Task, list[Examples]] = {task: [] for task in self.course.settings}
        figures: dict[Task, Figures] = {}
        for number, month in enumerate(months):
            lore = LearntLore(self.shop.before(month.start_d))
            for task in self._tasks_in(months, number):
                if self.course.is_measured and month is months[-1]:
                    figures[task] = self._measured(lore, task, month, examples[task])
                examples[task].append(self._looked_back(lore, task, number, month))
        self._tell("counting everything until the last day")
        lore = LearntLore(self.shop.past)
        forests = {task: self._grown(f"{task.value}-all", task, lore, examples[task]) for task in self.course.settings}
        return Graduate(CarriedLore.of(lore, self.shop.purchases.store_ids), forests, figures)

    def _months(self) -> list[Month]:
        """Return the months that are looked back at, oldest first."""
        most = max(self.course.settings.values(), key=lambda settings: settings.windows.windows)
        months = windows_before(self.shop.purchases, self.shop.end_d, most.windows)
        least = 2 if self.course.is_measured else 1
        if len(months) < least:
            days = most.windows.least_before_d + 30 * least
            raise TooLittleHistory(
                f"the purchases span less than {days:.0f} days; collect more before an adviser is trained"
            )
        return months

    def _tasks_in(self, months: Sequence[Month], number: int) -> list[Task]:
        """Return the tasks that look back as far as to this month."""
        back = len(months) - number
        return [task for task, settings in self.course.settings.items() if settings.windows.windows >= back]

    def _looked_back(self, lore: LearntLore, task: Task, number: int, month: Month) -> Examples:
        self._tell(f"{task.value}: looking back at month {number + 1}")
        make = partial(examples_of, task, lore, month, self.course.settings[task], number)
        return self.notebook.examples(f"{task.value}-{number}", make)

    def _measured(self, lore: LearntLore, task: Task, month: Month, examples: Sequence[Examples]) -> Figures:
        """Return the figures of forests that have not seen this month."""
        forests = self._grown(f"{task.value}-measured", task, lore, examples)
        self._tell(f"{task.value}: measuring on the last month")
        ranking = Ranker("ours", lore.past, SOURCES[task](lore), forests)
        queries = all_queries(lore.past.purchases, lore.past.assortment, month, _SEED)[task]
        if not queries:
            return {}
        means = {name.replace("@", " at "): float(values.mean()) for name, values in judged(ranking, queries).items()}
        return means | {"queries": float(len(queries))}

    def _grown(self, name: str, task: Task, lore: LearntLore, examples: Sequence[Examples]) -> tuple[Forest, ...]:
        settings, names = self.course.settings[task], SOURCES[task](lore).names
        together = enough(examples)
        forests = []
        for number in range(settings.seeds):
            self._tell(f"{task.value}: growing forest {number + 1} of {settings.seeds}")
            make = partial(grow, together, names, settings.forest_of(number))
            forests.append(self.notebook.forest(f"{name}-{number}", names, make))
        return tuple(forests)

    def _tell(self, what: str) -> None:
        self.told(what, min(1.0, self._steps_done / self._steps()))
        self._steps_done += 1

    def _steps(self) -> int:
        """Return about how many steps there are."""
        each = [
            settings.windows.windows + settings.seeds * (1 + self.course.is_measured) + self.course.is_measured
            for settings in self.course.settings.values()
        ]
        return sum(each) + 1
