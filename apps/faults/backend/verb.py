"""Plays the list on a real backend and prints it as a table: what was done, expected, observed."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import msgspec
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from aisle import paths
from apps.faults.backend.process import FaultProblem
from apps.faults.backend.table import Amounts, Ground, Trial, trials
from benchmarks.postgres import PostgresServer, postgres_server
from benchmarks.rows import BenchmarkProblem

_KEPT = "backend-faults.json"


class Row(msgspec.Struct, frozen=True):
    """One trial, what was expected, what was observed, and whether that is as it should be."""

    name: str
    database: str
    expected: str
    observed: str
    passed: bool


class _Kept(msgspec.Struct, frozen=True):
    """The rows of an interrupted list, and the amounts that they were played with."""

    amounts: Amounts
    rows: list[Row]


def run_backend_faults(
    names: Sequence[str], amounts: Amounts, resume: bool, as_json: bool, console: Console, store_dir: Path | None = None
) -> int:
    """Play the named trials (all of them for none); return how many did not pass.

    Each finished row is kept, and `resume` goes on behind them when the amounts are the same.
    """
    known = {trial.name for trial in trials()}
    unknown = [name for name in names if name not in known]
    if unknown:
        console.print(f"there is no {unknown[0]!r}; the trials are {', '.join(sorted(known))}", style="red")
        return 1
    chosen = [trial for trial in trials() if not names or trial.name in names]
    rows = _kept_rows(amounts) if resume else []
    with ExitStack() as stack:
        postgres, progress = _postgres(stack), stack.enter_context(Progress(console=console, transient=True))
        for trial in chosen:
            if not any((row.name, row.database) == (trial.name, trial.database) for row in rows):
                rows.append(_play(trial, amounts, store_dir or paths.demo_store_dir(), postgres, progress))
                _keep(amounts, rows)
    rows = [row for row in rows if any((row.name, row.database) == (one.name, one.database) for one in chosen)]
    if as_json:
        console.out(msgspec.json.format(msgspec.json.encode(rows), indent=2).decode(), highlight=False)
    else:
        console.print(_table(rows))
    return sum(not row.passed for row in rows)


def _play(trial: Trial, amounts: Amounts, store_dir: Path, postgres: PostgresServer | None, progress: Progress) -> Row:
    task = progress.add_task(f"{trial.name}, {trial.database}", total=None)
    folder = Path(tempfile.mkdtemp(prefix="aisle-faults-"))
    try:
        ground = Ground(folder / trial.name, store_dir, postgres)
        observed, passed = trial.play(
            ground, trial.database, amounts, lambda done: progress.update(task, completed=done)
        )
    except FaultProblem as problem:
        observed, passed = f"could not be played: {problem}", False
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        progress.remove_task(task)
    return Row(trial.name, trial.database, trial.expected, observed, passed)


def _postgres(stack: ExitStack) -> PostgresServer | None:
    try:
        return stack.enter_context(postgres_server())
    except BenchmarkProblem:
        # The rows that need it say so.
        return None


def _kept_rows(amounts: Amounts) -> list[Row]:
    try:
        kept = msgspec.json.decode(_path().read_bytes(), type=_Kept)
    except (FileNotFoundError, msgspec.DecodeError):
        return []
    return kept.rows if kept.amounts == amounts else []


def _keep(amounts: Amounts, rows: list[Row]) -> None:
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(_Kept(amounts, rows)), indent=2))


def _path() -> Path:
    return paths.var_dir() / "runs" / _KEPT


def _table(rows: Sequence[Row]) -> Table:
    table = Table(title="Faults of the backend")
    for column in ("trial", "database", "expected", "observed", ""):
        table.add_column(column, overflow="fold")
    for row in rows:
        verdict = "[green]passed[/]" if row.passed else "[red]failed[/]"
        table.add_row(row.name, row.database, row.expected, row.observed, verdict)
    return table
