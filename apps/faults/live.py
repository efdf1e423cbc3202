"""Live runs in which a process is killed and started again by the supervisor."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from contextlib import suppress
from dataclasses import dataclass, field

import sqlalchemy
from rich.console import Console

from aisle.messages.visit import Screen, ScreenState
from apps.demo_live import play_live
from apps.demo_report import Played, Visit, write_report
from apps.faults.outcome import Outcome
from apps.processes import LIFECYCLE_NODES, Site
from apps.supervisor import Supervisor
from store_backend.tables import assistance

LIMIT_S = 420.0
_REST_S = 12.0


@dataclass(slots=True)
class Kill:
    """Kills a process a while after a screen was first shown, once, and watches until it is back."""

    process: str
    screen: Screen = Screen.GUIDING
    after_s: float = 4.0
    done: str = ""
    screens: list[Screen] = field(default_factory=list)
    _due_s: float | None = None
    _killed_pid: int | None = None
    _killed_s: float = 0.0
    _ready_before: int = 0
    is_back: bool = False

    def look(self, supervisor: Supervisor, state: ScreenState | None) -> None:
        """Take in the run as it is now; kill when it is time."""
        now_s = time.monotonic()
        if state is not None and (not self.screens or self.screens[-1] is not state.screen):
            self.screens.append(state.screen)
        if self._due_s is None and state is not None and state.screen is self.screen:
            self._due_s = now_s + self.after_s
        if self._killed_pid is None and self._due_s is not None and now_s >= self._due_s:
            self._kill(supervisor, now_s)
        elif self._killed_pid is not None and not self.is_back and self._has_come_back(supervisor):
            self.is_back = True
            self.done = f"{self.process} was killed and was back after {now_s - self._killed_s:.1f} s"

    def _kill(self, supervisor: Supervisor, now_s: float) -> None:
        pid = supervisor.pids().get(self.process)
        if pid is None:
            return
        self._ready_before = self._times_ready(supervisor)
        self._killed_pid, self._killed_s = pid, now_s
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        self.done = f"{self.process} was killed and did not come back"

    def _has_come_back(self, supervisor: Supervisor) -> bool:
        pid = supervisor.pids().get(self.process)
        if pid is None or pid == self._killed_pid:
            return False
        # A managed node works only when the lifecycle manager has brought it up again.
        return self.process not in LIFECYCLE_NODES or self._times_ready(supervisor) > self._ready_before

    def _times_ready(self, supervisor: Supervisor) -> int:
        log = supervisor.site.log_of("lifecycle_manager")
        return log.read_text(errors="replace").count("all nodes are active") if log.exists() else 0


def play(site: Site, port_base: int, kill: Kill, console: Console) -> Outcome | None:
    """Run a live visit with the kill; None when the store did not run, which has been said then."""
    visit = Visit(rest_s=_REST_S)
    played = asyncio.run(play_live(site, port_base, LIMIT_S, console, visit, kill.look))
    return outcome_of(site, played, kill, console) if played is not None else None


def outcome_of(site: Site, played: Played, kill: Kill, console: Console) -> Outcome:
    """Score the run and count what the backend has been told."""
    report = write_report(site, played, console)
    calls = calls_in(f"sqlite:///{site.run_dir / 'backend.sqlite'}")
    return Outcome(report, tuple(kill.screens), calls, kill.done, is_over=kill.is_back)


def calls_in(database_url: str) -> int:
    """Return how many people were called, as the backend's database has it."""
    engine = sqlalchemy.create_engine(database_url)
    try:
        with engine.connect() as connection:
            found = connection.execute(sqlalchemy.select(sqlalchemy.func.count()).select_from(assistance))
            return int(found.scalar_one())
    finally:
        engine.dispose()
