"""Products as the robot and its screen know them."""

from __future__ import annotations

from typing import Literal

import msgspec

DEMO_FIELDS = ("ean", "allergens", "reviews", "stock")

BrandKind = Literal["national", "private"]


class Category(msgspec.Struct, frozen=True):
    """A category with its department, both named in the store's languages; `also` are further search words."""

    category_id: str
    department_id: str
    names: dict[str, str]
    department_names: dict[str, str]
    also: tuple[str, ...] = ()


class Review(msgspec.Struct, frozen=True):
    """One review: 1 to 5 stars and a sentence."""

    stars: int
    text: str


class Product(msgspec.Struct, frozen=True):
    """One label: the products that share brand kind, category, type and package size.

    `product_id` is that of the variant with the most purchases; `variant_ids` are all of them, itself included.
    `size` is readable and may be empty, `price_cents` is the median of what was paid for one.
    `allergens` is None where nothing is known: that means unknown, never free of. An empty tuple means that the
    declaration names none. `demo_fields` names the fields that were generated: show them as *demo data*.
    """

    product_id: int
    name: str
    brand_kind: BrandKind
    size: str
    category_id: str
    department_id: str
    source_category: str
    source_type: str
    price_cents: int
    purchases: int
    variant_ids: tuple[int, ...]
    ean: str
    allergens: tuple[str, ...] | None
    reviews: tuple[Review, ...]
    stock: int
    demo_fields: tuple[str, ...] = DEMO_FIELDS

    @property
    def stars(self) -> float | None:
        """Return the mean of the reviews, None where there are none."""
        return sum(review.stars for review in self.reviews) / len(self.reviews) if self.reviews else None

    def is_demo(self, field: str) -> bool:
        """Tell whether a field was generated and must be shown as *demo data*."""
        return field in self.demo_fields


def format_price(price_cents: int, currency: str = "USD", language: str = "en") -> str:
    """Return a price as people write it: "$1.99" in English, "1,99 $" in German, Spanish and French."""
    symbol = {"USD": "$", "EUR": "€", "GBP": "£"}.get(currency, currency)
    whole, cents = divmod(abs(price_cents), 100)
    sign = "-" if price_cents < 0 else ""
    if language == "en":
        return f"{sign}{symbol}{whole}.{cents:02d}"
    return f"{sign}{whole},{cents:02d}\N{NO-BREAK SPACE}{symbol}"
