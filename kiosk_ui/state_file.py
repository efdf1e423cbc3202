"""The file in which the kiosk keeps what must outlive it: letters, demands of shoppers, and the visit at the screen.

One SQLite file. A change is on the disk (write-ahead log, synchronous) before its letter is sent, so a power cut loses
nothing that anybody was told of. What is delivered is overwritten with zeros and goes from the log too. A file that
cannot be read is set aside, and one that cannot be written is done without; neither stops the kiosk.
"""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from kiosk_ui.demands import Demand
from kiosk_ui.kept import Change, Kept
from kiosk_ui.lanes import Letter
from kiosk_ui.notes import Note, VisitNote
from kiosk_ui.outbox import Drop, Keep

log = logging.getLogger(__name__)

FILE_NAME = "kiosk.sqlite"
MOST_BYTES = 64 * 1024 * 1024
_APPLICATION_ID, _SCHEMA_VERSION = 0x41_69_73_6B, 1
_PAGE_BYTES = 4096
_VISIT = 0
_PRAGMAS = (
    f"page_size={_PAGE_BYTES}",
    "auto_vacuum=FULL",
    "locking_mode=EXCLUSIVE",
    "journal_mode=WAL",
    "synchronous=FULL",
    "secure_delete=ON",
    f"max_page_count={MOST_BYTES // _PAGE_BYTES}",
)
# Letters have numbers from 1, demands from -1 downwards; the row with the number 0 is the visit.
_TABLE = "CREATE TABLE IF NOT EXISTS kept (number INTEGER PRIMARY KEY, lane TEXT NOT NULL, content BLOB NOT NULL)"


class StateFile:
    """An open file, or none: then everything is forgotten with the process, and the log says so once."""

    def __init__(self, path: Path, database: sqlite3.Connection | None) -> None:
        self._path = path
        self._database = database
        # What is to be written, by number: only the newest of each counts, so this cannot grow beyond the outbox.
        self._waiting: dict[int, tuple[str, bytes] | None] = {}
        self._on_disk: set[int] = set()
        self._failed = False

    def read(self) -> Kept:
        """Return what an earlier process has left; a row that cannot be read is left out and named in the log."""
        if self._database is None:
            return Kept()
        letters: list[Keep] = []
        demands: list[Demand] = []
        visit = None
        for number, lane, content in self._rows():
            self._on_disk.add(number)
            try:
                if number == _VISIT:
                    visit = msgspec.msgpack.decode(content, type=VisitNote)
                elif number < _VISIT:
                    demands.append(msgspec.msgpack.decode(content, type=Demand))
                else:
                    letters.append(Keep(lane, msgspec.msgpack.decode(content, type=Letter)))
            except (msgspec.DecodeError, TypeError) as error:
                log.warning("%s: row %d is left out: %s", self._path, number, error)
                self._waiting[number] = None
        return Kept(tuple(letters), visit, tuple(reversed(demands)))

    def _rows(self) -> Iterator[tuple[int, str, bytes]]:
        assert self._database is not None
        try:
            yield from self._database.execute("SELECT number, lane, content FROM kept ORDER BY number")
        except sqlite3.Error as error:
            log.warning("%s: only a part of it can be read: %s", self._path, error)

    def write(self, changes: Iterable[Change]) -> None:
        """Put changes on the disk, all or none; what fails is tried again with the next ones."""
        if self._database is None:
            return
        for change in changes:
            number, row = _row_of(change)
            self._waiting[number] = row
            if row is None and number not in self._on_disk:
                # There is nothing to take away.
                del self._waiting[number]
        if not self._waiting:
            return
        try:
            with self._database:
                self._put(self._database)
            if any(number < _VISIT and row is None for number, row in self._waiting.items()):
                # The note of a visit that goes on must not hold back a shopper's number in the log.
                _truncate_log(self._database)
            self._empty_log(self._database)
        except sqlite3.Error as error:
            if not self._failed:
                log.error("%s cannot be written: %s; until it can, a restart loses what waits", self._path, error)
            self._failed = True
            return
        if self._failed:
            log.info("%s can be written again", self._path)
        for number, row in self._waiting.items():
            (self._on_disk.discard if row is None else self._on_disk.add)(number)
        self._waiting, self._failed = {}, False

    def _put(self, database: sqlite3.Connection) -> None:
        gone = [(number,) for number, row in self._waiting.items() if row is None]
        here = [(number, *row) for number, row in self._waiting.items() if row is not None]
        database.executemany("DELETE FROM kept WHERE number = ?", gone)
        database.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?, ?)", here)

    def _empty_log(self, database: sqlite3.Connection) -> None:
        """With nothing left to keep, nothing of a visit stays in the write-ahead log either."""
        if database.execute("SELECT 1 FROM kept LIMIT 1").fetchone() is None:
            _truncate_log(database)

    def __enter__(self) -> StateFile:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        if self._database is not None:
            self._database.close()
            self._database = None


def _truncate_log(database: sqlite3.Connection) -> None:
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _row_of(change: Change) -> tuple[int, tuple[str, bytes] | None]:
    match change:
        case Keep():
            return change.letter.number, (change.lane, msgspec.msgpack.encode(change.letter))
        case Demand():
            return change.number, ("", msgspec.msgpack.encode(change))
        case Drop():
            return change.number, None
        case Note():
            return _VISIT, None if change.visit is None else ("", msgspec.msgpack.encode(change.visit))


def open_state(directory: Path) -> StateFile:
    """Open the file in a folder, or make it; only this user may read it. Never raises for a bad file."""
    path = directory / FILE_NAME
    try:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        return StateFile(path, _opened(path))
    except (OSError, sqlite3.Error) as error:
        log.error("%s cannot be used: %s; until the next start nothing is kept", path, error)
        return StateFile(path, None)


def _opened(path: Path) -> sqlite3.Connection:
    try:
        return _connect(path)
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError as error:
        aside = path.with_name(f"{path.name}.damaged")
        log.error("%s is damaged (%s); it is set aside as %s, and a new one begins", path, error, aside.name)
        _set_aside(path, aside)
        return _connect(path)


def _set_aside(path: Path, aside: Path) -> None:
    """Keep one damaged file, not many: it may hold a shopper's story."""
    os.replace(path, aside)
    for part in ("-wal", "-shm"):
        path.with_name(path.name + part).unlink(missing_ok=True)


def _connect(path: Path) -> sqlite3.Connection:
    # Made by ourselves, so that it is never readable for others; SQLite gives its log the same mode.
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    # Opened by the main thread, then used by the I/O thread alone.
    database = sqlite3.connect(path, timeout=0.5, check_same_thread=False)
    try:
        for pragma in _PRAGMAS:
            database.execute(f"PRAGMA {pragma}").fetchall()
        _check(database)
        database.execute(_TABLE)
        database.execute(f"PRAGMA application_id={_APPLICATION_ID}")
        database.execute(f"PRAGMA user_version={_SCHEMA_VERSION}")
        database.commit()
    except sqlite3.Error:
        database.close()
        raise
    return database


def _check(database: sqlite3.Connection) -> None:
    report = str(database.execute("PRAGMA quick_check(1)").fetchone()[0])
    if report != "ok":
        raise sqlite3.DatabaseError(" ".join(report.split()))
    marks = [int(database.execute(f"PRAGMA {name}").fetchone()[0]) for name in ("application_id", "user_version")]
    if marks not in ([0, 0], [_APPLICATION_ID, _SCHEMA_VERSION]):
        raise sqlite3.DatabaseError(f"it is not of this version: marks {marks}")
