"""Making a database let go of what was removed from it; each of the two kinds does it in its own way."""

from __future__ import annotations

from contextlib import closing

from sqlalchemy import Engine

_TABLES = ("data_keys", "facts", "consents", "memory_accesses", "card_links")


def scrub(engine: Engine) -> None:
    """Empty SQLite's log into the file, whose freed places are overwritten; free the dead rows of PostgreSQL."""
    if engine.dialect.name == "sqlite":
        with closing(engine.raw_connection()) as raw:
            raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"VACUUM {', '.join(_TABLES)}")
