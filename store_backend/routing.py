"""Which handler serves which message, whether it reads or writes, and which roles may send it. One row each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import msgspec

from aisle.messages import (
    Problem,
    ProblemCode,
    care,
    complaints,
    journey,
    memory,
    operation,
    pickup,
    robot,
    staff,
    store,
    till,
)
from store_backend.handlers import (
    alerts,
    backlog,
    cards,
    consent,
    erasure,
    journeys,
    leases,
    reports,
    reservations,
    robots,
    stock,
    tasks,
    threads,
    tills,
    visits,
)
from store_backend.handlers import care as care_handlers
from store_backend.handlers import memory as memory_handlers
from store_backend.handlers import operation as operation_handlers
from store_backend.handlers import pickup as pickup_handlers
from store_backend.unit_of_work import UnitOfWork

Handler = Callable[[Any, UnitOfWork], msgspec.Struct]
Together = Callable[[Any, UnitOfWork], Sequence[msgspec.Struct]]
"""Carries out a sequence of commands as their handler would one after the other, with one reply each."""


class Access(Enum):
    """LOOK and READ change nothing and are answered at once; WRITE waits for its place in a group that is committed.

    READ sees one state of the database, however often it asks. LOOK asks once at most, and is spared the transaction.
    """

    LOOK = "look"
    READ = "read"
    WRITE = "write"


@dataclass(frozen=True, slots=True)
class Route:
    """How one kind of message is served."""

    access: Access
    roles: frozenset[str]
    handler: Handler
    together: Together | None = None


_LOOK, _READ, _WRITE = Access.LOOK, Access.READ, Access.WRITE
_SCREENS = frozenset({"kiosk_ui", "admin"})
_ROBOTS = frozenset({"gateway", "admin"})
_STAFF = frozenset({"admin"})
# The web server keeps two keys: `web` for shoppers' phones, `admin` for the pages behind the staff's sign-in.
_SHOPPERS = _SCREENS | frozenset({"web"})
_TILLS = frozenset({"till"})
_ALL = _SHOPPERS | _ROBOTS
_PHONES = frozenset({"web", "admin"})
_SELLERS = _SHOPPERS | _TILLS
_READERS = _SHOPPERS | {"gateway"}

ROUTES: dict[type[msgspec.Struct], Route] = {
    care.OpenSession: Route(_WRITE, _SHOPPERS, visits.open_session),
    care.JourneyEvent: Route(_WRITE, _SHOPPERS, visits.record_event, visits.record_each),
    care.JourneyEvents: Route(_WRITE, _SHOPPERS, visits.record_events),
    care.Feedback: Route(_WRITE, _SHOPPERS, visits.take_feedback),
    care.CallPerson: Route(_WRITE, _ALL, care_handlers.call_person),
    journey.JourneyQuery: Route(_READ, _STAFF, journeys.replay),
    journey.VisitsQuery: Route(_READ, _STAFF, journeys.list_visits),
    journey.ScoreQuery: Route(_READ, _STAFF, journeys.score),
    journey.PromptScore: Route(_WRITE, _SHOPPERS, journeys.may_prompt),
    journey.ChecklistQuery: Route(_READ, _STAFF, reports.check),
    journey.ReportQuery: Route(_READ, _STAFF, reports.report),
    staff.QueueQuery: Route(_READ, _STAFF, care_handlers.show_queue),
    staff.ClaimCall: Route(_WRITE, _STAFF, care_handlers.claim_call),
    staff.HandBack: Route(_WRITE, _STAFF, care_handlers.hand_back),
    staff.EndCall: Route(_WRITE, _STAFF, care_handlers.end_call),
    staff.CallQuery: Route(_READ, _ALL, care_handlers.tell_call),
    staff.AlertsQuery: Route(_READ, _STAFF, alerts.show_alerts),
    staff.AcknowledgeAlert: Route(_WRITE, _STAFF, alerts.acknowledge),
    staff.BoardQuery: Route(_READ, _STAFF, alerts.show_board),
    complaints.TakeComplaint: Route(_WRITE, _STAFF | frozenset({"web"}), threads.take),
    complaints.ComplaintsQuery: Route(_READ, _STAFF, threads.show_all),
    complaints.ThreadQuery: Route(_READ, _STAFF, threads.show_thread),
    complaints.JoinComplaints: Route(_WRITE, _STAFF, threads.join),
    complaints.SolveComplaint: Route(_WRITE, _STAFF, threads.solve),
    complaints.EraseContact: Route(_WRITE, _STAFF, threads.erase),
    complaints.TakeSuggestion: Route(_WRITE, _SHOPPERS, backlog.take),
    complaints.TagSuggestion: Route(_WRITE, _STAFF, backlog.tag),
    complaints.EraseSuggestion: Route(_WRITE, _STAFF, backlog.erase),
    complaints.BacklogQuery: Route(_READ, _STAFF, backlog.show),
    complaints.ThemesQuery: Route(_READ, _STAFF, backlog.count),
    robot.RobotStatus: Route(_WRITE, _ROBOTS, robots.note_robot),
    store.ProductQuery: Route(_LOOK, _ALL | _TILLS, stock.find_product),
    store.StockQuery: Route(_LOOK, _ALL, stock.tell_levels),
    store.StockCounted: Route(_WRITE, _STAFF, stock.note_count),
    store.StockDelivered: Route(_WRITE, _STAFF, stock.note_delivery),
    store.StockSold: Route(_WRITE, _TILLS | _STAFF, stock.note_sale),
    store.SubstitutesQuery: Route(_READ, _ALL, stock.find_substitutes),
    pickup.Reserve: Route(_WRITE, _SHOPPERS, reservations.reserve),
    pickup.ReleaseReservation: Route(_WRITE, _SHOPPERS, reservations.release),
    pickup.ReservationQuery: Route(_READ, _SHOPPERS, reservations.tell_reservation),
    pickup.PlaceOrder: Route(_WRITE, _SHOPPERS, pickup_handlers.place_order),
    pickup.CancelOrder: Route(_WRITE, _SHOPPERS, pickup_handlers.cancel_order),
    pickup.MoveOrder: Route(_WRITE, _STAFF, pickup_handlers.move_order),
    pickup.OrderQuery: Route(_READ, _SHOPPERS, pickup_handlers.tell_order),
    pickup.OrdersQuery: Route(_READ, _STAFF, pickup_handlers.tell_orders),
    pickup.StagingQuery: Route(_READ, _STAFF, pickup_handlers.tell_staging),
    till.OfferBasket: Route(_WRITE, _SHOPPERS, tills.offer),
    till.CancelBasket: Route(_WRITE, _SHOPPERS, tills.cancel),
    till.TakeBasket: Route(_WRITE, _TILLS, tills.take),
    till.SellBasket: Route(_WRITE, _TILLS | _STAFF, tills.sell),
    till.RefuseBasket: Route(_WRITE, _TILLS | _STAFF, tills.refuse),
    till.BasketQuery: Route(_READ, _SHOPPERS | _TILLS, tills.tell_basket),
    robot.TakeLease: Route(_WRITE, _ROBOTS, leases.take),
    robot.ReturnLease: Route(_WRITE, _ROBOTS, leases.give_back),
    robot.LeaseQuery: Route(_READ, _ROBOTS, leases.tell_lease),
    robot.StopRobots: Route(_WRITE, _SCREENS | _ROBOTS, leases.stop),
    robot.ReleaseStop: Route(_WRITE, _STAFF, leases.release_stop),
    robot.StopQuery: Route(_READ, _SCREENS | _ROBOTS, leases.tell_stop),
    robot.AddTask: Route(_WRITE, _STAFF, tasks.add),
    robot.NextTask: Route(_WRITE, _ROBOTS, tasks.next_task),
    robot.ReportTask: Route(_WRITE, _ROBOTS, tasks.report),
    robot.EndTask: Route(_WRITE, _STAFF, tasks.end),
    robot.TasksQuery: Route(_READ, _ROBOTS, tasks.tell_tasks),
    store.ReplicaQuery: Route(_LOOK, _ALL, stock.offer_replica),
    store.ReplicaChunkQuery: Route(_LOOK, _ALL, stock.send_chunk),
    memory.WordingsQuery: Route(_LOOK, _SHOPPERS, consent.tell_wordings),
    memory.ChangeConsent: Route(_WRITE, _SHOPPERS, consent.change_consent),
    memory.RememberFact: Route(_WRITE, _SELLERS, memory_handlers.remember_fact),
    memory.CorrectFact: Route(_WRITE, _SHOPPERS, memory_handlers.correct_fact),
    memory.DeleteFact: Route(_WRITE, _SHOPPERS, memory_handlers.delete_fact),
    memory.OpenMemory: Route(_WRITE, _READERS, memory_handlers.open_memory),
    memory.MemoryQuery: Route(_READ, _READERS, memory_handlers.tell_memory),
    memory.EraseShopper: Route(_WRITE, _SHOPPERS, erasure.erase_shopper),
    memory.ErasedQuery: Route(_READ, _ROBOTS, erasure.tell_erased),
    memory.OfferCardLink: Route(_WRITE, _SHOPPERS, cards.offer_card_link),
    memory.LinkCard: Route(_WRITE, _PHONES, cards.link_card),
    memory.OfferGreeting: Route(_WRITE, _SCREENS, cards.offer_greeting),
    memory.Greet: Route(_WRITE, _PHONES, cards.greet),
    memory.GreetingQuery: Route(_READ, _SCREENS, cards.tell_greeting),
    operation.HealthQuery: Route(_LOOK, _ALL, operation_handlers.tell_health),
    operation.PilotsQuery: Route(_LOOK, _ALL, operation_handlers.tell_groups),
}

# Which field of a command names the device that it is for, by the role that sends it.
_DEVICE_FIELDS = {"till": "till_id", "gateway": "robot_id"}
# A stop makes nothing worse, whoever asks for it.
_FOR_OTHERS = (robot.StopRobots,)


def writes(command: msgspec.Struct) -> bool:
    """Tell whether a command changes what is remembered."""
    return ROUTES[type(command)].access is Access.WRITE


def looks(command: msgspec.Struct) -> bool:
    """Tell whether a query asks the database once at most."""
    return ROUTES[type(command)].access is Access.LOOK


def forbidden(role: str, command: msgspec.Struct, device: str = "") -> Problem | None:
    """Say that a role may not send a command, or that a device may not send it for another one; None when it may.

    A key of the whole role, without a device, speaks for all of them.
    """
    if role not in ROUTES[type(command)].roles:
        return _forbidden(f"the role {role} may not send {type(command).__name__}")
    meant = getattr(command, _DEVICE_FIELDS.get(role, ""), device)
    if not device or meant == device or isinstance(command, _FOR_OTHERS):
        return None
    return _forbidden(f"the key of {role}@{device} speaks for {device} alone, not for {meant!r}")


def _forbidden(sentence: str) -> Problem:
    return Problem(code=ProblemCode.FORBIDDEN, sentence=sentence)
