"""One transaction a command: what is acknowledged is on the disk, what failed left nothing behind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Engine

from store_backend.catalogue_file import CatalogueFile
from store_backend.records import Records


@dataclass(frozen=True, slots=True)
class UnitOfWork:
    """What a handler may touch: the records inside a transaction, the catalogue, and the time."""

    records: Records
    catalogue: CatalogueFile
    now_unix_s: float


@contextmanager
def unit_of_work(engine: Engine, catalogue: CatalogueFile, now_unix_s: float) -> Iterator[UnitOfWork]:
    """Open a transaction that commits at the end of the block and rolls back on any error."""
    with engine.begin() as connection:
        yield UnitOfWork(Records(connection), catalogue, now_unix_s)
