"""Starts the process table in order, watches it, and leaves nothing behind. The process runner is circus."""

from __future__ import annotations

import asyncio
import logging
import shutil
import signal
import tempfile
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import psutil
from circus.arbiter import Arbiter
from circus.watcher import Watcher
from tornado.ioloop import IOLoop

from apps.processes import Process, Site, environment, taken_channels

log = logging.getLogger(__name__)

_CHECK_S = 0.2
_GRACE_S = 6.0
_KILLED_WITHIN_S = 1.0
_LOG_LINES = 12
_BACK_WITHIN_S = 10.0
_MOST_FALLS = 5
_FALLS_WITHIN_S = 60.0
_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_Result = TypeVar("_Result")


class StartProblem(RuntimeError):
    """A process that did not become ready; the message holds the end of its log."""


class ToldToStop(RuntimeError):
    """A signal asked the run to end, and it has ended."""


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
        self._started: list[Process] = []
        self._falls: defaultdict[str, deque[float]] = defaultdict(lambda: deque(maxlen=_MOST_FALLS + 1))
        self._finished: set[str] = set()
        self._is_open = False
        self._gone_since_s: dict[str, float] = {}

    async def start(self) -> None:
        """Start everything in order. Raises StartProblem as soon as one process fails."""
        self._require_free_ports()
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
        # Circus answers signals with a stop or a reload of its own; ours are answered in `unless_told_to_stop`.
        self._arbiter.ctrl.sys_hdl.stop()
        self._arbiter.ctrl.sys_hdl = _NoSignals()
        await self._arbiter.start()
        for process in self.processes:
            await self._start_one(process)
        self._is_open = True

    def _require_free_ports(self) -> None:
        for channel in taken_channels(self._port_base):
            raise StartProblem(
                f"port {self._port_base + channel.port_offset} of the channel {channel.name} is taken: "
                "is another store running? Set AISLE_PORT_BASE to other ports"
            )

    async def stop(self) -> None:
        """Stop everything in reverse order (the simulated world first), and kill what does not end by itself."""
        family = self._family()
        try:
            await self._stop_in_order()
        finally:
            self._close_logs()
            _kill_what_is_left(family)
            shutil.rmtree(self._sockets, ignore_errors=True)

    async def _stop_in_order(self) -> None:
        if self._arbiter is None:
            return
        await _stop_looking_after(self._arbiter)
        worlds = [process for process in self.processes if process.stops_first]
        for process in [*worlds, *(one for one in reversed(self.processes) if not one.stops_first)]:
            watcher = self._watchers[process.name]
            if not watcher.is_stopped():
                await watcher._stop()
        await self._arbiter.stop()

    def _family(self) -> list[psutil.Process]:
        """Return the running processes of the table with all that they have started."""
        members: list[psutil.Process] = []
        for pid in (pid for watcher in self._watchers.values() for pid in watcher.get_active_pids()):
            with suppress(psutil.NoSuchProcess):
                process = psutil.Process(pid)
                members.extend([process, *process.children(recursive=True)])
        return members

    def _close_logs(self) -> None:
        """Circus leaves the logs of watchers open that it did not stop itself."""
        for watcher in self._watchers.values():
            for stream in (watcher.stdout_stream, watcher.stderr_stream):
                stream.close()

    def fallen(self, now_s: float) -> list[str]:
        """Return the names of processes that ended and do not come back; `now_s` is any monotonic time."""
        return [process.name for process in self._started if self._has_fallen(process, now_s)]

    def _has_fallen(self, process: Process, now_s: float) -> bool:
        watcher = self._watchers[process.name]
        if watcher.get_active_pids():
            self._gone_since_s.pop(process.name, None)
            return False
        gone_s = now_s - self._gone_since_s.setdefault(process.name, now_s)
        # One that has finished by itself does not count at once: whoever watches may be about to end the run.
        may_rest = process.respawn and process.name in self._finished
        return (not watcher.respawn and not may_rest) or watcher.is_stopped() or gone_s > _BACK_WITHIN_S

    def has_finished(self, name: str) -> bool:
        """Tell whether a process ended by itself with exit code 0; it is not started again then."""
        return name in self._finished

    def _note_end(self, watcher: Watcher, exit_code: int | None, now_s: float) -> None:
        """Let a process rest that has finished or falls again and again; circus would respawn it for ever."""
        if watcher.is_stopping() or watcher.is_stopped():
            return
        if exit_code == 0:
            self._finished.add(watcher.name)
            watcher.respawn = False
            return
        log.warning("%s ended with code %s", watcher.name, exit_code)
        falls = self._falls[watcher.name]
        falls.append(now_s)
        if not self._is_open:
            # Somebody who cannot even start is not helped by another try.
            watcher.respawn = False
        elif len(falls) > _MOST_FALLS and falls[-1] - falls[0] < _FALLS_WITHIN_S:
            watcher.respawn = False

    def pids(self) -> dict[str, int]:
        """Return the process number of each running process."""
        return {name: pids[0] for name, watcher in self._watchers.items() if (pids := watcher.get_active_pids())}

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

        def after_reap(watcher: Watcher, exit_code: int | None, time: float, **_more: object) -> None:
            self._note_end(watcher, exit_code, time)

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
            hooks={"after_reap": (after_reap, True)},
            working_dir=str(self.site.run_dir),
        )

    async def _start_one(self, process: Process) -> None:
        self._progress(Step(process.name, "starting"))
        watcher = self._watchers[process.name]
        await watcher._start()
        self._started.append(process)
        clock = asyncio.get_running_loop()
        deadline_s = clock.time() + process.ready_within_s
        while not process.ready.holds(self.site, process.name):
            for name in self.fallen(clock.time()):
                self._fail(name, "ended")
            if clock.time() > deadline_s:
                self._fail(process.name, f"was not ready within {process.ready_within_s:.0f} s")
            await asyncio.sleep(_CHECK_S)
        self._progress(Step(process.name, "ready"))

    def _fail(self, name: str, what: str) -> None:
        self._progress(Step(name, "failed"))
        raise StartProblem(self.account(name, what))

    def account(self, name: str, what: str) -> str:
        """Return what happened to a process with the end of its log, and of the log of a process that it blames."""
        tail = self.tail(name)
        blamed = [one.name for one in self.processes if one.name != name and f"{one.name} did not start" in tail]
        endings = [f"{name} {what}; its log {self.site.log_of(name)} ends:\n{tail}"]
        endings += [f"the log of {other} {self.site.log_of(other)} ends:\n{self.tail(other)}" for other in blamed]
        return "\n".join(endings)


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


async def unless_told_to_stop(work: Coroutine[Any, Any, _Result]) -> _Result:
    """Run `work` to its end; on SIGINT, SIGTERM or SIGHUP cancel it, wait for it, and raise ToldToStop."""
    loop = asyncio.get_running_loop()
    told = asyncio.Event()
    task, waiter = loop.create_task(work), loop.create_task(told.wait())
    for number in _STOP_SIGNALS:
        loop.add_signal_handler(number, told.set)
    try:
        await asyncio.wait({task, waiter}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            task.cancel()
            await asyncio.wait({task})
        if task.cancelled():
            raise ToldToStop("told to stop by a signal")
        return task.result()
    finally:
        waiter.cancel()
        for number in _STOP_SIGNALS:
            loop.remove_signal_handler(number)


class _NoSignals:
    """Stands where circus keeps its signal handlers, and leaves all signals alone."""

    def stop(self) -> None:
        """Do nothing: there is nothing to give back."""


async def _stop_looking_after(arbiter: Arbiter) -> None:
    """End the periodic look at the processes and wait for the one under way: circus refuses to stop during it."""
    if arbiter.ctrl.caller is not None:
        arbiter.ctrl.caller.stop()
    with suppress(TimeoutError):
        async with asyncio.timeout(2.0 * _GRACE_S):
            while arbiter._exclusive_running_command is not None:
                await asyncio.sleep(_CHECK_S / 4.0)


def _kill_what_is_left(family: list[psutil.Process]) -> None:
    left = [process for process in family if _is_left(process)]
    for process in left:
        with suppress(psutil.NoSuchProcess):
            log.warning("%s did not stop by itself and was killed", process.name())
            process.kill()
    psutil.wait_procs(left, timeout=_KILLED_WITHIN_S)


def _is_left(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
