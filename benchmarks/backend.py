"""`aisle bench backend`: the backend over its socket on both databases, beside what lies under it and a peer."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import numpy as np

from aisle import paths
from aisle.bus import RequestClient
from aisle.messages import care, robot, store, visit
from benchmarks.backend_floors import postgres_floor, round_trips, sqlite_floor
from benchmarks.backend_load import Make, all_at_once, ask, clients, in_flight, one_by_one_s
from benchmarks.backend_peer import is_installed, run_peer
from benchmarks.postgres import postgres_server
from benchmarks.rows import BenchmarkProblem, Request, Row
from store_backend.key_file import create_all_missing_keys

CLIENTS, ROBOTS = 200, 20
_READ_EACH, _STATUS_EACH = 3, 11
BATCH = 100
_PORT_BASE = "9400"
_FSYNC_BYTES = 4096


def run(request: Request) -> list[Row]:
    """Measure both databases, one after the other, each in a folder of its own on the same disk."""
    rows = round_trips(1_000 if request.quick else 5_000)
    with tempfile.TemporaryDirectory(prefix="aisle-bench-") as name, postgres_server() as server:
        folder = Path(name)
        create_all_missing_keys(folder / "keys")
        with _running(folder / "keys", f"sqlite:///{folder / 'backend.sqlite'}"):
            _fill(folder / "keys")
            rows += _measure("SQLite", folder, request.quick, sqlite_floor(folder, request.quick))
        url = server.new_database()
        with _running(folder / "keys", url):
            _fill(folder / "keys")
            rows += _measure("PostgreSQL", folder, request.quick, postgres_floor(server.new_database(), request.quick))
        if is_installed():
            rows += run_peer(folder, CLIENTS, request.quick)
    return rows


@contextmanager
def _running(keys_dir: Path, url: str) -> Iterator[None]:
    places = ["--store", str(paths.demo_store_dir()), "--keys", str(keys_dir), "--database", url]
    os.environ["AISLE_PORT_BASE"] = _PORT_BASE
    command = [sys.executable, "-m", "store_backend.service", *places]
    with subprocess.Popen(command, cwd=paths.REPOSITORY, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield
        finally:
            process.terminate()
            _, said = process.communicate()
    if process.returncode != 0:
        raise BenchmarkProblem(f"the backend ended with {process.returncode}: {said[-500:]}")


def _fill(keys_dir: Path) -> None:
    """Open the visits and write some events of each, so that nothing is measured on empty tables."""
    with clients(keys_dir, 1) as (client,):
        for number in range(CLIENTS):
            ask(client, care.OpenSession(session_id=_visit(number), robot_id="benchmark", language="en"))
            ask(client, _batch(number))


def _batch(number: int) -> care.JourneyEvents:
    return care.JourneyEvents(events=tuple(_event(number) for _ in range(BATCH)))


def _measure(kind: str, folder: Path, quick: bool, floor: tuple[list[Row], float]) -> list[Row]:
    floor_rows, floor_per_s = floor
    with clients(folder / "keys", 1) as (client,):
        rows = _reads(kind, client, 2_000 if quick else 10_000)
        rows += _writes(kind, client, folder, 200 if quick else 1_000)
        rows.append(_batches(kind, client, 100 if quick else 400))
    duration_s = 5.0 if quick else 20.0
    rows += _many(kind, folder / "keys", duration_s, floor_per_s)
    rows += _store(kind, folder / "keys", duration_s)
    return [*floor_rows, *rows]


def _reads(kind: str, client: RequestClient, count: int) -> list[Row]:
    query = store.StockQuery(product_ids=(1,))
    one_by_one_s(client, lambda _number: query, count // 10)
    taken_ms = 1e3 * np.array(one_by_one_s(client, lambda _number: query, count))
    return [
        Row(f"{kind}: read, p50", float(np.median(taken_ms)), "ms", target="at most 0.3", note="with socket and CURVE"),
        Row(f"{kind}: read, p99", float(np.quantile(taken_ms, 0.99)), "ms", target="at most 5"),
    ]


def _writes(kind: str, client: RequestClient, folder: Path, count: int) -> list[Row]:
    """Measure writes and bare fsyncs in turns, so that both meet the same disk."""
    taken_s: list[float] = []
    fsync_s: list[float] = []
    for _turn in range(10):
        taken_s += one_by_one_s(client, _event, count // 10)
        fsync_s += _fsyncs_s(folder / "floor", count // 10)
    write_ms, floor_ms = 1e3 * float(np.median(taken_s)), 1e3 * float(np.median(fsync_s))
    return [
        Row(f"{kind}: one durable write, p50", write_ms, "ms", note=f"{write_ms / floor_ms:.1f} fsyncs"),
        Row(f"{kind}: fsync of a page on the same disk, p50", floor_ms, "ms", note="between the writes"),
    ]


def _fsyncs_s(path: Path, count: int) -> list[float]:
    taken_s = []
    with path.open("ab", buffering=0) as file:
        for _ in range(count):
            began_s = time.perf_counter()
            file.write(bytes(_FSYNC_BYTES))
            os.fsync(file.fileno())
            taken_s.append(time.perf_counter() - began_s)
    return taken_s


def _visit(number: int) -> str:
    return f"visit-{number % CLIENTS}"


def _event(number: int) -> care.JourneyEvent:
    return care.JourneyEvent(
        event_key=uuid.uuid4().hex,
        session_id=_visit(number),
        stage=care.Stage.SELECTION,
        touch_point="search",
        outcome="found",
    )


def _batches(kind: str, client: RequestClient, count: int) -> Row:
    """Send batches with a few under way, as an outbox does that has much to tell."""
    batches = [_batch(number) for number in range(count)]
    rate_per_s = BATCH * in_flight(client, batches, care.EventsRecorded(added=BATCH))
    return Row(f"{kind}: rows in batches of {BATCH}", rate_per_s, "/s", target="at least 15,000")


def _many(kind: str, keys_dir: Path, duration_s: float, floor_per_s: float) -> list[Row]:
    rate_per_s, p99_ms = _at_once(keys_dir, CLIENTS, _event, duration_s)
    target = "at least 2,000" if kind == "SQLite" else "at least 0.6 of its floor"
    note = f"one event each; {rate_per_s / floor_per_s:.2f} of the floor"
    return [
        Row(f"{kind}: durable writes of {CLIENTS} clients", rate_per_s, "/s", target=target, note=note),
        Row(f"{kind}: durable write of {CLIENTS} clients, p99", p99_ms, "ms"),
    ]


def _store(kind: str, keys_dir: Path, duration_s: float) -> list[Row]:
    """Measure a whole store: reads and events of the screens, and where the robots are."""
    rate_per_s, p99_ms = _at_once(keys_dir, CLIENTS + ROBOTS, _of_a_store, duration_s)
    who = f"{CLIENTS} kiosks and {ROBOTS} robots"
    note = f"one in {_READ_EACH} reads, one in {_STATUS_EACH} is where a robot is, the rest are events"
    return [Row(f"{kind}: {who}", rate_per_s, "/s", note=note), Row(f"{kind}: {who}, p99", p99_ms, "ms")]


def _of_a_store(number: int) -> msgspec.Struct:
    if number % _STATUS_EACH == 0:
        return _status(number // _STATUS_EACH % ROBOTS)
    return store.StockQuery(product_ids=(1,)) if number % _READ_EACH == 0 else _event(number)


def _status(robot_number: int) -> robot.RobotStatus:
    return robot.RobotStatus(
        robot_id=f"robot-{robot_number}", sent_unix_s=time.time(), visit=visit.VisitState.WAITING, x_m=0.0, y_m=0.0,
        yaw_rad=0.0, battery_fraction=0.5, localized=True,
    )  # fmt: skip


def _at_once(keys_dir: Path, count: int, make: Make, duration_s: float) -> tuple[float, float]:
    """Let so many clients ask again as soon as they are answered; return answers a second, and p99 in ms."""
    with clients(keys_dir, count) as many:
        for client in many:
            ask(client, store.ReplicaQuery())
        rate_per_s, taken_s = all_at_once(many, make, duration_s)
    return rate_per_s, 1e3 * float(np.quantile(taken_s, 0.99))
