"""Answers commands: a read for itself, writes in groups of one transaction, each write exactly once for its key."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from aisle import channels, envelope
from aisle.bus import Asked, failed
from aisle.messages import MalformedMessage, Problem, ProblemCode, memory
from aisle.pilots import NO_PILOTS, Pilots
from store_backend import upkeep
from store_backend.catalogue_file import CatalogueFile
from store_backend.database import cause_of, is_collision, looking, reading, writing
from store_backend.days import DAY_S, day_of
from store_backend.key_file import StoreKeyFile
from store_backend.meter import Meter
from store_backend.records.replies import Reply, ReplyRecords
from store_backend.routing import ROUTES, forbidden, looks, writes
from store_backend.runs import name_of, runs
from store_backend.unit_of_work import UnitOfWork, unit_of_work
from store_backend.vault import VaultProblem

log = logging.getLogger(__name__)
# No outbox keeps a letter longer than this.
REPLIES_KEPT_S = 7 * 86_400.0
_UNNAMED = ""


@dataclass(frozen=True, slots=True)
class Readers:
    """Two connections that only read: one for single questions, one for queries that see one state of the database."""

    looking: Connection
    reading: Connection

    def of(self, query: Any) -> Connection:
        """Return the connection that a query is answered on."""
        return self.looking if looks(query) else self.reading


@contextmanager
def open_readers(engine: Engine) -> Iterator[Readers]:
    """Connect twice. Raises SQLAlchemyError."""
    with looking(engine).connect() as single, reading(engine).connect() as steady:
        yield Readers(single, steady)


@dataclass(slots=True)
class Backend:
    """One database and one catalogue; without the file of the store's keys nothing personal can be kept.

    `catalogue` alone is exchanged, as a whole, when another one was imported.
    """

    engine: Engine
    catalogue: CatalogueFile
    clock: Callable[[], float]
    key_file: StoreKeyFile | None = None
    pilots: Pilots = NO_PILOTS
    meter: Meter = field(default_factory=Meter)

    def answer(self, role: str, command: Any) -> msgspec.Struct:
        """Carry out one command now, without key and deadline: for those who live in the same process."""
        asked = Asked(b"", role, _UNNAMED, float("inf"), command)
        refused = forbidden(role, command)
        if refused is not None:
            return refused
        if writes(command):
            (answer,) = self.write([asked])
            return answer
        with open_readers(self.engine) as readers:
            return self.read(readers, asked)

    def read(self, readers: Readers, asked: Asked) -> msgspec.Struct:
        """Answer a query beside whatever is written."""
        late = envelope.lateness(asked.deadline_unix_s, self.clock())
        if late is not None:
            return late
        try:
            connection = readers.of(asked.body)
            with connection.begin():
                return self._handle(connection, asked)
        except (SQLAlchemyError, VaultProblem, OverflowError) as error:
            return _refused(asked, error)
        except Exception:
            # One query that goes wrong must not end the process for everybody.
            return failed(channels.BACKEND, asked)

    def write(self, group: Sequence[Asked]) -> list[msgspec.Struct]:
        """Carry out commands in one transaction; when this returns they are on the disk.

        A command that is refused leaves nothing behind and does not disturb the others. When the transaction as a
        whole fails, all of them are refused and none has happened.
        """
        try:
            with self.meter.group(group), writing(self.engine).begin() as connection:
                answers = self._write_all(connection, group)
        except SQLAlchemyError as error:
            if is_collision(error) and len(group) > 1:
                # Another process has just answered one of these requests: that one has a reply now, the others go on.
                return [answer for asked in group for answer in self.write([asked])]
            self.meter.note_trouble(f"the last write was refused: {cause_of(error)}")
            return [_refused(asked, error) for asked in group]
        if not all(isinstance(answer, Problem) for answer in answers):
            self.meter.note_working()
        return answers

    def forget_aged_replies(self) -> int:
        """Remove the replies that nobody will ask for again; return how many. Then the vault gets what it needs."""
        with writing(self.engine).begin() as connection:
            removed = ReplyRecords(connection).remove_aged(self.clock() - REPLIES_KEPT_S)
        if self.key_file is not None:
            upkeep.turn(self.engine, self.key_file, self.clock())
        return removed

    def _write_all(self, connection: Connection, group: Sequence[Asked]) -> list[msgspec.Struct]:
        """Carry out what was not carried out before, and keep all the replies in one statement."""
        replies = ReplyRecords(connection)
        given = replies.replies_to([asked.key for asked in group])
        fresh: list[Reply] = []
        answers: dict[int, msgspec.Struct] = {}
        for run in runs(group, given):
            content = given.get(name_of(run[0]))
            if content is not None:
                answers[id(run[0])] = _read_again(content)
                continue
            carried_out = self._write_run(connection, run)
            kept = self._kept(run, carried_out)
            answers |= {id(asked): answer for asked, answer in zip(run, carried_out, strict=True)}
            fresh += kept
            given |= {(reply.role, reply.request_key): reply.content for reply in kept}
        replies.add_replies(fresh)
        return [answers[id(asked)] for asked in group]

    def _kept(self, run: Sequence[Asked], answers: Sequence[msgspec.Struct]) -> list[Reply]:
        """Return the replies that a repeated request will get again; what was refused may be tried anew."""
        return [
            Reply(asked.role, asked.key, envelope.encode_body(answer), _given_unix_s(asked.body, answer, self.clock()))
            for asked, answer in zip(run, answers, strict=True)
            if asked.key != _UNNAMED and not isinstance(answer, Problem)
        ]

    def _write_run(self, connection: Connection, run: Sequence[Asked]) -> list[msgspec.Struct]:
        """Carry out several commands of one kind at once; where that fails, or where there is one, each for itself."""
        answers = self._try_together(connection, run) if len(run) > 1 else None
        return answers or [self._write_one(connection, asked) for asked in run]

    def _try_together(self, connection: Connection, run: Sequence[Asked]) -> list[msgspec.Struct] | None:
        """Return the answers to all, or None when something went wrong and nothing is left of it."""
        together = ROUTES[type(run[0].body)].together
        late = [envelope.lateness(asked.deadline_unix_s, self.clock()) for asked in run]
        bodies = [asked.body for asked, is_late in zip(run, late, strict=True) if is_late is None]
        assert together is not None
        connection.exec_driver_sql("SAVEPOINT command")
        try:
            answers = iter(together(bodies, self._work(connection)))
        except Exception as error:
            # Whose fault it is shows when each is tried for itself.
            _roll_back(connection, error)
            return None
        connection.exec_driver_sql("RELEASE SAVEPOINT command")
        return [next(answers) if is_late is None else is_late for is_late in late]

    def _write_one(self, connection: Connection, asked: Asked) -> msgspec.Struct:
        answer, may_succeed_now = self._try(connection, asked)
        # The other process that was faster has committed: what it wrote can be seen now.
        return self._try(connection, asked)[0] if may_succeed_now else answer

    def _try(self, connection: Connection, asked: Asked) -> tuple[msgspec.Struct, bool]:
        """Carry out a command inside a savepoint; return its answer, and whether another try may end better."""
        connection.exec_driver_sql("SAVEPOINT command")
        try:
            answer = envelope.lateness(asked.deadline_unix_s, self.clock()) or self._handle(connection, asked)
        except (SQLAlchemyError, VaultProblem, OverflowError) as error:
            # SQLite's driver raises OverflowError for a number that does not fit into 64 bits.
            _roll_back(connection, error)
            if isinstance(error, OperationalError) and not is_collision(error):
                self.meter.note_trouble(f"the last write was refused: {cause_of(error)}")
            return _refused(asked, error), is_collision(error)
        except Exception as error:
            # A command that goes wrong must not undo those beside it in the group.
            _roll_back(connection, error)
            return failed(channels.BACKEND, asked), False
        if isinstance(answer, Problem):
            _roll_back(connection)
        else:
            connection.exec_driver_sql("RELEASE SAVEPOINT command")
        return answer, False

    def _handle(self, connection: Connection, asked: Asked) -> msgspec.Struct:
        answer = ROUTES[type(asked.body)].handler(asked.body, self._work(connection, asked.role))
        # A reply that is too large to be sent fails here, where what was done for it can be undone.
        envelope.encode_body(answer)
        return answer

    def _work(self, connection: Connection, role: str = "") -> UnitOfWork:
        now_unix_s, health = self.clock(), self.meter.health
        return unit_of_work(connection, self.catalogue, self.key_file, now_unix_s, self.pilots, health, role)


def _given_unix_s(command: msgspec.Struct, answer: msgspec.Struct, now_unix_s: float) -> float:
    """Return the time from which on a reply is kept; that of a reply about a memory ties nobody to a visit.

    What opens something for minutes goes when it ends. Of the others the next midnight is told.
    """
    if isinstance(answer, memory.MemoryOpened | memory.CardLinkOffered | memory.GreetingOffered):
        return answer.until_unix_s - REPLIES_KEPT_S
    return day_of(now_unix_s) + DAY_S if isinstance(command, memory.PERSONAL) else now_unix_s


def _read_again(content: bytes) -> msgspec.Struct:
    try:
        answer: msgspec.Struct = envelope.decode_body(content, channels.BACKEND.reply)
    except MalformedMessage:
        sentence = "another version of the backend carried this request out before; its reply cannot be read"
        return Problem(code=ProblemCode.VERSION, sentence=sentence)
    return answer


def _roll_back(connection: Connection, cause: Exception | None = None) -> None:
    """Undo what was done since the savepoint. Raises `cause` when the whole transaction is lost."""
    try:
        connection.exec_driver_sql("ROLLBACK TO SAVEPOINT command")
        connection.exec_driver_sql("RELEASE SAVEPOINT command")
    except SQLAlchemyError as lost:
        # SQLite rolls everything back by itself when the disk is full, PostgreSQL when the line is cut.
        raise (cause if isinstance(cause, SQLAlchemyError) else lost) from lost


def _refused(asked: Asked, error: Exception) -> Problem:
    who = "vault" if isinstance(error, VaultProblem) else "database"
    sentence = f"the {who} refused {type(asked.body).__name__}: {cause_of(error)}"[:500]
    log.error("%s", sentence)
    return Problem(code=ProblemCode.FAILED, sentence=sentence)
