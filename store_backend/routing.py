"""Which handler serves which message, whether it reads or writes, and which roles may send it. One row each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

import msgspec

from aisle.messages import Problem, ProblemCode, care, complaints, journey, memory, robot, staff, store
from store_backend.handlers import (
    alerts,
    backlog,
    cards,
    consent,
    erasure,
    journeys,
    reports,
    robots,
    stock,
    threads,
    visits,
)
from store_backend.handlers import care as care_handlers
from store_backend.handlers import memory as memory_handlers
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
_SHOPPERS = frozenset({"kiosk_ui", "web", "admin"})
_PHONES = frozenset({"web", "admin"})
_SELLERS = _SHOPPERS | {"till"}
_READERS = _SHOPPERS | {"gateway"}

ROUTES: dict[type[msgspec.Struct], Route] = {
    care.OpenSession: Route(_WRITE, _SCREENS, visits.open_session),
    care.JourneyEvent: Route(_WRITE, _SCREENS, visits.record_event),
    care.JourneyEvents: Route(_WRITE, _SCREENS, visits.record_events),
    care.Feedback: Route(_WRITE, _SCREENS, visits.take_feedback),
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
    complaints.BacklogQuery: Route(_READ, _STAFF, backlog.show),
    complaints.ThemesQuery: Route(_READ, _STAFF, backlog.count),
    robot.RobotStatus: Route(_WRITE, _ROBOTS, robots.note_robot),
    store.ProductQuery: Route(_READ, _ALL, stock.find_product),
    store.StockQuery: Route(_READ, _ALL, stock.tell_levels),
    store.StockCounted: Route(_WRITE, _STAFF, stock.note_count),
    store.ReplicaQuery: Route(_READ, _ALL, stock.offer_replica),
    store.ReplicaChunkQuery: Route(_READ, _ALL, stock.send_chunk),
    memory.WordingsQuery: Route(_READ, _SHOPPERS, consent.tell_wordings),
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
