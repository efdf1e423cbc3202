"""What the kiosk knows of the store: products, search, shelves and the plan, read once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from catalogue.products import Category, Product
from catalogue.replica import open_replica
from catalogue.search import Hit, SearchIndex
from store_model.manifest import CATALOGUE_FILE
from store_model.plan import StorePlan, load_plan
from store_model.planogram import Placement, Planogram, load_planogram


@dataclass(frozen=True, eq=False)
class Shop:
    """One store as the screen tells about it; `popular` are product numbers, most bought first.

    `bays` are the placements of each bay.
    """

    plan: StorePlan
    planogram: Planogram
    products: Mapping[int, Product]
    categories: Mapping[str, Category]
    index: SearchIndex
    popular: tuple[int, ...]
    bays: Mapping[str, tuple[Placement, ...]]
    currency: str = "USD"

    def product(self, product_id: int) -> Product | None:
        """Return a product, None when the catalogue does not have it."""
        return self.products.get(product_id)

    def placement(self, product_id: int) -> Placement | None:
        """Return where a product stands; None when it is on no shelf, or on one that the plan does not have."""
        placement = self.planogram.placement(product_id)
        return placement if placement is not None and placement.bay_id in self.plan.bays else None

    def find(self, text: str, language: str, limit: int) -> list[Hit]:
        """Return the best products for a typed question, best first."""
        return self.index.find(text, language, limit)

    def best_sellers(self, limit: int, categories: Iterable[str] = ()) -> tuple[int, ...]:
        """Return the most bought products that stand on a shelf, of each name only one; all categories when empty."""
        return _best_sellers(self, limit, frozenset(categories))

    def department_categories(self, department_id: str) -> tuple[str, ...]:
        """Return the categories of a department."""
        return tuple(key for key, category in self.categories.items() if category.department_id == department_id)


@lru_cache(maxsize=64)
def _best_sellers(shop: Shop, limit: int, categories: frozenset[str]) -> tuple[int, ...]:
    seen, chosen = set[str](), list[int]()
    for product_id in shop.popular:
        product = shop.products[product_id]
        if (categories and product.category_id not in categories) or product.name in seen:
            continue
        if shop.placement(product_id) is not None:
            seen.add(product.name)
            chosen.append(product_id)
        if len(chosen) == limit:
            break
    return tuple(chosen)


def load_shop(store_dir: Path, catalogue_path: Path | None = None) -> Shop:
    """Read plan and planogram of a store directory, and a catalogue (by default the directory's own).

    Raises PlanError, PlanogramError or ReplicaError, each with a plain sentence.
    """
    with open_replica(catalogue_path or store_dir / CATALOGUE_FILE) as replica:
        products, categories = replica.products(), replica.categories()
        index = SearchIndex(products, categories, replica.synonyms())
        currency = replica.meta.get("currency", "USD")
    planogram = load_planogram(store_dir)
    popular = sorted(products, key=lambda product: (-product.purchases, product.product_id))
    return Shop(
        plan=load_plan(store_dir),
        planogram=planogram,
        products={product.product_id: product for product in products},
        categories={category.category_id: category for category in categories},
        index=index,
        popular=tuple(product.product_id for product in popular),
        bays=_by_bay(planogram),
        currency=currency,
    )


def _by_bay(planogram: Planogram) -> dict[str, tuple[Placement, ...]]:
    bays: dict[str, list[Placement]] = {}
    for placement in planogram.by_product.values():
        bays.setdefault(placement.bay_id, []).append(placement)
    return {bay_id: tuple(placements) for bay_id, placements in bays.items()}
