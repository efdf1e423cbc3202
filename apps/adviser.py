"""The adviser's verbs: recommend from files, judge the ranking, write the demo data as files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from aisle import paths
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


def train(
    store: Annotated[Path, typer.Option(help="The built store that is advised on.")] = paths.demo_store_dir(),
    history: Annotated[Path | None, typer.Option(help="Purchases of your own shop instead of the demo data.")] = None,
    catalogue: Annotated[Path | None, typer.Option(help="The products of those purchases.")] = None,
    history_names: NamesFile = None,
    catalogue_names: NamesFile = None,
    out: Annotated[Path | None, typer.Option(help="The folder for what robots carry.")] = None,
    quick: Annotated[bool, typer.Option(help="One to two minutes, fewer trees, nothing measured.")] = False,
) -> None:
    """Train the adviser from purchases, sign it, and say how good it was in a month that it had not seen."""
    from aisle_inference.manifest import ModelProblem
    from aisle_inference.purchases.columns import TableProblem
    from aisle_inference.ranking.ranker import TooLittleHistory
    from aisle_inference.training.shop import NothingToLearn
    from catalogue.replica import ReplicaError
    from catalogue.source import SourceError

    if (history is None) != (catalogue is None):
        console.print("Give both --history and --catalogue, or neither for the demo data.", style="red")
        raise typer.Exit(1)
    try:
        files = None if history is None or catalogue is None else (history, catalogue)
        _train(store, files, (history_names, catalogue_names), out, quick)
    except (
        TableProblem,
        NothingToLearn,
        TooLittleHistory,
        ReplicaError,
        SourceError,
        ModelProblem,
        OSError,
    ) as problem:
        console.print(f"The adviser cannot be trained: {problem}", style="red", soft_wrap=True, markup=False)
        raise typer.Exit(1) from problem


def _train(
    store: Path,
    files: tuple[Path, Path] | None,
    names: tuple[Path | None, Path | None],
    out: Path | None,
    is_quick: bool,
) -> None:
    from aisle_inference.training import settings
    from aisle_inference.training.intents import intent_files
    from aisle_inference.training.shop import demo_shop, shop_of_files
    from aisle_inference.training.train import Places
    from aisle_inference.training.train import train as train_adviser

    places = Places.under(paths.var_dir())
    places = places if out is None else replace(places, kit=out)
    course = settings.quick() if is_quick else settings.thorough()
    with console.status("reading the purchases"):
        shop = demo_shop(store) if files is None else shop_of_files(*files, *names)
        further = intent_files(store) if files is None else {}
    train_adviser(shop, course, places, console, further)
