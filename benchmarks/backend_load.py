"""The clients of `aisle bench backend`: many of them on one thread, each with a socket and one request under way."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import zmq

from aisle import bus, channels
from aisle.messages import Problem
from benchmarks.rows import BenchmarkProblem

TIMEOUT_S = 20.0
_UNDER_WAY = 4
Make = Callable[[int], msgspec.Struct]


@contextmanager
def clients(keys_dir: Path, count: int) -> Iterator[list[bus.RequestClient]]:
    """Connect clients as an administrator, who may send everything."""
    with ExitStack() as stack:
        identity = bus.Identity("admin", keys_dir)
        yield [stack.enter_context(bus.request_client(channels.BACKEND, identity)) for _ in range(count)]


def ask(client: bus.RequestClient, body: msgspec.Struct) -> msgspec.Struct:
    """Ask and return the reply. Raises BenchmarkProblem when it is a Problem."""
    reply: msgspec.Struct = client.ask(body, timeout_s=TIMEOUT_S, tries=1)
    if isinstance(reply, Problem):
        raise BenchmarkProblem(f"the backend refused {type(body).__name__}: {reply.sentence}")
    return reply


def one_by_one_s(client: bus.RequestClient, make: Make, count: int) -> list[float]:
    """Return how long each of `count` requests took, one after the other."""
    taken_s = []
    for number in range(count):
        body = make(number)
        began_s = time.perf_counter()
        ask(client, body)
        taken_s.append(time.perf_counter() - began_s)
    return taken_s


def in_flight(client: bus.RequestClient, bodies: Sequence[msgspec.Struct], expected: msgspec.Struct) -> float:
    """Send requests with a few under way at a time; return how many were answered a second, each as expected."""
    began_s, sent, answered = time.perf_counter(), 0, 0
    while answered < len(bodies):
        for number in range(sent, min(len(bodies), answered + _UNDER_WAY)):
            client.send(bodies[number], f"{began_s:.6f}-{number}", TIMEOUT_S)
            sent = number + 1
        if not client.socket.poll(int(1000 * TIMEOUT_S)):
            raise BenchmarkProblem(f"the backend did not answer within {TIMEOUT_S:.0f} s")
        for _, reply in client.collect():
            if reply != expected:
                raise BenchmarkProblem(f"the backend answered with {reply}")
            answered += 1
    return answered / (time.perf_counter() - began_s)


@dataclass(slots=True)
class _Crowd:
    """Clients with one request under way each."""

    by_socket: dict[zmq.Socket[bytes], bus.RequestClient]
    make: Make
    sent_s: dict[zmq.Socket[bytes], float] = field(default_factory=dict)
    taken_s: list[float] = field(default_factory=list)
    number: int = 0

    def send(self, socket: zmq.Socket[bytes]) -> None:
        self.sent_s[socket] = time.perf_counter()
        self.number += 1
        self.by_socket[socket].send(self.make(self.number), uuid.uuid4().hex, TIMEOUT_S)

    def take(self, socket: zmq.Socket[bytes]) -> None:
        for _, reply in self.by_socket[socket].collect():
            if isinstance(reply, Problem):
                raise BenchmarkProblem(f"the backend refused a request: {reply.sentence}")
            self.taken_s.append(time.perf_counter() - self.sent_s[socket])
            self.send(socket)


def all_at_once(many: list[bus.RequestClient], make: Make, duration_s: float) -> tuple[float, list[float]]:
    """Let every client ask again as soon as it is answered; return answers a second, and how long each took."""
    crowd, poller = _Crowd({client.socket: client for client in many}, make), zmq.Poller()
    for socket in crowd.by_socket:
        poller.register(socket, zmq.POLLIN)
        crowd.send(socket)
    began_s = time.perf_counter()
    while (now_s := time.perf_counter()) < began_s + duration_s:
        for socket, _ in poller.poll(1000):
            crowd.take(socket)
    return len(crowd.taken_s) / (now_s - began_s), crowd.taken_s
