"""The live demo: every process real, started in order, watched and stopped.

A visit ends when the screen rests again.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from rich.console import Console
from rich.live import Live
from rich.table import Table

from aisle import bus, channels
from aisle.messages.visit import ScreenState
from apps.demo_report import Played, Visit
from apps.processes import PROCESSES, Process, Site
from apps.supervisor import StartProblem, Step, Supervisor, supervised, unless_told_to_stop
from sim.scoring import read_recording

_WATCH_S = 0.1
_MARKS = {"starting": "[yellow]starting[/]", "ready": "[green]ready[/]", "failed": "[red]failed[/]"}


@dataclass(slots=True)
class Board:
    """What the progress display shows: each process, and what the visit is at."""

    processes: tuple[Process, ...]
    states: dict[str, str] = field(default_factory=dict)
    line: str = "starting the store"

    def note(self, step: Step) -> None:
        self.states[step.name] = step.state

    def __rich__(self) -> Table:
        table = Table(title=self.line, title_justify="left", show_header=False)
        for process in self.processes:
            table.add_row(process.name, _MARKS.get(self.states.get(process.name, ""), "[dim]waiting[/]"))
        return table


Watch = Callable[[Supervisor, Board], Awaitable[None]]


Onlooker = Callable[[Supervisor, ScreenState | None], None]


async def play_live(
    site: Site, port_base: int, limit_s: float, console: Console, visit: Visit, onlooker: Onlooker | None = None
) -> Played | None:
    """Run all processes and a scripted visit; None when the store did not start or a process fell.

    `onlooker` is called ten times a second with the screen as it is, if it has changed. Raises ToldToStop when a
    signal ended the run, after everything has stopped.
    """
    started_s = time.monotonic()

    async def watch(supervisor: Supervisor, board: Board) -> None:
        with bus.subscriber(channels.SCREEN_STATE, bus.Identity("admin", site.keys_dir)) as screens:
            deadline_s = time.monotonic() + limit_s / site.speed
            while not visit.is_over(time.monotonic()) and time.monotonic() < deadline_s:
                _raise_if_fallen(supervisor)
                state = screens.latest() if screens.update() else None
                if state is not None:
                    visit.see(state, time.monotonic())
                    board.line = f"visit: {state.screen.value}, {time.monotonic() - started_s:.0f} s"
                if onlooker is not None:
                    onlooker(supervisor, state)
                await asyncio.sleep(_WATCH_S)

    if not await unless_told_to_stop(_with_store(site, port_base, console, watch)):
        return None
    recording = read_recording(site.run_dir / "truth.jsonl")
    return Played("live", recording, visit.product_id, time.monotonic() - started_s, None)


async def run_with_window(site: Site, port_base: int, console: Console) -> int:
    """Run all processes with the kiosk's window until it is closed; ToldToStop when Ctrl-C is pressed."""

    async def watch(supervisor: Supervisor, board: Board) -> None:
        board.line = "the store is open: touch the screen; close its window or press Ctrl-C to end"
        while not supervisor.has_finished("kiosk_ui"):
            _raise_if_fallen(supervisor)
            await asyncio.sleep(_WATCH_S)

    return 0 if await unless_told_to_stop(_with_store(site, port_base, console, watch)) else 1


async def _with_store(site: Site, port_base: int, console: Console, watch: Watch) -> bool:
    board = Board(PROCESSES)
    try:
        with Live(board, console=console, refresh_per_second=4, transient=False):
            async with supervised(site, PROCESSES, port_base, board.note) as supervisor:
                board.line = "the store is open"
                await watch(supervisor, board)
                board.line = "closing the store"
            board.line = "the store is closed"
    except StartProblem as problem:
        console.print(str(problem), style="red", markup=False)
        return False
    return True


def _raise_if_fallen(supervisor: Supervisor) -> None:
    for name in supervisor.fallen(time.monotonic()):
        raise StartProblem(supervisor.account(name, "ended in the middle of the run"))
