"""Replies are kept beside what they acknowledge, so that a request repeated after a crash is carried out once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table of replies."""
    op.create_table(
        "replies",
        sa.Column("request_key", sa.String(64), primary_key=True),
        sa.Column("role", sa.String(32), primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("given_unix_s", sa.Float, nullable=False, index=True),
    )


def downgrade() -> None:
    """Forget the replies; the records that they acknowledged stay."""
    op.drop_table("replies")
