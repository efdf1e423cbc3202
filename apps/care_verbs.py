"""`aisle journey` and `aisle care`: what staff ask the backend, printed as tables.

They ask the backend that runs; with `--database` they look into the database of one that has ended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from aisle import bus, channels, clock, paths
from aisle.keys import KeyProblem
from aisle.messages import Problem, complaints, journey, staff
from aisle.messages.journey import Figure, Period
from store_backend.letters import LetterProblem, read_letter

Ask = Callable[[msgspec.Struct], Any]
Database = Annotated[str, typer.Option(help="SQLAlchemy URL of a backend that does not run; else the running one.")]
Days = Annotated[int, typer.Option(min=1, max=366, help="How many days to look back.")]

care_app = typer.Typer(no_args_is_help=True, help="Alerts, calls, complaints and figures, as staff see them.")
console = Console()
_DAY_S = 86_400.0


@contextmanager
def asking(database: str) -> Iterator[Ask]:
    """Yield what asks the backend; a problem is one line and exit code 1."""
    try:
        with _local(database) if database else _remote() as ask:
            yield lambda message: _or_exit(ask(message))
    except (bus.BusError, KeyProblem) as problem:
        console.print(str(problem), markup=False, soft_wrap=True)
        raise typer.Exit(1) from problem


@contextmanager
def _remote() -> Iterator[Ask]:
    with bus.request_client(channels.BACKEND, bus.Identity("admin", paths.var_dir() / "keys")) as client:
        yield client.ask


@contextmanager
def _local(database: str) -> Iterator[Ask]:
    # The database's libraries take longer to load than all the rest.
    from apps.local_backend import local_backend

    with local_backend(database) as ask:
        yield ask


def _or_exit(answer: Any) -> Any:
    if isinstance(answer, Problem):
        console.print(answer.sentence, markup=False, soft_wrap=True)
        raise typer.Exit(1)
    return answer


def print_table(title: str, columns: tuple[str, ...], rows: Iterator[tuple[object, ...]]) -> None:
    table = Table(*columns, title=title)
    for row in rows:
        table.add_row(*("-" if cell is None else str(cell) for cell in row))
    console.print(table)


def _rounded(value: float | None) -> str:
    return "not measured" if value is None else f"{value:.2f}".removesuffix(".00")


def _period(days: int) -> Period:
    now_unix_s = clock.wall_s()
    return Period(since_unix_s=now_unix_s - days * _DAY_S, until_unix_s=now_unix_s + 1.0)


def show_journey(
    session: Annotated[str, typer.Argument(help="The visit; none lists the newest visits.")] = "",
    database: Database = "",
) -> None:
    """Replay a visit step by step, with its score and which stage bears the blame."""
    with asking(database) as ask:
        if not session:
            visits = ask(journey.VisitsQuery()).visits
            print_table("newest visits", ("visit", "robot"), ((one.session_id, one.robot_id) for one in visits))
            return
        told = ask(journey.JourneyQuery(session_id=session))
        print_table(f"visit {session}", ("after", "stage", "at", "channel", "outcome", "effort"), _steps(ask, told))
        scored = ask(journey.ScoreQuery(session_id=session))
    rows = ((one.stage, _rounded(one.score), f"{one.blame:.0%}") for one in scored.stages)
    answer = "no answer" if told.answer is None else f"answered {told.answer} of 10"
    print_table(f"score {_rounded(scored.score)}, {answer}", ("stage", "score", "blame"), rows)


def _steps(ask: Ask, told: journey.Journey) -> Iterator[tuple[object, ...]]:
    begin_s = told.steps[0].happened_unix_s if told.steps else 0.0
    seen = 0
    while told.steps:
        for step in told.steps:
            taps = "1 tap" if step.taps == 1 else f"{step.taps} taps"
            effort = f"{taps}, {step.seconds:.0f} s, {step.metres:.0f} m"
            after = f"{step.happened_unix_s - begin_s:.1f} s"
            yield after, step.stage, step.touch_point, step.channel, step.outcome, effort
        seen += len(told.steps)
        told = ask(journey.JourneyQuery(session_id=told.session_id, first=seen))


@care_app.command()
def alerts(database: Database = "") -> None:
    """Show the visits that go wrong and that nobody has acknowledged."""
    with asking(database) as ask:
        cards = ask(staff.AlertsQuery()).alerts
    rows = ((one.alert_id, one.rule, one.about, one.robot_id, one.story) for one in cards)
    print_table("alerts", ("number", "rule", "about", "robot", "story"), rows)


@care_app.command()
def queue(database: Database = "") -> None:
    """Show who waits for a person, in their turn."""
    with asking(database) as ask:
        calls = ask(staff.QueueQuery()).calls
    rows = ((one.assistance_id, one.state, one.escalated, one.robot_id, one.staff_id, one.story) for one in calls)
    print_table("calls for a person", ("number", "state", "escalated", "robot", "staff", "story"), rows)


Number = Annotated[int, typer.Argument(min=1, help="The call's number, as `aisle care queue` shows it.")]
Staff = Annotated[str, typer.Option(help="Who you are: the number or word that the store gave you, no name.")]


@care_app.command()
def claim(number: Number, staff_id: Staff, database: Database = "") -> None:
    """Take a call; the shopper's screen says that somebody comes and keeps the visit."""
    with asking(database) as ask:
        ask(staff.ClaimCall(assistance_id=number, staff_id=staff_id))
    console.print(f"call {number} is yours")


@care_app.command("hand-back")
def hand_back(
    number: Number,
    staff_id: Staff,
    note: Annotated[str, typer.Option(help="One sentence that the screen shows to the shopper.")] = "",
    database: Database = "",
) -> None:
    """Give a shopper back to the robot's screen, which goes on where it was."""
    with asking(database) as ask:
        try:
            message = staff.HandBack(assistance_id=number, staff_id=staff_id, note=note)
        except ValueError as problem:
            console.print(str(problem), markup=False, soft_wrap=True)
            raise typer.Exit(1) from problem
        ask(message)
    console.print(f"the shopper of call {number} is handed back")


@care_app.command()
def checklist(days: Days = 7, database: Database = "") -> None:
    """Score every point of the checklist, over all channels and by channel."""
    with asking(database) as ask:
        points = ask(journey.ChecklistQuery(period=_period(days))).points
    rows = ((point.layer, point.question, _rounded(point.scores[0].score), point.scores[0].n, _by_channel(point))
            for point in points)  # fmt: skip
    print_table(f"checklist, {days} days", ("layer", "question", "score", "n", "by channel"), rows)


def _by_channel(point: journey.CheckedPoint) -> str:
    return ", ".join(f"{one.channel} {_rounded(one.score)} (n {one.n})" for one in point.scores[1:])


@care_app.command()
def report(days: Days = 7, database: Database = "") -> None:
    """Show depth of relationship, recommendation, time to a human, and value beside cost."""
    with asking(database) as ask:
        told = ask(journey.ReportQuery(period=_period(days)))
    chapters: dict[str, tuple[Figure, ...]] = {
        "depth of relationship": told.depth, "recommendation": told.recommendation, "care": told.care,
        "value": told.value,
    }  # fmt: skip
    for title, figures in chapters.items():
        rows = ((one.name, _rounded(one.value), one.unit, one.n) for one in figures)
        print_table(f"{title}, {days} days", ("figure", "value", "unit", "n"), rows)
    for line in told.assumptions:
        console.print(f"assumed: {line}", markup=False)


@care_app.command()
def themes(days: Days = 28, database: Database = "") -> None:
    """Count suggestions by week and theme."""
    with asking(database) as ask:
        counts = ask(complaints.ThemesQuery(period=_period(days))).counts
    print_table("suggestions", ("week of", "theme", "n"), ((one.monday, one.theme, one.n) for one in counts))


@care_app.command("complaints")
def list_complaints(database: Database = "") -> None:
    """List the open complaints; their texts are shown by the staff console only."""
    with asking(database) as ask:
        listed = ask(complaints.ComplaintsQuery()).complaints
    print_table("open complaints", ("number", "state"), ((one.complaint_id, one.state) for one in listed))


@care_app.command("import")
def import_complaints(
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="Holds .eml, .json and .txt files.")],
    database: Database = "",
) -> None:
    """Take every complaint in a folder, each once, however often this is called; name the files that hold none."""
    problems = 0
    with asking(database) as ask:
        for path in track(sorted(path for path in folder.iterdir() if path.is_file()), "importing", console=console):
            try:
                taken = ask(read_letter(path.name, path.read_bytes()))
                console.print(f"{path.name}: complaint {taken.complaint_id}", markup=False)
            except LetterProblem as problem:
                problems += 1
                console.print(str(problem), markup=False, soft_wrap=True)
    raise typer.Exit(1 if problems else 0)


@care_app.command("extras")
def show_extras(
    history: Annotated[Path, typer.Argument(help="Purchases, as `aisle adviser-data` writes them.")],
    shopper: Annotated[int | None, typer.Option(help="The household_id of one shopper; else all are counted.")] = None,
) -> None:
    """Say which services shoppers who agreed get on top of everybody's; nobody is served later or pays more for it."""
    from aisle_inference.purchases.read import HistoryProblem, read_history
    from apps.extras import extras_of
    from store_backend.lifetime_value import FitProblem

    try:
        extras = extras_of(read_history(history))
    except (HistoryProblem, FitProblem) as problem:
        console.print(str(problem), markup=False, soft_wrap=True)
        raise typer.Exit(1) from problem
    if shopper is not None:
        given = ", ".join(sorted(service.value for service in extras.of(shopper)))
        console.print(f"{shopper}: {given or 'nothing on top of what everybody gets'}", markup=False, soft_wrap=True)
        return
    title = f"Extras of {len(extras.by_shopper)} shoppers who agreed"
    print_table(title, ("service", "shoppers"), ((service.value, n) for service, n in extras.counts().items()))
