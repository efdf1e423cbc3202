"""Baskets that are handed to a till: whose turn it is, and how it ended. No payment data, ever."""

from __future__ import annotations

from sqlalchemy import Column, Float, ForeignKey, String, Table

from store_backend.tables.base import Number, metadata

hand_offs = Table(
    "hand_offs",
    metadata,
    Column("basket_id", String(64), primary_key=True),
    Column("session_id", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("till_id", String(64), nullable=False),
    Column("sale_id", String(64), nullable=False),
    Column("refusal", String(32), nullable=False),
    Column("offered_unix_s", Float, nullable=False),
    Column("expires_unix_s", Float, nullable=False),
    Column("changed_unix_s", Float, nullable=False),
)

hand_off_lines = Table(
    "hand_off_lines",
    metadata,
    Column("basket_id", ForeignKey("hand_offs.basket_id"), primary_key=True),
    Column("product_id", Number, primary_key=True, autoincrement=False),
    Column("quantity", Number, nullable=False),
    Column("price_cents", Number, nullable=False),
)
