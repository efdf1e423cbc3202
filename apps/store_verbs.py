"""`aisle store build`, `check`, `plan`, `import` and `rollback`."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from catalogue.build import build_store
from catalogue.checks import check_store
from catalogue.incoming import IncomingProblem, difference, read_incoming
from catalogue.replace import exchange_with_version_before, put_into_place
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


def import_files(
    store: Path, products: Path, planogram: Path | None, names: Path | None, apply: bool, console: Console
) -> int:
    """Show what files would change in a store, and change it when asked; exit code 1 names what is wrong."""
    try:
        incoming = read_incoming(store, products, planogram, names)
        for line in difference(store, incoming).lines():
            console.print(line, markup=False, soft_wrap=True)
        if apply:
            put_into_place(store, incoming)
    except IncomingProblem as problem:
        console.print(str(problem), markup=False, soft_wrap=True)
        return 1
    said = f"the store in {store} is changed; `aisle store rollback` undoes it" if apply else "nothing is changed yet"
    console.print(said if apply else f"{said}; --apply does it", markup=False, soft_wrap=True)
    return 0


def roll_back(store: Path, console: Console) -> int:
    """Exchange a store with its version before the last import."""
    try:
        exchange_with_version_before(store)
    except IncomingProblem as problem:
        console.print(str(problem), markup=False, soft_wrap=True)
        return 1
    console.print(f"the store in {store} is as it was before", markup=False, soft_wrap=True)
    return 0
