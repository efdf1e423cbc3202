"""The adviser's verbs: recommend from files, judge the ranking, write the demo data as files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from aisle_inference.harness.queries import Task

console = Console()
HistoryFile = Annotated[Path, typer.Option(help="Purchases, Parquet or CSV: trip_id, household_id, store_id, ts, ...")]
CatalogueFile = Annotated[Path, typer.Option(help="Products, Parquet or CSV: product_id, department, brand, ...")]
NamesFile = Annotated[Path | None, typer.Option(help="YAML: our column name, and what the file calls it.")]


def recommend(
    task: Annotated[Task, typer.Option(help="What is asked for.")],
    history: HistoryFile,
    catalogue: CatalogueFile,
    queries: Annotated[Path, typer.Option(help="The questions, a JSON list.")],
    out: Annotated[Path, typer.Option(help="Where the answers go, as JSON.")],
    history_names: NamesFile = None,
    catalogue_names: NamesFile = None,
) -> None:
    """Answer a file of questions from a shop's own history, with the ranking that the robot uses."""
    from aisle_inference.harness.queries_file import QueriesProblem
    from aisle_inference.purchases.columns import TableProblem
    from aisle_inference.recommend import Request
    from aisle_inference.recommend import recommend as answer

    try:
        answer(Request(task, history, catalogue, queries, out, history_names, catalogue_names), console)
    except (TableProblem, QueriesProblem) as problem:
        console.print(str(problem), style="red", soft_wrap=True, markup=False)
        raise typer.Exit(1) from problem
    except OSError as problem:
        console.print(f"{out}: cannot be written ({problem.strerror})", style="red", soft_wrap=True, markup=False)
        raise typer.Exit(1) from problem


def adviser_data(out: Annotated[Path, typer.Argument(help="The folder for the files.")]) -> None:
    """Write the demo purchases (before December 2017) and products as history.parquet and catalogue.parquet."""
    from aisle_inference.purchases.complete_journey import write_demo_files
    from catalogue.source import SourceError

    try:
        for path in write_demo_files(out):
            console.print(str(path), soft_wrap=True)
    except (SourceError, OSError) as problem:
        console.print(f"The demo data cannot be written: {problem}", style="red", soft_wrap=True, markup=False)
        raise typer.Exit(1) from problem
