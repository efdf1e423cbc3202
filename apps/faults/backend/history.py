"""A long history of overlapping requests under faults, checked for one order that explains every reply.

What is asked is a `Workload`: the counts of stock as registers today; another one only needs its own model.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Protocol

import msgspec

from aisle.bus import RequestClient
from aisle.messages import Problem
from aisle.messages.store import StockCounted, StockLevels, StockQuery
from apps.faults.backend.crowd import Answered, Crowd
from apps.faults.backend.linearizable import Operation, violations
from apps.faults.backend.process import BackendProcess, FaultProblem, clients, running

CLIENTS = 20
_FINISH_S = 30.0
_FAULT_EVERY_S = (3.0, 6.0)
_PAUSE_S = 0.4


class Workload(Protocol):
    """Which requests a history is made of, and the model that says which replies are possible."""

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

    def prepare(self, client: RequestClient) -> None:
        """Count every product as none."""
        for product_id in self.product_ids:
            reply = client.ask(StockCounted(product_id=product_id, count=0))
            if isinstance(reply, Problem):
                raise FaultProblem(f"product {product_id} cannot be counted: {reply.sentence}")

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
        crowd, began_s = Crowd(many, make, operations, "h"), time.monotonic()
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
