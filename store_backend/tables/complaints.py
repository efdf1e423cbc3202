"""Complaints and suggestions. Texts and contacts are sealed for an owner who can be erased (safe.py)."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, ForeignKey, LargeBinary, String, Table

from store_backend.tables.base import Number, metadata

complaints = Table(
    "complaints",
    metadata,
    Column("complaint_id", Number, primary_key=True, autoincrement=True),
    Column("owner", String(64), nullable=False),
    # The mark of a verified contact; two complaints of one contact have the same.
    Column("contact_mark", String(64), index=True),
    Column("state", String(16), nullable=False),
    Column("joined_into", ForeignKey("complaints.complaint_id")),
    Column("opened_unix_s", Float, nullable=False, index=True),
)

complaint_messages = Table(
    "complaint_messages",
    metadata,
    Column("message_id", Number, primary_key=True, autoincrement=True),
    Column("message_key", String(64), nullable=False, unique=True),
    Column("complaint_id", ForeignKey("complaints.complaint_id"), nullable=False, index=True),
    Column("owner", String(64), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("sealed_text", LargeBinary, nullable=False),
    Column("sealed_contact", LargeBinary),
    Column("contact_is_verified", Boolean, nullable=False),
    Column("happened_unix_s", Float, nullable=False),
)

suggestions = Table(
    "suggestions",
    metadata,
    Column("suggestion_id", Number, primary_key=True, autoincrement=True),
    Column("suggestion_key", String(64), nullable=False, unique=True),
    Column("session_id", String(64), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("owner", String(64), nullable=False),
    Column("sealed_text", LargeBinary, nullable=False),
    Column("given_unix_s", Float, nullable=False),
    # The Monday of its week, in days since 1970-01-01.
    Column("week_day", Number, nullable=False, index=True),
)

suggestion_themes = Table(
    "suggestion_themes",
    metadata,
    Column("suggestion_id", ForeignKey("suggestions.suggestion_id"), primary_key=True),
    Column("theme", String(32), primary_key=True),
)
