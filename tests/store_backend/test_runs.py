"""Commands that are carried out together: the same replies and the same rows as one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import delete

from aisle.bus import Asked
from aisle.messages import Problem, ProblemCode, care
from store_backend.backend import Backend
from store_backend.catalogue_file import CatalogueFile
from store_backend.database import open_database, writing
from store_backend.handlers import visits
from store_backend.routing import ROUTES
from store_backend.runs import runs
from store_backend.tables import alerts, journey_events, replies, sessions
from store_backend.unit_of_work import UnitOfWork
from tests.store_backend.steps import NOW_S, asked, opening, rows, step

_VISITS = some.sampled_from(["s1", "s2", "nobody"])
_STEPS = some.builds(step, some.sampled_from("abcde"), _VISITS, outcome=some.sampled_from(["found", "not_found"]))
_OPENINGS = some.builds(opening, some.sampled_from(["s1", "s2"]))
_REQUESTS = some.builds(
    Asked,
    peer=some.sampled_from([b"1", b"2", b"3"]),
    role=some.just("admin"),
    key=some.sampled_from([f"k{number}" for number in range(12)]),
    deadline_unix_s=some.sampled_from([NOW_S + 3.0, NOW_S + 3.0, NOW_S - 3.0]),
    body=some.one_of(_STEPS, _STEPS, _STEPS, _OPENINGS),
)


@pytest.fixture(scope="module")
def two(catalogue: CatalogueFile) -> Iterator[tuple[Backend, Backend]]:
    """Two backends with a database each; making one takes longer than all that an example does."""
    one, other = (Backend(open_database("sqlite://"), catalogue, lambda: NOW_S) for _ in range(2))
    yield one, other
    one.engine.dispose()
    other.engine.dispose()


def _empty(backend: Backend) -> None:
    with writing(backend.engine).begin() as connection:
        for table in (journey_events, alerts, sessions, replies):
            connection.execute(delete(table))


def _keys(lists: Sequence[Sequence[Asked]]) -> list[list[str]]:
    return [[one.key for one in run] for run in lists]


@given(group=some.lists(_REQUESTS, max_size=25))
def test_a_group_does_what_its_commands_do_one_after_the_other(
    two: tuple[Backend, Backend], group: list[Asked]
) -> None:
    together, apart = two
    _empty(together)
    _empty(apart)
    answers = dict(zip(map(id, group), together.write(group), strict=True))
    for one in (one for run in runs(group, set()) for one in run):
        assert [answers[id(one)]] == apart.write([one])
    for table in (sessions, journey_events):
        assert rows(together, table) == rows(apart, table)
    assert together.write(group) == [answer for one in group for answer in apart.write([one])]


def of_peer(peer: bytes, *commands: tuple[msgspec.Struct, str]) -> list[Asked]:
    return [replace(asked(body, key), peer=peer) for body, key in commands]


def test_what_one_peer_sends_stays_in_its_order() -> None:
    group = [asked(body, key) for body, key in ((opening(), "k1"), (step("a"), "k2"), (step("b"), "k3"))]
    assert _keys(runs(group, set())) == [["k1"], ["k2", "k3"]]
    group = [asked(body, key) for body, key in ((step("a"), "k1"), (opening("s2"), "k2"), (step("b", "s2"), "k3"))]
    assert _keys(runs(group, set())) == [["k1"], ["k2"], ["k3"]]


def test_what_several_peers_send_is_gathered_by_kind() -> None:
    one = of_peer(b"1", (step("a"), "k1"), (opening("s2"), "k2"))
    other = of_peer(b"2", (step("b"), "k3"), (opening("s3"), "k4"))
    assert _keys(runs([*one, *other], set())) == [["k1", "k3"], ["k2"], ["k4"]]


def test_a_key_that_comes_twice_stands_alone() -> None:
    group = [asked(step("a"), "k1"), asked(step("a"), "k1"), asked(step("b"), "k2")]
    assert _keys(runs(group, set())) == [["k1"], ["k1"], ["k2"]]


def test_what_was_answered_before_stands_alone() -> None:
    group = [replace(asked(step(name), f"k{name}"), peer=name.encode()) for name in "abc"]
    assert _keys(runs(group, {("admin", "kb")})) == [["ka", "kc"], ["kb"]]


@given(group=some.lists(_REQUESTS, max_size=25))
def test_each_command_stands_in_one_run_and_behind_what_its_peer_sent_before(group: list[Asked]) -> None:
    lists = runs(group, {("admin", "k3")})
    carried_out = [one for run in lists for one in run]
    assert sorted(map(id, carried_out)) == sorted(map(id, group))
    for same in ("peer", "key"):
        for one in group:
            alike = [id(other) for other in group if getattr(other, same) == getattr(one, same)]
            assert [id(other) for other in carried_out if getattr(other, same) == getattr(one, same)] == alike


def test_one_command_that_breaks_a_run_is_the_only_one_refused(
    backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail_on_bad(commands: Sequence[care.JourneyEvent], work: UnitOfWork) -> Sequence[msgspec.Struct]:
        answers = visits.record_each(commands, work)
        if any(command.event_key == "bad" for command in commands):
            raise RuntimeError("half way")
        return answers

    def alone(command: Any, work: UnitOfWork) -> msgspec.Struct:
        (answer,) = fail_on_bad([command], work)
        return answer

    changed = replace(ROUTES[care.JourneyEvent], handler=alone, together=fail_on_bad)
    monkeypatch.setitem(ROUTES, care.JourneyEvent, changed)  # type: ignore[misc]
    backend.write([asked(opening(), "k0")])
    answers = backend.write([asked(step(name), f"k{name}") for name in ("a", "bad", "c")])
    assert [one.code if isinstance(one, Problem) else None for one in answers] == [None, ProblemCode.FAILED, None]
    assert [row["event_key"] for row in rows(backend, journey_events)] == ["a", "c"]
