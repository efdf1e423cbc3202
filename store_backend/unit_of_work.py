"""What a handler may touch. It opens and commits nothing: the transaction belongs to whoever calls the handler."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

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
Records = TypeVar("Records")


class _Of(Generic[Records]):
    """The records of one domain, made when a handler asks for them: of twenty domains a command touches two."""

    def __init__(self, records: Callable[[Connection], Records]) -> None:
        self._records = records

    def __get__(self, work: UnitOfWork, _owner: type[UnitOfWork]) -> Records:
        return self._records(work._connection)


@dataclass(frozen=True, slots=True)
class UnitOfWork:
    """The records of each domain inside one transaction, the catalogue, the time, and who asks.

    `role` is the one that the asking peer has shown by its key. It is empty for commands of several that are carried
    out together, and for the backend's own work.
    """

    visits = _Of(VisitRecords)
    care = _Of(CareRecords)
    journeys = _Of(JourneyRecords)
    complaints = _Of(ComplaintRecords)
    suggestions = _Of(SuggestionRecords)
    stock = _Of(StockRecords)
    reservations = _Of(ReservationRecords)
    orders = _Of(OrderRecords)
    tills = _Of(TillRecords)
    leases = _Of(LeaseRecords)
    tasks = _Of(TaskRecords)
    robots = _Of(RobotRecords)
    consents = _Of(ConsentRecords)
    facts = _Of(FactRecords)
    accesses = _Of(AccessRecords)
    card_links = _Of(CardLinkRecords)
    erasures = _Of(ErasureRecords)

    _connection: Connection
    safe: Safe
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
    safe = Safe(DataKeyRecords(connection), key_file, now_unix_s)
    return UnitOfWork(connection, safe, catalogue, now_unix_s, pilots, health, role)
