"""The source of each task."""

from __future__ import annotations

from collections.abc import Callable

from aisle_inference.harness.queries import Task
from aisle_inference.ranking.basket_source import BasketSource
from aisle_inference.ranking.lore import Lore
from aisle_inference.ranking.novel_source import NovelSource
from aisle_inference.ranking.repeat_source import RepeatSource
from aisle_inference.ranking.source import Source

SOURCES: dict[Task, Callable[[Lore], Source]] = {
    Task.NEXT_BASKET: RepeatSource.of,
    Task.NOVEL: NovelSource.of,
    Task.COMPLETION: BasketSource.of,
    Task.SHELF: BasketSource.of,
}
