"""The whole live store while a visit is played: start-up, pace, processor and memory by process, ages end to end."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace

import msgspec
import psutil
from rich.console import Console

from aisle import channels, paths
from aisle.messages.visit import Screen, ScreenState
from apps.demo import VISIT_LIMIT_S, DemoOptions, DemoProblem, demo_site
from apps.demo_live import play_live
from apps.demo_report import Visit, report_of
from apps.processes import Site, environment
from apps.supervisor import Supervisor
from benchmarks.rows import BenchmarkProblem, Request, Row
from sim.scoring import Step
from store_model.geojson import PlanError

SEED = 1
SHOPPERS = 6
BUDGET = {
    "sim": 0.5,
    "perception": 0.5,
    "navigation (localization, navigator, guard)": 0.4,
    "kiosk_ui": 0.2,
    "the rest": 0.4,
}
_GROUPS = {
    "sim": "sim",
    "perception": "perception",
    "localization": "navigation (localization, navigator, guard)",
    "navigator": "navigation (localization, navigator, guard)",
    "collision_guard": "navigation (localization, navigator, guard)",
    "kiosk_ui": "kiosk_ui",
}
_TOUR = {Screen.GUIDING, Screen.ARRIVAL}
_AGES_FILE = "ages.json"
_TOUCH_LINE = re.compile(r"touch to frame: p50 (?P<p50>[\d.]+) ms, p95 (?P<p95>[\d.]+) ms")


@dataclass(slots=True)
class Usage:
    """Processor time and memory of the store's processes, from the opening on."""

    opened_s: float | None = None
    last_s: float = 0.0
    _first_cpu_s: dict[str, float] = field(default_factory=dict)
    _last_cpu_s: dict[str, float] = field(default_factory=dict)
    memory_mib: dict[str, float] = field(default_factory=dict)
    shown_s: dict[Screen, float] = field(default_factory=dict)

    def look(self, supervisor: Supervisor, state: ScreenState | None) -> None:
        """Sample every process; called while the visit is played."""
        now_s = time.monotonic()
        self.opened_s = self.opened_s or now_s
        if state is not None:
            self.shown_s.setdefault(state.screen, now_s)
        if now_s - self.last_s < 1.0:
            return
        self.last_s = now_s
        for name, pid in supervisor.pids().items():
            with suppress(psutil.NoSuchProcess):
                process = psutil.Process(pid)
                times = process.cpu_times()
                cpu_s = times.user + times.system
                self._first_cpu_s.setdefault(name, cpu_s)
                self._last_cpu_s[name] = cpu_s
                memory_mib = process.memory_info().rss / 2**20
                self.memory_mib[name] = max(memory_mib, self.memory_mib.get(name, 0.0))

    def pace(self, steps: Sequence[Step]) -> float:
        """Return simulated over wall seconds between the start and the end of the tour; 0 when there was none.

        The customer follows when the guiding screen comes, and is at the shelf when the arrival screen comes.
        """
        simulated_s = {step.name: step.now_s for step in reversed(steps)}
        if not {"following", "at_shelf"} <= simulated_s.keys() or not self.shown_s.keys() >= _TOUR:
            return 0.0
        wall_s = self.shown_s[Screen.ARRIVAL] - self.shown_s[Screen.GUIDING]
        return (simulated_s["at_shelf"] - simulated_s["following"]) / wall_s

    def cores(self) -> dict[str, float]:
        """Return the share of one core that each process took from the opening to the last look."""
        span_s = self.last_s - self.opened_s if self.opened_s is not None else 0.0
        if span_s <= 0.0:
            return {}
        return {name: (self._last_cpu_s[name] - first) / span_s for name, first in self._first_cpu_s.items()}


def run(_request: Request) -> list[Row]:
    """Play one live visit (about two and a half minutes) and measure it; a visit cannot be shortened."""
    site, usage, visit = _site(), Usage(), Visit()
    began_s = time.monotonic()
    quiet = Console(file=sys.stderr)
    with _listening(site):
        played = asyncio.run(play_live(site, channels.port_base(), VISIT_LIMIT_S, quiet, visit, usage.look))
    if played is None or usage.opened_s is None:
        raise BenchmarkProblem("the store did not open; see the messages above and `aisle doctor`")
    report = report_of(site, played)
    return [
        Row("start-up, from the command to an open store", usage.opened_s - began_s, "s"),
        Row("real-time factor of the visit", usage.pace(report.score.steps), "x", "1", "while the robot leads"),
        Row("visit successful", float(report.success), "", "1", report.why_not),
        *_loads(usage),
        *_ages(site),
    ]


def _loads(usage: Usage) -> Iterator[Row]:
    cores = usage.cores()
    groups: dict[str, float] = {}
    for name, share in cores.items():
        group = _GROUPS.get(name, "the rest")
        groups[group] = groups.get(group, 0.0) + share
    for group, budget in BUDGET.items():
        yield Row(f"processor: {group}", groups.get(group, 0.0), "cores", f"at most {budget}")
    yield Row("processor: all", sum(cores.values()), "cores", "at most 2")
    for name, share in cores.items():
        yield Row(f"  {name}", share, "cores", note=f"{usage.memory_mib[name]:.0f} MiB")
    yield Row("memory: all", sum(usage.memory_mib.values()), "MiB", note="resident, largest of each process")


def _ages(site: Site) -> Iterator[Row]:
    path = site.run_dir / _AGES_FILE
    ages = msgspec.json.decode(path.read_bytes(), type=dict[str, float]) if path.exists() else {}
    for name in sorted(ages):
        yield Row(f"age: {name.removesuffix(' ms')}", ages[name], "ms")
    worst = [value for name, value in ages.items() if name.endswith("p95 ms")]
    if worst:
        yield Row("age: scan to wheel, at most (sum of the 95th percentiles, without transport)", sum(worst), "ms")
    log = site.log_of("kiosk_ui")
    found = _TOUCH_LINE.findall(log.read_text(errors="replace")) if log.exists() else []
    if found:
        p50, p95 = found[-1]
        yield Row("age: touch to frame p50", float(p50), "ms")
        yield Row("age: touch to frame p95", float(p95), "ms")


@contextmanager
def _listening(site: Site) -> Iterator[None]:
    """Collect the ages that nodes report on /diagnostics, in a process of its own that knows ROS."""
    command = [sys.executable, "-m", "benchmarks.ages", str(site.run_dir / _AGES_FILE)]
    variables = environment(channels.port_base())
    with subprocess.Popen(command, env=variables, cwd=paths.REPOSITORY) as listener:
        try:
            yield
        finally:
            listener.terminate()
            listener.wait(10.0)


def _site() -> Site:
    out = paths.var_dir() / "runs" / "bench-demo"
    options = DemoOptions(seed=SEED, shoppers=SHOPPERS, out=out)
    os.environ.setdefault("MUJOCO_GL", "egl")
    try:
        # A screenshot of every screen would hold up the frames that are measured.
        return replace(demo_site(options, headless=True), screenshots=False)
    except (PlanError, DemoProblem) as error:
        raise BenchmarkProblem(f"{error}; build the demo store first: ./run store build") from error
