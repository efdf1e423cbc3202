"""A real backend as a process, to be killed and started again, and a look at what its database holds."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy
import zmq

from aisle import bus, channels, paths
from aisle.messages import store
from store_backend.key_file import create_all_missing_keys

START_S = 30.0


class FaultProblem(RuntimeError):
    """A run that could not be played; the sentence says why."""


@dataclass
class BackendProcess:
    """One backend with its keys, store and database; `prefix` is a command that it is run by."""

    folder: Path
    store_dir: Path
    url: str
    prefix: tuple[str, ...] = ()
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def keys_dir(self) -> Path:
        """Return the folder of its keys."""
        return self.folder / "keys"

    @property
    def pid(self) -> int:
        """Return the number of the running process."""
        if self.process is None:
            raise FaultProblem("the backend does not run")
        return self.process.pid

    def start(self) -> None:
        """Start it; whether it answers yet is for its clients to see."""
        create_all_missing_keys(self.keys_dir)
        places = ["--store", str(self.store_dir), "--keys", str(self.keys_dir), "--database", self.url]
        command = [*self.prefix, sys.executable, "-m", "store_backend.service", *places]
        with (self.folder / "backend.log").open("ab") as said:
            self.process = subprocess.Popen(command, cwd=paths.REPOSITORY, stderr=said)

    def kill(self) -> None:
        """Kill it without a word (kill -9)."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def pause(self, seconds: float) -> None:
        """Hold it still for a while."""
        os.kill(self.pid, signal.SIGSTOP)
        time.sleep(seconds)
        os.kill(self.pid, signal.SIGCONT)

    def resident_mb(self) -> float:
        """Return how much memory it holds."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@contextmanager
def running(backend: BackendProcess) -> Iterator[BackendProcess]:
    """Run it on ports of its own as long as the block, and wait until it answers. Raises FaultProblem."""
    with own_ports(), serving(backend):
        yield backend


@contextmanager
def own_ports() -> Iterator[None]:
    """Let backends and clients of the block use ports that nobody else uses."""
    before = os.environ.get("AISLE_PORT_BASE")
    os.environ["AISLE_PORT_BASE"] = str(_free_port() - channels.BACKEND.port_offset)
    try:
        yield
    finally:
        os.environ.pop("AISLE_PORT_BASE")
        if before is not None:
            os.environ["AISLE_PORT_BASE"] = before


@contextmanager
def serving(backend: BackendProcess) -> Iterator[None]:
    """Run it as long as the block, and wait until it answers. Raises FaultProblem."""
    backend.start()
    try:
        wait_for(backend)
        yield
    finally:
        backend.kill()


@contextmanager
def clients(backend: BackendProcess, count: int, role: str = "admin") -> Iterator[list[bus.RequestClient]]:
    """Connect clients of one role."""
    with ExitStack() as stack:
        identity = bus.Identity(role, backend.keys_dir)
        yield [stack.enter_context(bus.request_client(channels.BACKEND, identity)) for _ in range(count)]


def wait_for(backend: BackendProcess) -> None:
    """Return once it answers. Raises FaultProblem."""
    with clients(backend, 1) as (client,):
        try:
            client.ask(store.ReplicaQuery(), timeout_s=START_S, tries=1)
        except bus.BusError as error:
            said = (backend.folder / "backend.log").read_text(encoding="utf-8", errors="replace")[-500:]
            raise FaultProblem(f"{error} {said}") from error


@contextmanager
def looking(url: str) -> Iterator[sqlalchemy.Connection]:
    """Open a database to look at its rows."""
    engine = sqlalchemy.create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def rows(url: str, statement: sqlalchemy.Select[Any]) -> list[tuple[Any, ...]]:
    """Return what a statement finds in a database."""
    with looking(url) as connection:
        return [tuple(row) for row in connection.execute(statement)]


def _free_port() -> int:
    with zmq.Context() as context, context.socket(zmq.REP) as socket:
        return socket.bind_to_random_port("tcp://127.0.0.1", min_port=20_000, max_port=29_000)
