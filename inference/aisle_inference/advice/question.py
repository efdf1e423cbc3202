"""One request in the numbers of the lore."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from aisle_inference.harness.queries import ANY_CATEGORY, Task
from aisle_inference.purchases.table import Indices
from aisle_inference.ranking.contexts import Contexts, Values


@dataclass(frozen=True, slots=True)
class OwnEvents:
    """E earlier purchases of one shopper: product, how many days ago, and how many pieces (E,)."""

    product: Indices
    age_d: Values
    quantity: Values


NO_EVENTS = OwnEvents(np.empty(0, dtype=np.int32), np.empty(0), np.empty(0))


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: products as indices into the lore, the time in days since EPOCH by the shop's clock.

    `store` is -1 where the lore does not know the store; `category` is ANY_CATEGORY except on a shelf.
    """

    task: Task
    time_d: float
    store: int
    given: Indices
    own: OwnEvents = NO_EVENTS
    category: int = ANY_CATEGORY

    def contexts(self, products: int) -> Contexts:
        """Return this question alone, over P products, as the ranking reads it."""
        return contexts_of([self], products)


def contexts_of(questions: Sequence[Question], products: int) -> Contexts:
    """Return several questions over P products as the ranking reads them.

    Purchases of a product on one day are one event, and all of a day are one trip, as where the ranking was learnt.
    """
    trips = [_trips(question) for question in questions]
    start = np.concatenate(([0], np.cumsum([len(each.product) for each in trips]))).astype(np.int64)
    store = np.array([question.store for question in questions], dtype=np.int32)
    query = np.repeat(np.arange(len(questions), dtype=np.int32), np.diff(start))
    return Contexts(
        products=products,
        time_d=np.array([question.time_d for question in questions], dtype=np.float64),
        store=store,
        category=np.array([question.category for question in questions], dtype=np.int32),
        given=tuple(question.given for question in questions),
        start=start,
        query=query,
        product=_whole([each.product for each in trips]),
        age_d=_real([each.age_d for each in trips]),
        age_trips=_real([each.age_trips for each in trips]),
        there=store[query],
        trip_size=_whole([each.size for each in trips]),
        quantity=_real([each.quantity for each in trips]),
    )


@dataclass(frozen=True, slots=True)
class _Trips:
    product: Indices
    age_d: Values
    age_trips: Values
    size: Indices
    quantity: Values


_NO_TRIPS = _Trips(np.empty(0, dtype=np.int32), np.empty(0), np.empty(0), np.empty(0, dtype=np.int32), np.empty(0))


def _trips(question: Question) -> _Trips:
    """Return a shopper's events, oldest first; those of one day have the age of its first."""
    own = question.own
    if not len(own.product):
        return _NO_TRIPS
    day = np.floor(question.time_d - own.age_d).astype(np.int64)
    order = np.lexsort((own.product, day))
    product, day, age_d, quantity = own.product[order], day[order], own.age_d[order], own.quantity[order]
    new_day = _changes(day)
    event = np.flatnonzero(new_day | _changes(product))
    trip = np.cumsum(new_day) - 1
    first = np.flatnonzero(new_day)
    eldest, pieces = np.maximum.reduceat(age_d, first), np.add.reduceat(quantity, event)
    of_event = trip[event]
    sizes = np.bincount(of_event, minlength=len(first)).astype(np.int32)
    return _Trips(
        product[event], eldest[of_event], (len(first) - 1 - of_event).astype(np.float64), sizes[of_event], pieces
    )


def _changes(values: npt.NDArray[np.integer]) -> npt.NDArray[np.bool_]:
    """Return where a value differs from the one before; the first does."""
    changes = np.ones(len(values), dtype=np.bool_)
    changes[1:] = values[1:] != values[:-1]
    return changes


def _whole(parts: Sequence[Indices]) -> Indices:
    return np.concatenate([*parts, np.empty(0, dtype=np.int32)])


def _real(parts: Sequence[Values]) -> Values:
    return np.concatenate([*parts, np.empty(0)])
