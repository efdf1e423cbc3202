"""A small store for the tests of the intent, and a model that practised in it."""

from __future__ import annotations

from functools import cache

from aisle_inference.intent.answer import TrainedModel
from aisle_inference.intent.events import EventKind, Session, SessionEvent
from aisle_inference.intent.practice import Ground, PracticeSettings, ground_of, practise
from tests.catalogue.samples import CATEGORIES, PRODUCTS, SYNONYMS

SETTINGS = PracticeSettings(training=800, held_out=500, test=400, seed=3)


@cache
def ground() -> Ground:
    return ground_of(PRODUCTS, CATEGORIES, SYNONYMS)


@cache
def model() -> TrainedModel:
    return practise(ground(), SETTINGS)


def event(kind: EventKind, at_s: float = 1.0, **changes: object) -> SessionEvent:
    return SessionEvent(kind=kind, at_s=at_s, **changes)  # type: ignore[arg-type]


def search(text: str, at_s: float = 1.0) -> SessionEvent:
    return SessionEvent(kind=EventKind.SEARCHED, at_s=at_s, text=text)


def session(*events: SessionEvent, language: str = "en") -> Session:
    return Session(events=events, language=language)
