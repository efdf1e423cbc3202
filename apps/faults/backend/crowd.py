"""Clients that repeat a request under its key until it is answered, many of them on one thread."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec
import zmq

from aisle.bus import RequestClient
from aisle.messages import Problem, ProblemCode
from apps.faults.backend.linearizable import FOREVER_S

TIMEOUT_S = 3.0
_AGAIN_S = 0.5
_POLL_MS = 20

Make = Callable[[int, str, int], msgspec.Struct]
"""Takes client, key and attempt, returns the message; an attempt may send other content under the same key."""


@dataclass(slots=True)
class Answered:
    """A request and its reply; times are of `time.monotonic`.

    A refusal is not kept by the backend: where a request was repeated, another attempt may have been carried out, so
    that its end is open (infinite).
    """

    client: int
    key: str
    began_s: float
    ended_s: float
    attempts: int
    reply: msgspec.Struct


@dataclass(slots=True)
class _UnderWay:
    key: str
    began_s: float
    sent_s: float
    attempts: int = 1


@dataclass(slots=True)
class Crowd:
    """One request under way for each client, as long as `most` are not begun.

    `final` are refusals that end a request; after any other Problem it is asked again.
    """

    clients: list[RequestClient]
    make: Make
    most: int | None = None
    name: str = "r"
    final: frozenset[ProblemCode] = frozenset()
    answered: list[Answered] = field(default_factory=list)
    begun: int = 0
    _under_way: dict[int, _UnderWay] = field(default_factory=dict)

    @property
    def is_done(self) -> bool:
        """Tell whether all that was begun is answered."""
        return not self._under_way

    def run(self, until: Callable[[], bool], begin: bool = True) -> None:
        """Ask, repeat and collect until a condition holds; with `begin` false nothing new is asked."""
        poller = zmq.Poller()
        for client in self.clients:
            poller.register(client.socket, zmq.POLLIN)
        places = {client.socket: number for number, client in enumerate(self.clients)}
        while not until():
            for number in range(len(self.clients)):
                self._ask(number, begin)
            for socket, _ in poller.poll(_POLL_MS):
                self._collect(places[socket])

    def run_for(self, seconds: float) -> None:
        """Run for a while."""
        until_s = time.monotonic() + seconds
        self.run(lambda: time.monotonic() >= until_s)

    def finish(self, within_s: float) -> bool:
        """Wait until nothing is under way; False when that takes too long."""
        until_s = time.monotonic() + within_s
        self.run(lambda: self.is_done or time.monotonic() >= until_s, begin=False)
        return self.is_done

    def _ask(self, number: int, begin: bool) -> None:
        now_s, waiting = time.monotonic(), self._under_way.get(number)
        if waiting is None:
            if begin and (self.most is None or self.begun < self.most):
                waiting = self._under_way[number] = _UnderWay(f"{self.name}{number}-{self.begun}", now_s, now_s)
                self.begun += 1
                self._send(number, waiting)
        elif now_s - waiting.sent_s > _AGAIN_S:
            waiting.attempts, waiting.sent_s = waiting.attempts + 1, now_s
            self._send(number, waiting)

    def _send(self, number: int, waiting: _UnderWay) -> None:
        body = self.make(number, waiting.key, waiting.attempts)
        self.clients[number].send(body, waiting.key, TIMEOUT_S)

    def _collect(self, number: int) -> None:
        for key, reply in self.clients[number].collect():
            waiting = self._under_way.get(number)
            if waiting is None or waiting.key != key or self._may_succeed_later(reply):
                continue
            del self._under_way[number]
            is_open = isinstance(reply, Problem) and waiting.attempts > 1
            ended_s = FOREVER_S if is_open else time.monotonic()
            self.answered.append(Answered(number, key, waiting.began_s, ended_s, waiting.attempts, reply))

    def _may_succeed_later(self, reply: msgspec.Struct) -> bool:
        return isinstance(reply, Problem) and reply.code not in self.final
