"""`aisle store build` and `aisle store check`."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from catalogue.build import build_store
from store_model.checks import check_store


def build(source: Path, out: Path, console: Console) -> int:
    """Build a store directory with a progress bar."""
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("building the store", total=1.0)
        build_store(source, out, progress=lambda share, what: progress.update(task, completed=share, description=what))
    console.print(f"the store is in {out}")
    return 0


def check(store: Path, console: Console) -> int:
    """Print every fault with its place; exit code 1 when there is one."""
    faults = check_store(store)
    for fault in faults:
        console.print(str(fault), markup=False, soft_wrap=True)
    console.print(f"{len(faults)} faults in {store}" if faults else f"no fault in {store}")
    return 1 if faults else 0
