"""Visits: sessions, what happened in them, and the one question with its answer."""

from __future__ import annotations

from sqlalchemy import Column, Float, ForeignKey, String, Table

from store_backend.tables.base import Number, metadata

sessions = Table(
    "sessions",
    metadata,
    Column("session_id", String(64), primary_key=True),
    Column("robot_id", String(64), nullable=False),
    Column("language", String(2), nullable=False),
    Column("opened_unix_s", Float, nullable=False),
)

journey_events = Table(
    "journey_events",
    metadata,
    Column("event_id", Number, primary_key=True, autoincrement=True),
    Column("event_key", String(64), nullable=False, unique=True),
    Column("session_id", ForeignKey("sessions.session_id"), nullable=False, index=True),
    Column("recorded_unix_s", Float, nullable=False),
    Column("stage", String(16), nullable=False),
    Column("touch_point", String(64), nullable=False),
    Column("outcome", String(64), nullable=False),
    Column("product_id", Number),
    Column("taps", Number, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("metres", Float, nullable=False),
    Column("channel", String(16), nullable=False),
    Column("happened_unix_s", Float, nullable=False, index=True),
)

feedback = Table(
    "feedback",
    metadata,
    Column("feedback_id", Number, primary_key=True, autoincrement=True),
    Column("session_id", ForeignKey("sessions.session_id"), nullable=False, unique=True),
    Column("score", Number, nullable=False),
    Column("given_unix_s", Float, nullable=False),
)

prompts = Table(
    "prompts",
    metadata,
    Column("session_id", ForeignKey("sessions.session_id"), primary_key=True),
    Column("channel", String(16), nullable=False),
    Column("asked_unix_s", Float, nullable=False),
)
