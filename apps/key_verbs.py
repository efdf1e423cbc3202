"""`aisle pair`, `aisle join` and `aisle rotate`: keys of devices on other machines, and a server's next key."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Annotated, Any, NoReturn

import msgspec
import typer
from rich.console import Console
from rich.prompt import Prompt
from rich.table import Table

from aisle import bus, channels, clock, joining, keys, paths
from aisle.keys import KeyProblem
from aisle.messages import MalformedMessage, Problem
from aisle.messages.pairing import (
    CODE_DIGITS,
    ClosePairing,
    EnterCode,
    OpenPairing,
    Paired,
    PairedRole,
    PairingQuery,
    PairingState,
)
from aisle.pairing import MOST_WRONG, Verdict
from aisle.server_keys import SERVERS

console = Console()
KeysDir = Annotated[Path | None, typer.Option("--keys", help="Folder of keys; the store's own without it.")]
_MINUTE_S = 60.0
# Longer than a server takes to see that its key is another one, and to listen with it.
_CHANGE_S = 3.0


def pair(
    code: Annotated[str, typer.Argument(help="The code on the device's screen; none opens pairing.")] = "",
    minutes: Annotated[float, typer.Option(min=1.0, max=60.0, help="How long devices may offer themselves.")] = 10.0,
    show: Annotated[bool, typer.Option("--show", help="Only show who waits.")] = False,
    close: Annotated[bool, typer.Option("--close", help="Take no more devices.")] = False,
    keys_dir: KeysDir = None,
) -> None:
    """Let a new kiosk, robot screen, till or web server in, by the code that it shows.

    `aisle pair` opens pairing for some minutes. Then the device shows a code (`aisle kiosk --pair HOST`, or `aisle join
    HOST`); `aisle pair CODE` takes it in and prints an answer, which is typed on the device.
    """
    if code:
        _enter(_digits(code), keys_dir)
        return
    message = ClosePairing() if close else PairingQuery() if show else OpenPairing(minutes=minutes)
    _tell(_asked(message, keys_dir))


def _digits(code: str) -> str:
    digits = code.replace(" ", "").replace("-", "")
    if len(digits) != CODE_DIGITS or not (digits.isascii() and digits.isdigit()):
        _fail(f"the code has {CODE_DIGITS} digits, such as 482913; this one has not")
    return digits


def _enter(code: str, keys_dir: Path | None) -> None:
    paired = _asked(EnterCode(code=code), keys_dir)
    assert isinstance(paired, Paired)
    console.print(f"{paired.name} is known now. Type this answer on its screen: [bold]{spaced(paired.answer)}[/bold]")


def _tell(state: Any) -> None:
    assert isinstance(state, PairingState)
    if not state.open_until_unix_s:
        console.print("pairing is closed")
        return
    minutes = max(0.0, state.open_until_unix_s - clock.wall_s()) / _MINUTE_S
    console.print(f"pairing is open for {minutes:.0f} minutes at {channels.PAIRING.endpoint()}", markup=False)
    console.print(
        "start the device (`aisle kiosk --pair HOST`), then type its code here: aisle pair CODE", markup=False
    )
    if state.devices:
        table = Table("device", "offered", title="waiting for their code")
        for one in state.devices:
            table.add_row(one.name, f"{max(0.0, clock.wall_s() - one.offered_unix_s):.0f} s ago")
        console.print(table)


def spaced(code: str) -> str:
    """Return a code in two groups, as people read it."""
    return f"{code[: CODE_DIGITS // 2]} {code[CODE_DIGITS // 2 :]}"


def join(
    host: Annotated[str, typer.Argument(help="Address of the store's computer.")],
    role: Annotated[PairedRole, typer.Option("--as", help="What this device is.")] = PairedRole.KIOSK_UI,
    place: Annotated[str, typer.Option("--name", help="Its name in the store; the host name without it.")] = "",
    keys_dir: Annotated[
        Path | None, typer.Option("--keys", help="Where its keys go; var/paired_keys without it.")
    ] = None,
) -> None:
    """Make this device known to a store from a terminal: it shows a code and takes the answer.

    A kiosk does the same on its own screen with `aisle kiosk --pair HOST`.
    """
    folder = keys_dir or joining.paired_keys_dir()
    if joining.has_keys(folder, role.value):
        _fail(f"{folder} holds keys of {role.value} already; move them away to pair anew")
    os.environ["AISLE_BACKEND_HOST"] = host
    try:
        offered = joining.begin(role, place or joining.default_place())
    except (bus.BusError, MalformedMessage, channels.PortProblem) as problem:
        _fail(str(problem))
    console.print(f"Code: [bold]{spaced(offered.side.codes.code)}[/bold]")
    console.print(f"At the store's console: aisle pair {offered.side.codes.code}", markup=False)
    _take_answer(offered)
    offered.keep(folder)
    joining.fetch_other_keys(bus.Identity(role.value, folder))
    console.print(f"paired as {offered.candidate.offer().name}; its keys are in {folder}", markup=False, soft_wrap=True)
    console.print(f"start it with --keys {folder} and AISLE_BACKEND_HOST={host}", markup=False, soft_wrap=True)


def _take_answer(offered: joining.Joining) -> None:
    for _ in range(MOST_WRONG):
        typed = Prompt.ask("Answer of the console", console=console).replace(" ", "")
        match offered.side.check(typed, clock.monotonic_s()):
            case Verdict.RIGHT:
                return
            case Verdict.WRONG:
                console.print("this is not the answer; nothing was kept")
            case Verdict.OVER:
                break
    _fail("too many wrong answers, or too late; begin again. If the answer was typed as shown, somebody listens in")


def rotate(
    server: Annotated[str, typer.Argument(help="Whose key: store_backend, gateway or kiosk_ui.")] = "store_backend",
    now: Annotated[bool, typer.Option("--now", help="Change over to the key that was prepared.")] = False,
    keys_dir: KeysDir = None,
) -> None:
    """Give a server another key without a pause, in two steps.

    The first call makes the next key, and running clients on other machines fetch it within a minute. The second, with
    --now, changes over: the server goes on with the next key, and the last one is accepted no more.
    """
    folder = keys_dir or paths.var_dir() / "keys"
    if server not in SERVERS:
        _fail(f"{server!r} is no server; the servers are {', '.join(SERVERS)}")
    try:
        _change(folder, server) if now else _prepare(folder, server)
    except KeyProblem as problem:
        _fail(str(problem))


def _prepare(folder: Path, server: str) -> None:
    keys.load_key_pair(folder, server)
    made = keys.create_missing_keys(folder, (keys.next_name(server),))
    console.print(f"the next key of {server} {'is made' if made else 'was made before'}", markup=False)
    console.print(f"when every client has run for a minute: aisle rotate {server} --now", markup=False)


def _change(folder: Path, server: str) -> None:
    if not (folder / f"{keys.next_name(server)}.key_secret").exists():
        _fail(f"{server} has no next key yet; run `aisle rotate {server}` first")
    keys.change_to_next_key(folder, server)
    with console.status("the server takes its next key"):
        time.sleep(_CHANGE_S)
    keys.drop_last_key(folder, server)
    console.print(f"{server} has its next key, the last one is accepted no more", markup=False)


def _asked(message: msgspec.Struct, keys_dir: Path | None) -> Any:
    """Ask the backend as staff; a problem is one line and exit code 1."""
    identity = bus.Identity("admin", keys_dir or paths.var_dir() / "keys")
    try:
        with bus.request_client(channels.KEYS, identity) as client:
            answer = client.ask(message)
    except (bus.BusError, KeyProblem, MalformedMessage) as problem:
        _fail(str(problem))
    if isinstance(answer, Problem):
        _fail(answer.sentence)
    return answer


def _fail(sentence: str) -> NoReturn:
    console.print(sentence, markup=False, soft_wrap=True)
    raise typer.Exit(1)
