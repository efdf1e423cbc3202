"""The one collection that every table belongs to, and the column types that both databases understand alike."""

from __future__ import annotations

from sqlalchemy import BigInteger, Integer, MetaData

metadata = MetaData()

# The migration that makes the tables as they stand here.
TABLES_VERSION = "0010"

# SQLite's INTEGER has 64 bits and numbers rows by itself; PostgreSQL's has 32, too few for an EAN as product number.
Number = BigInteger().with_variant(Integer(), "sqlite")
