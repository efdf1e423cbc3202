"""Stock: how many of each product there are, what is promised to whom, and orders for pickup."""

from __future__ import annotations

from sqlalchemy import Column, Float, ForeignKey, Index, String, Table

from store_backend.tables.base import Number, metadata

stock = Table(
    "stock",
    metadata,
    Column("product_id", Number, primary_key=True, autoincrement=False),
    Column("count", Number, nullable=False),
    Column("held", Number, nullable=False),
    Column("source", String(16), nullable=False),
    Column("changed_unix_s", Float, nullable=False),
    # When a person counted; empty when nobody has.
    Column("counted_unix_s", Float),
)

reservations = Table(
    "reservations",
    metadata,
    Column("reservation_id", String(64), primary_key=True),
    Column("session_id", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("made_unix_s", Float, nullable=False),
    Column("expires_unix_s", Float, nullable=False),
    Index("ix_reservations_due", "state", "expires_unix_s"),
)

reservation_lines = Table(
    "reservation_lines",
    metadata,
    Column("reservation_id", ForeignKey("reservations.reservation_id"), primary_key=True),
    Column("product_id", Number, primary_key=True, autoincrement=False),
    Column("quantity", Number, nullable=False),
)

pickup_orders = Table(
    "pickup_orders",
    metadata,
    Column("order_id", String(64), primary_key=True),
    Column("reservation_id", ForeignKey("reservations.reservation_id"), nullable=False, unique=True),
    Column("state", String(16), nullable=False),
    Column("placed_unix_s", Float, nullable=False),
    Column("changed_unix_s", Float, nullable=False),
    Index("ix_pickup_orders_state", "state", "changed_unix_s"),
)
