"""Staff who hand a shopper back leave a note, and a phone can say at a screen whose it is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the note, and the table of tokens that phones read."""
    with op.batch_alter_table("assistance") as table:
        table.add_column(sa.Column("note", sa.Text, nullable=False, server_default=""))
    op.create_table(
        "greetings",
        sa.Column("token_number", sa.String(32), primary_key=True),
        sa.Column("shopper_id", sa.String(32), index=True),
        sa.Column("until_unix_s", sa.Float, nullable=False),
    )


def downgrade() -> None:
    """Forget the notes and the tokens."""
    op.drop_table("greetings")
    with op.batch_alter_table("assistance") as table:
        table.drop_column("note")
