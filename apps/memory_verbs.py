"""`aisle memory`: what the store remembers of a shopper, as the shopper may see, take home and erase it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.table import Table

from aisle import bus, channels, paths
from aisle.keys import KeyProblem
from aisle.messages import BackendRequest, Problem, memory
from aisle.messages.memory import Language, Memory

memory_app = typer.Typer(no_args_is_help=True, help="What the store remembers of a shopper: see, export, erase.")
console = Console()
ShopperId = Annotated[str, typer.Argument(help="The shopper's number: 32 hexadecimal digits.")]
KeysDir = Annotated[Path, typer.Option("--keys", help="Folder of keys, made by `aisle keys`.")]
_KEYS = paths.var_dir() / "keys"


@memory_app.command()
def show(shopper_id: ShopperId, keys: KeysDir = _KEYS) -> None:
    """Show consents, facts with source and date, and who looked; this look is written into the access log too."""
    told = _memory_of(shopper_id, keys)
    allowed = ", ".join(state.purpose.value for state in told.consents if state.given)
    console.print(f"allowed: {allowed or 'nothing'}")
    table = Table(title=f"{len(told.facts)} facts, read {len(told.accesses)} times")
    for column in ("number", "kind", "text", "source", "kept for"):
        table.add_column(column)
    for fact in told.facts:
        table.add_row(str(fact.fact_id), fact.kind.value, fact.text, fact.source.value, ", ".join(fact.purposes))
    console.print(table)


@memory_app.command()
def export(
    shopper_id: ShopperId,
    out: Annotated[Path, typer.Option(help="Folder for memory.json and memory.pdf.")],
    language: Annotated[Language, typer.Option(help="Language of the PDF.")] = Language.EN,
    keys: KeysDir = _KEYS,
) -> None:
    """Write the whole memory as JSON and as a readable PDF."""
    from store_backend import private_file
    from store_backend.memory_export import ExportProblem, as_json, as_pdf

    told = _memory_of(shopper_id, keys)
    try:
        contents = {"memory.json": as_json(told), "memory.pdf": as_pdf(told, language)}
        out.mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            private_file.write(out / name, content)
    except (ExportProblem, OSError) as problem:
        _fail(str(problem))
    console.print(f"the memory is in {out}")


@memory_app.command()
def erase(
    shopper_id: ShopperId,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask again.")] = False,
    keys: KeysDir = _KEYS,
) -> None:
    """Erase a shopper everywhere, for good."""
    if not yes:
        typer.confirm("erase everything about this shopper for good?", abort=True)
    erased = _ask(memory.EraseShopper(shopper_id=shopper_id), keys)
    within_s = erased.reached_by_unix_s - erased.erased_unix_s
    console.print(f"erased; keys in backups and logs open nothing after {within_s:.0f} s")


@memory_app.command()
def card(
    shopper_id: ShopperId,
    png: Annotated[Path | None, typer.Option(help="Write the code as a picture too.")] = None,
    keys: KeysDir = _KEYS,
) -> None:
    """Show the code that links a loyalty card, for the shopper's phone; it is good once, for five minutes."""
    from store_backend import card_code, private_file

    offered = _ask(memory.OfferCardLink(shopper_id=shopper_id), keys)
    console.print(card_code.as_text(offered.token), markup=False, highlight=False)
    if png is not None:
        private_file.write(png, card_code.as_png(offered.token))


@memory_app.command()
def greet(
    shopper_id: ShopperId,
    token: Annotated[str, typer.Argument(help="What the code on the screen says: AISLE-HERE. and 32 digits.")],
    keys: KeysDir = _KEYS,
) -> None:
    """Say, as the shopper's phone would, whose code a screen shows."""
    _ask(memory.Greet(token=token, shopper_id=shopper_id), keys)
    console.print("the screen knows who stands there")


@memory_app.command("renew-key")
def renew_key(
    database: Annotated[str, typer.Option(help="SQLAlchemy URL, as for `aisle backend`.")], keys: KeysDir = _KEYS
) -> None:
    """Give the vault a new key, wrap all data keys with it, and destroy the old one; a backend may run meanwhile."""
    from store_backend.renewal import RenewalProblem, renew_store_key

    try:
        console.print(f"the store's key is now number {renew_store_key(database, keys)}")
    except RenewalProblem as problem:
        _fail(str(problem))


def _memory_of(shopper_id: str, keys: Path) -> Memory:
    reason = memory.Reason.SHOPPER_ASKED
    opened = _ask(memory.OpenMemory(shopper_id=shopper_id, reader="command-line", reason=reason), keys)
    told: Memory = _ask(memory.MemoryQuery(ticket=opened.ticket), keys)
    return told


def _ask(request: BackendRequest, keys: Path) -> Any:
    try:
        with bus.request_client(channels.BACKEND, bus.Identity("admin", keys)) as client:
            answer = client.ask(request)
    except (bus.BusError, KeyProblem) as problem:
        _fail(str(problem))
    if isinstance(answer, Problem):
        _fail(answer.sentence)
    return answer


def _fail(sentence: str) -> NoReturn:
    console.print(f"aisle memory: {sentence}", markup=False, soft_wrap=True)
    raise typer.Exit(1)
