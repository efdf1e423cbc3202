"""`aisle bench NAME`: the table of benchmarks, and how their figures are shown."""

from __future__ import annotations

import importlib
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import msgspec
from rich.console import Console
from rich.table import Table

from benchmarks.machine import Machine, this_machine
from benchmarks.rows import BenchmarkProblem, Request, Row

UNUSABLE = 2


@dataclass(frozen=True, slots=True)
class Benchmark:
    """One row of the table; seconds are those of a two-core machine."""

    name: str
    about: str
    run: Callable[[Request], list[Row]]
    quick_s: int
    whole_s: int
    options: tuple[str, ...] = ()
    """Names of the options of its own, such as `--map`; each takes a value. `--resume` is one without a value."""

    def duration_s(self, quick: bool) -> int:
        """Return about how long it takes."""
        return self.quick_s if quick else self.whole_s


class Report(msgspec.Struct, frozen=True):
    """What `--json` prints; beside it stand, by their keys, the figures that have one."""

    benchmark: str
    quick: bool
    machine: Machine
    wall_s: float
    rows: list[Row]


def _in(module: str) -> Callable[[Request], list[Row]]:
    """Return the `run` of a module of this package, imported only when it is called."""

    def run(request: Request) -> list[Row]:
        rows: list[Row] = importlib.import_module(f"benchmarks.{module}").run(request)
        return rows

    return run


BENCHMARKS = (
    Benchmark("sim", "the simulated world alone and its peers; whether people keep apart", _in("sim"), 30, 100),
    Benchmark("lockstep", "a whole store in one process: speed, by part, and repeatability", _in("lockstep"), 40, 90),
    Benchmark("demo", "the whole live store: start-up, pace, processor, memory, ages", _in("demo"), 180, 180),
    Benchmark("detector", "the person detector on rendered scenes: recall, false finds", _in("detector"), 60, 240),
    Benchmark(
        "planner",
        "the global planner: speed, exactness, peers; plans across the store",
        _in("planner"),
        quick_s=30,
        whole_s=60,
        options=("--map", "--scen", "--queries"),
    ),
    Benchmark("controller", "one step of the local controller, beside numpy", _in("controller"), 20, 60),
    Benchmark(
        "crowd",
        "crossing a crowd that does not see the robot, beside ORCA",
        _in("crowd"),
        90,
        900,
        options=("--resume",),
    ),
    Benchmark(
        "tours",
        "tours among twenty people: arrival, contacts, manners, detours",
        _in("tours"),
        240,
        2400,
        options=("--resume",),
    ),
    Benchmark(
        "backend",
        "the backend's process on SQLite and PostgreSQL: reads, durable writes, 200 clients",
        _in("backend"),
        quick_s=40,
        whole_s=90,
    ),
    Benchmark("serial", "the base protocol: codec, stream parser, round trip, peers", _in("serial"), 40, 150),
    Benchmark(
        "fuzz",
        "both parsers of the base protocol under coverage-guided fuzzers",
        _in("fuzz"),
        quick_s=60,
        whole_s=2400,
        options=("--inputs",),
    ),
    Benchmark(
        "trials", "parts of controller and localization, each changed alone", _in("trials"), quick_s=120, whole_s=600
    ),
    Benchmark("gazebo", "drive and laser against Gazebo on the same SDF files", _in("gazebo"), quick_s=5, whole_s=5),
    Benchmark("adviser", "the four tasks of the adviser on November, beside the baselines", _in("adviser"), 280, 1500),
    Benchmark("staging", "what pickup will need next, beside popularity", _in("staging"), quick_s=10, whole_s=20),
    Benchmark(
        "inference",
        "how fast the adviser answers, in the core and over ROS, beside its peers",
        _in("inference"),
        quick_s=90,
        whole_s=300,
        options=("--resume",),
    ),
    Benchmark("stop", "from a body in the way to wheels at zero, stage by stage", _in("stop"), 30, 240),
    Benchmark("odometry", "dead reckoning after squares, calibration, covariance", _in("odometry"), 60, 240),
    Benchmark(
        "localization", "knowing the place: speed, accuracy, kidnappings, false alarms", _in("localization"), 60, 420
    ),
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
    if name == "list":
        console.print(_listed(benchmarks))
        return 0
    chosen = next((benchmark for benchmark in benchmarks if benchmark.name == name), None)
    if chosen is None:
        names = ", ".join(benchmark.name for benchmark in benchmarks)
        aside.print(f"there is no benchmark '{name}'; there are: {names}", markup=False)
        return UNUSABLE
    request = _request(chosen, quick, arguments)
    if isinstance(request, str):
        aside.print(request, markup=False)
        return UNUSABLE
    aside.print(f"{chosen.name}: {chosen.about}; takes about {_in_words(chosen.duration_s(quick))}", markup=False)
    return _run(chosen, request, as_json, console, aside)


def _request(chosen: Benchmark, quick: bool, arguments: list[str]) -> Request | str:
    """Return what is asked of a benchmark, or a sentence about an option that it does not have."""
    options: dict[str, str] = {}
    words = iter(arguments)
    for word in words:
        option, is_joined, value = word.partition("=")
        if option not in chosen.options:
            known = ", ".join(chosen.options) or "none of its own"
            return f"the benchmark '{chosen.name}' does not know {word}; its options: {known}"
        if option != "--resume" and not is_joined:
            value = next(words, "")
            if not value or value.startswith("--"):
                return f"{option} needs a value"
        options[option] = value
    return Request(quick, options.pop("--resume", None) is not None, options)


def _run(chosen: Benchmark, request: Request, as_json: bool, console: Console, aside: Console) -> int:
    machine, started_s = this_machine(), time.perf_counter()
    try:
        with aside.status(f"measuring {chosen.name}"):
            rows = chosen.run(request)
    except BenchmarkProblem as problem:
        aside.print(str(problem), style="red", markup=False)
        return 1
    report = Report(chosen.name, request.quick, machine, time.perf_counter() - started_s, rows)
    if as_json:
        keyed = {row.key: row.value for row in rows if row.key}
        text = msgspec.json.format(msgspec.json.encode(keyed | msgspec.to_builtins(report)), indent=2).decode()
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
