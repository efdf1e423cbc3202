"""A disk that fills up: writes are refused in words, reads go on, and when there is room again so do writes."""

from __future__ import annotations

import errno
import resource
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from sqlalchemy import select

from aisle.bus import RequestClient
from aisle.messages import Problem, care, store
from apps.faults.backend.process import BackendProcess, FaultProblem, clients, rows, running
from store_backend.tables import journey_events

DISK_MB = 12
_VISIT = "visit"
_MOST_EVENTS = 20_000
READS = 50
_RESUME_S = 30.0
_BLOCK = bytes(65_536)


class Room(Protocol):
    """What a database may grow by."""

    @property
    def how(self) -> str:
        """Say in words what it is."""

    def fill(self, backend: BackendProcess) -> None:
        """Leave no room."""

    def free(self, backend: BackendProcess) -> None:
        """Make room again."""


@dataclass(frozen=True, slots=True)
class SmallDisk:
    """A file system in memory, which a ballast file fills up (ENOSPC, as on a full disk)."""

    folder: Path
    how: str = "a full tmpfs"

    def fill(self, backend: BackendProcess) -> None:
        """Write until nothing more fits."""
        with (self.folder / "ballast").open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(_BLOCK)
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise

    def free(self, backend: BackendProcess) -> None:
        """Remove the ballast."""
        (self.folder / "ballast").unlink()


@dataclass(frozen=True, slots=True)
class FileLimit:
    """A limit on the size of the process's files (EFBIG), for those who may mount nothing."""

    how: str = "a limit on file sizes (no rights to mount)"

    def fill(self, backend: BackendProcess) -> None:
        """Let no file grow."""
        _limit_files(backend.pid, 4096)

    def free(self, backend: BackendProcess) -> None:
        """Let files grow again."""
        _limit_files(backend.pid, resource.RLIM_INFINITY)


def _limit_files(pid: int, most_bytes: int) -> None:
    _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (most_bytes, hard))


@contextmanager
def small_disk(folder: Path) -> Iterator[bool]:
    """Mount a small file system on a folder as long as the block; False where that is not allowed."""
    folder.mkdir(exist_ok=True)
    size = f"size={DISK_MB}m"
    mount = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", size, "aisle-faults", str(folder)], check=False, capture_output=True
    )
    try:
        yield mount.returncode == 0
    finally:
        if mount.returncode == 0:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


@dataclass(slots=True)
class Filled:
    """What came of a full disk; `resumed_s` is from the moment that there was room."""

    how: str
    sentence: str = ""
    refused: int = 0
    reads: int = 0
    acknowledged: list[str] = field(default_factory=list)
    lost: int = 0
    unacknowledged: int = 0
    resumed_s: float | None = None


def play(backend: BackendProcess, room: Room) -> Filled:
    """Fill the disk under a running backend, and make room again."""
    result = Filled(room.how)
    with running(backend), clients(backend, 2) as (writer, reader):
        opening = writer.ask(care.OpenSession(session_id=_VISIT, robot_id="faults", language="en"))
        if isinstance(opening, Problem):
            raise FaultProblem(opening.sentence)
        _write(writer, result, 100, "before")
        room.fill(backend)
        try:
            _write(writer, result, _MOST_EVENTS, "full")
            result.reads = sum(isinstance(reader.ask(store.ReplicaQuery()), store.ReplicaOffer) for _ in range(READS))
            _write(writer, result, 20, "still")
        finally:
            with suppress(ProcessLookupError):
                room.free(backend)
        result.resumed_s = _resumed_s(writer, result)
        _write(writer, result, 100, "after")
        stored = [str(row[0]) for row in rows(backend.url, select(journey_events.c.event_key))]
    result.lost = len(set(result.acknowledged) - set(stored))
    result.unacknowledged = len(set(stored) - set(result.acknowledged))
    return result


def _write(client: RequestClient, result: Filled, most: int, name: str) -> None:
    """Write events until one is refused, or so many."""
    for number in range(most):
        if not _try(client, result, f"{name}-{number}"):
            return


def _resumed_s(client: RequestClient, result: Filled) -> float | None:
    began_s, number = time.monotonic(), 0
    while time.monotonic() - began_s < _RESUME_S:
        number += 1
        if _try(client, result, f"again-{number}"):
            return time.monotonic() - began_s
        time.sleep(0.05)
    return None


def _try(client: RequestClient, result: Filled, key: str) -> bool:
    event = care.JourneyEvent(
        event_key=key, session_id=_VISIT, stage=care.Stage.SELECTION, touch_point="search", outcome="x" * 40
    )
    reply = client.ask(event, tries=1, timeout_s=10.0)
    if isinstance(reply, Problem):
        result.refused, result.sentence = result.refused + 1, reply.sentence
        return False
    result.acknowledged.append(key)
    return True
