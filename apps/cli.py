"""The command line: one verb for each thing a person does with a store."""

from __future__ import annotations

import logging
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from aisle import keys as curve_keys
from aisle import paths
from apps import adviser, key_verbs
from apps.base.verbs import base_app
from apps.care_verbs import care_app, show_journey
from apps.fleet_verbs import fleet_app
from apps.memory_verbs import memory_app

app = typer.Typer(
    name="aisle",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Aisle, an in-store robot adviser: runs a whole store, its parts, and its checks.",
)
store_app = typer.Typer(no_args_is_help=True, help="Build and check stores.")
app.add_typer(store_app, name="store")
sim_app = typer.Typer(no_args_is_help=True, help="The simulated world as files, for Gazebo and for the simulator.")
app.add_typer(sim_app, name="sim")
models_app = typer.Typer(no_args_is_help=True, help="The person detector's network: check it, or make it anew.")
app.add_typer(models_app, name="models")
app.add_typer(base_app, name="base")
app.add_typer(memory_app, name="memory")
app.add_typer(care_app, name="care")
app.add_typer(fleet_app, name="fleet")
app.command("journey")(show_journey)
app.command()(key_verbs.pair)
app.command()(key_verbs.join)
app.command()(key_verbs.rotate)
app.command()(adviser.recommend)
app.command()(adviser.train)
app.command()(adviser.evaluate)
app.command()(adviser.drift)
app.command()(adviser.compare)
app.command("adviser-data")(adviser.adviser_data)
console = Console()


class Language(StrEnum):
    """The languages of the screen."""

    EN = "en"
    DE = "de"
    ES = "es"
    FR = "fr"


class Gazebo(StrEnum):
    """The generations of Gazebo that an export is written for."""

    FORTRESS = "fortress"
    HARMONIC = "harmonic"


StoreDir = Annotated[Path, typer.Option("--store", help="Store directory, built by `aisle store build`.")]
Passed = typer.Context
_DEMO_CONFIG = paths.config_dir() / "stores" / "demo"
_WORLD_DIR = paths.var_dir() / "world"


@app.callback()
def _logging(verbose: Annotated[bool, typer.Option(help="Say more while working.")] = False) -> None:
    level = logging.INFO if verbose else logging.WARNING
    logging.basicConfig(level=level, format="%(levelname)s %(name)s: %(message)s")


@app.command()
def demo(
    headless: Annotated[bool, typer.Option(help="No window: a scripted shopper plays a scored visit.")] = False,
    seed: Annotated[int, typer.Option(help="Seed of shoppers, sensors and the scripted wish.")] = 1,
    shoppers: Annotated[int, typer.Option(min=0, max=40, help="Other shoppers in the store.")] = 6,
    product: Annotated[str, typer.Option(help="What the scripted shopper types; chosen by the seed if empty.")] = "",
    lockstep: Annotated[bool, typer.Option(help="One process, faster than real time, bit for bit repeatable.")] = False,
    out: Annotated[Path | None, typer.Option(help="Where report, screenshots and picture go.")] = None,
    language: Annotated[Language, typer.Option(help="Language of the screen.")] = Language.EN,
    speed: Annotated[float, typer.Option(min=0.1, max=2.0, help="Simulated seconds per second, live mode.")] = 1.0,
    sensors: Annotated[Path | None, typer.Option(exists=True, help="What the sensors get wrong (YAML).")] = None,
    perfect_sensors: Annotated[bool, typer.Option(help="Sensors that get nothing wrong but their noise.")] = False,
    people: Annotated[Path | None, typer.Option(exists=True, help="Who is in the store (YAML).")] = None,
    scenario: Annotated[Path | None, typer.Option(exists=True, help="What else happens in the store (YAML).")] = None,
) -> None:
    """Run a whole store: simulator, robot, kiosk and backend."""
    from apps.demo import DemoOptions, run_demo

    options = DemoOptions(
        headless=headless,
        seed=seed,
        shoppers=shoppers,
        product=product,
        lockstep=lockstep,
        out=out,
        language=language.value,
        speed=speed,
        sensors=sensors,
        people=people,
        scenario=scenario,
        perfect_sensors=perfect_sensors,
    )
    raise typer.Exit(run_demo(options, console))


@app.command()
def check() -> None:
    """Check style, types, import order and the world files (ruff, mypy, import-linter, SDF lint)."""
    from apps.quality import run_checks

    raise typer.Exit(run_checks(console))


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def test(
    context: Passed, unit: Annotated[bool, typer.Option("--unit", help="Only the fast unit tests.")] = False
) -> None:
    """Run the tests: the fast unit suite first, then those with real processes. Further arguments go to pytest."""
    from apps.quality import run_tests

    raise typer.Exit(run_tests(console, unit, context.args))


@app.command("faults")
def play_faults(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            help="Which faults; none lists them, `all` plays all. `backend` plays those of the store's backend, "
            "`backend kill disk partition history hostile` some of them."
        ),
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of the visits.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the table as JSON.")] = False,
    rounds: Annotated[int, typer.Option(min=1, help="backend: how often it is killed.")] = 100,
    operations: Annotated[int, typer.Option(min=1, help="backend: how long the checked history is.")] = 100_000,
    resume: Annotated[bool, typer.Option(help="backend: go on with an interrupted list.")] = False,
) -> None:
    """Play visits in which something goes wrong, and compare with what is expected."""
    if names and names[0] == "backend":
        from apps.faults.backend.table import Amounts
        from apps.faults.backend.verb import run_backend_faults

        amounts = Amounts(rounds=rounds, operations=operations, seed=seed if seed is not None else 1)
        raise typer.Exit(1 if run_backend_faults(names[1:], amounts, resume, as_json, console) else 0)
    from apps.faults.verb import run_faults

    raise typer.Exit(1 if run_faults(names or [], seed, as_json, console) else 0)


@app.command()
def pictures() -> None:
    """Make the pictures of the README anew: a live visit's screens and path, and the rendered store."""
    from apps.pictures import make_pictures

    raise typer.Exit(make_pictures(console))


@app.command()
def doctor(as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False) -> None:
    """Look for what keeps a store from running on this machine, and say what to do about it."""
    from apps.doctor.verb import run_doctor

    raise typer.Exit(1 if run_doctor(console, as_json) else 0)


@app.command()
def keys(
    names: Annotated[
        list[str] | None, typer.Argument(help="Which keys, such as kiosk_ui@north for one more of kiosk_ui.")
    ] = None,
) -> None:
    """Create the key pairs of this store's processes, and the key of its vault, where they are missing.

    A running store takes a new public key at once, and refuses one whose .key file has been taken away.
    """
    from store_backend.key_file import create_all_missing_keys

    folder = paths.var_dir() / "keys"
    unknown = [name for name in names or () if curve_keys.role_of_name(name) not in curve_keys.ROLES]
    if unknown:
        console.print(f"there is no role {unknown[0]!r}; the roles are {', '.join(curve_keys.ROLES)}", style="red")
        raise typer.Exit(1)
    created = create_all_missing_keys(folder, tuple(names) if names else curve_keys.ROLES)
    console.print(f"created keys for {', '.join(created)}" if created else "all keys are there")


@app.command()
def processes() -> None:
    """Show the process table: who reads what and writes what."""
    from apps.processes import PROCESSES

    table = Table(title="Processes of one store, in the order of their start")
    for column in ("process", "where", "reads", "writes"):
        table.add_column(column)
    for process in PROCESSES:
        table.add_row(process.name, process.place, process.reads, process.writes)
    console.print(table)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def bench(
    context: Passed,
    name: Annotated[str, typer.Argument(help="Which benchmark; `list` names them.")] = "list",
    as_json: Annotated[bool, typer.Option("--json", help="Print the rows as JSON.")] = False,
    quick: Annotated[bool, typer.Option(help="Under five minutes.")] = False,
) -> None:
    """Measure: speed and quality figures, printed as a table or as JSON."""
    from benchmarks.runner import run_benchmark

    raise typer.Exit(run_benchmark(name, as_json, quick, context.args, console))


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def backend(context: Passed) -> None:
    """Run only the store's backend.

    `backend migrate` brings its database to another version of the tables, `backend backup FILE` copies it while it is
    in use, and `backend restore FILE` puts a copy back.
    """
    if context.args[:1] in (["backup"], ["restore"]):
        from store_backend.backup import main as copy

        raise typer.Exit(copy(context.args[0], context.args[1:]))
    if context.args[:1] == ["migrate"]:
        from store_backend.migrate import main as migrate

        raise typer.Exit(migrate(context.args[1:]))
    from store_backend.service import main as serve

    raise typer.Exit(serve(context.args))


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def kiosk(context: Passed) -> None:
    """Run only the touchscreen. `kiosk --pair HOST` first shows a code, if this kiosk has no keys yet."""
    from kiosk_ui.app import main as run

    raise typer.Exit(run(context.args))


@store_app.command("build")
def store_build(
    source: Annotated[Path, typer.Argument(help="Store configuration.")] = _DEMO_CONFIG,
    out: Annotated[Path, typer.Argument(help="Where the store directory goes.")] = paths.demo_store_dir(),
) -> None:
    """Build a store directory: plan, planogram, catalogue and maps."""
    from apps.store_verbs import build

    raise typer.Exit(build(source, out, console))


@store_app.command("plan")
def store_plan(
    source: Annotated[Path, typer.Argument(help="The demo store's configuration.")] = _DEMO_CONFIG,
) -> None:
    """Write the demo store's floor plan anew, after its rules have changed."""
    from apps.store_verbs import write_demo_plan

    raise typer.Exit(write_demo_plan(source, console))


@store_app.command("check")
def store_check(store: Annotated[Path, typer.Argument(help="Store directory.")] = paths.demo_store_dir()) -> None:
    """Check a store directory and print every fault with its place."""
    from apps.store_verbs import check as check_directory

    raise typer.Exit(check_directory(store, console))


@store_app.command("import")
def store_import(
    products: Annotated[Path, typer.Argument(help="Products, as .csv or .parquet.")],
    planogram: Annotated[Path | None, typer.Option(help="Where they stand, as .csv or .parquet.")] = None,
    names: Annotated[Path | None, typer.Option(help="YAML: our column names to those of your files.")] = None,
    store: StoreDir = paths.demo_store_dir(),
    apply: Annotated[
        bool, typer.Option("--apply", help="Change the store; without it only show what would change.")
    ] = False,
) -> None:
    """Take over a catalogue and a planogram: name every bad row, show the difference, and with --apply change it."""
    from apps.store_verbs import import_files

    raise typer.Exit(import_files(store, products, planogram, names, apply, console))


@store_app.command("rollback")
def store_rollback(store: StoreDir = paths.demo_store_dir()) -> None:
    """Exchange the store with its version before the last import; once more brings the import back."""
    from apps.store_verbs import roll_back

    raise typer.Exit(roll_back(store, console))


@sim_app.command("export")
def sim_export(
    store: StoreDir = paths.demo_store_dir(),
    robot: Annotated[Path, typer.Option(help="Robot configuration.")] = paths.reference_robot(),
    out: Annotated[Path, typer.Option(help="Folder for the world and the robot's model.")] = _WORLD_DIR,
    flavour: Annotated[Gazebo, typer.Option(help="Which Gazebo shall open it.")] = Gazebo.HARMONIC,
) -> None:
    """Write the store and the robot as SDF files, which Gazebo and the built-in simulator load alike."""
    from apps.sim_verbs import export
    from sim.sdf.write import Flavour

    raise typer.Exit(export(store, robot, out, Flavour(flavour.value), console))


@sim_app.command("lint")
def sim_lint(
    files: Annotated[list[Path] | None, typer.Argument(help="SDF files; without any, the demo store's export.")] = None,
) -> None:
    """Find elements, attributes and plugin settings in SDF files that nobody reads."""
    from apps.sim_verbs import lint_files

    raise typer.Exit(lint_files(files or [], console))


@models_app.command("check")
def models_check() -> None:
    """Check the person detector: hash, inputs and outputs, licence notice, one run."""
    from apps.models_verbs import check as check_models

    raise typer.Exit(check_models(console))


@models_app.command("rebuild")
def models_rebuild() -> None:
    """Make the person detector anew from its published source; needs a network and some minutes."""
    from apps.models_verbs import rebuild

    raise typer.Exit(rebuild(console))


def main() -> None:
    """Entry point of `aisle`."""
    app()


if __name__ == "__main__":
    main()
