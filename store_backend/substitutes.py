"""What can stand in for a product that is not there: the same kind, no worse allergens, as much as is wanted. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from catalogue.products import Product


def of_the_same_kind(product: Product, products: Iterable[Product]) -> list[Product]:
    """Return the other products of the same kind (category and type on the label)."""
    kind = (product.category_id, product.source_type)
    return [
        other
        for other in products
        if (other.category_id, other.source_type) == kind and other.product_id != product.product_id
    ]


def is_no_worse(product: Product, other: Product, avoid: Sequence[str] = ()) -> bool:
    """Tell whether the other is known to hold no allergen that the product is known not to hold, nor any to avoid.

    Unknown is never free of: a product without a declaration stands in only where nothing is to be avoided and
    nothing is known of the product itself either.
    """
    if other.allergens is None:
        return product.allergens is None and not avoid
    declared = set(other.allergens)
    is_worse = product.allergens is not None and not declared <= set(product.allergens)
    return not is_worse and not declared & set(avoid)


def nearest_first(product: Product, others: Iterable[Product]) -> list[Product]:
    """Return substitutes in the order of offering: the same size, then the nearest price, then what is bought most."""

    def distance(other: Product) -> tuple[bool, int, int, int]:
        price_step = abs(other.price_cents - product.price_cents)
        return other.size != product.size, price_step, -other.purchases, other.product_id

    return sorted(others, key=distance)


def substitutes_for(
    product: Product, products: Iterable[Product], available: Mapping[int, int], quantity: int, avoid: Sequence[str]
) -> list[Product]:
    """Return what can stand in for so many of a product, nearest first; `available` is by product number."""
    fitting = [
        other
        for other in of_the_same_kind(product, products)
        if available.get(other.product_id, 0) >= quantity and is_no_worse(product, other, avoid)
    ]
    return nearest_first(product, fitting)
