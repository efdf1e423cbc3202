"""A made-up shop: two months of trips of a few households."""

from __future__ import annotations

import numpy as np

from aisle_inference.harness.queries import Month
from aisle_inference.purchases.products import Assortment
from aisle_inference.purchases.table import Purchases, days_since_epoch
from tests.inference.purchases.rows import START, Bought, history, product_table

CATEGORIES = ("PASTA", "SAUCE", "CHEESE")
PRODUCTS = np.arange(100, 124, dtype=np.int64)
DAY = days_since_epoch(START)
SECOND_MONTH = Month(DAY + 30, DAY + 60)


def bought_by(household: int, day: int, products: list[int], store: int = 7) -> list[Bought]:
    """Return one trip, `day` days after START, of product indices."""
    return [(household, store, 24.0 * day, 100 + product) for product in products]


def purchases_of(*trips: list[Bought]) -> Purchases:
    """Return such trips over 24 products."""
    return Purchases.of(history(row for trip in trips for row in trip), PRODUCTS)


def assortment() -> Assortment:
    """Return 24 products, in turn of the three categories."""
    names = {int(product): ("GROCERY", CATEGORIES[index % 3]) for index, product in enumerate(PRODUCTS)}
    return Assortment.of(product_table(names), PRODUCTS)


def random_purchases(seed: int, households: int = 12, trips: int = 10) -> Purchases:
    """Return random trips of one to eleven products in two months."""
    rng = np.random.default_rng(seed)
    return purchases_of(
        *(
            bought_by(household, int(rng.integers(60)), rng.choice(24, rng.integers(1, 12), replace=False).tolist())
            for household in range(households)
            for _ in range(trips)
        )
    )
