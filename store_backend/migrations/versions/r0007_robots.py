"""Robots have leases, stops that are latched, and tasks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_Number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the three tables."""
    op.create_table(
        "leases",
        sa.Column("robot_id", sa.String(64), primary_key=True),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("number", _Number, nullable=False),
        sa.Column("expires_unix_s", sa.Float, nullable=False),
    )
    op.create_table(
        "robot_stops",
        sa.Column("robot_id", sa.String(64), primary_key=True),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("since_unix_s", sa.Float, nullable=False),
    )
    op.create_table(
        "robot_tasks",
        sa.Column("task_id", sa.String(64), primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("x_m", sa.Float, nullable=False),
        sa.Column("y_m", sa.Float, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("robot_id", sa.String(64), nullable=False),
        sa.Column("made_unix_s", sa.Float, nullable=False),
        sa.Column("expires_unix_s", sa.Float, nullable=False),
        sa.Index("ix_robot_tasks_state", "state", "made_unix_s"),
    )


def downgrade() -> None:
    """Forget them; the button on the robot still stops it."""
    for table in ("robot_tasks", "robot_stops", "leases"):
        op.drop_table(table)
