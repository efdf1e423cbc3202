"""A long history of overlapping requests under faults, checked for one order that explains every reply.

What is asked is a `Workload` with a model of its own: the counts of stock as registers, or reservations of a few units
that many want, of which no more may ever be held than there are.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Protocol

import msgspec

from aisle.bus import RequestClient
from aisle.messages import Problem, ProblemCode, pickup
from aisle.messages.store import ProductLine, StockCounted, StockLevels, StockQuery
from apps.faults.backend.crowd import Answered, Crowd
from apps.faults.backend.linearizable import FOREVER_S, Operation, violations
from apps.faults.backend.process import BackendProcess, FaultProblem, clients, running

CLIENTS = 20
_FINISH_S = 30.0
_FAULT_EVERY_S = (3.0, 6.0)
_PAUSE_S = 0.4


class Workload(Protocol):
    """Which requests a history is made of, and the model that says which replies are possible.

    `final` are refusals that are answers too.
    """

    final: ClassVar[frozenset[ProblemCode]]

    def prepare(self, client: RequestClient) -> None:
        """Bring every object to its initial state."""

    def request(self, chance: random.Random) -> msgspec.Struct:
        """Draw a request."""

    def partition(self, request: msgspec.Struct) -> Hashable:
        """Return the object that a request is about."""

    def initial(self, partition: Hashable) -> Hashable:
        """Return the state of an object before the history."""

    def apply(self, state: Hashable, operation: Operation) -> tuple[bool, Hashable]:
        """Return whether a reply is possible in a state, and the state after it."""


@dataclass(frozen=True, slots=True)
class StockCounts:
    """Each product's count is a register: a query must tell the newest count that was noted."""

    product_ids: tuple[int, ...]
    writes: float = 0.5
    final: ClassVar[frozenset[ProblemCode]] = frozenset()

    def prepare(self, client: RequestClient) -> None:
        """Count every product as none."""
        _count(client, self.product_ids, 0)

    def request(self, chance: random.Random) -> msgspec.Struct:
        """Draw a count or a query."""
        product_id = chance.choice(self.product_ids)
        if chance.random() < self.writes:
            return StockCounted(product_id=product_id, count=chance.randint(1, 100_000))
        return StockQuery(product_ids=(product_id,))

    def partition(self, request: msgspec.Struct) -> Hashable:
        """Return the product."""
        return request.product_id if isinstance(request, StockCounted) else _asked(request)

    def initial(self, partition: Hashable) -> Hashable:
        """Return that there is none."""
        return 0

    def apply(self, state: Hashable, operation: Operation) -> tuple[bool, Hashable]:
        """A count is always possible and replaces the state; a query must tell the state."""
        if isinstance(operation.request, StockCounted):
            return True, operation.request.count
        reply = operation.reply
        return isinstance(reply, StockLevels) and reply.levels[0].count == state, state


@dataclass(frozen=True, slots=True)
class Reservations:
    """Of each product a few units are there: what is held of them may never be more, and a query tells what is free.

    The state of a product is which reservations hold how many of it. Each is given back once at most.
    """

    product_ids: tuple[int, ...]
    units: int = 6
    most: int = 3
    made: list[pickup.Reserve] = field(default_factory=list)
    final: ClassVar[frozenset[ProblemCode]] = frozenset({ProblemCode.SOLD_OUT, ProblemCode.NOT_FOUND})

    def prepare(self, client: RequestClient) -> None:
        """Count the same few of every product."""
        _count(client, self.product_ids, self.units)

    def request(self, chance: random.Random) -> msgspec.Struct:
        """Draw a reservation, one that is given back, or a query."""
        kind = chance.random()
        if kind < 0.4 and self.made:
            # The product goes along in the number, so that a history can be taken apart.
            given_back = self.made.pop(chance.randrange(len(self.made)))
            return pickup.ReleaseReservation(reservation_id=given_back.reservation_id)
        product_id = chance.choice(self.product_ids)
        if kind < 0.6:
            return StockQuery(product_ids=(product_id,))
        line = ProductLine(product_id=product_id, quantity=chance.randint(1, self.most))
        number = f"{product_id}-{chance.getrandbits(64):x}"
        self.made.append(pickup.Reserve(reservation_id=number, lines=(line,), hold_s=3600.0))
        return self.made[-1]

    def partition(self, request: msgspec.Struct) -> Hashable:
        """Return the product."""
        if isinstance(request, pickup.Reserve | pickup.ReleaseReservation):
            return int(request.reservation_id.split("-")[0])
        return _asked(request)

    def initial(self, partition: Hashable) -> Hashable:
        """Return that nothing is held."""
        return frozenset[tuple[str, int]]()

    def apply(self, state: Hashable, operation: Operation) -> tuple[bool, Hashable]:
        """Follow the rules of a shelf: hold what is free, give back what is held, tell what is free."""
        assert isinstance(state, frozenset)
        request, reply = operation.request, operation.reply
        free = self.units - sum(quantity for _, quantity in state)
        # Of a refusal that was repeated, an attempt may have been carried out: then as if it had been answered.
        is_done = not isinstance(reply, Problem) or operation.ended_s == FOREVER_S
        if isinstance(request, pickup.Reserve):
            quantity = request.lines[0].quantity
            after = state | {(request.reservation_id, quantity)}
            return (quantity <= free, after) if is_done else (quantity > free, state)
        if isinstance(request, pickup.ReleaseReservation):
            held = {one for one in state if one[0] == request.reservation_id}
            return (bool(held), state - held) if is_done else (not held, state)
        return isinstance(reply, StockLevels) and reply.levels[0].available == free, state


def _count(client: RequestClient, product_ids: Sequence[int], count: int) -> None:
    for product_id in product_ids:
        reply = client.ask(StockCounted(product_id=product_id, count=count))
        if isinstance(reply, Problem):
            raise FaultProblem(f"product {product_id} cannot be counted: {reply.sentence}")


def _asked(request: msgspec.Struct) -> Hashable:
    return request.product_ids[0] if isinstance(request, StockQuery) else None


@dataclass(slots=True)
class Checked:
    """What came of a history."""

    operations: int = 0
    repeated: int = 0
    kills: int = 0
    pauses: int = 0
    objects: int = 0
    seconds: float = 0.0
    broken: list[Hashable] = field(default_factory=list)


def play(
    backend: BackendProcess, workload: Workload, operations: int, seed: int, tell: Callable[[int], None]
) -> Checked:
    """Play a history while the backend is killed and held still in turns, then check it."""
    chance, result = random.Random(seed), Checked()  # noqa: S311
    asked: dict[str, msgspec.Struct] = {}

    def make(_client: int, key: str, _attempt: int) -> msgspec.Struct:
        return asked.setdefault(key, workload.request(chance))

    with running(backend), clients(backend, CLIENTS) as many:
        workload.prepare(many[0])
        crowd, began_s = Crowd(many, make, operations, "h", workload.final), time.monotonic()
        while crowd.begun < operations:
            _until_fault(crowd, chance.uniform(*_FAULT_EVERY_S))
            if crowd.begun < operations or result.kills == 0:
                _break(backend, result)
            tell(len(crowd.answered))
        if not crowd.finish(_FINISH_S):
            raise FaultProblem("some requests were never answered")
        result.seconds = time.monotonic() - began_s
    history = [_operation(one, asked[one.key], workload) for one in crowd.answered]
    result.operations, result.objects = len(history), len({one.partition for one in history})
    result.repeated = sum(one.attempts > 1 for one in crowd.answered)
    result.broken = violations(history, workload.initial, workload.apply)
    return result


def _until_fault(crowd: Crowd, seconds: float) -> None:
    until_s, most = time.monotonic() + seconds, crowd.most
    # Near the end the fault comes while requests are still under way.
    crowd.run(lambda: time.monotonic() >= until_s or crowd.begun == most)


def _break(backend: BackendProcess, result: Checked) -> None:
    if result.pauses < result.kills:
        result.pauses += 1
        backend.pause(_PAUSE_S)
    else:
        result.kills += 1
        backend.kill()
        backend.start()


def _operation(one: Answered, request: msgspec.Struct, workload: Workload) -> Operation:
    return Operation(workload.partition(request), request, one.reply, one.began_s, one.ended_s)
