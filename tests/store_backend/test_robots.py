"""Leases, stops and tasks of robots, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from aisle.messages import Problem, ProblemCode, robot
from aisle.messages.robot import GIVEN_FOR_S, TaskKind, TaskProgress, TaskState
from aisle.messages.visit import VisitState
from store_backend import migrate
from store_backend.backend import Backend
from store_backend.catalogue_file import CatalogueFile
from store_backend.database import open_database, writing
from store_backend.tables import leases, robots
from tests.store_backend.steps import NOW_S, answer, asked, refused, rows, status


@dataclass
class Floor:
    """A backend and a clock that a test moves."""

    backend: Backend
    now_s: float = NOW_S

    def take(self, owner: str, lease_s: float = 10.0) -> robot.Lease | Problem:
        command = robot.TakeLease(robot_id="r1", owner=owner, lease_s=lease_s)
        lease: robot.Lease | Problem = self.backend.answer("admin", command)
        return lease

    def next_of(self, robot_id: str) -> str | None:
        told = answer(self.backend, robot.NextTask(robot_id=robot_id), "gateway")
        return told.task_id if isinstance(told, robot.Task) else None

    def hear(self, robot_id: str, x_m: float, **said: Any) -> None:
        answer(self.backend, status(self.now_s, robot_id, x_m, **said), "gateway")

    def report(self, progress: TaskProgress, robot_id: str = "r1", reason: str = "") -> Any:
        command = robot.ReportTask(robot_id=robot_id, task_id="t", progress=progress, reason=reason)
        return answer(self.backend, command, "gateway")

    def tasks(self) -> list[tuple[str, TaskState]]:
        return [(one.task_id, one.state) for one in answer(self.backend, robot.TasksQuery()).tasks]

    def add(self, task_id: str, kind: TaskKind = TaskKind.VISIT, x_m: float = 0.0) -> None:
        answer(self.backend, robot.AddTask(task_id=task_id, kind=kind, x_m=x_m, y_m=0.0))


@pytest.fixture
def floor(database_url: str, catalogue: CatalogueFile) -> Iterator[Floor]:
    engine = open_database(database_url)
    floor = Floor(Backend(engine, catalogue, lambda: floor.now_s))
    yield floor
    engine.dispose()


def test_a_robot_has_one_owner_at_a_time(floor: Floor) -> None:
    assert floor.take("a") == robot.Lease(robot_id="r1", owner="a", number=1, expires_unix_s=NOW_S + 10.0)
    refusal = floor.take("b")
    assert isinstance(refusal, Problem)
    assert (refusal.code, refusal.sentence) == (
        ProblemCode.NOT_NOW, "a commands the robot r1 for 10 s more; ask again then"
    )  # fmt: skip


def test_a_lease_is_extended_by_its_owner_and_keeps_its_number(floor: Floor) -> None:
    floor.take("a")
    floor.now_s += 9.0
    extended = floor.take("a")
    assert (extended.number, extended.expires_unix_s) == (1, NOW_S + 19.0)  # type: ignore[union-attr]


def test_a_lease_runs_out_and_the_next_owner_gets_a_higher_number(floor: Floor) -> None:
    floor.take("a")
    floor.now_s += 10.0
    assert answer(floor.backend, robot.LeaseQuery(robot_id="r1")).owner == ""
    assert floor.take("b").number == 2  # type: ignore[union-attr]


def test_a_lease_is_given_back_by_its_owner_alone(floor: Floor) -> None:
    floor.take("a")
    assert answer(floor.backend, robot.ReturnLease(robot_id="r1", owner="b")).owner == "a"
    assert answer(floor.backend, robot.ReturnLease(robot_id="r1", owner="a")).owner == ""
    assert floor.take("b").owner == "b"  # type: ignore[union-attr]


Step = tuple[str, str, float]
STEPS = st.lists(
    st.tuples(st.sampled_from(["take", "return"]), st.sampled_from("abc"), st.sampled_from([0.0, 3.0, 10.0])),
    max_size=15,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(steps=STEPS)
def test_in_any_history_a_lease_goes_to_another_only_when_it_is_over(floor: Floor, steps: list[Step]) -> None:
    with writing(floor.backend.engine).begin() as connection:
        connection.execute(delete(leases))
    owner, until_s, number = "", 0.0, 0
    for what, name, wait_s in steps:
        floor.now_s += wait_s
        is_free = until_s <= floor.now_s
        if what == "return":
            answer(floor.backend, robot.ReturnLease(robot_id="r1", owner=name))
            until_s = 0.0 if name == owner else until_s
            owner = "" if name == owner else owner
            continue
        lease = floor.take(name)
        assert isinstance(lease, robot.Lease) is (is_free or name == owner)
        if isinstance(lease, robot.Lease):
            number += name != owner
            owner, until_s = name, floor.now_s + 10.0
            assert (lease.owner, lease.number) == (owner, number)


@pytest.mark.integration
def test_of_many_who_ask_at_once_one_gets_the_robot(floor: Floor) -> None:
    barrier = Barrier(8)

    def ask(number: int) -> bool:
        command = robot.TakeLease(robot_id="r1", owner=f"owner{number}")
        barrier.wait()
        return isinstance(floor.backend.write([asked(command, f"k{number}")])[0], robot.Lease)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(ask, range(8))) == 1


def is_stopped(floor: Floor, robot_id: str = "r1") -> bool:
    return bool(answer(floor.backend, robot.StopQuery(robot_id=robot_id), "gateway").is_stopped)


def test_a_stop_holds_until_staff_release_it(floor: Floor) -> None:
    answer(floor.backend, robot.StopRobots(robot_id="r1", reason="spilled milk"), "kiosk_ui")
    floor.now_s += 1e6
    assert [is_stopped(floor, one) for one in ("r1", "r2")] == [True, False]
    assert refused(floor.backend, robot.ReleaseStop(robot_id="r1"), "gateway")[0] is ProblemCode.FORBIDDEN
    assert is_stopped(floor)
    answer(floor.backend, robot.ReleaseStop(robot_id="r1"))
    assert not is_stopped(floor)


def test_a_stop_of_all_holds_for_a_robot_that_nobody_knows_yet(floor: Floor) -> None:
    answer(floor.backend, robot.StopRobots(reason="alarm"), "gateway")
    assert is_stopped(floor, "new")


def test_the_end_of_one_stop_is_not_the_end_of_another(floor: Floor) -> None:
    for name in ("r1", ""):
        answer(floor.backend, robot.StopRobots(robot_id=name))
    assert answer(floor.backend, robot.ReleaseStop(robot_id="r1")).is_stopped
    assert is_stopped(floor)
    answer(floor.backend, robot.ReleaseStop())
    assert not is_stopped(floor)


def test_the_first_reason_of_a_stop_stays(floor: Floor) -> None:
    for reason in ("first", "second"):
        told = answer(floor.backend, robot.StopRobots(robot_id="r1", reason=reason))
        assert (told.reason, told.since_unix_s) == ("first", NOW_S)
        floor.now_s += 1.0


def test_tasks_go_to_the_robots_that_are_nearest_in_all(floor: Floor) -> None:
    for name, x_m in (("r1", 10.0), ("r2", 0.0)):
        floor.hear(name, x_m)
    for name, x_m in (("t", 9.0), ("u", 20.0)):
        floor.add(name, x_m=x_m)
    assert [floor.next_of("r1"), floor.next_of("r2"), floor.next_of("r2")] == ["u", "t", "t"]
    told = answer(floor.backend, robot.TasksQuery()).tasks
    assert [(one.task_id, one.state, one.robot_id) for one in told] == [
        ("t", TaskState.GIVEN, "r2"), ("u", TaskState.GIVEN, "r1")
    ]  # fmt: skip


def test_a_task_of_a_robot_that_fell_silent_goes_to_another(floor: Floor) -> None:
    floor.hear("r1", 0.0)
    floor.add("t")
    assert floor.next_of("r1") == "t"
    floor.now_s += GIVEN_FOR_S
    floor.hear("r2", 50.0)
    assert floor.next_of("r2") == "t"
    assert floor.next_of("r1") is None


@pytest.mark.parametrize("because", ["unheard", "leased", "stopped"])
def test_a_robot_that_cannot_be_sent_is_not_sent(floor: Floor, because: str) -> None:
    floor.add("t")
    floor.hear("r1", 0.0)
    if because == "unheard":
        floor.now_s += 60.0
    elif because == "leased":
        floor.take("somebody")
    else:
        answer(floor.backend, robot.StopRobots(robot_id="r1"))
    assert floor.next_of("r1") is None


def test_a_task_ends_once(floor: Floor) -> None:
    floor.add("t")
    assert answer(floor.backend, robot.EndTask(task_id="t")).state is TaskState.DONE
    assert answer(floor.backend, robot.EndTask(task_id="t", is_done=False)).state is TaskState.DONE
    assert answer(floor.backend, robot.TasksQuery()).tasks == ()
    assert refused(floor.backend, robot.EndTask(task_id="nothing"))[0] is ProblemCode.NOT_FOUND


def test_a_task_that_is_added_again_is_there_once(floor: Floor) -> None:
    for _ in range(2):
        floor.add("t")
    assert len(answer(floor.backend, robot.TasksQuery()).tasks) == 1


def given(floor: Floor) -> None:
    """Give the task "t" to the robot r1."""
    floor.add("t")
    floor.hear("r1", 0.0)
    assert floor.next_of("r1") == "t"


def test_a_robot_says_that_it_has_begun_and_that_it_is_done(floor: Floor) -> None:
    given(floor)
    assert floor.report(TaskProgress.BEGUN).state is TaskState.BEGUN
    assert floor.next_of("r1") == "t"
    assert floor.tasks() == [("t", TaskState.BEGUN)]
    assert floor.report(TaskProgress.DONE).state is TaskState.DONE
    assert floor.tasks() == []


def test_a_refused_task_keeps_its_reason_waits_for_staff_and_goes_to_no_robot(floor: Floor) -> None:
    given(floor)
    told = floor.report(TaskProgress.REFUSED, reason="no way leads there")
    assert (told.state, told.reason) == (TaskState.REFUSED, "no way leads there")
    assert floor.next_of("r1") is None
    assert floor.tasks() == [("t", TaskState.REFUSED)]
    assert answer(floor.backend, robot.EndTask(task_id="t", is_done=False)).state is TaskState.CANCELLED
    assert floor.tasks() == []


def test_a_robot_reports_of_no_task_but_its_own_and_of_none_that_is_over(floor: Floor) -> None:
    given(floor)
    assert floor.report(TaskProgress.DONE, "r2").state is TaskState.GIVEN
    answer(floor.backend, robot.EndTask(task_id="t", is_done=False))
    assert floor.report(TaskProgress.BEGUN).state is TaskState.CANCELLED


def test_a_task_that_was_begun_goes_to_another_when_its_robot_falls_silent(floor: Floor) -> None:
    given(floor)
    floor.report(TaskProgress.BEGUN)
    floor.now_s += GIVEN_FOR_S
    floor.hear("r2", 50.0)
    assert floor.next_of("r2") == "t"
    assert floor.tasks() == [("t", TaskState.GIVEN)]


@pytest.mark.parametrize("role", ["gateway", "kiosk_ui"])
def test_only_staff_end_a_task(floor: Floor, role: str) -> None:
    given(floor)
    assert refused(floor.backend, robot.EndTask(task_id="t"), role)[0] is ProblemCode.FORBIDDEN


@pytest.mark.parametrize("doing", [VisitState.SERVING, VisitState.GUIDING, VisitState.GREETING, VisitState.STOPPED])
def test_a_robot_with_a_shopper_before_it_is_not_sent(floor: Floor, doing: VisitState) -> None:
    floor.add("t")
    floor.hear("r1", 0.0, doing=doing)
    floor.hear("r2", 50.0)
    assert [floor.next_of("r1"), floor.next_of("r2")] == [None, "t"]


def test_a_robot_whose_lease_its_own_gateway_has_is_sent(floor: Floor) -> None:
    lease = floor.take("gateway of r1")
    assert isinstance(lease, robot.Lease)
    floor.add("t")
    floor.hear("r1", 0.0, lease_number=lease.number)
    told = answer(floor.backend, robot.NextTask(robot_id="r1", lease_number=lease.number), "gateway")
    assert isinstance(told, robot.Task)


def test_a_gateway_that_was_replaced_gets_and_reports_no_task(floor: Floor) -> None:
    given(floor)
    floor.take("another")
    asks = robot.NextTask(robot_id="r1", lease_number=0)
    reports = robot.ReportTask(robot_id="r1", task_id="t", progress=TaskProgress.DONE)
    for command in (asks, reports):
        code, sentence = refused(floor.backend, command, "gateway")
        assert (code, sentence) == (
            ProblemCode.NOT_NOW, "another commands the robot r1 under lease 1; 0 counts no more"
        )  # fmt: skip
    assert floor.tasks() == [("t", TaskState.GIVEN)]


def test_an_unknown_charge_is_kept_as_unknown_and_only_lets_the_robot_charge(floor: Floor) -> None:
    floor.hear("r1", 0.0, battery_fraction=None)
    assert [row["battery_fraction"] for row in rows(floor.backend, robots)] == [None]
    floor.add("visit")
    assert floor.next_of("r1") is None
    floor.add("dock", TaskKind.CHARGE)
    assert floor.next_of("r1") == "dock"


def test_an_older_table_has_no_unknown_charge(database_url: str, catalogue: CatalogueFile) -> None:
    engine = open_database(database_url)
    answer(Backend(engine, catalogue, lambda: NOW_S), status(NOW_S, battery_fraction=None), "gateway")
    engine.dispose()
    assert migrate.main(["--database", database_url, "--to", "0007"]) == 0
    assert migrate.main(["--database", database_url]) == 0
    engine = open_database(database_url)
    assert [row["battery_fraction"] for row in rows(Backend(engine, catalogue, lambda: NOW_S), robots)] == [0.0]
    engine.dispose()
