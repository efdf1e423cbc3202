"""One month of the demo data to be judged on: what was bought before it, and the questions of the four tasks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from aisle_inference.harness.queries import Month, Query, Task, all_queries
from aisle_inference.purchases.complete_journey import demo_history, demo_products, demo_promotions
from aisle_inference.purchases.past import Past
from aisle_inference.purchases.products import Assortment, counted_products
from aisle_inference.purchases.promotions import Promotions
from aisle_inference.purchases.table import Purchases, days_since_epoch
from aisle_inference.purchases.weeks import Weeks

OCTOBER = (datetime(2017, 10, 1), datetime(2017, 11, 1))  # noqa: DTZ001 - receipts carry no time zone
NOVEMBER = (datetime(2017, 11, 1), datetime(2017, 12, 1))  # noqa: DTZ001
SEED = 20_171


@dataclass(frozen=True, slots=True)
class JudgedMonth:
    """What may be learnt before a month, and the questions about it."""

    past: Past
    queries: Mapping[Task, Sequence[Query]]


def judged_month(month: tuple[datetime, datetime], has_promotions: bool = False) -> JudgedMonth:
    """Read the demo data up to the end of a month, with promotions or without. Raises catalogue.source.SourceError."""
    start, end = month
    rows, products = demo_history(end), demo_products()
    product_ids = counted_products(rows, products, start)
    purchases, assortment = Purchases.of(rows, product_ids), Assortment.of(products, product_ids)
    days = Month(days_since_epoch(start), days_since_epoch(end))
    promotions = Promotions.of(demo_promotions(), purchases, Weeks.of(rows)) if has_promotions else None
    past = Past.of(purchases, assortment, days.start_d, promotions)
    return JudgedMonth(past, all_queries(purchases, assortment, days, SEED))
