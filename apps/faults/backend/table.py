"""The list of what a backend must survive: what is expected, how it is played, and what counts as passed."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psycopg

from apps.faults.backend import disk, history, hostile, kill, partition
from apps.faults.backend.process import BackendProcess, FaultProblem
from benchmarks.postgres import PostgresServer
from store_backend.catalogue_file import open_catalogue

BACK_S, KNOWN_S, CONNECTED_S = 3.0, 1.5, 1.0
GROWN_MB, SLOWER = 10.0, 3.0
_CUTS_S = (1.0, 3.0, 10.0, 30.0, 60.0)
_OBJECTS = 50

Tell = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Amounts:
    """How much of everything is played."""

    rounds: int = 100
    operations: int = 100_000
    frames: int = 100_000
    connections: int = 1_000
    cuts_s: tuple[float, ...] = _CUTS_S
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Ground:
    """Where it is played: a folder for each run, a built store, and a PostgreSQL where there is one."""

    folder: Path
    store_dir: Path
    postgres: PostgresServer | None

    def backend(self, database: str) -> BackendProcess:
        """Return a backend on an empty database. Raises FaultProblem without PostgreSQL."""
        self.folder.mkdir(parents=True)
        if database == "SQLite":
            return BackendProcess(self.folder, self.store_dir, f"sqlite:///{self.folder / 'backend.sqlite'}")
        return BackendProcess(self.folder, self.store_dir, self.server().new_database())

    def server(self) -> PostgresServer:
        """Return the PostgreSQL. Raises FaultProblem without."""
        if self.postgres is None:
            raise FaultProblem("there is no PostgreSQL here: apt install postgresql")
        return self.postgres


Played = tuple[str, bool]
"""What was observed, in words, and whether that is as it should be."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One row of the table."""

    name: str
    database: str
    expected: str
    play: Callable[[Ground, str, Amounts, Tell], Played]


def trials() -> tuple[Trial, ...]:
    """Return the whole list."""
    killed = f"no acknowledged write lost, none doubled, service again within {BACK_S:.0f} s"
    full = "refused in words, reads go on, nothing acknowledged is lost, writes go on by themselves"
    order = "one order of all requests explains every reply"
    sold = "one order of all requests explains every reply, and in it never more is held than there is"
    parted = (
        f"known within {KNOWN_S} s, connected again within {CONNECTED_S:.0f} s, "
        "each letter of the outbox there once and in order, nothing after its deadline"
    )
    pest = f"no crash, at most {GROWN_MB:.0f} MB more, p99 of a good client at most {SLOWER:.0f} times its base"
    return (
        Trial("kill", "SQLite", killed, _kill),
        Trial("kill", "PostgreSQL", killed, _kill),
        Trial("disk", "SQLite", full, _disk),
        Trial("disk", "PostgreSQL", full, _disk),
        Trial("partition", "SQLite", parted, _partition),
        Trial("history", "SQLite", order, _history),
        Trial("history", "PostgreSQL", order, _history),
        Trial("reservations", "SQLite", sold, _reservations),
        Trial("reservations", "PostgreSQL", sold, _reservations),
        Trial("hostile", "SQLite", pest, _hostile),
    )


def _kill(ground: Ground, database: str, amounts: Amounts, tell: Tell) -> Played:
    seen = kill.play(ground.backend(database), amounts.rounds, amounts.seed, tell)
    slowest_s = max(seen.back_s)
    words = (
        f"{amounts.rounds} kills: {seen.acknowledged} acknowledged, {seen.repeated} of them after a repetition; "
        f"{seen.lost} lost, {seen.doubled} doubled; "
        f"back after {median(seen.back_s):.2f} s (median), {slowest_s:.2f} s at most"
    )
    return words, seen.lost == seen.doubled == 0 and seen.acknowledged > 0 and slowest_s <= BACK_S


def _disk(ground: Ground, database: str, amounts: Amounts, tell: Tell) -> Played:
    with ExitStack() as stack:
        folder = ground.folder.with_name(f"{ground.folder.name}-small")
        folder.mkdir(parents=True)
        is_mounted = stack.enter_context(disk.small_disk(folder))
        backend, room = ground.backend("SQLite"), disk.SmallDisk(folder) if is_mounted else disk.FileLimit()
        if database == "PostgreSQL":
            if not is_mounted:
                raise FaultProblem("a small disk cannot be mounted here; that needs root")
            backend.url = _on_small_disk(ground.server(), folder)
            stack.callback(_drop, ground.server(), backend.url)
        elif is_mounted:
            backend.url = f"sqlite:///{folder / 'backend.sqlite'}"
        seen = disk.play(backend, room)
    tell(1)
    words = (
        f'{seen.how}: refused with "{seen.sentence}", {seen.reads} of {disk.READS} reads answered meanwhile; '
        f"{len(seen.acknowledged)} acknowledged, {seen.lost} lost, {seen.unacknowledged} more than acknowledged; "
        + (f"writing again after {seen.resumed_s:.3f} s" if seen.resumed_s is not None else "not writing again")
    )
    is_fine = seen.refused > 0 and seen.reads == disk.READS and seen.lost == seen.unacknowledged == 0
    return words, is_fine and seen.resumed_s is not None


def _on_small_disk(server: PostgresServer, folder: Path) -> str:
    """Make a database whose tables lie on the small disk; the log that PostgreSQL writes ahead stays elsewhere."""
    url = server.new_database()
    name = url.split("/")[3].split("?")[0]
    inner = folder / "tables"
    inner.mkdir()
    subprocess.run(["chown", "-R", "postgres", str(folder)], check=True)
    # mkdtemp's folders are for their owner alone.
    for above in folder.parents:
        if above.stat().st_mode & 0o077 == 0:
            above.chmod(0o711)
    with psycopg.connect(f"host={server.folder} user=postgres dbname=postgres", autocommit=True) as connection:
        connection.execute(f"CREATE TABLESPACE {name} LOCATION '{inner}'".encode())
        connection.execute(f"ALTER DATABASE {name} SET TABLESPACE {name}".encode())
    return url


def _drop(server: PostgresServer, url: str) -> None:
    name = url.split("/")[3].split("?")[0]
    with psycopg.connect(f"host={server.folder} user=postgres dbname=postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
        connection.execute(f"DROP TABLESPACE {name}".encode())


def _partition(ground: Ground, database: str, amounts: Amounts, tell: Tell) -> Played:
    seen = partition.play(ground.backend(database), amounts.cuts_s, tell)
    known_s, connected_s = max(seen.known_s, default=0.0), max(seen.connected_s)
    words = (
        f"{seen.how}, cuts of {', '.join(f'{one:.0f}' for one in amounts.cuts_s)} s: known within {known_s:.2f} s "
        f"({seen.ridden_out} were over before), connected again within {connected_s:.2f} s; "
        f"{seen.letters} letters, {seen.missing} missing, {seen.doubled} doubled, {seen.late} after their deadline"
        f"{', out of order' if seen.out_of_order else ''}"
    )
    is_exact = seen.missing == seen.doubled == seen.late == 0 and not seen.out_of_order
    return words, is_exact and known_s <= KNOWN_S and connected_s <= CONNECTED_S


def _history(ground: Ground, database: str, amounts: Amounts, tell: Tell) -> Played:
    return _checked(ground, database, amounts, history.StockCounts(_products(ground)), tell)


def _reservations(ground: Ground, database: str, amounts: Amounts, tell: Tell) -> Played:
    return _checked(ground, database, amounts, history.Reservations(_products(ground)), tell)


def _products(ground: Ground) -> tuple[int, ...]:
    return tuple(open_catalogue(ground.store_dir).products)[:_OBJECTS]


def _checked(ground: Ground, database: str, amounts: Amounts, workload: history.Workload, tell: Tell) -> Played:
    seen = history.play(ground.backend(database), workload, amounts.operations, amounts.seed, tell)
    words = (
        f"{seen.operations} requests on {seen.objects} objects in {seen.seconds:.0f} s with {seen.kills} kills and "
        f"{seen.pauses} pauses, {seen.repeated} repeated; {len(seen.broken)} objects without such an order"
    )
    return words, not seen.broken and seen.operations == amounts.operations


def _hostile(ground: Ground, database: str, amounts: Amounts, tell: Tell) -> Played:
    seen = hostile.play(ground.backend(database), amounts.frames, amounts.connections, amounts.seed, tell)
    times = seen.p99_ms / seen.base_p99_ms
    words = (
        f"{seen.frames} malformed frames, {seen.connections} half-open connections: "
        f"{'alive' if seen.is_alive else 'ended'}, {seen.grown_mb:+.1f} MB, p99 {seen.p99_ms:.2f} ms beside "
        f"{seen.base_p99_ms:.2f} ms alone, {times:.1f} times"
    )
    return words, seen.is_alive and seen.grown_mb <= GROWN_MB and times <= SLOWER
