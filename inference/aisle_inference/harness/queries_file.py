"""Questions and answers as JSON files, with the shop's own numbers.

Next-basket and novel queries are `{household_id, store_id, ts}`, completion and shelf queries
`{query_id, store_id, ts, given, shelf}`. Numbers that the history does not know are no mistake: the household is then a
new one, the store any store, and a given product is passed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, TypeVar

import msgspec
import numpy as np
from msgspec import Meta

from aisle_inference.harness.queries import (
    ANY_CATEGORY,
    NOTHING,
    UNKNOWN,
    UNKNOWN_CATEGORY,
    Query,
    Task,
)
from aisle_inference.purchases.products import Assortment
from aisle_inference.purchases.table import Indices, Purchases, days_since_epoch, time_of

MOST_BYTES = 500_000_000
MOST_GIVEN = 100_000
MOST_ANSWERS = 500
_INT64 = 2**63

Number = Annotated[int, Meta(ge=-_INT64, le=_INT64 - 1)]
Text = Annotated[str, Meta(max_length=200)]
Predictions = dict[str, dict[str, list[int]]]
Content = TypeVar("Content")


class QueriesProblem(ValueError):
    """A query or prediction file that cannot be used; the message says where and what to do."""


class HouseholdQuery(msgspec.Struct, frozen=True):
    """A question about the next trip of a household; `store_id` is null when unknown."""

    household_id: Number
    store_id: Number | None
    ts: Text


class BasketQuery(msgspec.Struct, frozen=True):
    """A question about a basket in hand; `shelf` is the category that the answer must come from."""

    query_id: Number | Text
    store_id: Number | None
    ts: Text
    given: Annotated[list[Number], Meta(max_length=MOST_GIVEN)]
    shelf: Text | None = None


Asked = HouseholdQuery | BasketQuery


def read_queries(path: Path, task: Task) -> list[Asked]:
    """Read the questions of one task. Raises QueriesProblem."""
    if task in (Task.NEXT_BASKET, Task.NOVEL):
        return list(_decoded(path, list[HouseholdQuery]))
    asked = _decoded(path, list[BasketQuery])
    if task is Task.SHELF:
        for number, query in enumerate(asked):
            if query.shelf is None:
                raise QueriesProblem(f"{path}: query {number} (from 0) has no 'shelf'; name the category of the shelf")
    return list(asked)


def key_of(asked: Asked) -> str:
    """Return the key of the answer in a prediction file."""
    return str(asked.household_id if isinstance(asked, HouseholdQuery) else asked.query_id)


def query_of(asked: Asked, task: Task, purchases: Purchases, assortment: Assortment) -> Query:
    """Return the question with the numbers of the arrays, its truth empty. Raises QueriesProblem for a bad time."""
    time_d = asked_at(asked)
    household = _place(purchases.household_ids, asked.household_id) if isinstance(asked, HouseholdQuery) else UNKNOWN
    given = asked.given if isinstance(asked, BasketQuery) else ()
    return Query(
        task=task,
        household=household,
        store=UNKNOWN if asked.store_id is None else _place(purchases.store_ids, asked.store_id),
        time_d=time_d,
        events_end=0 if household == UNKNOWN else purchases.events_before(household, time_d),
        given=_known(purchases, given),
        category=_category(asked, task, assortment),
        truth=NOTHING,
    )


def asked_of(query: Query, query_id: int, purchases: Purchases, assortment: Assortment) -> Asked:
    """Return a question as a query file has it."""
    store_id = None if query.store == UNKNOWN else int(purchases.store_ids[query.store])
    ts = time_of(query.time_d).isoformat()
    if query.task in (Task.NEXT_BASKET, Task.NOVEL):
        return HouseholdQuery(int(purchases.household_ids[query.household]), store_id, ts)
    shelf = None if query.category < 0 else assortment.category_names[query.category]
    return BasketQuery(query_id, store_id, ts, purchases.product_ids[query.given].tolist(), shelf)


def write_queries(path: Path, asked: Sequence[Asked]) -> None:
    """Write questions as one JSON list."""
    path.write_bytes(msgspec.json.encode(asked))


def write_predictions(path: Path, task: Task, answers: Iterable[tuple[str, Sequence[int]]]) -> None:
    """Write the product numbers of each key, best first; a key that comes twice keeps its last answer."""
    lists = {key: list(products)[:MOST_ANSWERS] for key, products in answers}
    path.write_bytes(msgspec.json.encode({task.key: lists}))


def read_predictions(path: Path, task: Task) -> dict[str, list[int]]:
    """Read the answers of one task. Raises QueriesProblem."""
    predictions = _decoded(path, Predictions)
    if task.key not in predictions:
        found = ", ".join(sorted(predictions)) or "nothing"
        raise QueriesProblem(f"{path}: holds {found}, not {task.key!r}; predict with --task {task.value}")
    return predictions[task.key]


def ranked_of(
    predictions: Mapping[str, Sequence[int]], keys: Sequence[str], purchases: Purchases, limit: int
) -> Indices:
    """Return the answers of these keys as product indices (n, limit), best first.

    -1 stands for an unknown product, which costs its place, and after the end of a list.
    """
    ranked = np.full((len(keys), limit), UNKNOWN, dtype=np.int32)
    for row, key in enumerate(keys):
        answers = np.array(predictions.get(key, ())[:limit], dtype=np.int64)
        ranked[row, : len(answers)] = _places(purchases, answers)
    return ranked


def _decoded(path: Path, kind: type[Content]) -> Content:
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise QueriesProblem(f"{path}: has {size} bytes, at most {MOST_BYTES} are read; split the file")
        return msgspec.json.decode(path.read_bytes(), type=kind, strict=False)
    except OSError as error:
        raise QueriesProblem(f"{path}: cannot be read: {error.strerror}") from error
    except RecursionError as error:
        raise QueriesProblem(f"{path}: is nested too deeply; give a plain list of queries") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise QueriesProblem(f"{path}: {error}") from error


def asked_at(asked: Asked) -> float:
    """Return when it is asked, in days since EPOCH. Raises QueriesProblem."""
    try:
        # The shop's wall clock is meant, whatever zone the file writes behind it.
        return days_since_epoch(datetime.fromisoformat(asked.ts.strip()).replace(tzinfo=None))
    except ValueError as error:
        raise QueriesProblem(
            f"query {key_of(asked)!r}: ts {asked.ts!r} is no time; write it like 2017-10-01T09:30:00"
        ) from error


def _place(ids: np.ndarray[tuple[int], np.dtype[np.int64]], number: int) -> int:
    place = int(np.searchsorted(ids, number))
    return place if place < len(ids) and ids[place] == number else UNKNOWN


def _places(purchases: Purchases, product_ids: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Indices:
    ids = purchases.product_ids
    if not len(ids):
        return np.full(len(product_ids), UNKNOWN, dtype=np.int32)
    places: Indices = np.minimum(np.searchsorted(ids, product_ids), len(ids) - 1).astype(np.int32)
    places[ids[places] != product_ids] = UNKNOWN
    return places


def _known(purchases: Purchases, product_ids: Sequence[int]) -> Indices:
    places: Indices = np.unique(_places(purchases, np.array(product_ids, dtype=np.int64)))
    known: Indices = places[places != UNKNOWN]
    return known


def _category(asked: Asked, task: Task, assortment: Assortment) -> int:
    if task is not Task.SHELF or isinstance(asked, HouseholdQuery) or asked.shelf is None:
        return ANY_CATEGORY
    code = assortment.category_of(asked.shelf)
    return UNKNOWN_CATEGORY if code is None else code
