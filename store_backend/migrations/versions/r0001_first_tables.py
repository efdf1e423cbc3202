"""The tables of the first stores, which were made without migrations.

A file of migrations is never changed once it is released, so it holds its own copy of what the tables were.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_Number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the six tables."""
    _make_visits()
    op.create_table(
        "assistance",
        sa.Column("assistance_id", _Number, primary_key=True, autoincrement=True),
        sa.Column("call_key", sa.String(64), nullable=False, unique=True),
        sa.Column("session_id", sa.String(64), nullable=False),
        sa.Column("robot_id", sa.String(64), nullable=False),
        sa.Column("screen", sa.String(64), nullable=False),
        sa.Column("story", sa.Text, nullable=False),
        sa.Column("asked_unix_s", sa.Float, nullable=False),
        sa.Column("done", sa.Boolean, nullable=False),
    )
    op.create_table(
        "stock",
        sa.Column("product_id", _Number, primary_key=True, autoincrement=False),
        sa.Column("count", _Number, nullable=False),
        sa.Column("counted_unix_s", sa.Float, nullable=False),
    )
    op.create_table(
        "robots",
        sa.Column("robot_id", sa.String(64), primary_key=True),
        sa.Column("sent_unix_s", sa.Float, nullable=False),
        sa.Column("visit", sa.String(16), nullable=False),
        sa.Column("x_m", sa.Float, nullable=False),
        sa.Column("y_m", sa.Float, nullable=False),
        sa.Column("yaw_rad", sa.Float, nullable=False),
        sa.Column("battery_fraction", sa.Float, nullable=False),
        sa.Column("localized", sa.Boolean, nullable=False),
        sa.Column("problem", sa.Text, nullable=False),
    )


def _make_visits() -> None:
    op.create_table(
        "sessions",
        sa.Column("session_id", sa.String(64), primary_key=True),
        sa.Column("robot_id", sa.String(64), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("opened_unix_s", sa.Float, nullable=False),
    )
    op.create_table(
        "journey_events",
        sa.Column("event_id", _Number, primary_key=True, autoincrement=True),
        sa.Column("event_key", sa.String(64), nullable=False, unique=True),
        sa.Column("session_id", sa.String(64), sa.ForeignKey("sessions.session_id"), nullable=False, index=True),
        sa.Column("recorded_unix_s", sa.Float, nullable=False),
        sa.Column("stage", sa.String(16), nullable=False),
        sa.Column("touch_point", sa.String(64), nullable=False),
        sa.Column("outcome", sa.String(64), nullable=False),
        sa.Column("product_id", _Number),
        sa.Column("taps", _Number, nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("metres", sa.Float, nullable=False),
    )
    op.create_table(
        "feedback",
        sa.Column("feedback_id", _Number, primary_key=True, autoincrement=True),
        sa.Column("session_id", sa.String(64), sa.ForeignKey("sessions.session_id"), nullable=False, unique=True),
        sa.Column("score", _Number, nullable=False),
        sa.Column("given_unix_s", sa.Float, nullable=False),
    )


def downgrade() -> None:
    """Remove everything, and what is in it."""
    for table in ("feedback", "journey_events", "sessions", "assistance", "stock", "robots"):
        op.drop_table(table)
