"""The clients of `aisle bench backend`: many of them on one thread, each with a socket and one request under way."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec
import zmq

from aisle import bus, channels
from aisle.messages import Problem
from benchmarks.rows import BenchmarkProblem

TIMEOUT_S = 20.0
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


def all_at_once(many: list[bus.RequestClient], make: Make, duration_s: float) -> tuple[float, list[float]]:
    """Let every client ask again as soon as it is answered; return answers a second, and how long each took."""
    poller, by_socket = zmq.Poller(), {client.socket: client for client in many}
    sent_s: dict[zmq.Socket[bytes], float] = {}
    taken_s: list[float] = []
    number = 0
    for socket in by_socket:
        poller.register(socket, zmq.POLLIN)
    began_s = time.perf_counter()

    def send(client: bus.RequestClient) -> None:
        nonlocal number
        number += 1
        sent_s[client.socket] = time.perf_counter()
        client.send(make(number), f"{began_s:.6f}-{number}", TIMEOUT_S)

    for client in many:
        send(client)
    while (now_s := time.perf_counter()) < began_s + duration_s:
        for socket, _ in poller.poll(1000):
            for _, reply in by_socket[socket].collect():
                if isinstance(reply, Problem):
                    raise BenchmarkProblem(f"the backend refused a request: {reply.sentence}")
                taken_s.append(time.perf_counter() - sent_s[socket])
                send(by_socket[socket])
    return len(taken_s) / (now_s - began_s), taken_s
