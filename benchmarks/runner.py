"""`aisle bench NAME`: the table of benchmarks, and how their figures are shown."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import msgspec
from rich.console import Console
from rich.table import Table

from benchmarks.machine import Machine, this_machine
from benchmarks.rows import BenchmarkProblem, Row

UNUSABLE = 2


@dataclass(frozen=True, slots=True)
class Benchmark:
    """One row of the table; `run` takes whether it shall be quick. Seconds are those of a two-core machine."""

    name: str
    about: str
    run: Callable[[bool], list[Row]]
    quick_s: int
    whole_s: int

    def duration_s(self, quick: bool) -> int:
        """Return about how long it takes."""
        return self.quick_s if quick else self.whole_s


class Report(msgspec.Struct, frozen=True):
    """What `--json` prints."""

    benchmark: str
    quick: bool
    machine: Machine
    wall_s: float
    rows: list[Row]


def _sim(quick: bool) -> list[Row]:
    from benchmarks.sim import run

    return run(quick)


def _lockstep(quick: bool) -> list[Row]:
    from benchmarks.lockstep import run

    return run(quick)


def _demo(quick: bool) -> list[Row]:
    from benchmarks.demo import run

    return run(quick)


def _gazebo(quick: bool) -> list[Row]:
    from benchmarks.gazebo import run

    return run(quick)


def _detector(quick: bool) -> list[Row]:
    from benchmarks.detector import run

    return run(quick)


BENCHMARKS = (
    Benchmark("sim", "the simulated world alone and its peers; whether people keep apart", _sim, 30, 100),
    Benchmark("lockstep", "a whole store in one process: speed, by part, and repeatability", _lockstep, 40, 90),
    Benchmark("demo", "the whole live store: start-up, pace, processor, memory, ages", _demo, 180, 180),
    Benchmark("detector", "the person detector on rendered scenes: recall, false finds, time", _detector, 60, 240),
    Benchmark("gazebo", "drive and laser against Gazebo on the same SDF files", _gazebo, quick_s=5, whole_s=5),
)


def run_benchmark(
    name: str,
    as_json: bool,
    quick: bool,
    arguments: list[str],
    console: Console,
    benchmarks: tuple[Benchmark, ...] = BENCHMARKS,
) -> int:
    """Run one benchmark and print its figures on `console`; `list` names them all. Returns the exit code.

    What is said beside the figures goes to standard error, so that `--json` prints nothing but JSON.
    """
    aside = Console(file=sys.stderr)
    if arguments:
        aside.print(f"aisle bench does not know {' '.join(arguments)}; see aisle bench --help", markup=False)
        return UNUSABLE
    if name == "list":
        console.print(_listed(benchmarks))
        return 0
    chosen = next((benchmark for benchmark in benchmarks if benchmark.name == name), None)
    if chosen is None:
        names = ", ".join(benchmark.name for benchmark in benchmarks)
        aside.print(f"there is no benchmark '{name}'; there are: {names}", markup=False)
        return UNUSABLE
    aside.print(f"{chosen.name}: {chosen.about}; takes about {_in_words(chosen.duration_s(quick))}", markup=False)
    return _run(chosen, as_json, quick, console, aside)


def _run(chosen: Benchmark, as_json: bool, quick: bool, console: Console, aside: Console) -> int:
    machine, started_s = this_machine(), time.perf_counter()
    try:
        with aside.status(f"measuring {chosen.name}"):
            rows = chosen.run(quick)
    except BenchmarkProblem as problem:
        aside.print(str(problem), style="red", markup=False)
        return 1
    report = Report(chosen.name, quick, machine, time.perf_counter() - started_s, rows)
    if as_json:
        text = msgspec.json.format(msgspec.json.encode(report), indent=2).decode()
        console.print(text, markup=False, highlight=False, soft_wrap=True)
    else:
        console.print(_table(report))
    return 0


def _listed(benchmarks: tuple[Benchmark, ...]) -> Table:
    table = Table("benchmark", "measures", "takes", "with --quick", title="Benchmarks")
    for row in benchmarks:
        table.add_row(row.name, row.about, _in_words(row.whole_s), _in_words(row.quick_s))
    return table


def _table(report: Report) -> Table:
    title = f"{report.benchmark}{' (quick)' if report.quick else ''}, {report.wall_s:.0f} s"
    table = Table(title=title, caption=str(report.machine))
    table.add_column("figure")
    table.add_column("value", justify="right")
    for column in ("unit", "aim", "how"):
        table.add_column(column)
    for row in report.rows:
        table.add_row(row.name, f"{row.value:,.4g}", row.unit, row.target, row.note)
    return table


def _in_words(duration_s: int) -> str:
    return f"{duration_s} s" if duration_s < 120 else f"{duration_s / 60:.0f} min"
