"""The same work in FastAPI: one read and one durable insert into SQLite a request, over HTTP without encryption."""

from __future__ import annotations

import importlib.util
import multiprocessing
import selectors
import socket
import sqlite3
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from benchmarks.rows import BenchmarkProblem, Row

_START_S = 30.0
_READ = b"GET /events HTTP/1.1\r\nHost: peer\r\n\r\n"


def is_installed() -> bool:
    """Tell whether the peer is here; it comes with the packages for tests alone."""
    return all(importlib.util.find_spec(name) for name in ("fastapi", "uvicorn"))


def run_peer(folder: Path, clients: int, quick: bool) -> list[Row]:
    """Measure one client's reads and writes, and the writes of many."""
    count, duration_s = (300, 5.0) if quick else (2_000, 20.0)
    with _running(folder / "peer.sqlite") as port:
        with _connected(port, 1) as (one,):
            read_ms = 1e3 * float(np.median([_ask_s(one, _READ) for _ in range(count)]))
            write_ms = 1e3 * float(np.median([_ask_s(one, _event()) for _ in range(count)]))
        with _connected(port, clients) as many:
            rate_per_s = _all_at_once(many, duration_s)
    note = "SQLite, HTTP/1.1 kept alive, one commit a request"
    return [
        Row("peer FastAPI: read, p50", read_ms, "ms", note=note),
        Row("peer FastAPI: one durable write, p50", write_ms, "ms"),
        Row(f"peer FastAPI: durable writes of {clients} clients", rate_per_s, "/s"),
    ]


@contextmanager
def _running(database: Path) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(str(database), port), daemon=True)
    process.start()
    try:
        _wait_for(port)
        yield port
    finally:
        process.kill()
        process.join()


def serve(database: str, port: int) -> None:
    """Run the peer's process."""
    import uvicorn

    uvicorn.run(_application(database), host="127.0.0.1", port=port, log_level="error", access_log=False)


def _application(database: str) -> Any:
    from fastapi import Body, FastAPI

    # The same settings as the backend's; one connection, because the handlers are coroutines of one thread.
    connection = sqlite3.connect(database, isolation_level=None, check_same_thread=False)
    for statement in (
        "PRAGMA journal_mode=WAL",
        "PRAGMA synchronous=FULL",
        "CREATE TABLE events (number INTEGER PRIMARY KEY, event_key TEXT UNIQUE, session_id TEXT, outcome TEXT)",
    ):
        connection.execute(statement)
    application = FastAPI()

    async def add(event_key: str = Body(), session_id: str = Body(), outcome: str = Body()) -> dict[str, int | None]:
        added = connection.execute(
            "INSERT INTO events (event_key, session_id, outcome) VALUES (?, ?, ?)", (event_key, session_id, outcome)
        )
        return {"event_id": added.lastrowid}

    async def tell() -> dict[str, int | None]:
        (newest,) = connection.execute("SELECT max(number) FROM events").fetchone()
        return {"event_id": newest}

    application.post("/events")(add)
    application.get("/events")(tell)
    return application


def _event() -> bytes:
    body = msgspec.json.encode({"event_key": uuid.uuid4().hex, "session_id": "visit-1", "outcome": "found"})
    head = (
        f"POST /events HTTP/1.1\r\nHost: peer\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _wait_for(port: int) -> None:
    until_s = time.monotonic() + _START_S
    while time.monotonic() < until_s:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            time.sleep(0.05)
        else:
            return
    raise BenchmarkProblem("FastAPI did not start")


@contextmanager
def _connected(port: int, count: int) -> Iterator[list[socket.socket]]:
    with ExitStack() as stack:
        many = [stack.enter_context(socket.create_connection(("127.0.0.1", port))) for _ in range(count)]
        for one in many:
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield many


def _ask_s(to: socket.socket, request: bytes) -> float:
    began_s = time.perf_counter()
    to.sendall(request)
    _receive(to)
    return time.perf_counter() - began_s


def _receive(to: socket.socket) -> None:
    """Take one reply; all of them are short and have a length."""
    content = b""
    while True:
        content += to.recv(65_536)
        head, end, body = content.partition(b"\r\n\r\n")
        if end and len(body) >= int(head.lower().partition(b"content-length:")[2].split()[0]):
            break
    if not content.startswith(b"HTTP/1.1 200"):
        raise BenchmarkProblem(f"FastAPI answered {content[:200]!r}")


def _all_at_once(many: list[socket.socket], duration_s: float) -> float:
    """Let every client ask again as soon as it is answered; return answers a second."""
    by_number = {one.fileno(): one for one in many}
    with selectors.DefaultSelector() as selector:
        for one in many:
            selector.register(one, selectors.EVENT_READ)
            one.sendall(_event())
        began_s, answered = time.perf_counter(), 0
        while (now_s := time.perf_counter()) < began_s + duration_s:
            for key, _ in selector.select(1.0):
                one = by_number[key.fd]
                _receive(one)
                one.sendall(_event())
                answered += 1
    return answered / (now_s - began_s)
