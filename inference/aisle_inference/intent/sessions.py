"""Made-up sessions whose intent is known, because no real ones are there to learn from.

A shopper is drawn with an intent and a product; the steps come from a table for each intent, with steps of another
intent among them, wrong buttons, slips of the finger and an early end. Every figure that comes from these sessions says
how well the model undoes this generator. How well it reads people only labelled real sessions can say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from aisle_inference.intent.events import INTENTS, PRESSED, EventKind, Intent, Session, SessionEvent
from aisle_inference.intent.mixing import Mixing
from aisle_inference.intent.phrases import PHRASES, part_of
from aisle_inference.intent.wares import Wares, draw_language, misspelt
from catalogue.products import Product


@dataclass(frozen=True, slots=True)
class Labelled:
    """A session, the intent behind it, and the category it is about; None where it is about none (paying, a cake)."""

    session: Session
    intent: Intent
    category_id: str | None


_STEPS: dict[Intent, Mapping[EventKind, float]] = {
    Intent.KNOW: {
        EventKind.SEARCHED: 0.28,
        EventKind.PRODUCT_OPENED: 0.28,
        EventKind.DETAILS_READ: 0.2,
        EventKind.SIMILAR_ASKED: 0.08,
        EventKind.CATEGORY_OPENED: 0.08,
        EventKind.STOOD: 0.08,
    },
    Intent.GO: {
        EventKind.CATEGORY_OPENED: 0.3,
        EventKind.SEARCHED: 0.3,
        EventKind.TOUR_ASKED: 0.3,
        EventKind.PRODUCT_OPENED: 0.05,
        EventKind.STOOD: 0.05,
    },
    Intent.BUY: {
        EventKind.SEARCHED: 0.35,
        EventKind.PRODUCT_OPENED: 0.3,
        EventKind.TOUR_ASKED: 0.14,
        EventKind.SOLD_OUT: 0.04,
        EventKind.SIMILAR_ASKED: 0.04,
        EventKind.CATEGORY_OPENED: 0.05,
        EventKind.STOOD: 0.08,
    },
    Intent.DO: {
        EventKind.SEARCHED: 0.35,
        EventKind.HELP_PRESSED: 0.2,
        EventKind.IDEA_OPENED: 0.2,
        EventKind.NOTHING_FOUND: 0.1,
        EventKind.PRODUCT_OPENED: 0.08,
        EventKind.STOOD: 0.07,
    },
}
_PAUSE_FACTOR = {Intent.KNOW: 1.5, Intent.GO: 0.7, Intent.BUY: 1.0, Intent.DO: 1.0}
_OF_A_PRODUCT = frozenset(
    {EventKind.PRODUCT_OPENED, EventKind.DETAILS_READ, EventKind.SIMILAR_ASKED, EventKind.SOLD_OUT}
)
_OF_A_CATEGORY = frozenset({EventKind.CATEGORY_OPENED, EventKind.STOOD})
_WITHOUT_WARE = 0.5
"""How often what a shopper wants done is about no product; and how often a tour goes to a category, not a product."""
_LANGUAGE_NOT_THAT_OF_SCREEN = 0.1


@dataclass(frozen=True, slots=True)
class _Shopper:
    """Somebody with an intent, a product in mind and a language; all further chance comes from `rng`."""

    intent: Intent
    product: Product
    is_about_ware: bool
    language: str
    wares: Wares
    mixing: Mixing
    rng: np.random.Generator

    def chance(self, rate: float) -> bool:
        """Draw whether something of a rate happens."""
        return bool(self.rng.random() < rate)


def made_up_sessions(wares: Wares, mixing: Mixing, count: int, seed: int) -> tuple[Labelled, ...]:
    """Make sessions; the same arguments give the same sessions."""
    rng = np.random.default_rng(seed)
    return tuple(_made_up(_shopper(wares, mixing, rng)) for _ in range(count))


def _shopper(wares: Wares, mixing: Mixing, rng: np.random.Generator) -> _Shopper:
    intent = INTENTS[int(rng.choice(len(INTENTS), p=list(mixing.intents)))]
    is_about_ware = intent is not Intent.DO or bool(rng.random() >= _WITHOUT_WARE)
    return _Shopper(intent, wares.draw(rng), is_about_ware, draw_language(mixing.languages, rng), wares, mixing, rng)


def _made_up(shopper: _Shopper) -> Labelled:
    events: list[SessionEvent] = []
    at_s = 0.0
    if shopper.chance(shopper.mixing.pressed):
        at_s += float(shopper.rng.exponential(3.0))
        events.append(SessionEvent(kind=PRESSED[_pressed(shopper)], at_s=at_s))
    for _ in range(1 + int(shopper.rng.poisson(shopper.mixing.mean_steps - 1.0))):
        at_s += float(shopper.rng.exponential(shopper.mixing.mean_pause_s * _PAUSE_FACTOR[shopper.intent]))
        events.append(_event(shopper, _step(shopper), at_s))
    session = Session(events=tuple(events), language=_screen_language(shopper))
    return Labelled(session, shopper.intent, shopper.product.category_id if shopper.is_about_ware else None)


def _pressed(shopper: _Shopper) -> Intent:
    is_wrong = shopper.chance(shopper.mixing.pressed_wrong)
    return _other_intent(shopper) if is_wrong else shopper.intent


def _other_intent(shopper: _Shopper) -> Intent:
    others = [intent for intent in INTENTS if intent is not shopper.intent]
    return others[int(shopper.rng.integers(len(others)))]


def _screen_language(shopper: _Shopper) -> str:
    return "en" if shopper.chance(_LANGUAGE_NOT_THAT_OF_SCREEN) else shopper.language


def _step(shopper: _Shopper) -> EventKind:
    intent = _other_intent(shopper) if shopper.chance(shopper.mixing.stray) else shopper.intent
    kinds = tuple(_STEPS[intent])
    return kinds[int(shopper.rng.choice(len(kinds), p=list(_STEPS[intent].values())))]


def _event(shopper: _Shopper, kind: EventKind, at_s: float) -> SessionEvent:
    is_elsewhere = not shopper.is_about_ware or shopper.chance(shopper.mixing.elsewhere)
    product = shopper.wares.draw(shopper.rng) if is_elsewhere else shopper.product
    if kind is EventKind.SEARCHED:
        return SessionEvent(kind=kind, at_s=at_s, text=_search(shopper, product))
    if kind in _OF_A_PRODUCT:
        return SessionEvent(kind=kind, at_s=at_s, product_id=product.product_id)
    if kind in _OF_A_CATEGORY:
        dwell_s = min(600.0, float(shopper.rng.exponential(20.0))) if kind is EventKind.STOOD else 0.0
        return SessionEvent(kind=kind, at_s=at_s, category_id=product.category_id, dwell_s=dwell_s)
    if kind is EventKind.TOUR_ASKED and not shopper.chance(_WITHOUT_WARE):
        return SessionEvent(kind=kind, at_s=at_s, product_id=product.product_id)
    return SessionEvent(kind=kind, at_s=at_s)


def _search(shopper: _Shopper, product: Product) -> str:
    called = shopper.wares.called(product, shopper.language, shopper.rng)
    if shopper.chance(shopper.mixing.phrase) or not shopper.is_about_ware:
        phrases = part_of(PHRASES[shopper.intent][shopper.language], shopper.mixing.phrases)
        called = phrases[int(shopper.rng.integers(len(phrases)))].format(called)
    return misspelt(called, shopper.rng) if shopper.chance(shopper.mixing.misspelt) else called
