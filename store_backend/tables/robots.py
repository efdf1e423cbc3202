"""Robots: the newest status of each."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, String, Table, Text

from store_backend.tables.base import metadata

robots = Table(
    "robots",
    metadata,
    Column("robot_id", String(64), primary_key=True),
    Column("sent_unix_s", Float, nullable=False),
    Column("visit", String(16), nullable=False),
    Column("x_m", Float, nullable=False),
    Column("y_m", Float, nullable=False),
    Column("yaw_rad", Float, nullable=False),
    Column("battery_fraction", Float, nullable=False),
    Column("localized", Boolean, nullable=False),
    Column("problem", Text, nullable=False),
)
