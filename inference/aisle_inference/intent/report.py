"""Train on made-up sessions, judge on others, and say how it went: `aisle evaluate intent`."""

from __future__ import annotations

from dataclasses import replace

from rich.console import Console
from rich.table import Table

from aisle.paths import demo_store_dir
from aisle_inference.harness.bootstrap import Interval
from aisle_inference.intent.evaluate import IntentFigures, causes_hold, evaluate, mean_of
from aisle_inference.intent.learn import examples_of
from aisle_inference.intent.mixing import SHIFTED, TRAINING
from aisle_inference.intent.practice import Ground, PracticeSettings, ground_of, practise, sessions_to_judge_by
from catalogue.replica import ReplicaError, open_replica
from store_model.manifest import CATALOGUE_FILE

_NOTICE = "These sessions are made up: the figures judge the model against their generator, not against people."
_ROWS = {
    "intent right, every session": "accuracy",
    "the pressed button alone": "button_accuracy",
    "share answered": "coverage",
    "right among the answered": "precision",
    "calibration error (10 bins)": "calibration_error",
    "category right": "category_top_1",
    "category among three": "category_top_3",
    "share with a category": "category_coverage",
    "right among those": "category_precision",
}
_CAUSE_SESSIONS = 1_000


def report(console: Console, seed: int, settings: PracticeSettings | None = None) -> int:
    """Learn and judge on the demo store's catalogue, print the tables, and return the exit status.

    The seed replaces that of the settings.
    """
    try:
        with open_replica(demo_store_dir() / CATALOGUE_FILE) as replica:
            ground = ground_of(replica.products(), replica.categories(), replica.synonyms())
    except (ReplicaError, ValueError) as problem:
        console.print(str(problem), style="red", soft_wrap=True, markup=False)
        return 1
    with console.status("making sessions, learning, judging"):
        tables = _tables(ground, replace(settings or PracticeSettings(), seed=seed))
    for table in tables:
        console.print(table)
    console.print(_NOTICE, soft_wrap=True)
    return 0


def _tables(ground: Ground, settings: PracticeSettings) -> tuple[Table, Table]:
    model = practise(ground, settings)
    tests = {
        name: sessions_to_judge_by(ground, mixing, settings)
        for name, mixing in (("as in training", TRAINING), ("shifted", SHIFTED))
    }
    figures, causes = {}, {}
    for name, labelled in tests.items():
        figures[name] = evaluate(examples_of(labelled, ground.vocabulary), model, settings.seed)
        sessions = [one.session for one in labelled[:_CAUSE_SESSIONS]]
        causes[name] = mean_of(causes_hold(sessions, ground.vocabulary, model), settings.seed)
    title = f"limits {model.limits.intent:.2f} for the intent, {model.limits.category:.2f} for the category"
    return figures_table(figures, causes, title), reliability_table(figures["shifted"])


def figures_table(figures: dict[str, IntentFigures], causes: dict[str, Interval | None], title: str) -> Table:
    """Lay the figures of several tests side by side."""
    table = Table("", *(f"{name}, {one.sessions} sessions" for name, one in figures.items()), title=title)
    for words, field in _ROWS.items():
        table.add_row(words, *(_interval(getattr(one, field)) for one in figures.values()))
    table.add_row("less likely without its cause", *(_interval(causes[name]) for name in figures))
    return table


def reliability_table(figures: IntentFigures) -> Table:
    """Lay out how sure the model was and how often it was right."""
    table = Table("probability from", "sessions", "mean probability", "right", title="reliability, shifted")
    for one in figures.bins:
        table.add_row(f"{one.low:.1f}", str(one.count), f"{one.confidence:.3f}", f"{one.accuracy:.3f}")
    return table


def _interval(figure: Interval | None) -> str:
    return "none" if figure is None else f"{figure.mean:.3f} [{figure.low:.3f}, {figure.high:.3f}]"
