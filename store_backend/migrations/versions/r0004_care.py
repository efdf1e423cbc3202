"""Calls are claimed, handed back and ended; alerts, complaints and suggestions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_Number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add what care needs; calls that were done are done, the others wait."""
    with op.batch_alter_table("assistance") as table:
        table.add_column(sa.Column("state", sa.String(16), nullable=False, server_default="waiting"))
        table.add_column(sa.Column("staff_id", sa.String(64)))
        table.add_column(sa.Column("claimed_unix_s", sa.Float))
        table.add_column(sa.Column("ended_unix_s", sa.Float))
    op.execute("UPDATE assistance SET state = 'done' WHERE done")
    with op.batch_alter_table("assistance") as table:
        table.alter_column("state", existing_type=sa.String(16), existing_nullable=False, server_default=None)
        table.drop_column("done")
        table.create_index("ix_assistance_state", ["state"])
        table.create_index("ix_assistance_asked_unix_s", ["asked_unix_s"])
    _make_alerts()
    _make_complaints()
    _make_suggestions()


def _make_alerts() -> None:
    op.create_table(
        "alerts",
        sa.Column("alert_id", _Number, primary_key=True, autoincrement=True),
        sa.Column("about", sa.String(64), nullable=False),
        sa.Column("rule", sa.String(32), nullable=False),
        sa.Column("robot_id", sa.String(64), nullable=False),
        sa.Column("story", sa.Text, nullable=False),
        sa.Column("raised_unix_s", sa.Float, nullable=False, index=True),
        sa.Column("staff_id", sa.String(64)),
        sa.Column("acknowledged_unix_s", sa.Float),
        sa.UniqueConstraint("about", "rule", name="one_alert_for_each_rule"),
    )


def _make_complaints() -> None:
    op.create_table(
        "complaints",
        sa.Column("complaint_id", _Number, primary_key=True, autoincrement=True),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("contact_mark", sa.String(64), index=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("joined_into", _Number, sa.ForeignKey("complaints.complaint_id")),
        sa.Column("opened_unix_s", sa.Float, nullable=False, index=True),
    )
    op.create_table(
        "complaint_messages",
        sa.Column("message_id", _Number, primary_key=True, autoincrement=True),
        sa.Column("message_key", sa.String(64), nullable=False, unique=True),
        sa.Column("complaint_id", _Number, sa.ForeignKey("complaints.complaint_id"), nullable=False, index=True),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("sealed_text", sa.LargeBinary, nullable=False),
        sa.Column("sealed_contact", sa.LargeBinary),
        sa.Column("contact_is_verified", sa.Boolean, nullable=False),
        sa.Column("happened_unix_s", sa.Float, nullable=False),
    )


def _make_suggestions() -> None:
    op.create_table(
        "suggestions",
        sa.Column("suggestion_id", _Number, primary_key=True, autoincrement=True),
        sa.Column("suggestion_key", sa.String(64), nullable=False, unique=True),
        sa.Column("session_id", sa.String(64), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("sealed_text", sa.LargeBinary, nullable=False),
        sa.Column("given_unix_s", sa.Float, nullable=False),
        sa.Column("week_day", _Number, nullable=False, index=True),
    )
    op.create_table(
        "suggestion_themes",
        sa.Column("suggestion_id", _Number, sa.ForeignKey("suggestions.suggestion_id"), primary_key=True),
        sa.Column("theme", sa.String(32), primary_key=True),
    )


def downgrade() -> None:
    """Forget complaints, suggestions and alerts; a call that somebody claimed and did not end waits again."""
    for name in ("suggestion_themes", "suggestions", "complaint_messages", "complaints", "alerts"):
        op.drop_table(name)
    with op.batch_alter_table("assistance") as table:
        table.add_column(sa.Column("done", sa.Boolean, nullable=False, server_default=sa.false()))
    op.execute("UPDATE assistance SET done = (state IN ('done', 'handed_back'))")
    with op.batch_alter_table("assistance") as table:
        table.alter_column("done", existing_type=sa.Boolean, existing_nullable=False, server_default=None)
        table.drop_index("ix_assistance_asked_unix_s")
        table.drop_index("ix_assistance_state")
        for column in ("ended_unix_s", "claimed_unix_s", "staff_id", "state"):
            table.drop_column(column)
