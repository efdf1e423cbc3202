"""What is learnt from: the purchases of a shop and what its products are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl

from aisle_inference.purchases.complete_journey import demo_history
from aisle_inference.purchases.past import Past
from aisle_inference.purchases.products import Assortment, counted_products, read_products
from aisle_inference.purchases.read import read_history
from aisle_inference.purchases.table import Purchases, days_since_epoch
from catalogue.products import Product
from catalogue.replica import open_replica


class NothingToLearn(ValueError):
    """Purchases that no adviser can be learnt from; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Shop:
    """Purchases, the products that are recommended, and the day after the last purchase, in days since EPOCH."""

    purchases: Purchases
    assortment: Assortment
    end_d: float

    @property
    def past(self) -> Past:
        """Return everything that was bought."""
        return Past.of(self.purchases, self.assortment, self.end_d)


def demo_shop(store_dir: Path) -> Shop:
    """Return the demo purchases in the products of a store's catalogue, where variants of a product are one.

    Raises catalogue.source.SourceError and catalogue.replica.ReplicaError.
    """
    with open_replica(store_dir / "catalogue.sqlite") as replica:
        products, mapping = replica.products(), replica.product_of_variants()
    labels = pl.LazyFrame(
        {"product_id": list(mapping), "label": list(mapping.values())},
        schema={"product_id": pl.Int64, "label": pl.Int64},
    )
    rows = demo_history().lazy().join(labels, on="product_id").drop("product_id").rename({"label": "product_id"})
    return _shop(rows.collect(), table_of(products))


def shop_of_files(history: Path, catalogue: Path, history_names: Path | None, catalogue_names: Path | None) -> Shop:
    """Return a shop's own purchases and products, of which those count that five households bought.

    Raises HistoryProblem, ProductProblem and NothingToLearn.
    """
    rows, products = read_history(history, history_names), read_products(catalogue, catalogue_names)
    if rows.is_empty():
        raise NothingToLearn(f"{history}: has no purchase; give the store's receipts")
    counted = counted_products(rows, products, _end(rows))
    if not len(counted):
        raise NothingToLearn(f"{history}: no product of {catalogue} was bought by five households")
    return _shop(rows, products.filter(pl.col("product_id").is_in(counted)))


def table_of(products: tuple[Product, ...]) -> pl.DataFrame:
    """Return the products of a catalogue as `read_products` has them; its categories are those of the shelves."""
    return pl.DataFrame(
        {
            "product_id": [product.product_id for product in products],
            "manufacturer_id": [-1] * len(products),
            "department": [product.department_id for product in products],
            "brand": [product.brand_kind.capitalize() for product in products],
            "product_category": [product.category_id for product in products],
            "product_type": [f"{product.source_category} {product.source_type}" for product in products],
            "package_size": [product.size for product in products],
            "variants": [max(1, len(product.variant_ids)) for product in products],
        }
    ).sort("product_id")


def _shop(rows: pl.DataFrame, products: pl.DataFrame) -> Shop:
    product_ids = products["product_id"].to_numpy()
    purchases = Purchases.of(rows, product_ids)
    if not purchases.trips:
        raise NothingToLearn("no purchase is about a product of the catalogue; are these the right files?")
    return Shop(purchases, Assortment.of(products, purchases.product_ids), days_since_epoch(_end(rows)))


def _end(rows: pl.DataFrame) -> datetime:
    """Return the midnight after the last purchase."""
    last: datetime = rows.select(pl.col("ts").max().dt.truncate("1d").dt.offset_by("1d")).item()
    return last
