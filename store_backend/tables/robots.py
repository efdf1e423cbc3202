"""Robots: the newest status of each, who commands them, stops that are latched, and tasks."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, Index, String, Table, Text

from store_backend.tables.base import Number, metadata

robots = Table(
    "robots",
    metadata,
    Column("robot_id", String(64), primary_key=True),
    Column("sent_unix_s", Float, nullable=False),
    Column("visit", String(16), nullable=False),
    Column("x_m", Float, nullable=False),
    Column("y_m", Float, nullable=False),
    Column("yaw_rad", Float, nullable=False),
    Column("battery_fraction", Float),
    Column("localized", Boolean, nullable=False),
    Column("problem", Text, nullable=False),
    Column("lease_number", Number, nullable=False, server_default="0"),
)

leases = Table(
    "leases",
    metadata,
    Column("robot_id", String(64), primary_key=True),
    Column("owner", String(64), nullable=False),
    Column("number", Number, nullable=False),
    Column("expires_unix_s", Float, nullable=False),
)

# A row is a stop; an empty name is the stop of all robots.
robot_stops = Table(
    "robot_stops",
    metadata,
    Column("robot_id", String(64), primary_key=True),
    Column("reason", Text, nullable=False),
    Column("since_unix_s", Float, nullable=False),
)

robot_tasks = Table(
    "robot_tasks",
    metadata,
    Column("task_id", String(64), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("x_m", Float, nullable=False),
    Column("y_m", Float, nullable=False),
    Column("yaw_rad", Float, nullable=False, server_default="0"),
    Column("state", String(16), nullable=False),
    Column("robot_id", String(64), nullable=False),
    Column("made_unix_s", Float, nullable=False),
    Column("expires_unix_s", Float, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Index("ix_robot_tasks_state", "state", "made_unix_s"),
)
