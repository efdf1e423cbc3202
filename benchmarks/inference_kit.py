"""The kit that the adviser is timed with: as large as a real one, learnt from little so that it is made in minutes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import polars as pl
from rich.console import Console

from aisle import paths
from aisle_inference.purchases.complete_journey import demo_history, demo_products
from aisle_inference.purchases.products import Assortment, counted_products
from aisle_inference.purchases.table import Purchases, days_since_epoch
from aisle_inference.ranking.ranker import SETTINGS, RankerSettings
from aisle_inference.training.course import Course
from aisle_inference.training.shop import Shop
from aisle_inference.training.train import Places, train
from catalogue.products import Category, Product

_BEFORE = datetime(2017, 11, 1)  # noqa: DTZ001 - receipts carry no time zone
_QUESTIONS = 600
_STOCK = 5


@dataclass(frozen=True, slots=True)
class BenchedStore:
    """Purchases, every counted product as the catalogue has it, and where the kit lies."""

    shop: Shop
    products: Mapping[int, Product]
    places: Places

    def categories(self) -> list[Category]:
        """Return the categories of the products; one that two departments share is shown in one of them."""
        department = {product.category_id: product.department_id for product in self.products.values()}
        return [Category(name, department[name], {"en": name}, {"en": department[name]}) for name in sorted(department)]


def benched_store() -> BenchedStore:
    """Read the demo data and learn the kit where it is missing. Raises catalogue.source.SourceError."""
    shop, products = benched_shop(demo_history(_BEFORE), demo_products())
    folder = paths.var_dir() / "cache" / "bench-inference"
    places = Places(folder / "models" / "adviser", folder / "keys", folder / "training")
    store = BenchedStore(shop, products, places)
    if not places.kit.is_dir():
        make_kit(store)
    return store


def make_kit(store: BenchedStore) -> None:
    """Learn the kit; one that was cut goes on where it was. Raises TooLittleHistory and ModelProblem."""
    train(store.shop, course(), store.places, Console(quiet=True))


def course() -> Course:
    """Return the settings of the real rankings, with as many trees, learnt from one month and few questions."""
    return Course({task: _brief(settings) for task, settings in SETTINGS.items()}, is_measured=False)


def benched_shop(rows: pl.DataFrame, table: pl.DataFrame) -> tuple[Shop, dict[int, Product]]:
    """Return the shop that is learnt from, and the catalogue of its products, all of them in stock."""
    product_ids = counted_products(rows, table, _BEFORE)
    purchases = Purchases.of(rows, product_ids)
    shop = Shop(purchases, Assortment.of(table, product_ids), days_since_epoch(_BEFORE))
    sold = dict(zip(product_ids.tolist(), np.bincount(purchases.product, minlength=len(product_ids)), strict=True))
    known = table.filter(pl.col("product_id").is_in(product_ids)).iter_rows(named=True)
    return shop, {row["product_id"]: _product(row, int(sold[row["product_id"]])) for row in known}


def _brief(settings: RankerSettings) -> RankerSettings:
    return replace(settings, windows=replace(settings.windows, windows=1, most_queries=_QUESTIONS))


def _product(row: dict[str, str | int], purchases: int) -> Product:
    number = int(row["product_id"])
    return Product(
        product_id=number,
        name=f"{row['product_type']} {number}",
        brand_kind="private" if row["brand"] == "Private" else "national",
        size=str(row["package_size"]),
        category_id=str(row["product_category"]),
        department_id=str(row["department"]),
        source_category=str(row["product_category"]),
        source_type=str(row["product_type"]),
        price_cents=100,
        purchases=purchases,
        variant_ids=(number,),
        ean=f"{number:013d}",
        allergens=None,
        reviews=(),
        stock=_STOCK,
    )
