"""Makes all checks and shows what they found."""

from __future__ import annotations

import msgspec
from rich.console import Console
from rich.table import Table

from apps.doctor import machine, store
from apps.doctor.findings import Check, Finding, Level, look

CHECKS: dict[str, Check] = {
    "python": machine.python,
    "packages": store.packages,
    "graphics": machine.graphics,
    "display": machine.display,
    "audio": machine.audio,
    "camera": machine.camera,
    "serial line": machine.serial_line,
    "ports": store.ports,
    "discovery": store.discovery,
    "leftovers": store.leftovers,
    "disk": machine.disk,
    "memory": machine.memory,
    "clock": machine.clock,
    "keys": store.key_files,
    "store": store.demo_store,
    "adviser": store.adviser_model,
    "detector": store.person_detector,
}
_MARKS = {Level.OK: "[green]ok[/]", Level.NOTE: "[yellow]note[/]", Level.FAULT: "[red]fault[/]"}


def run_doctor(console: Console, as_json: bool) -> int:
    """Make every check; return the number of faults."""
    with console.status("looking at this machine") if not as_json else console.capture():
        findings = [look(name, check) for name, check in CHECKS.items()]
    if as_json:
        console.out(msgspec.json.format(msgspec.json.encode(findings), indent=2).decode(), highlight=False)
    else:
        _show(console, findings)
    return sum(finding.level is Level.FAULT for finding in findings)


def _show(console: Console, findings: list[Finding]) -> None:
    table = Table(title="This machine", title_justify="left")
    for column in ("what", "", "found", "what to do"):
        table.add_column(column, overflow="fold")
    for finding in findings:
        table.add_row(finding.name, _MARKS[finding.level], finding.fact, finding.todo)
    console.print(table)
    faults = sum(finding.level is Level.FAULT for finding in findings)
    word = "fault" if faults == 1 else "faults"
    console.print(f"{faults} {word}: see the last column" if faults else "nothing keeps a store from running here")
