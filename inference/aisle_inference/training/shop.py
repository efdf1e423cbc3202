"""What is learnt from: the purchases of a shop and what its products are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl

from aisle_inference.purchases.complete_journey import demo_history
from aisle_inference.purchases.further import NOTHING_FURTHER, Further
from aisle_inference.purchases.past import Past
from aisle_inference.purchases.products import Assortment, counted_products, read_products
from aisle_inference.purchases.promotions import Promotions
from aisle_inference.purchases.read import read_history
from aisle_inference.purchases.table import Purchases, days_since_epoch
from aisle_inference.purchases.weeks import Weeks
from catalogue.products import Product
from catalogue.replica import open_replica


class NothingToLearn(ValueError):
    """Purchases that no adviser can be learnt from; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Shop:
    """Purchases, the products that are recommended, and the day after the last purchase, in days since EPOCH.

    `promotions` are None in a shop that says none.
    """

    purchases: Purchases
    assortment: Assortment
    end_d: float
    promotions: Promotions | None = None

    @property
    def past(self) -> Past:
        """Return everything that was bought."""
        return self.before(self.end_d)

    def before(self, day_d: float) -> Past:
        """Return what was bought before a day."""
        return Past.of(self.purchases, self.assortment, day_d, self.promotions)


def demo_shop(store_dir: Path, further: Further = NOTHING_FURTHER) -> Shop:
    """Return the demo purchases in the products of a store's catalogue, where variants of a product are one.

    Raises catalogue.source.SourceError, catalogue.replica.ReplicaError and TableProblem.
    """
    with open_replica(store_dir / "catalogue.sqlite") as replica:
        products, mapping = replica.products(), replica.product_of_variants()
    labels = pl.LazyFrame(
        {"product_id": list(mapping), "label": list(mapping.values())},
        schema={"product_id": pl.Int64, "label": pl.Int64},
    )

    def as_labels(table: pl.LazyFrame) -> pl.LazyFrame:
        return table.join(labels, on="product_id").drop("product_id").rename({"label": "product_id"})

    bought, promotions = demo_history(), further.read_promotions()
    # The receipts of a store may hold nothing of this catalogue; the store is not idle for that.
    further.stores_of(bought)
    rows = as_labels(bought.lazy()).collect()
    return _shop(rows, table_of(products), None if promotions is None else as_labels(promotions))


def shop_of_files(
    history: Path,
    catalogue: Path,
    history_names: Path | None,
    catalogue_names: Path | None,
    further: Further = NOTHING_FURTHER,
) -> Shop:
    """Return a shop's own purchases and products, of which those count that five households bought.

    Raises TableProblem (of purchases, products, promotions or stores) and NothingToLearn.
    """
    rows, products = read_history(history, history_names), read_products(catalogue, catalogue_names)
    if rows.is_empty():
        raise NothingToLearn(f"{history}: has no purchase; give the store's receipts")
    counted = counted_products(rows, products, _end(rows))
    if not len(counted):
        raise NothingToLearn(f"{history}: no product of {catalogue} was bought by five households")
    further.stores_of(rows)
    return _shop(rows, products.filter(pl.col("product_id").is_in(counted)), further.read_promotions())


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


def _shop(rows: pl.DataFrame, products: pl.DataFrame, promotions: pl.LazyFrame | None) -> Shop:
    product_ids = products["product_id"].to_numpy()
    purchases = Purchases.of(rows, product_ids)
    if not purchases.trips:
        raise NothingToLearn("no purchase is about a product of the catalogue; are these the right files?")
    promoted = None if promotions is None else Promotions.of(promotions, purchases, Weeks.of(rows))
    return Shop(purchases, Assortment.of(products, purchases.product_ids), days_since_epoch(_end(rows)), promoted)


def _end(rows: pl.DataFrame) -> datetime:
    """Return the midnight after the last purchase."""
    last: datetime = rows.select(pl.col("ts").max().dt.truncate("1d").dt.offset_by("1d")).item()
    return last
