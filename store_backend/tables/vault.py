"""The vault: one wrapped data key for each owner of personal data."""

from __future__ import annotations

from sqlalchemy import Column, Float, LargeBinary, String, Table

from store_backend.tables.base import Number, metadata

data_keys = Table(
    "data_keys",
    metadata,
    Column("owner", String(64), primary_key=True),
    Column("content", LargeBinary, nullable=False),
    Column("wrapped_by", Number, nullable=False),
    Column("made_unix_s", Float, nullable=False),
)
