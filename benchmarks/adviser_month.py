"""One month of the demo data to be judged on: what was bought before it, and the questions of the four tasks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from aisle_inference.baselines.baseline import Baseline
from aisle_inference.harness.metrics import Figures, hit_rate_at, hits_of, ndcg_at, recall_at, sizes_of
from aisle_inference.harness.queries import Month, Query, Task, all_queries
from aisle_inference.purchases.complete_journey import demo_history, demo_products
from aisle_inference.purchases.past import Past
from aisle_inference.purchases.products import Assortment, counted_products
from aisle_inference.purchases.table import Purchases, days_since_epoch

OCTOBER = (datetime(2017, 10, 1), datetime(2017, 11, 1))  # noqa: DTZ001 - receipts carry no time zone
NOVEMBER = (datetime(2017, 11, 1), datetime(2017, 12, 1))  # noqa: DTZ001
SEED = 20_171
# The figure that settings are chosen by, and that our own ranking must win.
MAIN_FIGURE = {
    Task.NEXT_BASKET: "recall@10",
    Task.NOVEL: "recall@10",
    Task.COMPLETION: "recall@10",
    Task.SHELF: "hit rate@3",
}
_LIMIT = 10


@dataclass(frozen=True, slots=True)
class JudgedMonth:
    """What may be learnt before a month, and the questions about it."""

    past: Past
    queries: Mapping[Task, Sequence[Query]]


def judged_month(month: tuple[datetime, datetime]) -> JudgedMonth:
    """Read the demo data up to the end of a month. Raises catalogue.source.SourceError."""
    start, end = month
    rows, products = demo_history(end), demo_products()
    product_ids = counted_products(rows, products, start)
    purchases, assortment = Purchases.of(rows, product_ids), Assortment.of(products, product_ids)
    days = Month(days_since_epoch(start), days_since_epoch(end))
    return JudgedMonth(Past.of(purchases, assortment, days.start_d), all_queries(purchases, assortment, days, SEED))


def figures_of(baseline: Baseline, queries: Sequence[Query]) -> dict[str, Figures]:
    """Return every figure, one value a query."""
    truths = [query.truth for query in queries]
    hits, sizes = hits_of(baseline.rank(queries, _LIMIT), truths), sizes_of(truths)
    return {
        "recall@10": recall_at(10, hits, sizes),
        "NDCG@10": ndcg_at(10, hits, sizes),
        "hit rate@10": hit_rate_at(10, hits),
        "hit rate@3": hit_rate_at(3, hits),
    }
