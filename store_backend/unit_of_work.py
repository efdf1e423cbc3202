"""What a handler may touch. It opens and commits nothing: the transaction belongs to whoever calls the handler."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection

from aisle.messages.operation import Health
from aisle.pilots import Pilots
from store_backend.catalogue_file import CatalogueFile
from store_backend.records.care import CareRecords
from store_backend.records.robots import RobotRecords
from store_backend.records.stock import StockRecords
from store_backend.records.visits import VisitRecords


@dataclass(frozen=True, slots=True)
class UnitOfWork:
    """The records of each domain inside one transaction, the catalogue, and the time."""

    visits: VisitRecords
    care: CareRecords
    stock: StockRecords
    robots: RobotRecords
    catalogue: CatalogueFile
    now_unix_s: float
    pilots: Pilots
    health: Callable[[], Health]


def unit_of_work(
    connection: Connection,
    catalogue: CatalogueFile,
    now_unix_s: float,
    pilots: Pilots,
    health: Callable[[], Health],
) -> UnitOfWork:
    """Return a unit of work on a connection whose transaction is open."""
    return UnitOfWork(
        visits=VisitRecords(connection),
        care=CareRecords(connection),
        stock=StockRecords(connection),
        robots=RobotRecords(connection),
        catalogue=catalogue,
        now_unix_s=now_unix_s,
        pilots=pilots,
        health=health,
    )
