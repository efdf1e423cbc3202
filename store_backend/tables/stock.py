"""Stock: the newest count of each product."""

from __future__ import annotations

from sqlalchemy import Column, Float, Table

from store_backend.tables.base import Number, metadata

stock = Table(
    "stock",
    metadata,
    Column("product_id", Number, primary_key=True, autoincrement=False),
    Column("count", Number, nullable=False),
    Column("counted_unix_s", Float, nullable=False),
)
