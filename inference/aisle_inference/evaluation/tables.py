"""The result of an evaluation as tables: what we have, beside others, for whom, and what the lists show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.table import Column, Table

from aisle_inference.evaluation.cold import ColdFigure
from aisle_inference.evaluation.result import Evaluation
from aisle_inference.evaluation.words import difference, figure, gain, percent, percents

HEADS = ("", "ours", "popularity", "strongest simple", "ours over it", "")
COLD_HEADS = (
    "task",
    "ranked among",
    "figure",
    "queries",
    "nobody bought it yet",
    "known",
    "share",
    "by sales",
    "by chance",
)


def tables(result: Evaluation) -> Iterator[Table]:
    """Yield all tables."""
    yield figures_table(result)
    yield splits_table(result)
    yield spread_table(result)
    if result.cold:
        yield cold_table(result.cold)


def figures_table(result: Evaluation) -> Table:
    """Lay out the figures of every task, ours beside the others, with 95 % intervals over queries."""
    table = Table(*_heads(*HEADS), title=f"{result.first_day} to {result.last_day}, {result.products} products")
    for task, one in result.tasks.items():
        table.add_row(f"{task.value}, {one.queries} queries", "", "", one.strongest, style="bold")
        for name, of in one.figures.items():
            shown = (figure(of.ours), figure(of.popularity), figure(of.strongest), difference(of.over_strongest))
            table.add_row(name, *shown, gain(of.over_strongest, of.strongest))
    return table


def splits_table(result: Evaluation) -> Table:
    """Lay out for whom our figures hold."""
    table = Table(*_heads("task", "split", "group", "queries", "ours", "strongest simple"), title="for whom")
    for task, one in result.tasks.items():
        for split in one.splits:
            figures = (figure(split.ours), figure(split.strongest))
            table.add_row(task.value, split.split, split.group, str(split.queries), *figures)
    return table


def spread_table(result: Evaluation) -> Table:
    """Lay out what our lists of ten show."""
    own = ("own brand: listed", "popular", "bought", "listed less bought")
    table = Table(
        *_heads("task", "catalogue shown", "categories in ten", "Gini of exposure", *own), title="what the lists show"
    )
    for task, one in result.tasks.items():
        shown = one.spread
        push = "none" if shown.own_brand_push is None else difference(shown.own_brand_push)
        shares = (shown.own_brand_listed, shown.own_brand_popular, shown.own_brand_bought)
        figures = (percent(shown.coverage), f"{shown.categories:.1f}", f"{shown.gini:.3f}")
        table.add_row(task.value, *figures, *(percent(share) for share in shares), push)
    return table


def cold_table(figures: Sequence[ColdFigure]) -> Table:
    """Lay out the cold start."""
    table = Table(
        *_heads(*COLD_HEADS), title="products that nobody bought before the month, beside the same ones known"
    )
    for one in figures:
        plain = ("" if value is None else f"{value:.4f}" for value in (one.by_sales, one.chance))
        shown = (figure(one.cold), figure(one.warm), percents(one.share), *plain)
        table.add_row(one.task.value, one.among, one.figure, str(one.queries), *shown)
    return table


def _heads(*names: str) -> list[Column]:
    """Return columns whose words and figures go on in the next line where a screen is narrow, and are never cut."""
    return [Column(name, overflow="fold") for name in names]
