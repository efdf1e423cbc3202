"""What the adviser is asked while it is timed: real baskets and histories of the demo data, all of one size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from aisle.messages.advice import Advice, OwnPurchase, RecommendRequest
from aisle_inference.purchases.table import Purchases
from aisle_inference.training.shop import Shop
from benchmarks.rows import BenchmarkProblem

BASKET, HISTORY, WANTED = 8, 200, 5
_DAY_S = 86_400.0
_MOST_PIECES = 1000.0


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, and the shop's clock in days since EPOCH."""

    request: RecommendRequest
    time_d: float


def asked(shop: Shop, advice: Advice, count: int, seed: int) -> list[Asked]:
    """Return requests of households drawn by the seed, each with a basket of 8 and a history of 200 purchases.

    The shelf of HERE is that of a further product of the same trip. Raises BenchmarkProblem when no trip is that large.
    """
    rng = np.random.default_rng(seed)
    trips = large_trips(shop.purchases)
    if not len(trips):
        raise BenchmarkProblem(f"no trip has {BASKET + 1} products after {HISTORY} purchases of its household")
    households = shop.purchases.trip_household[trips]
    chosen = [int(rng.choice(trips[households == household])) for household in rng.choice(np.unique(households), count)]
    return [_asked(shop, advice, trip, rng) for trip in chosen]


def large_trips(bought: Purchases) -> npt.NDArray[np.int64]:
    """Return the trips that hold more than a basket, after a whole history of the same household."""
    before = bought.trip_start[:-1] - bought.household_start[bought.trip_household]
    return np.flatnonzero((np.diff(bought.trip_start) > BASKET) & (before >= HISTORY))


def _asked(shop: Shop, advice: Advice, trip: int, rng: np.random.Generator) -> Asked:
    bought, assortment = shop.purchases, shop.assortment
    *basket, wanted = rng.choice(bought.trip_products(trip), BASKET + 1, replace=False).tolist()
    time_d = float(bought.trip_time_d[trip])
    request = RecommendRequest(
        # What goes with a product is asked of one.
        given=_numbers(shop, basket[:1] if advice is Advice.WITH else basket),
        limit=WANTED,
        advice=advice,
        category=assortment.category_names[assortment.category[wanted]] if advice is Advice.HERE else "",
        history=_history(bought, trip, time_d),
    )
    return Asked(request, time_d)


def _numbers(shop: Shop, products: Sequence[int]) -> tuple[int, ...]:
    return tuple(int(shop.purchases.product_ids[product]) for product in products)


def _history(bought: Purchases, trip: int, time_d: float) -> tuple[OwnPurchase, ...]:
    end = int(bought.trip_start[trip])
    return tuple(
        OwnPurchase(
            product_id=int(bought.product_ids[bought.product[event]]),
            ago_s=_DAY_S * (time_d - float(bought.time_d[event])),
            quantity=min(float(bought.quantity[event]), _MOST_PIECES),
        )
        for event in range(end - HISTORY, end)
    )
