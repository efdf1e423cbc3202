"""The vault and what shoppers let the store remember."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_Number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table of data keys."""
    op.create_table(
        "data_keys",
        sa.Column("owner", sa.String(64), primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("wrapped_by", _Number, nullable=False),
        sa.Column("made_unix_s", sa.Float, nullable=False),
    )


def downgrade() -> None:
    """Forget everything personal for good: without its data keys it could not be read again."""
    op.drop_table("data_keys")
