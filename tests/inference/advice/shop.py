"""A made-up shop with a learned kit: 24 products in three categories, a third of which each household likes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np

from aisle.messages.advice import OwnPurchase
from aisle_inference.advice.kit import CarriedLore, Kit
from aisle_inference.carried.forest_graph import forest_graph
from aisle_inference.carried.scorer import load_scorer
from aisle_inference.harness.queries import Month, Task
from aisle_inference.purchases.past import Past
from aisle_inference.purchases.table import Purchases
from aisle_inference.ranking.forest import ForestSettings
from aisle_inference.ranking.lore import LearntLore
from aisle_inference.ranking.ranker import Ranker, RankerSettings, learn
from aisle_inference.ranking.windows import WindowSettings
from catalogue.products import Product
from tests.inference.harness.worlds import CATEGORIES as CATEGORIES
from tests.inference.harness.worlds import DAY, PRODUCTS, assortment, bought_by, purchases_of

MONTH = Month(DAY + 90, DAY + 120)
FAST = RankerSettings(
    WindowSettings(windows=2, least_before_d=20.0),
    ForestSettings(trees=30, leaves=7, least_in_leaf=5, feature_share=1.0, miss_share=1.0, threads=1),
    seeds=1,
)
NOW_D = MONTH.start_d + 0.4
_DAY_S = 86_400.0


@cache
def purchases() -> Purchases:
    """Return trips in which a third of the products is bought by a third of the households, now and then others."""
    rng = np.random.default_rng(7)
    trips = []
    for number in range(24):
        own = np.arange(24)[np.arange(24) % 3 == number % 3]
        for day in range(number % 7, 120, 6):
            some = set(rng.choice(own, 6, replace=False).tolist()) | {int(rng.integers(24))}
            trips.append(bought_by(number, day, sorted(some)))
    return purchases_of(*trips)


@cache
def rankers() -> dict[Task, Ranker]:
    """Return the ranking of each task, as it was learnt."""
    past = Past.of(purchases(), assortment(), MONTH.start_d)
    return {task: learn(task, past, FAST) for task in Task}


@cache
def kit() -> Kit:
    """Return what a robot would carry."""
    past = Past.of(purchases(), assortment(), MONTH.start_d)
    lore = CarriedLore.of(LearntLore(past), purchases().store_ids)
    scorers = {
        task: load_scorer(task.value, forest_graph(ranker.forests).SerializeToString(), ranker.source.names)
        for task, ranker in rankers().items()
    }
    return Kit.of(lore, scorers)


def product(number: int, **changes: object) -> Product:
    """Return the catalogue's entry of the product with an index from 0."""
    category = CATEGORIES[number % 3]
    fields: dict[str, object] = {
        "product_id": int(PRODUCTS[number]),
        "name": f"Product {number}",
        "brand_kind": "national",
        "size": "1 LB",
        "category_id": category,
        "department_id": "grocery" if number % 3 < 2 else "dairy",
        "source_category": category,
        "source_type": "PLAIN",
        "price_cents": 100 + number,
        "purchases": 1000 - number,
        "variant_ids": (int(PRODUCTS[number]),),
        "ean": f"{number:013d}",
        "allergens": ("milk",) if number % 3 == 2 else (),
        "reviews": (),
        "stock": 5,
    }
    return Product(**(fields | changes))  # type: ignore[arg-type]


def catalogue(changed: Mapping[int, Mapping[str, object]] | None = None) -> dict[int, Product]:
    """Return the catalogue; `{3: {"stock": 0}}` changes the product with index 3."""
    changes = changed or {}
    return {int(PRODUCTS[number]): product(number, **changes.get(number, {})) for number in range(24)}


def numbers(*indices: int) -> tuple[int, ...]:
    """Return the product numbers of indices."""
    return tuple(int(PRODUCTS[index]) for index in indices)


def bought(*indices: int, every_d: float = 6.0, times: int = 8) -> tuple[OwnPurchase, ...]:
    """Return a shopper's purchases of some products every so many days, the last one so long ago."""
    return tuple(
        OwnPurchase(product_id=int(PRODUCTS[index]), ago_s=every_d * time * _DAY_S)
        for time in range(times, 0, -1)
        for index in indices
    )
