"""Stock knows its source and what is promised; reservations, orders for pickup, and baskets handed to tills."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_Number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Take over the counts, all of which were made by people, and make the new tables."""
    _extend_stock()
    _make_reservations()
    op.create_table(
        "pickup_orders",
        sa.Column("order_id", sa.String(64), primary_key=True),
        sa.Column(
            "reservation_id", sa.String(64), sa.ForeignKey("reservations.reservation_id"), nullable=False, unique=True
        ),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("placed_unix_s", sa.Float, nullable=False),
        sa.Column("changed_unix_s", sa.Float, nullable=False),
        sa.Index("ix_pickup_orders_state", "state", "changed_unix_s"),
    )
    _make_hand_offs()


def _extend_stock() -> None:
    with op.batch_alter_table("stock") as stock:
        stock.add_column(sa.Column("held", _Number, nullable=False, server_default="0"))
        stock.add_column(sa.Column("source", sa.String(16), nullable=False, server_default="count"))
        stock.add_column(sa.Column("changed_unix_s", sa.Float, nullable=False, server_default="0"))
        stock.alter_column("counted_unix_s", existing_type=sa.Float, nullable=True)
    op.execute("UPDATE stock SET changed_unix_s = counted_unix_s")


def _make_reservations() -> None:
    op.create_table(
        "reservations",
        sa.Column("reservation_id", sa.String(64), primary_key=True),
        sa.Column("session_id", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("made_unix_s", sa.Float, nullable=False),
        sa.Column("expires_unix_s", sa.Float, nullable=False),
        sa.Index("ix_reservations_due", "state", "expires_unix_s"),
    )
    op.create_table(
        "reservation_lines",
        sa.Column("reservation_id", sa.String(64), sa.ForeignKey("reservations.reservation_id"), primary_key=True),
        sa.Column("product_id", _Number, primary_key=True, autoincrement=False),
        sa.Column("quantity", _Number, nullable=False),
    )


def _make_hand_offs() -> None:
    op.create_table(
        "hand_offs",
        sa.Column("basket_id", sa.String(64), primary_key=True),
        sa.Column("session_id", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("till_id", sa.String(64), nullable=False),
        sa.Column("sale_id", sa.String(64), nullable=False),
        sa.Column("refusal", sa.String(32), nullable=False),
        sa.Column("offered_unix_s", sa.Float, nullable=False),
        sa.Column("expires_unix_s", sa.Float, nullable=False),
        sa.Column("changed_unix_s", sa.Float, nullable=False),
    )
    op.create_table(
        "hand_off_lines",
        sa.Column("basket_id", sa.String(64), sa.ForeignKey("hand_offs.basket_id"), primary_key=True),
        sa.Column("product_id", _Number, primary_key=True, autoincrement=False),
        sa.Column("quantity", _Number, nullable=False),
        sa.Column("price_cents", _Number, nullable=False),
    )


def downgrade() -> None:
    """Keep the counts; where nobody counted, the age is that of the newest change."""
    for table in ("hand_off_lines", "hand_offs", "pickup_orders", "reservation_lines", "reservations"):
        op.drop_table(table)
    op.execute("UPDATE stock SET counted_unix_s = changed_unix_s WHERE counted_unix_s IS NULL")
    with op.batch_alter_table("stock") as stock:
        stock.alter_column("counted_unix_s", existing_type=sa.Float, nullable=False)
        for column in ("changed_unix_s", "source", "held"):
            stock.drop_column(column)
