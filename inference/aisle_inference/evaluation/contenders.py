"""What is compared: our own ranking, learnt as `aisle train` does, popularity, and a strong simple baseline."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from aisle_inference.baselines.baseline import Baseline, ScoredBaseline
from aisle_inference.baselines.chosen import CHOSEN
from aisle_inference.harness.queries import Task
from aisle_inference.purchases.past import Past
from aisle_inference.ranking.forest import Examples, Forest
from aisle_inference.ranking.ranker import Ranker
from aisle_inference.ranking.sources import SOURCES
from aisle_inference.training.course import Course, Notebook, Told, Training
from aisle_inference.training.shop import Shop

POPULARITY = "popularity"
STRONGEST = {
    Task.NEXT_BASKET: "TIFU-KNN",
    Task.NOVEL: "EASE households",
    Task.COMPLETION: "EASE trips",
    Task.SHELF: "association, store popularity",
}
# The weights of EASE over trips are a dense matrix of all products: beyond this it takes long and much memory.
_MOST_FOR_EASE = 12_000
_INSTEAD_OF_EASE = "item kNN"


@dataclass(frozen=True, slots=True)
class NoNotebook:
    """Keeps no step of a training."""

    def examples(self, name: str, make: Callable[[], Examples]) -> Examples:
        """Make them."""
        return make()

    def forest(self, name: str, columns: tuple[str, ...], make: Callable[[], Forest]) -> Forest:
        """Grow it."""
        return make()


def ours(shop: Shop, course: Course, notebook: Notebook, told: Told) -> dict[Task, Ranker]:
    """Learn every task of the course from what was bought before `shop.end_d`. Raises TooLittleHistory."""
    graduate = Training(shop, replace(course, is_measured=False), notebook, told).run()
    return {
        task: Ranker("ours", shop.past, SOURCES[task](graduate.lore), forests)
        for task, forests in graduate.forests.items()
    }


def strongest(task: Task, past: Past, is_quick: bool) -> Baseline:
    """Learn the strongest simple baseline of a task; quickly or in many products, one that needs no dense matrix."""
    name = STRONGEST[task]
    if task is Task.COMPLETION and (is_quick or past.purchases.products > _MOST_FOR_EASE):
        name = _INSTEAD_OF_EASE
    return baseline(name, task, past)


def baseline(name: str, task: Task, past: Past) -> Baseline:
    """Learn a baseline with the settings that were chosen for a task."""
    chosen = next(one for one in CHOSEN if one.name == name and task in one.tasks)
    return ScoredBaseline(name, past, chosen.learn(past))


def only_tasks(course: Course, tasks: Collection[Task]) -> Course:
    """Return a course of some tasks."""
    return replace(course, settings={task: some for task, some in course.settings.items() if task in tasks})
