"""How many of a product are on the shelf, as far as anybody knows, and since when. What nobody counted is unknown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aisle.messages.store import StockLevels
from kiosk_ui.shop import Shop

MOST_ALTERNATIVES = 3
MOST_ASKED = 40


@dataclass(frozen=True, slots=True)
class Level:
    """`count` None: nobody knows. `counted_s` None: nobody knows when. `is_demo`: the figure was generated."""

    count: int | None
    counted_s: float | None = None
    is_demo: bool = False

    @property
    def is_sold_out(self) -> bool:
        return self.count == 0


UNKNOWN = Level(None)


def level(shop: Shop | None, told: Mapping[int, Level], product_id: int | None) -> Level:
    """Return the newest that the backend told, else what the catalogue says."""
    if product_id is not None and product_id in told:
        return told[product_id]
    product = shop.product(product_id) if shop is not None and product_id is not None else None
    return Level(product.stock, None, product.is_demo("stock")) if product is not None else UNKNOWN


def note(told: dict[int, Level], levels: StockLevels, now_s: float) -> None:
    """Take what the backend told."""
    for one in levels.levels:
        counted_s = None if one.age_s is None else now_s - one.age_s
        told[one.product_id] = Level(one.count, counted_s, one.is_demo)


def neighbours(shop: Shop | None, product_id: int) -> tuple[int, ...]:
    """Return products of the same category that stand on a shelf, most bought first, each name once."""
    product = shop.product(product_id) if shop is not None else None
    if shop is None or product is None:
        return ()
    sellers = shop.best_sellers(MOST_ASKED, (product.category_id,))
    return tuple(one for one in sellers if shop.products[one].name != product.name)


def alternatives(shop: Shop | None, told: Mapping[int, Level], product_id: int | None) -> tuple[int, ...]:
    """Return what could be bought instead of a product that is sold out: like it, and on the shelf as far as known."""
    if product_id is None or not level(shop, told, product_id).is_sold_out:
        return ()
    return in_stock(shop, told, neighbours(shop, product_id))[:MOST_ALTERNATIVES]


def in_stock(shop: Shop | None, told: Mapping[int, Level], products: Sequence[int]) -> tuple[int, ...]:
    """Return those of which at least one is known to be there."""
    return tuple(one for one in products if (level(shop, told, one).count or 0) > 0)
