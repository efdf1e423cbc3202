"""Replies that were given to writing requests, by their idempotency keys."""

from __future__ import annotations

from sqlalchemy import Column, Float, LargeBinary, String, Table

from store_backend.tables.base import metadata

replies = Table(
    "replies",
    metadata,
    Column("request_key", String(64), primary_key=True),
    Column("role", String(32), primary_key=True),
    Column("content", LargeBinary, nullable=False),
    Column("given_unix_s", Float, nullable=False, index=True),
)
