"""`aisle store build`, `aisle store check` and `aisle store plan`."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from catalogue.build import build_store
from catalogue.checks import check_store
from catalogue.settings import load_categories
from store_model.demo_plan import demo_plan_text
from store_model.plan import PLAN_FILE


def build(source: Path, out: Path, console: Console) -> int:
    """Build a store directory with a progress bar."""
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("building the store", total=1.0)
        build_store(source, out, progress=lambda share, what: progress.update(task, completed=share, description=what))
    console.print(f"the store is in {out}")
    return 0


def write_demo_plan(directory: Path, console: Console) -> int:
    """Write the demo store's floor plan by its rules; names and colours of departments come from categories.yaml."""
    departments = load_categories(directory).departments
    names = {key: department.names() for key, department in departments.items()}
    colours = {key: department.colour for key, department in departments.items()}
    (directory / PLAN_FILE).write_text(demo_plan_text(names, colours), encoding="utf-8")
    console.print(f"the plan is in {directory / PLAN_FILE}")
    return 0


def check(store: Path, console: Console) -> int:
    """Print every fault with its place; exit code 1 when there is one."""
    faults = check_store(store)
    for fault in faults:
        console.print(str(fault), markup=False, soft_wrap=True)
    console.print(f"{len(faults)} faults in {store}" if faults else f"no fault in {store}")
    return 1 if faults else 0
