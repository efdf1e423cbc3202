"""What a handler may touch. It opens and commits nothing: the transaction belongs to whoever calls the handler."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection

from aisle.messages.operation import Health
from aisle.pilots import NO_PILOTS, Pilots
from store_backend.catalogue_file import CatalogueFile
from store_backend.key_file import StoreKeyFile
from store_backend.records.accesses import AccessRecords
from store_backend.records.card_links import CardLinkRecords
from store_backend.records.care import CareRecords
from store_backend.records.complaints import ComplaintRecords
from store_backend.records.consents import ConsentRecords
from store_backend.records.erasures import ErasureRecords
from store_backend.records.facts import FactRecords
from store_backend.records.journeys import JourneyRecords
from store_backend.records.leases import LeaseRecords
from store_backend.records.orders import OrderRecords
from store_backend.records.reservations import ReservationRecords
from store_backend.records.robots import RobotRecords
from store_backend.records.stock import StockRecords
from store_backend.records.suggestions import SuggestionRecords
from store_backend.records.tasks import TaskRecords
from store_backend.records.tills import TillRecords
from store_backend.records.vault import DataKeyRecords
from store_backend.records.visits import VisitRecords
from store_backend.safe import Safe

READY = Health(is_ready=True, sentence="ready")


@dataclass(frozen=True, slots=True)
class UnitOfWork:
    """The records of each domain inside one transaction, the catalogue, the time, and who asks.

    `role` is the one that the asking peer has shown by its key. It is empty for commands of several that are carried
    out together, and for the backend's own work.
    """

    visits: VisitRecords
    care: CareRecords
    journeys: JourneyRecords
    complaints: ComplaintRecords
    suggestions: SuggestionRecords
    stock: StockRecords
    reservations: ReservationRecords
    orders: OrderRecords
    tills: TillRecords
    leases: LeaseRecords
    tasks: TaskRecords
    robots: RobotRecords
    safe: Safe
    consents: ConsentRecords
    facts: FactRecords
    accesses: AccessRecords
    card_links: CardLinkRecords
    erasures: ErasureRecords
    catalogue: CatalogueFile
    now_unix_s: float
    pilots: Pilots
    health: Callable[[], Health]
    role: str


def unit_of_work(
    connection: Connection,
    catalogue: CatalogueFile,
    key_file: StoreKeyFile | None,
    now_unix_s: float,
    pilots: Pilots = NO_PILOTS,
    health: Callable[[], Health] = lambda: READY,
    role: str = "",
) -> UnitOfWork:
    """Return a unit of work on a connection whose transaction is open."""
    return UnitOfWork(
        visits=VisitRecords(connection),
        care=CareRecords(connection),
        journeys=JourneyRecords(connection),
        complaints=ComplaintRecords(connection),
        suggestions=SuggestionRecords(connection),
        stock=StockRecords(connection),
        reservations=ReservationRecords(connection),
        orders=OrderRecords(connection),
        tills=TillRecords(connection),
        leases=LeaseRecords(connection),
        tasks=TaskRecords(connection),
        robots=RobotRecords(connection),
        safe=Safe(DataKeyRecords(connection), key_file, now_unix_s),
        consents=ConsentRecords(connection),
        facts=FactRecords(connection),
        accesses=AccessRecords(connection),
        card_links=CardLinkRecords(connection),
        erasures=ErasureRecords(connection),
        catalogue=catalogue,
        now_unix_s=now_unix_s,
        pilots=pilots,
        health=health,
        role=role,
    )
