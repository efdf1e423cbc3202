"""One transaction a command: what is acknowledged is on the disk, what failed left nothing behind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import SQLAlchemyError

from store_backend.catalogue_file import CatalogueFile
from store_backend.tables import metadata


class DatabaseProblem(RuntimeError):
    """The database cannot be used; the sentence says which and what to do."""


@dataclass(frozen=True, slots=True)
class UnitOfWork:
    """What a handler may touch: a connection inside a transaction, the catalogue, and the time."""

    connection: Connection
    catalogue: CatalogueFile
    now_unix_s: float


def open_database(url: str) -> Engine:
    """Connect and create missing tables. Raises DatabaseProblem."""
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _make_durable)
    try:
        metadata.create_all(engine)
    except SQLAlchemyError as error:
        cause = getattr(error, "orig", None) or error
        raise DatabaseProblem(f"the database {engine.url!r} cannot be used: {cause}; "
                              "restore it from a backup, or move it away to start with an empty one") from error
    return engine


def _make_durable(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=2000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


@contextmanager
def unit_of_work(engine: Engine, catalogue: CatalogueFile, now_unix_s: float) -> Iterator[UnitOfWork]:
    """Open a transaction that commits at the end of the block and rolls back on any error."""
    with engine.begin() as connection:
        yield UnitOfWork(connection, catalogue, now_unix_s)
