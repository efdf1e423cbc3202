"""What each event says about the intent, as numbers that add up over the events.

Sums keep the reasons true: a linear model gives each event exactly its own share. The n-th event of a kind counts 1/n,
so that ten searches do not drown everything else. No feature is negative.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from aisle_inference.intent.cues import cues_of
from aisle_inference.intent.events import INTENTS, EventKind, Session, SessionEvent
from aisle_inference.intent.vocabulary import Floats, Vocabulary

_CUE = {intent: f"{intent}_words" for intent in INTENTS}
FEATURES = (
    *(kind.value for kind in EventKind if kind is not EventKind.STOOD),
    *_CUE.values(),
    "names_ware",
    "names_nothing",
    "same_category_again",
    "tour_at_once",
    "read_long",
    "stood_long",
    "stood_short",
)
COLUMN = {name: column for column, name in enumerate(FEATURES)}
_NAMES_FROM = 0.35
"""From this fit on a word is taken to name a category."""
_AT_ONCE_S = 8.0
_LONG_READING_S = 30.0
_LONG_DWELL_S = 20.0
_READING = frozenset({EventKind.PRODUCT_OPENED, EventKind.DETAILS_READ, EventKind.SIMILAR_ASKED})


@dataclass(slots=True)
class _Before:
    """What happened before an event."""

    counts: Counter[str] = field(default_factory=Counter)
    columns: set[int] = field(default_factory=set)
    last: SessionEvent | None = None


def event_features(session: Session, fits: Sequence[Floats], vocabulary: Vocabulary) -> Floats:
    """Return what each event says (E, F), in the order of FEATURES; `fits` are those of `fits_of`."""
    table = np.zeros((len(session.events), len(FEATURES)))
    before = _Before()
    for row, (event, fit) in enumerate(zip(session.events, fits, strict=True)):
        said = _said(event, fit, before, vocabulary)
        for name, value in said.items():
            before.counts[name] += 1
            table[row, COLUMN[name]] += value / before.counts[name]
        _add_reading(table, row, event, before)
        before.last = event
    return table


def _said(event: SessionEvent, fit: Floats, before: _Before, vocabulary: Vocabulary) -> dict[str, float]:
    if event.kind is EventKind.STOOD:
        return {"stood_long" if event.dwell_s >= _LONG_DWELL_S else "stood_short": 1.0}
    said = {event.kind.value: 1.0}
    if event.kind is EventKind.SEARCHED:
        said |= _said_by_words(event.text, fit)
    if event.kind is EventKind.TOUR_ASKED and before.last is not None and event.at_s - before.last.at_s <= _AT_ONCE_S:
        said["tour_at_once"] = 1.0
    if event.kind is EventKind.PRODUCT_OPENED:
        column = vocabulary.column(event.product_id)
        if column in before.columns:
            said["same_category_again"] = 1.0
        before.columns.update(() if column is None else (column,))
    return said


def _said_by_words(text: str, fit: Floats) -> dict[str, float]:
    said = {_CUE[intent]: float(min(count, 2)) for intent, count in cues_of(text).items()}
    if len(fit):
        said["names_ware" if fit.max() >= _NAMES_FROM else "names_nothing"] = 1.0
    return said


def _add_reading(table: Floats, row: int, event: SessionEvent, before: _Before) -> None:
    """Give the event ahead how long the shopper stayed with it."""
    if before.last is not None and before.last.kind in _READING:
        stayed_s = event.at_s - before.last.at_s
        table[row - 1, COLUMN["read_long"]] = min(1.0, stayed_s / _LONG_READING_S) / before.counts[before.last.kind]
