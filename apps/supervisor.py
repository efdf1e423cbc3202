"""Starts the process table in order, watches it, and leaves nothing behind. The process runner is circus."""

from __future__ import annotations

import asyncio
import logging
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from circus.arbiter import Arbiter
from circus.watcher import Watcher
from tornado.ioloop import IOLoop

from apps.processes import Process, Site, environment

log = logging.getLogger(__name__)

_CHECK_S = 0.2
_GRACE_S = 6.0
_LOG_LINES = 12


class StartProblem(RuntimeError):
    """A process that did not become ready; the message holds the end of its log."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to show while starting: which process, and whether it is starting, ready or failed."""

    name: str
    state: str


Progress = Callable[[Step], None]


class Supervisor:
    """Runs the processes of one site under a circus arbiter whose sockets only this user can reach."""

    def __init__(self, site: Site, processes: tuple[Process, ...], port_base: int, progress: Progress) -> None:
        self.site = site
        self.processes = processes
        self._progress = progress
        self._port_base = port_base
        # Unix sockets have short paths: the folder must not depend on where the checkout lies.
        self._sockets = Path(tempfile.mkdtemp(prefix="aisle-"))
        self._watchers: dict[str, Watcher] = {}
        self._arbiter: Arbiter | None = None

    async def start(self) -> None:
        """Start everything in order. Raises StartProblem as soon as one process fails."""
        self.site.run_dir.joinpath("log").mkdir(parents=True, exist_ok=True)
        variables = environment(self._port_base)
        self._watchers = {process.name: self._watcher(process, variables) for process in self.processes}
        self._arbiter = Arbiter(
            list(self._watchers.values()),
            f"ipc://{self._sockets}/control",
            f"ipc://{self._sockets}/events",
            loop=IOLoop.current(),
            check_delay=_CHECK_S,
        )
        await self._arbiter.start()
        for process in self.processes:
            await self._start_one(process)

    async def stop(self) -> None:
        """Stop everything in reverse order (the simulated world first), and kill what does not end by itself."""
        family = _descendants()
        worlds = [process for process in self.processes if process.stops_first]
        for process in [*worlds, *(one for one in reversed(self.processes) if not one.stops_first)]:
            watcher = self._watchers.get(process.name)
            if watcher is not None and not watcher.is_stopped():
                await watcher._stop()
        if self._arbiter is not None:
            await self._arbiter.stop()
        self._close_logs()
        left = [process for process in family if process.is_running() and process.status() != psutil.STATUS_ZOMBIE]
        for process in left:
            log.warning("%s did not stop by itself and was killed", process.name())
            process.kill()
        shutil.rmtree(self._sockets, ignore_errors=True)

    def _close_logs(self) -> None:
        """Circus leaves the logs of watchers open that it did not stop itself."""
        for watcher in self._watchers.values():
            for stream in (watcher.stdout_stream, watcher.stderr_stream):
                stream.close()

    def fallen(self) -> list[str]:
        """Return the names of processes that ended although they should run."""
        return [name for name, watcher in self._watchers.items() if not _pids(watcher)]

    def pids(self) -> dict[str, int]:
        """Return the process number of each running process."""
        return {name: pids[0] for name, watcher in self._watchers.items() if (pids := _pids(watcher))}

    async def restart(self, name: str) -> None:
        """Kill one process and start it again, as after a crash."""
        watcher = self._watchers[name]
        await watcher._stop()
        await watcher._start()

    def tail(self, name: str) -> str:
        """Return the end of a process's log."""
        path = self.site.log_of(name)
        lines = path.read_text(errors="replace").splitlines() if path.exists() else []
        return "\n".join(lines[-_LOG_LINES:])

    def _watcher(self, process: Process, variables: dict[str, str]) -> Watcher:
        command, *arguments = process.command(self.site)
        stream = {"class": "FileStream", "filename": str(self.site.log_of(process.name))}
        return Watcher(
            process.name,
            command,
            args=arguments,
            env=variables,
            autostart=False,
            respawn=process.respawn,
            stop_signal=signal.SIGTERM,
            graceful_timeout=_GRACE_S,
            stdout_stream=dict(stream),
            stderr_stream=dict(stream),
            max_retry=3,
            working_dir=str(self.site.run_dir),
        )

    async def _start_one(self, process: Process) -> None:
        self._progress(Step(process.name, "starting"))
        watcher = self._watchers[process.name]
        await watcher._start()
        deadline_s = asyncio.get_running_loop().time() + process.ready_within_s
        while not process.ready.holds(self.site, process.name):
            if not _pids(watcher):
                self._fail(process, "ended")
            if asyncio.get_running_loop().time() > deadline_s:
                self._fail(process, f"was not ready within {process.ready_within_s:.0f} s")
            await asyncio.sleep(_CHECK_S)
        self._progress(Step(process.name, "ready"))

    def _fail(self, process: Process, what: str) -> None:
        self._progress(Step(process.name, "failed"))
        log_file = self.site.log_of(process.name)
        raise StartProblem(f"{process.name} {what}; its log {log_file} ends:\n{self.tail(process.name)}")


@asynccontextmanager
async def supervised(
    site: Site, processes: tuple[Process, ...], port_base: int, progress: Progress
) -> AsyncIterator[Supervisor]:
    """Run the processes for the time of the block; they are stopped however it ends."""
    supervisor = Supervisor(site, processes, port_base, progress)
    try:
        await supervisor.start()
        yield supervisor
    finally:
        await supervisor.stop()


def _pids(watcher: Watcher) -> list[int]:
    return [pid for pid, process in watcher.processes.items() if process.is_alive()]


def _descendants() -> list[psutil.Process]:
    return list(psutil.Process().children(recursive=True))
