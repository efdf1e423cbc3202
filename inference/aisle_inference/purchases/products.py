"""The products of a shop: what is known of each, as a table and as numbered codes, and which of them count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt
import polars as pl

from aisle.config import ConfigError, Settings, load
from aisle_inference.purchases.columns import Column, Kind, TableProblem, read_columns

# What these hold is no product that a shopper looks for on a shelf.
EXCLUDED_DEPARTMENTS = (
    "FUEL",
    "MISCELLANEOUS",
    "COUPON",
    "CNTRL/STORE SUP",
    "POSTAL CENTER",
    "PROD-WHS SALES",
    "PHOTO & VIDEO",
)
EXCLUDED_CATEGORIES = ("COUPON/MISC ITEMS", "FUEL")
LEAST_HOUSEHOLDS = 5
COLUMNS = (
    Column("product_id", Kind.WHOLE),
    Column("manufacturer_id", Kind.WHOLE, missing=-1),
    Column("department", Kind.TEXT, missing=""),
    Column("brand", Kind.TEXT, missing=""),
    Column("product_category", Kind.TEXT, missing=""),
    Column("product_type", Kind.TEXT, missing=""),
    Column("package_size", Kind.TEXT, missing=""),
    Column("variants", Kind.WHOLE, low=1, missing=1),
)
Codes = npt.NDArray[np.int32]


class ProductProblem(TableProblem):
    """A product table that cannot be used; the message says where and what to do."""


class ProductNames(Settings, frozen=True):
    """The mapping file of a product table: our column name, and the file's."""

    product_id: str = "product_id"
    manufacturer_id: str = "manufacturer_id"
    department: str = "department"
    brand: str = "brand"
    product_category: str = "product_category"
    product_type: str = "product_type"
    package_size: str = "package_size"
    variants: str = "variants"


def read_products(path: Path, mapping: Path | None = None) -> pl.DataFrame:
    """Return one row a product, by ascending number; a missing category takes the department. Raises ProductProblem."""
    try:
        names = load(mapping, ProductNames) if mapping is not None else ProductNames()
        products = read_columns(path, COLUMNS, msgspec.structs.asdict(names)).collect()
    except (TableProblem, ConfigError) as error:
        raise ProductProblem(str(error)) from error
    twice = products.filter(pl.col("product_id").is_duplicated())["product_id"].unique().sort()
    if len(twice):
        shown = ", ".join(str(number) for number in twice.head(5))
        raise ProductProblem(
            f"{path}: {len(twice)} products stand there more than once ({shown}); keep one row of each"
        )
    return with_categories(products).sort("product_id")


def with_categories(products: pl.DataFrame) -> pl.DataFrame:
    """Return the products with the department as the category of those that have none."""
    category = pl.col("product_category")
    return products.with_columns(
        pl.when(category == "").then(pl.col("department")).otherwise(category).alias(category.meta.output_name())
    )


def counted_products(
    rows: pl.DataFrame, products: pl.DataFrame, before: datetime, least_households: int = LEAST_HOUSEHOLDS
) -> npt.NDArray[np.int64]:
    """Return the numbers of the products that recommendations are about, ascending.

    That is those outside the excluded departments and categories that at least so many households bought before a time.
    """
    on_shelves = products.filter(
        ~pl.col("department").is_in(EXCLUDED_DEPARTMENTS) & ~pl.col("product_category").is_in(EXCLUDED_CATEGORIES)
    )
    bought = rows.lazy().filter((pl.col("ts") < before) & (pl.col("quantity") > 0))
    households = bought.group_by("product_id").agg(pl.col("household_id").n_unique())
    known = households.filter(pl.col("household_id") >= least_households).collect()
    counted = known.join(on_shelves, on="product_id", how="semi")
    return counted["product_id"].sort().to_numpy().astype(np.int64)


_CODES = ("department", "category", "kind", "manufacturer", "package", "label")


@dataclass(frozen=True, slots=True)
class Assortment:
    """What is known of products, as codes aligned with `product_ids` (P,) ascending; a code counts into its names.

    `kind` is "category :: type", `label` a kind in one brand class and size, so that variants of one product share it;
    `variants` is how many (flavours, colours) the catalogue lists under one number.
    Names are in alphabetical order; "" stands for what is not known.
    """

    product_ids: npt.NDArray[np.int64]
    department: Codes
    category: Codes
    kind: Codes
    manufacturer: Codes
    package: Codes
    label: Codes
    brand_private: npt.NDArray[np.bool_]
    variants: npt.NDArray[np.int32]
    department_names: tuple[str, ...]
    category_names: tuple[str, ...]
    kind_names: tuple[str, ...]
    package_names: tuple[str, ...]

    def __post_init__(self) -> None:
        # Compiled columns count by code in arrays of P places, and nothing would stop them from writing behind the end.
        for name in _CODES:
            codes, products = getattr(self, name), len(self.product_ids)
            if len(codes) != products or (products and not 0 <= codes.min() <= codes.max() < products):
                raise ValueError(f"{name}: {products} products need as many codes, each from 0 to {products - 1}")

    @classmethod
    def of(cls, products: pl.DataFrame, product_ids: npt.NDArray[np.int64]) -> Assortment:
        """Number the properties of these products; one that the table lacks has no properties."""
        wanted = pl.DataFrame({"product_id": product_ids}, schema={"product_id": pl.Int64})
        table = wanted.join(products, on="product_id", how="left", maintain_order="left").with_columns(
            pl.col(pl.String).fill_null(""), pl.col("manufacturer_id").fill_null(-1), pl.col("variants").fill_null(1)
        )
        department, department_names = _coded(table["department"])
        category, category_names = _coded(table["product_category"])
        kind, kind_names = _coded(
            table.select(pl.concat_str("product_category", "product_type", separator=" :: ")).to_series()
        )
        package, package_names = _coded(table["package_size"])
        manufacturer = np.unique(table["manufacturer_id"].to_numpy(), return_inverse=True)[1].astype(np.int32)
        private = (table["brand"] == "Private").to_numpy()
        return cls(
            product_ids=product_ids,
            department=department,
            category=category,
            kind=kind,
            manufacturer=manufacturer,
            package=package,
            label=_joint(kind, private, package),
            brand_private=private,
            variants=table["variants"].to_numpy().astype(np.int32),
            department_names=department_names,
            category_names=category_names,
            kind_names=kind_names,
            package_names=package_names,
        )

    def category_of(self, name: str) -> int | None:
        """Return the code of a category by its name; None for one that no product has."""
        return _place(self.category_names, name)


def _place(names: Sequence[str], name: str) -> int | None:
    try:
        return names.index(name)
    except ValueError:
        return None


def _coded(values: pl.Series) -> tuple[Codes, tuple[str, ...]]:
    names = values.unique().sort()
    codes = names.search_sorted(values).to_numpy().astype(np.int32)
    return codes, tuple(names.to_list())


def _joint(*codes: npt.NDArray[np.generic]) -> Codes:
    """Return one code for every combination of codes that occurs."""
    rows = np.stack([code.astype(np.int64) for code in codes], axis=1)
    return np.unique(rows, axis=0, return_inverse=True)[1].astype(np.int32).reshape(-1)
