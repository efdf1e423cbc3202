"""What a handler may touch. It opens and commits nothing: the transaction belongs to whoever calls the handler."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from store_backend.catalogue_file import CatalogueFile
from store_backend.records.care import CareRecords
from store_backend.records.leases import LeaseRecords
from store_backend.records.orders import OrderRecords
from store_backend.records.reservations import ReservationRecords
from store_backend.records.robots import RobotRecords
from store_backend.records.stock import StockRecords
from store_backend.records.tasks import TaskRecords
from store_backend.records.tills import TillRecords
from store_backend.records.visits import VisitRecords


@dataclass(frozen=True, slots=True)
class UnitOfWork:
    """The records of each domain inside one transaction, the catalogue, and the time."""

    visits: VisitRecords
    care: CareRecords
    stock: StockRecords
    reservations: ReservationRecords
    orders: OrderRecords
    tills: TillRecords
    leases: LeaseRecords
    tasks: TaskRecords
    robots: RobotRecords
    catalogue: CatalogueFile
    now_unix_s: float


def unit_of_work(connection: Connection, catalogue: CatalogueFile, now_unix_s: float) -> UnitOfWork:
    """Return a unit of work on a connection whose transaction is open."""
    return UnitOfWork(
        visits=VisitRecords(connection),
        care=CareRecords(connection),
        stock=StockRecords(connection),
        reservations=ReservationRecords(connection),
        orders=OrderRecords(connection),
        tills=TillRecords(connection),
        leases=LeaseRecords(connection),
        tasks=TaskRecords(connection),
        robots=RobotRecords(connection),
        catalogue=catalogue,
        now_unix_s=now_unix_s,
    )
