"""The shopper's list: products and how many of each, in the order in which they came."""

from __future__ import annotations

from dataclasses import dataclass, field

from aisle.messages.store import ProductLine
from aisle.messages.till import PricedLine
from kiosk_ui.shop import Shop

MOST_LINES = 100
MOST_OF_ONE = 99


@dataclass(slots=True)
class Basket:
    """What a shopper has put on the list; it belongs to the visit and is forgotten with it."""

    counts: dict[int, int] = field(default_factory=dict)

    @property
    def units(self) -> int:
        """Return how many things are on the list."""
        return sum(self.counts.values())

    @property
    def products(self) -> tuple[int, ...]:
        """Return the product numbers, in the order in which they came."""
        return tuple(self.counts)

    def count(self, product_id: int | None) -> int:
        """Return how many of a product are on the list."""
        return self.counts.get(product_id, 0) if product_id is not None else 0

    def add(self, product_id: int) -> bool:
        """Put one more on the list; False when it is full."""
        is_new = product_id not in self.counts
        if self.count(product_id) >= MOST_OF_ONE or (is_new and len(self.counts) >= MOST_LINES):
            return False
        self.counts[product_id] = self.count(product_id) + 1
        return True

    def take_off(self, product_id: int) -> None:
        """Take one off the list; with the last one its line goes."""
        left = self.count(product_id) - 1
        if left > 0:
            self.counts[product_id] = left
        else:
            self.counts.pop(product_id, None)


def priced(basket: Basket, shop: Shop | None) -> tuple[PricedLine, ...]:
    """Return the list at the prices that are shown, in ascending product number, as the store keeps it."""
    products = shop.products if shop is not None else {}
    return tuple(
        PricedLine(product_id=one, quantity=quantity, price_cents=products[one].price_cents)
        for one, quantity in sorted(basket.counts.items())
        if one in products
    )


def unpriced(basket: Basket) -> tuple[ProductLine, ...]:
    """Return the list without prices."""
    return tuple(ProductLine(product_id=one, quantity=quantity) for one, quantity in basket.counts.items())


def total_cents(lines: tuple[PricedLine, ...]) -> int:
    """Return what the list costs."""
    return sum(line.quantity * line.price_cents for line in lines)
