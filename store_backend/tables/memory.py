"""What shoppers let the store remember; what is personal is sealed by the vault.

Times are days (UTC), but for those that end within minutes and for erasures: the exact time would tie a shopper's
number to the steps of a visit.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, LargeBinary, String, Table

from store_backend.tables.base import Number, metadata

consents = Table(
    "consents",
    metadata,
    Column("entry_id", Number, primary_key=True, autoincrement=True),
    Column("change_key", String(64), nullable=False, unique=True),
    Column("shopper_id", String(32), nullable=False, index=True),
    Column("purpose", String(32), nullable=False),
    Column("given", Boolean, nullable=False),
    Column("wording_version", Number, nullable=False),
    Column("language", String(2), nullable=False),
    Column("changed_unix_s", Float, nullable=False),
)

facts = Table(
    "facts",
    metadata,
    Column("fact_id", Number, primary_key=True, autoincrement=True),
    Column("fact_key", String(64), nullable=False, unique=True),
    Column("shopper_id", String(32), nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("purposes", String(128), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("source", String(16), nullable=False),
    Column("happened_unix_s", Float, nullable=False),
    Column("corrected_unix_s", Float),
    Column("kept_until_unix_s", Float, nullable=False, index=True),
)

memory_accesses = Table(
    "memory_accesses",
    metadata,
    Column("access_id", Number, primary_key=True, autoincrement=True),
    Column("ticket", String(32), nullable=False, unique=True),
    Column("shopper_id", String(32), nullable=False, index=True),
    Column("reader", String(64), nullable=False),
    Column("reason", String(16), nullable=False),
    Column("opened_unix_s", Float, nullable=False, index=True),
    # The exact time stands here alone, and goes when the ticket ends.
    Column("ticket_until_unix_s", Float, index=True),
)

card_links = Table(
    "card_links",
    metadata,
    Column("token_number", String(32), primary_key=True),
    Column("shopper_id", String(32), nullable=False, index=True),
    Column("until_unix_s", Float, nullable=False),
)

greetings = Table(
    "greetings",
    metadata,
    Column("token_number", String(32), primary_key=True),
    Column("shopper_id", String(32), index=True),
    Column("until_unix_s", Float, nullable=False),
)

erasures = Table(
    "erasures",
    metadata,
    Column("shopper_id", String(32), primary_key=True),
    Column("erased_unix_s", Float, nullable=False, index=True),
    # The newest key of the store then: copies of the shopper's data key open until it is destroyed.
    Column("store_key", Number, nullable=False),
)
