"""The database's tables, as SQLAlchemy Core. Everything here is free of personal data."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, ForeignKey, Integer, MetaData, String, Table, Text

metadata = MetaData()

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
    Column("event_id", Integer, primary_key=True, autoincrement=True),
    Column("event_key", String(64), nullable=False, unique=True),
    Column("session_id", ForeignKey("sessions.session_id"), nullable=False, index=True),
    Column("recorded_unix_s", Float, nullable=False),
    Column("stage", String(16), nullable=False),
    Column("touch_point", String(64), nullable=False),
    Column("outcome", String(64), nullable=False),
    Column("product_id", Integer),
    Column("taps", Integer, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("metres", Float, nullable=False),
)

assistance = Table(
    "assistance",
    metadata,
    Column("assistance_id", Integer, primary_key=True, autoincrement=True),
    Column("call_key", String(64), nullable=False, unique=True),
    Column("session_id", String(64), nullable=False),
    Column("robot_id", String(64), nullable=False),
    Column("screen", String(64), nullable=False),
    Column("story", Text, nullable=False),
    Column("asked_unix_s", Float, nullable=False),
    Column("done", Boolean, nullable=False, default=False),
)

feedback = Table(
    "feedback",
    metadata,
    Column("feedback_id", Integer, primary_key=True, autoincrement=True),
    Column("session_id", ForeignKey("sessions.session_id"), nullable=False, unique=True),
    Column("score", Integer, nullable=False),
    Column("given_unix_s", Float, nullable=False),
)

stock = Table(
    "stock",
    metadata,
    Column("product_id", Integer, primary_key=True, autoincrement=False),
    Column("count", Integer, nullable=False),
    Column("counted_unix_s", Float, nullable=False),
)

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
