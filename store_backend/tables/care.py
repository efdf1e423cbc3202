"""Care: calls for a person."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, String, Table, Text

from store_backend.tables.base import Number, metadata

assistance = Table(
    "assistance",
    metadata,
    Column("assistance_id", Number, primary_key=True, autoincrement=True),
    Column("call_key", String(64), nullable=False, unique=True),
    Column("session_id", String(64), nullable=False),
    Column("robot_id", String(64), nullable=False),
    Column("screen", String(64), nullable=False),
    Column("story", Text, nullable=False),
    Column("asked_unix_s", Float, nullable=False),
    Column("done", Boolean, nullable=False, default=False),
)
