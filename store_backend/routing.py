"""Which handler serves which message, and which roles may send it. One row each."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from aisle.messages import Problem, ProblemCode, care, robot, store
from store_backend.catalogue_file import CatalogueFile
from store_backend.database import cause_of
from store_backend.handlers import care as care_handlers
from store_backend.handlers import stock, visits
from store_backend.unit_of_work import UnitOfWork, unit_of_work

log = logging.getLogger(__name__)
Handler = Callable[[Any, UnitOfWork], msgspec.Struct]

_SCREENS = frozenset({"kiosk_ui", "admin"})
_ROBOTS = frozenset({"gateway", "admin"})
_ALL = _SCREENS | _ROBOTS
_STAFF = frozenset({"admin"})

ROUTES: dict[type[msgspec.Struct], tuple[frozenset[str], Handler]] = {
    care.OpenSession: (_SCREENS, visits.open_session),
    care.JourneyEvent: (_SCREENS, visits.record_event),
    care.Feedback: (_SCREENS, visits.take_feedback),
    care.CallPerson: (_ALL, care_handlers.call_person),
    robot.RobotStatus: (_ROBOTS, visits.note_robot),
    store.ProductQuery: (_ALL, stock.find_product),
    store.StockQuery: (_ALL, stock.tell_levels),
    store.StockCounted: (_STAFF, stock.note_count),
    store.ReplicaQuery: (_ALL, stock.offer_replica),
    store.ReplicaChunkQuery: (_ALL, stock.send_chunk),
}


@dataclass(frozen=True, slots=True)
class Backend:
    """Answers requests against one database and one catalogue."""

    engine: Engine
    catalogue: CatalogueFile
    clock: Callable[[], float]

    def answer(self, role: str, command: Any) -> msgspec.Struct:
        """Carry out one command in one transaction; a database that fails is a Problem and leaves nothing behind."""
        roles, handler = ROUTES[type(command)]
        if role not in roles:
            sentence = f"the role {role} may not send {type(command).__name__}"
            return Problem(code=ProblemCode.FORBIDDEN, sentence=sentence)
        try:
            with unit_of_work(self.engine, self.catalogue, self.clock()) as work:
                return handler(command, work)
        except SQLAlchemyError as error:
            return _refused(command, cause_of(error))
        except OverflowError as error:
            # SQLite's driver says so of a number that does not fit into 64 bits.
            return _refused(command, str(error))


def _refused(command: msgspec.Struct, cause: str) -> Problem:
    sentence = f"the database refused {type(command).__name__}: {cause}"[:500]
    log.error("%s", sentence)
    return Problem(code=ProblemCode.FAILED, sentence=sentence)
