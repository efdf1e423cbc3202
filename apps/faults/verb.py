"""Plays the list and prints it as a table: fault, expected, observed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table

from aisle import channels, paths
from apps.demo import STOPPED_BY_SIGNAL, DemoOptions, DemoProblem, demo_site
from apps.faults import live, lockstep
from apps.faults.live import Kill
from apps.faults.table import Fault, faults
from apps.supervisor import ToldToStop

TABLE = "faults.md"
_SEED = 2
_MINUTES_LIVE, _MINUTES_LOCKSTEP = 2.5, 0.5


class Row(msgspec.Struct, frozen=True):
    """One fault, what was expected, what was observed, and whether that is as it should be."""

    name: str
    what: str
    expected: str
    observed: str
    passed: bool


def run_faults(names: Sequence[str], seed: int | None, as_json: bool, console: Console) -> int:
    """Play the named faults (all of them for `all`, a list of names for none); return the number that did not pass.

    A signal ends the list; what was played until then stays written.
    """
    known = {fault.name: fault for fault in faults()}
    if not names:
        _list(console)
        return 0
    unknown = [name for name in names if name not in known and name != "all"]
    if unknown:
        console.print(f"there is no fault {unknown[0]!r}; `aisle faults` lists them", style="red")
        return 1
    chosen = list(known.values()) if "all" in names else [known[name] for name in names]
    minutes = sum(_MINUTES_LIVE if fault.is_live else _MINUTES_LOCKSTEP for fault in chosen)
    console.print(f"{len(chosen)} runs, about {minutes:.0f} minutes")
    rows: list[Row] = []
    for fault in chosen:
        try:
            rows.append(_play(fault, seed if seed is not None else _SEED, console))
        except ToldToStop:
            console.print("stopped")
            return STOPPED_BY_SIGNAL
        # After every run: a long list that is cut short still leaves what it has.
        _keep(rows)
    if as_json:
        console.out(msgspec.json.format(msgspec.json.encode(rows), indent=2).decode(), highlight=False)
    else:
        console.print(_table(rows))
    return sum(not row.passed for row in rows)


def _play(fault: Fault, seed: int, console: Console) -> Row:
    run_dir = paths.var_dir() / "runs" / f"fault-{fault.name}"
    options = DemoOptions(seed=seed, lockstep=not fault.is_live, out=run_dir)
    console.rule(f"{fault.name}: {fault.what}")
    try:
        site = demo_site(options, headless=True)
        plan = fault.plan(site)
        if isinstance(plan, Kill):
            site = replace(site, scripted=True)
            outcome = live.play(site, channels.port_base(), plan, console)
        else:
            outcome = lockstep.play(site, plan, console)
    except (DemoProblem, channels.PortProblem, ValueError) as problem:
        return Row(fault.name, fault.what, fault.expected, f"could not be played: {problem}", passed=False)
    if outcome is None:
        return Row(fault.name, fault.what, fault.expected, "the store did not stay open; see above", passed=False)
    return Row(fault.name, fault.what, fault.expected, outcome.in_words(), passed=fault.judge(outcome))


def _list(console: Console) -> None:
    table = Table(title="Faults that can be played: aisle faults NAME... or aisle faults all")
    for column in ("name", "what goes wrong", "expected"):
        table.add_column(column, overflow="fold")
    for fault in faults():
        table.add_row(fault.name, fault.what, fault.expected)
    console.print(table)


def _table(rows: Sequence[Row]) -> Table:
    table = Table(title="Faults")
    for column in ("fault", "expected", "observed", ""):
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(row.what, row.expected, row.observed, "[green]passed[/]" if row.passed else "[red]failed[/]")
    return table


def _keep(rows: Sequence[Row]) -> None:
    """Write the table beside the runs, for the documentation."""
    lines = ["| fault | expected | observed | |", "|---|---|---|---|"]
    lines += [
        f"| {row.what} | {row.expected} | {row.observed} | {'passed' if row.passed else 'failed'} |" for row in rows
    ]
    path: Path = paths.var_dir() / "runs" / TABLE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
