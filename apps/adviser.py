"""The adviser's verbs: recommend from files, judge the ranking, write the demo data as files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from aisle import paths
from aisle_inference.harness.queries import Task

if TYPE_CHECKING:
    from aisle_inference.purchases.further import Further
    from aisle_inference.training.shop import Shop

console = Console()


class Evaluated(StrEnum):
    """What can be evaluated."""

    ADVICE = "advice"
    INTENT = "intent"


HistoryFile = Annotated[Path, typer.Option(help="Purchases, Parquet or CSV: trip_id, household_id, store_id, ts, ...")]
CatalogueFile = Annotated[Path, typer.Option(help="Products, Parquet or CSV: product_id, department, brand, ...")]
OwnHistory = Annotated[Path | None, typer.Option(help="Purchases of your own shop instead of the demo data.")]
OwnCatalogue = Annotated[Path | None, typer.Option(help="The products of those purchases.")]
StoreFolder = Annotated[Path, typer.Option(help="The built store that is advised on.")]
NamesFile = Annotated[Path | None, typer.Option(help="YAML: our column name, and what the file calls it.")]
PromotionsFile = Annotated[
    Path | None,
    typer.Option(help="What stores promote: product_id, store_id, display_location, mailer_location, week."),
]
StoresFile = Annotated[Path | None, typer.Option(help="The stores, held against the purchases: store_id, name, ...")]


def recommend(
    task: Annotated[Task, typer.Option(help="What is asked for.")],
    history: HistoryFile,
    catalogue: CatalogueFile,
    queries: Annotated[Path, typer.Option(help="The questions, a JSON list.")],
    out: Annotated[Path, typer.Option(help="Where the answers go, as JSON.")],
    history_names: NamesFile = None,
    catalogue_names: NamesFile = None,
    promotions: PromotionsFile = None,
    promotions_names: NamesFile = None,
    stores: StoresFile = None,
    stores_names: NamesFile = None,
) -> None:
    """Answer a file of questions from a shop's own history, with the ranking that the robot uses."""
    from aisle_inference.harness.queries_file import QueriesProblem
    from aisle_inference.purchases.columns import TableProblem
    from aisle_inference.purchases.further import Further
    from aisle_inference.recommend import Request
    from aisle_inference.recommend import recommend as answer

    further = Further(promotions, promotions_names, stores, stores_names)
    try:
        answer(Request(task, history, catalogue, queries, out, history_names, catalogue_names, further), console)
    except (TableProblem, QueriesProblem) as problem:
        console.print(str(problem), style="red", soft_wrap=True, markup=False)
        raise typer.Exit(1) from problem
    except OSError as problem:
        console.print(f"{out}: cannot be written ({problem.strerror})", style="red", soft_wrap=True, markup=False)
        raise typer.Exit(1) from problem


def adviser_data(out: Annotated[Path, typer.Argument(help="The folder for the files.")]) -> None:
    """Write the demo data before December 2017: history, catalogue, promotions and stores, each as .parquet."""
    from aisle_inference.purchases.complete_journey import write_demo_files
    from catalogue.source import SourceError

    try:
        for path in write_demo_files(out):
            console.print(str(path), soft_wrap=True)
    except (SourceError, OSError) as problem:
        console.print(f"The demo data cannot be written: {problem}", style="red", soft_wrap=True, markup=False)
        raise typer.Exit(1) from problem


def train(
    store: StoreFolder = paths.demo_store_dir(),
    history: OwnHistory = None,
    catalogue: OwnCatalogue = None,
    history_names: NamesFile = None,
    catalogue_names: NamesFile = None,
    promotions: PromotionsFile = None,
    promotions_names: NamesFile = None,
    stores: StoresFile = None,
    stores_names: NamesFile = None,
    out: Annotated[Path | None, typer.Option(help="The folder for what robots carry.")] = None,
    quick: Annotated[bool, typer.Option(help="One to two minutes, fewer trees, nothing measured.")] = False,
) -> None:
    """Train the adviser from purchases, sign it, and say how good it was in a month that it had not seen."""
    from aisle_inference.purchases.further import Further
    from aisle_inference.training import settings
    from aisle_inference.training.intents import intent_files
    from aisle_inference.training.train import Places
    from aisle_inference.training.train import train as train_adviser

    with _in_plain_words("The adviser cannot be trained"):
        further = Further(promotions, promotions_names, stores, stores_names)
        shop = _shop(store, history, catalogue, history_names, catalogue_names, further)
        places = Places.under(paths.var_dir())
        places = places if out is None else replace(places, kit=out)
        intents = intent_files(store) if history is None else {}
        train_adviser(shop, settings.quick() if quick else settings.thorough(), places, console, intents)


def evaluate(
    what: Annotated[Evaluated, typer.Argument(help="The recommendations, or what shoppers want.")] = Evaluated.ADVICE,
    store: StoreFolder = paths.demo_store_dir(),
    history: OwnHistory = None,
    catalogue: OwnCatalogue = None,
    history_names: NamesFile = None,
    catalogue_names: NamesFile = None,
    promotions: PromotionsFile = None,
    promotions_names: NamesFile = None,
    stores: StoresFile = None,
    stores_names: NamesFile = None,
    card: Annotated[Path | None, typer.Option(help="Write the model card of the trained adviser here.")] = None,
    quick: Annotated[bool, typer.Option(help="Learn little and ask little: a first look.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Judge the adviser on the last 30 days: intervals, baselines, new and known shoppers, coverage, cold start."""
    from aisle_inference.advice.carry import load_adviser
    from aisle_inference.evaluation import report
    from aisle_inference.intent.report import report as intent_report
    from aisle_inference.purchases.further import Further
    from aisle_inference.training.train import Places

    if what is Evaluated.INTENT:
        raise typer.Exit(intent_report(console, seed=1))
    with _in_plain_words("The adviser cannot be evaluated"):
        places = Places.under(paths.var_dir())
        manifest = load_adviser(places.kit, places.public_key).manifest if card is not None else None
        further = Further(promotions, promotions_names, stores, stores_names)
        shop = _shop(store, history, catalogue, history_names, catalogue_names, further)
        asked = report.Asked(paths.var_dir() / "cache" / "evaluation", quick, json)
        result = report.evaluate(shop, asked, console)
        if card is not None and manifest is not None:
            report.write_card(card, manifest, result)
            console.print(str(card), soft_wrap=True)


def drift(
    events: Annotated[Path, typer.Argument(help="New purchases, with the columns of a history.")],
    store: StoreFolder = paths.demo_store_dir(),
    history: OwnHistory = None,
    catalogue: OwnCatalogue = None,
    history_names: NamesFile = None,
    catalogue_names: NamesFile = None,
) -> None:
    """Compare new purchases with those that the adviser was learnt from, and say whether to train anew."""
    from aisle_inference.advice.carry import load_adviser
    from aisle_inference.evaluation import report
    from aisle_inference.purchases.read import read_history
    from aisle_inference.training.train import Places

    with _in_plain_words("The purchases cannot be compared"):
        rows = read_history(events, history_names)
        shop = _shop(store, history, catalogue, history_names, catalogue_names, Further())
        places = Places.under(paths.var_dir())
        carried = load_adviser(places.kit, places.public_key) if history is None else None
        report.drift(shop, rows, (carried.manifest, carried.kit) if carried is not None else None, console)


def compare(
    visits: Annotated[Path, typer.Argument(help="Visits of a pilot: visit, arm, outcome; CSV or Parquet.")],
    control_share: Annotated[float, typer.Option(min=0.01, max=0.99, help="Planned share of the control group.")] = 0.5,
) -> None:
    """Say what a comparison of arms has shown, or that it is not enough yet."""
    from aisle_inference.evaluation import report
    from aisle_inference.evaluation.comparison import PilotSettings

    with _in_plain_words("The arms cannot be compared"):
        raise typer.Exit(report.compare(visits, PilotSettings(control_share=control_share), console))


def _shop(
    store: Path,
    history: Path | None,
    catalogue: Path | None,
    history_names: Path | None,
    catalogue_names: Path | None,
    further: Further,
) -> Shop:
    from aisle_inference.training.shop import NothingToLearn, demo_shop, shop_of_files

    with console.status("reading the purchases"):
        if history is not None and catalogue is not None:
            return shop_of_files(history, catalogue, history_names, catalogue_names, further)
        if history is not None or catalogue is not None:
            raise NothingToLearn("give both --history and --catalogue, or neither for the demo data")
        return demo_shop(store, further)


@contextmanager
def _in_plain_words(what: str) -> Iterator[None]:
    """Turn what a user can mend into one line and exit status 1."""
    from aisle_inference.carried.problem import ModelProblem
    from aisle_inference.purchases.columns import TableProblem
    from aisle_inference.ranking.ranker import TooLittleHistory
    from aisle_inference.training.shop import NothingToLearn
    from catalogue.replica import ReplicaError
    from catalogue.source import SourceError

    expected = (TableProblem, NothingToLearn, TooLittleHistory, ReplicaError, SourceError, ModelProblem, OSError)
    try:
        yield
    except expected as problem:
        console.print(f"{what}: {problem}", style="red", soft_wrap=True, markup=False)
        raise typer.Exit(1) from problem
