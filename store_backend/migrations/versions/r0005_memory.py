"""The vault and what shoppers let the store remember."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_Number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables of the vault and of the memory."""
    op.create_table(
        "data_keys",
        sa.Column("owner", sa.String(64), primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("wrapped_by", _Number, nullable=False),
        sa.Column("made_unix_s", sa.Float, nullable=False),
    )
    _make_consents_and_facts()
    _make_lists()


def _make_consents_and_facts() -> None:
    op.create_table(
        "consents",
        sa.Column("entry_id", _Number, primary_key=True, autoincrement=True),
        sa.Column("change_key", sa.String(64), nullable=False, unique=True),
        sa.Column("shopper_id", sa.String(32), nullable=False, index=True),
        sa.Column("purpose", sa.String(32), nullable=False),
        sa.Column("given", sa.Boolean, nullable=False),
        sa.Column("wording_version", _Number, nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("changed_unix_s", sa.Float, nullable=False),
    )
    op.create_table(
        "facts",
        sa.Column("fact_id", _Number, primary_key=True, autoincrement=True),
        sa.Column("fact_key", sa.String(64), nullable=False, unique=True),
        sa.Column("shopper_id", sa.String(32), nullable=False, index=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("purposes", sa.String(128), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("source", sa.String(16), nullable=False),
        sa.Column("happened_unix_s", sa.Float, nullable=False),
        sa.Column("corrected_unix_s", sa.Float),
        sa.Column("kept_until_unix_s", sa.Float, nullable=False, index=True),
    )


def _make_lists() -> None:
    op.create_table(
        "memory_accesses",
        sa.Column("access_id", _Number, primary_key=True, autoincrement=True),
        sa.Column("ticket", sa.String(32), nullable=False, unique=True),
        sa.Column("shopper_id", sa.String(32), nullable=False, index=True),
        sa.Column("reader", sa.String(64), nullable=False),
        sa.Column("reason", sa.String(16), nullable=False),
        sa.Column("opened_unix_s", sa.Float, nullable=False, index=True),
    )
    op.create_table(
        "card_links",
        sa.Column("token_number", sa.String(32), primary_key=True),
        sa.Column("shopper_id", sa.String(32), nullable=False, index=True),
        sa.Column("until_unix_s", sa.Float, nullable=False),
    )
    op.create_table(
        "erasures",
        sa.Column("shopper_id", sa.String(32), primary_key=True),
        sa.Column("erased_unix_s", sa.Float, nullable=False, index=True),
        sa.Column("store_key", _Number, nullable=False),
    )


def downgrade() -> None:
    """Forget everything personal for good: without its data keys it could not be read again."""
    for table in ("erasures", "card_links", "memory_accesses", "facts", "consents", "data_keys"):
        op.drop_table(table)
