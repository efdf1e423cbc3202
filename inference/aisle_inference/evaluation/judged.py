"""The month that an adviser is judged on: everything is learnt before it, and its trips are the questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from aisle_inference.evaluation.narrowed import Mask, only_products, only_wares
from aisle_inference.harness.queries import Month, Query, Task, all_queries
from aisle_inference.purchases.past import Past
from aisle_inference.purchases.products import LEAST_HOUSEHOLDS
from aisle_inference.purchases.table import Purchases
from aisle_inference.ranking.windows import WINDOW_D
from aisle_inference.training.shop import NothingToLearn, Shop

SEED = 20_171


@dataclass(frozen=True, slots=True)
class Judged:
    """A shop as it was when the month began, and the questions of the month with their answers.

    The shop's purchases go on through the month; whoever learns reads those before `shop.end_d`.
    """

    shop: Shop
    month: Month
    queries: Mapping[Task, Sequence[Query]]

    @property
    def past(self) -> Past:
        """Return what may be learnt: everything before the month."""
        return self.shop.past


def last_month(shop: Shop) -> Month:
    """Return the last 30 days; those of the demo data, which ends with November, are November."""
    return Month(shop.end_d - WINDOW_D, shop.end_d)


def judged(shop: Shop, month: Month, every: int = 1) -> Judged:
    """Ask about every so many trips of a month, in the products that five households bought before it.

    Raises NothingToLearn when no product or no question is left.
    """
    kept = known_before(shop.purchases, month.start_d)
    if not kept.any():
        raise NothingToLearn("before the month no product was bought by five households; give a longer history")
    purchases, wares = only_products(shop.purchases, kept), only_wares(shop.assortment, kept)
    asked = all_queries(purchases, wares, month, SEED)
    queries = {task: some[::every] for task, some in asked.items() if some}
    if not queries:
        raise NothingToLearn("the month holds no trip of three products by a known household; judge another month")
    promotions = None if shop.promotions is None else shop.promotions.only_products(kept)
    asked_shop = Shop(purchases, wares, month.start_d, promotions)
    return Judged(asked_shop, month, queries)


def known_before(bought: Purchases, before_d: float) -> Mask:
    """Return which products (P,) enough households bought before a day."""
    known = bought.time_d < before_d
    pairs = np.unique(bought.household[known].astype(np.int64) * bought.products + bought.product[known])
    buyers = np.bincount(pairs % max(1, bought.products), minlength=bought.products)
    return np.asarray(buyers >= LEAST_HOUSEHOLDS, dtype=np.bool_)
