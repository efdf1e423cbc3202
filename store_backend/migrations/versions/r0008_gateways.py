"""A charge may be unknown, gateways report under a lease, and tasks have a heading and a reason for refusal."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_Number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add what the gateways say and need."""
    with op.batch_alter_table("robots") as robots:
        robots.alter_column("battery_fraction", existing_type=sa.Float, nullable=True)
        robots.add_column(sa.Column("lease_number", _Number, nullable=False, server_default="0"))
    with op.batch_alter_table("robot_tasks") as tasks:
        tasks.add_column(sa.Column("yaw_rad", sa.Float, nullable=False, server_default="0"))
        tasks.add_column(sa.Column("reason", sa.Text, nullable=False, server_default=""))


def downgrade() -> None:
    """Forget it; an unknown charge becomes 0 again, and refused tasks are over."""
    op.execute("UPDATE robots SET battery_fraction = 0 WHERE battery_fraction IS NULL")
    op.execute("UPDATE robot_tasks SET state = 'cancelled' WHERE state = 'refused'")
    op.execute("UPDATE robot_tasks SET state = 'given' WHERE state = 'begun'")
    with op.batch_alter_table("robot_tasks") as tasks:
        tasks.drop_column("reason")
        tasks.drop_column("yaw_rad")
    with op.batch_alter_table("robots") as robots:
        robots.drop_column("lease_number")
        robots.alter_column("battery_fraction", existing_type=sa.Float, nullable=False)
