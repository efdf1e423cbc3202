"""`aisle recommend`: answer a file of questions from a shop's own history, with the production ranking."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from rich.console import Console
from rich.progress import Progress

from aisle_inference.baselines.baseline import Baseline, ScoredBaseline
from aisle_inference.baselines.popularity import FrequencySettings, PopularitySettings, personal_frequency, popularity
from aisle_inference.harness.queries import Query, Task
from aisle_inference.harness.queries_file import (
    MOST_ANSWERS,
    Asked,
    QueriesProblem,
    asked_at,
    key_of,
    query_of,
    read_queries,
    write_predictions,
)
from aisle_inference.purchases.further import NOTHING_FURTHER, Further
from aisle_inference.purchases.past import Past
from aisle_inference.purchases.products import Assortment, counted_products, read_products
from aisle_inference.purchases.promotions import Promotions
from aisle_inference.purchases.read import read_history
from aisle_inference.purchases.table import Indices, Purchases, time_of
from aisle_inference.purchases.weeks import Weeks
from aisle_inference.ranking.ranker import Told, TooLittleHistory, learn


@dataclass(frozen=True, slots=True)
class Request:
    """Which task, and the files; the mappings name columns that are called otherwise there."""

    task: Task
    history: Path
    catalogue: Path
    queries: Path
    out: Path
    history_names: Path | None = None
    catalogue_names: Path | None = None
    further: Further = NOTHING_FURTHER


def recommend(request: Request, console: Console) -> None:
    """Learn from the history before the first question, answer all, and write the predictions.

    Raises TableProblem or QueriesProblem in plain words; nothing is written then.
    """
    asked = read_queries(request.queries, request.task)
    rows = read_history(request.history, request.history_names)
    products = read_products(request.catalogue, request.catalogue_names)
    request.further.stores_of(rows)
    if not asked:
        write_predictions(request.out, request.task, [])
        console.print(f"{request.queries}: asks nothing; {request.out} is empty")
        return
    past, queries = _prepared(rows, products, asked, request.task, request.further.read_promotions())
    with Progress(console=console, transient=True) as progress:
        bar = progress.add_task("learning", total=1.0)
        began_s = time.monotonic()

        def told(what: str, share: float) -> None:
            progress.update(bar, description=what, completed=share)

        ranking = _ranking(request.task, past, console, told)
        learnt_s = time.monotonic() - began_s
        progress.update(bar, description="answering", completed=0.0)
        ranked = answers(ranking, past, queries, MOST_ANSWERS)
    numbers = [past.purchases.product_ids[row[row >= 0]].tolist() for row in ranked]
    write_predictions(request.out, request.task, zip(map(key_of, asked), numbers, strict=True))
    console.print(
        f"{request.out}: {len(asked)} answers about {past.purchases.products} products by {ranking.name}; learnt in "
        f"{learnt_s:.0f} s from {past.purchases.trips} trips, answered in {time.monotonic() - began_s - learnt_s:.0f} s"
    )


def _prepared(
    rows: pl.DataFrame, products: pl.DataFrame, asked: Sequence[Asked], task: Task, table: pl.LazyFrame | None
) -> tuple[Past, list[Query]]:
    """Return what may be learnt, which ends at the first question, and the questions in its numbers."""
    before = min(asked_at(some) for some in asked)
    product_ids = counted_products(rows, products, time_of(before))
    if not len(product_ids):
        raise QueriesProblem(
            f"no product of the history was bought by five households before the first question "
            f"({time_of(before):%Y-%m-%d}); give a longer history or later questions"
        )
    purchases, assortment = Purchases.of(rows, product_ids), Assortment.of(products, product_ids)
    promotions = None if table is None else Promotions.of(table, purchases, Weeks.of(rows))
    past = Past.of(purchases, assortment, before, promotions)
    return past, [query_of(some, task, purchases, assortment) for some in asked]


def _ranking(task: Task, past: Past, console: Console, told: Told) -> Baseline:
    try:
        return learn(task, past, told=told)
    except TooLittleHistory as problem:
        console.print(f"{problem}; answering by how often things are bought", style="yellow")
        return _plain(task, past)


def _plain(task: Task, past: Past) -> Baseline:
    if task is Task.NEXT_BASKET:
        return ScoredBaseline("personal frequency", past, personal_frequency(past, FrequencySettings(30)))
    return ScoredBaseline("popularity", past, popularity(past, PopularitySettings(28.0)))


def answers(ranking: Baseline, past: Past, queries: Sequence[Query], limit: int) -> Indices:
    """Return the ranked products (n, limit); what the ranking leaves open is filled with what is bought most."""
    ranked = ranking.rank(queries, limit)
    popular = ScoredBaseline("popularity", past, popularity(past, PopularitySettings(28.0)))
    common = popular.rank(queries, limit)
    for row in range(len(queries)):
        own = ranked[row][ranked[row] >= 0]
        others = common[row][(common[row] >= 0) & ~np.isin(common[row], own)]
        both = np.concatenate((own, others))[:limit]
        ranked[row, : len(both)] = both
    return ranked
