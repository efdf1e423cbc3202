"""What lies under the backend, bare: round trips without a handler, and inserts without anything around them."""

from __future__ import annotations

import multiprocessing
import socket
import sqlite3
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
import psycopg
import zmq

from benchmarks.rows import Row

GROUP = 128
_MESSAGE = bytes(200)
_TABLE = "CREATE TABLE floor (number {serial}, event_key TEXT NOT NULL UNIQUE, session_id TEXT, outcome TEXT)"
_INSERT = "INSERT INTO floor (event_key, session_id, outcome) VALUES ({mark}, {mark}, {mark})"

Write = Callable[[int], None]
"""Inserts so many rows, one statement each, and commits them together."""


def round_trips(count: int) -> list[Row]:
    """Measure an echo over a TCP socket and over ZeroMQ (no CURVE), each with a process of its own behind it."""
    rows = []
    for name, serve, ask in (("TCP socket", _echo_tcp, _ask_tcp), ("ZeroMQ", _echo_zmq, _ask_zmq)):
        with _peer(serve) as port, ask(port) as trip:
            _times_s(trip, count // 10)
            p50_ms = 1e3 * float(np.median(_times_s(trip, count)))
        rows.append(Row(f"floor: round trip over a {name}, p50", p50_ms, "ms", note="200 bytes, nothing behind it"))
    return rows


def sqlite_floor(folder: Path, quick: bool) -> tuple[list[Row], float]:
    """Measure bare inserts by Python's driver, as durable as the backend's; return rows, and inserts/s in groups."""
    with closing(sqlite3.connect(folder / "floor.sqlite", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute(_TABLE.format(serial="INTEGER PRIMARY KEY"))

        def write(count: int) -> None:
            connection.execute("BEGIN IMMEDIATE")
            for _ in range(count):
                connection.execute(_INSERT.format(mark="?"), _row())
            connection.execute("COMMIT")

        return _floor("SQLite", write, quick)


def postgres_floor(url: str, quick: bool) -> tuple[list[Row], float]:
    """Measure bare inserts by psycopg; return rows, and inserts/s in groups."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_TABLE.format(serial="SERIAL PRIMARY KEY").encode())

        def write(count: int) -> None:
            with connection.transaction():
                for _ in range(count):
                    connection.execute(_INSERT.format(mark="%s").encode(), _row(), prepare=True)

        return _floor("PostgreSQL", write, quick)


def _row() -> tuple[str, str, str]:
    return uuid.uuid4().hex, "visit-1", "found"


def _floor(kind: str, write: Write, quick: bool) -> tuple[list[Row], float]:
    count = 200 if quick else 1_000
    one_ms = 1e3 * float(np.median(_times_s(lambda: write(1), count)))
    group_s = float(np.median(_times_s(lambda: write(GROUP), count // 10)))
    rows = [
        Row(f"floor: {kind}, one bare insert and commit, p50", one_ms, "ms"),
        Row(f"floor: {kind}, bare inserts, {GROUP} a commit", GROUP / group_s, "/s", note="one statement each"),
    ]
    return rows, GROUP / group_s


def _times_s(act: Callable[[], None], count: int) -> list[float]:
    taken_s = []
    for _ in range(count):
        began_s = time.perf_counter()
        act()
        taken_s.append(time.perf_counter() - began_s)
    return taken_s


@contextmanager
def _peer(serve: Callable[[Connection], None]) -> Iterator[int]:
    """Run the answering end in a process of its own as long as the block; yield its port."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(theirs,), daemon=True)
    process.start()
    try:
        yield int(ours.recv())
    finally:
        process.kill()
        process.join()
        ours.close()
        theirs.close()


def _echo_tcp(pipe: Connection) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        pipe.send(server.getsockname()[1])
        peer, _ = server.accept()
        with peer:
            peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while content := peer.recv(len(_MESSAGE)):
                peer.sendall(content)


def _echo_zmq(pipe: Connection) -> None:
    with zmq.Context() as context, context.socket(zmq.ROUTER) as server:
        pipe.send(server.bind_to_random_port("tcp://127.0.0.1"))
        while True:
            server.send_multipart(server.recv_multipart())


@contextmanager
def _ask_tcp(port: int) -> Iterator[Callable[[], None]]:
    with socket.create_connection(("127.0.0.1", port)) as peer:
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

        def trip() -> None:
            peer.sendall(_MESSAGE)
            left = len(_MESSAGE)
            while left:
                left -= len(peer.recv(left))

        yield trip


@contextmanager
def _ask_zmq(port: int) -> Iterator[Callable[[], None]]:
    with zmq.Context() as context, context.socket(zmq.DEALER) as client:
        client.connect(f"tcp://127.0.0.1:{port}")

        def trip() -> None:
            client.send(_MESSAGE)
            client.recv()

        yield trip
