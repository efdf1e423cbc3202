"""Which handler serves which message, whether it reads or writes, and which roles may send it. One row each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

import msgspec

from aisle.messages import Problem, ProblemCode, care, operation, robot, store
from store_backend.handlers import care as care_handlers
from store_backend.handlers import operation as operation_handlers
from store_backend.handlers import robots, stock, visits
from store_backend.unit_of_work import UnitOfWork

Handler = Callable[[Any, UnitOfWork], msgspec.Struct]


class Access(Enum):
    """READ is answered at once and changes nothing; WRITE waits for its place in a group that is committed."""

    READ = "read"
    WRITE = "write"


@dataclass(frozen=True, slots=True)
class Route:
    """How one kind of message is served."""

    access: Access
    roles: frozenset[str]
    handler: Handler


_READ, _WRITE = Access.READ, Access.WRITE
_SCREENS = frozenset({"kiosk_ui", "admin"})
_ROBOTS = frozenset({"gateway", "admin"})
_ALL = _SCREENS | _ROBOTS
_STAFF = frozenset({"admin"})

ROUTES: dict[type[msgspec.Struct], Route] = {
    care.OpenSession: Route(_WRITE, _SCREENS, visits.open_session),
    care.JourneyEvent: Route(_WRITE, _SCREENS, visits.record_event),
    care.JourneyEvents: Route(_WRITE, _SCREENS, visits.record_events),
    care.Feedback: Route(_WRITE, _SCREENS, visits.take_feedback),
    care.CallPerson: Route(_WRITE, _ALL, care_handlers.call_person),
    robot.RobotStatus: Route(_WRITE, _ROBOTS, robots.note_robot),
    store.ProductQuery: Route(_READ, _ALL, stock.find_product),
    store.StockQuery: Route(_READ, _ALL, stock.tell_levels),
    store.StockCounted: Route(_WRITE, _STAFF, stock.note_count),
    store.ReplicaQuery: Route(_READ, _ALL, stock.offer_replica),
    store.ReplicaChunkQuery: Route(_READ, _ALL, stock.send_chunk),
    operation.HealthQuery: Route(_READ, _ALL, operation_handlers.tell_health),
    operation.PilotsQuery: Route(_READ, _ALL, operation_handlers.tell_groups),
}


def writes(command: msgspec.Struct) -> bool:
    """Tell whether a command changes what is remembered."""
    return ROUTES[type(command)].access is Access.WRITE


def forbidden(role: str, command: msgspec.Struct) -> Problem | None:
    """Say that a role may not send a command; None when it may."""
    if role in ROUTES[type(command)].roles:
        return None
    sentence = f"the role {role} may not send {type(command).__name__}"
    return Problem(code=ProblemCode.FORBIDDEN, sentence=sentence)
