"""A network between clients and backend that can be cut: two network namespaces, or a relay that holds everything."""

from __future__ import annotations

import asyncio
import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Protocol

from aisle import channels
from apps.faults.backend.process import FaultProblem

_HOST = "AISLE_BACKEND_HOST"
_READ_BYTES = 65_536
_AGAIN_S = 0.005


class Network(Protocol):
    """What lies between."""

    @property
    def how(self) -> str:
        """Say in words what it is."""

    @property
    def prefix(self) -> tuple[str, ...]:
        """Return the command that the backend is run by."""

    def cut(self) -> None:
        """Let nothing through any more, without a word to either side."""

    def heal(self) -> None:
        """Let everything through again."""


@contextmanager
def network() -> Iterator[Network]:
    """Build the best network that this user may build, and let clients go through it."""
    before = os.environ.get(_HOST)
    with _best() as (between, host):
        os.environ[_HOST] = host
        try:
            yield between
        finally:
            os.environ.pop(_HOST)
            if before is not None:
                os.environ[_HOST] = before


@contextmanager
def _best() -> Iterator[tuple[Network, str]]:
    try:
        namespaces = Namespaces(f"aisle-{os.getpid() % 100_000}")
        namespaces.build()
    except (FaultProblem, FileNotFoundError):
        with _relay() as relay:
            yield relay, relay.host
        return
    try:
        yield namespaces, namespaces.server
    finally:
        namespaces.remove()


@dataclass(frozen=True, slots=True)
class Namespaces:
    """A bridge between our network namespace and one of the backend's own; unplugged from it, frames just vanish."""

    name: str
    how: str = "network namespaces"
    client: str = "10.213.77.1"
    server: str = "10.213.77.2"

    @property
    def prefix(self) -> tuple[str, ...]:
        """Return the command that runs another inside the namespace."""
        return ("ip", "netns", "exec", self.name)

    def build(self) -> None:
        """Make namespace, bridge and two cables. Raises FaultProblem where this user may not."""
        try:
            self._build()
        except FaultProblem:
            self.remove()
            raise

    def _build(self) -> None:
        name, inside = self.name, ("-n", self.name)
        _ip("netns", "add", name)
        _ip("link", "add", f"{name}b", "type", "bridge")
        _ip("link", "add", f"{name}c", "type", "veth", "peer", "name", f"{name}p")
        _ip("link", "add", f"{name}s", "netns", name, "type", "veth", "peer", "name", f"{name}q")
        for port in ("p", "q"):
            _ip("link", "set", f"{name}{port}", "master", f"{name}b", "up")
        _ip("addr", "add", f"{self.client}/30", "dev", f"{name}c")
        _ip(*inside, "addr", "add", f"{self.server}/30", "dev", f"{name}s")
        _ip(*inside, "link", "set", "lo", "up")
        _ip(*inside, "link", "set", f"{name}s", "up")
        for end in ("b", "c"):
            _ip("link", "set", f"{name}{end}", "up")

    def cut(self) -> None:
        """Unplug the backend's cable from the bridge."""
        _ip("link", "set", f"{self.name}q", "nomaster")

    def heal(self) -> None:
        """Plug it in again."""
        _ip("link", "set", f"{self.name}q", "master", f"{self.name}b")

    def remove(self) -> None:
        """Remove everything that was built."""
        for what in (("netns", "del", self.name), ("link", "del", f"{self.name}c"), ("link", "del", f"{self.name}b")):
            with suppress(FaultProblem):
                _ip(*what)


def _ip(*arguments: str) -> None:
    done = subprocess.run(["ip", *arguments], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise FaultProblem(f"ip {' '.join(arguments)}: {done.stderr.strip()}")


@dataclass(slots=True)
class Relay:
    """Passes TCP on from one address of this machine to another; cut, it keeps everything and says nothing."""

    port: int
    how: str = "a relay that holds everything (no rights for network namespaces)"
    host: str = "127.0.0.2"
    prefix: tuple[str, ...] = ("env", f"{_HOST}=127.0.0.1")
    _open: threading.Event = field(default_factory=threading.Event)

    def cut(self) -> None:
        """Hold everything."""
        self._open.clear()

    def heal(self) -> None:
        """Pass it on."""
        self._open.set()

    async def serve(self, ready: threading.Event) -> None:
        """Pass connections on until cancelled."""
        async with await asyncio.start_server(self._pass, self.host, self.port):
            ready.set()
            await asyncio.Event().wait()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            there, back = await self._reach()
            await asyncio.gather(self._pump(reader, back), self._pump(there, writer))

    async def _reach(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        while True:
            await self._until_open()
            # A backend that is not there is silent here, as behind any network that holds everything.
            with suppress(ConnectionRefusedError):
                return await asyncio.open_connection("127.0.0.1", self.port)
            await asyncio.sleep(_AGAIN_S)

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while content := await reader.read(_READ_BYTES):
                await self._until_open()
                writer.write(content)
                await writer.drain()
        writer.close()

    async def _until_open(self) -> None:
        while not self._open.is_set():
            await asyncio.sleep(_AGAIN_S)


@contextmanager
def _relay() -> Iterator[Relay]:
    relay, ready = Relay(channels.port_base() + channels.BACKEND.port_offset), threading.Event()
    loop = asyncio.new_event_loop()
    relay.heal()
    task = loop.create_task(relay.serve(ready))

    def run() -> None:
        with suppress(asyncio.CancelledError):
            loop.run_until_complete(task)
        loop.run_until_complete(_end_all())
        loop.close()

    thread = threading.Thread(target=run, name="relay")
    thread.start()
    try:
        if not ready.wait(10.0):
            raise FaultProblem("the relay did not open its port")
        yield relay
    finally:
        loop.call_soon_threadsafe(task.cancel)
        thread.join()


async def _end_all() -> None:
    """End the connections that are still open."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for one in others:
        one.cancel()
    await asyncio.gather(*others, return_exceptions=True)
