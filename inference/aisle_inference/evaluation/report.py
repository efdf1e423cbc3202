"""What the verbs call: `aisle evaluate`, `aisle drift` and `aisle compare`, each with a console and an exit status.

Problems are raised as they are: NothingToLearn, TooLittleHistory, TableProblem, ModelProblem, OSError.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from aisle_inference.advice.kit import Kit
from aisle_inference.carried.manifest import Manifest
from aisle_inference.evaluation.card import model_card
from aisle_inference.evaluation.comparison import PilotSettings, pilot_result
from aisle_inference.evaluation.drift import DriftReport, Verdict, drift_report
from aisle_inference.evaluation.drift_table import drift_table
from aisle_inference.evaluation.evaluate import Plan, evaluation
from aisle_inference.evaluation.judged import judged, last_month
from aisle_inference.evaluation.pilot_table import pilot_table
from aisle_inference.evaluation.result import Evaluation, as_json
from aisle_inference.evaluation.still_hits import still_hits
from aisle_inference.evaluation.tables import tables
from aisle_inference.evaluation.visits import read_visits
from aisle_inference.harness.queries import Task
from aisle_inference.training.course import Told
from aisle_inference.training.notebook import FolderNotebook
from aisle_inference.training.settings import quick, thorough
from aisle_inference.training.shop import Shop

# Every so many questions are asked in a quick look.
_QUICK_EVERY = 4


@dataclass(frozen=True, slots=True)
class Asked:
    """How to evaluate: quickly or not, as JSON or as tables, and the folder where a cut learning is kept.

    The folder is for evaluations alone: what else lies in it is thrown away.
    """

    notebooks: Path
    is_quick: bool = False
    is_json: bool = False


def evaluate(shop: Shop, asked: Asked, console: Console) -> Evaluation:
    """Judge the shop's adviser on its last 30 days and print the tables, or JSON."""
    plan = Plan(quick() if asked.is_quick else thorough(), asked.is_quick)
    month = judged(shop, last_month(shop), _QUICK_EVERY if asked.is_quick else 1)
    notebook = FolderNotebook.of(asked.notebooks, month.shop, plan.course)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=asked.is_json) as progress:
        bar = progress.add_task("making the questions", total=1.0)
        told: Told = lambda what, share: progress.update(bar, description=what, completed=share)  # noqa: E731
        result = evaluation(month, plan, notebook, told)
    notebook.close()
    show(result, console, asked.is_json)
    return result


def show(result: Evaluation, console: Console, is_json: bool) -> None:
    """Print a result."""
    if is_json:
        console.print_json(as_json(result))
        return
    for table in tables(result):
        console.print(table)
    if result.is_quick:
        console.print("Learnt quickly and asked little: a first look. Leave --quick out for the figures.")


def write_card(path: Path, manifest: Manifest, result: Evaluation) -> None:
    """Write the model card."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(model_card(manifest, result))


def drift(learnt: Shop, rows: pl.DataFrame, model: tuple[Manifest, Kit] | None, console: Console) -> DriftReport:
    """Compare new rows with what was learnt, and the kit with what it was, and print the table.

    `rows` are as `read_history` has them, with the product numbers of the shop.
    """
    hits = None
    if model is not None:
        manifest, kit = model
        hits = still_hits(kit, manifest.metrics.get(Task.COMPLETION.key, {}).get("hit rate at 3"), rows)
    report = drift_report(learnt, rows, hits)
    console.print(drift_table(report))
    says = {
        Verdict.STEADY: "Steady: the adviser fits.",
        Verdict.TOO_FEW: "Too few events to tell in places; come back with more.",
        Verdict.LOOK: "Look at the readings marked so; train anew when they stay.",
        Verdict.RETRAIN: "Retrain: run `aisle train` with these events in the history.",
    }
    console.print(says[report.verdict], soft_wrap=True)
    return report


def compare(visits: Path, settings: PilotSettings, console: Console) -> int:
    """Print what a pilot has shown; return 1 when its arms are not split as planned."""
    result = pilot_result(read_visits(visits), settings)
    console.print(pilot_table(result))
    console.print(result.finding.value[:1].upper() + result.finding.value[1:] + ".", soft_wrap=True)
    return 1 if result.finding.name == "MISMATCH" else 0
