"""Care: calls for a person, and alerts for visits that go wrong."""

from __future__ import annotations

from sqlalchemy import Column, Float, String, Table, Text, UniqueConstraint

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
    Column("asked_unix_s", Float, nullable=False, index=True),
    Column("state", String(16), nullable=False, index=True),
    Column("staff_id", String(64)),
    Column("claimed_unix_s", Float),
    Column("ended_unix_s", Float),
    Column("note", Text, nullable=False, server_default=""),
)

alerts = Table(
    "alerts",
    metadata,
    Column("alert_id", Number, primary_key=True, autoincrement=True),
    Column("about", String(64), nullable=False),
    Column("rule", String(32), nullable=False),
    Column("robot_id", String(64), nullable=False),
    Column("story", Text, nullable=False),
    Column("raised_unix_s", Float, nullable=False, index=True),
    Column("staff_id", String(64)),
    Column("acknowledged_unix_s", Float),
    UniqueConstraint("about", "rule", name="one_alert_for_each_rule"),
)
