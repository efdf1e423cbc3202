"""The source of each task."""

from __future__ import annotations

from aisle_inference.harness.queries import Task
from aisle_inference.ranking.basket_source import BasketSource
from aisle_inference.ranking.novel_source import NovelSource
from aisle_inference.ranking.promoted_source import (
    SourceOf,
    of_kinds_bought,
    of_kinds_linked,
    with_promotions,
)
from aisle_inference.ranking.repeat_source import RepeatSource

SOURCES: dict[Task, SourceOf] = {
    Task.NEXT_BASKET: RepeatSource.of,
    Task.NOVEL: with_promotions(NovelSource.of, of_kinds_bought),
    Task.COMPLETION: with_promotions(BasketSource.of, of_kinds_linked),
    Task.SHELF: with_promotions(BasketSource.of, of_kinds_linked),
}
