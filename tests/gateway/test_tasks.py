"""A task goes from the store to the robot and its end back, and is given up when it may be another robot's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aisle.messages import Message, Problem, ProblemCode
from aisle.messages.robot import (
    GIVEN_FOR_S,
    MINE_FOR_S,
    NextTask,
    NoTask,
    ReportTask,
    TakeLease,
    Task,
    TaskKind,
    TaskProgress,
    TaskState,
)
from aisle.messages.visit import VisitState
from aisle_behaviour.errand import TASK_STALE_S
from aisle_gateway.nodes.io_thread import SILENT_AFTER_S
from aisle_gateway.store_line import COMMANDED_ELSEWHERE
from aisle_gateway.tasks import RobotReport
from tests.gateway.store import IDLE, ROUND, Play, friendly

LOST = Problem(code=ProblemCode.NOT_NOW, sentence="another commands the robot r1 for 9 s more; ask again then")


def told(state: TaskState, robot_id: str = "r1") -> Task:
    return Task(
        task_id="round", kind=TaskKind.PATROL, x_m=1.0, y_m=2.0, yaw_rad=0.5, state=state, robot_id=robot_id
    )  # fmt: skip


def with_task() -> Play:
    play = Play({**friendly(), NextTask: ROUND})
    play.until(lambda: play.line.word().task is not None)
    return play


def doing(state: str, reason: str = "") -> RobotReport:
    return RobotReport(VisitState.ERRAND, "", "round", state, reason)


def reports(play: Play) -> list[tuple[TaskProgress, str, int]]:
    return [(one.progress, one.reason, one.lease_number) for one in play.all_asked(ReportTask)]


def test_an_idle_robot_under_its_lease_gets_a_task() -> None:
    play = with_task()
    assert play.line.word().task == ROUND
    assert play.all_asked(NextTask)[0].lease_number == 1


@pytest.mark.parametrize("visit", [VisitState.SERVING, VisitState.GUIDING, VisitState.STOPPED, VisitState.CALLING])
def test_a_robot_with_a_shopper_asks_for_no_task(visit: VisitState) -> None:
    play = Play({**friendly(), NextTask: ROUND}, report=RobotReport(visit))
    play.run(20.0)
    assert play.all_asked(NextTask) == []


@pytest.mark.parametrize("lease", [None, LOST], ids=["silent", "lost"])
def test_without_its_lease_a_gateway_asks_for_no_task(lease: Problem | None) -> None:
    play = Play({**friendly(), NextTask: ROUND, TakeLease: lease})
    play.run(20.0)
    assert play.all_asked(NextTask) == []


def test_a_robot_that_says_nothing_gets_no_task() -> None:
    play = Play({**friendly(), NextTask: ROUND}, report=None)
    play.run(20.0)
    assert play.all_asked(NextTask) == []


def test_each_step_of_a_task_is_reported_once() -> None:
    play = with_task()
    play.report = doing("given")
    play.run(3.0)
    assert reports(play) == []
    play.report, play.answers[ReportTask] = doing("begun"), told(TaskState.BEGUN)
    play.run(30.0)
    assert reports(play) == [(TaskProgress.BEGUN, "", 1)]
    play.report, play.answers[ReportTask] = doing("refused", "no way leads there"), told(TaskState.REFUSED)
    play.answers[NextTask] = NoTask()
    play.run(3.0)
    assert reports(play)[1:] == [(TaskProgress.REFUSED, "no way leads there", 1)]
    assert play.line.word().task is None


def test_what_the_store_has_not_heard_is_said_again_and_the_task_stays_until_then() -> None:
    play = with_task()
    play.report = doing("done")
    play.run(20.0)
    assert len(reports(play)) > 2
    assert play.line.word().task == ROUND
    play.answers = {**play.answers, ReportTask: told(TaskState.DONE), NextTask: NoTask()}
    play.run(3.0)
    assert play.line.word().task is None


@pytest.mark.parametrize(
    "answer",
    [
        told(TaskState.CANCELLED),
        told(TaskState.GIVEN, "r2"),
        Problem(code=ProblemCode.NOT_FOUND, sentence="there is no task round"),
    ],
    ids=["cancelled", "another robot's", "unknown"],
)
def test_a_task_that_is_not_this_robots_any_more_is_given_up(answer: Message) -> None:
    play = with_task()
    play.report = doing("begun")
    play.answers = {**play.answers, ReportTask: answer, NextTask: NoTask()}
    play.run(3.0)
    assert play.line.word().task is None


def test_a_task_that_staff_withdraw_is_given_up_within_seconds() -> None:
    play = with_task()
    play.report, play.answers[ReportTask] = doing("begun"), told(TaskState.BEGUN)
    play.run(5.0)
    play.answers[NextTask] = NoTask()
    play.run(11.0)
    assert play.line.word().task is None


def test_a_silent_store_leaves_the_task_until_it_may_be_another_robots() -> None:
    play = with_task()
    play.report, play.answers = doing("begun"), {}
    play.run(MINE_FOR_S - 5.0)
    assert play.line.word().task == ROUND
    play.run(10.0)
    assert play.line.word().task is None


def test_a_robot_has_given_its_task_up_before_the_store_gives_it_away_whatever_of_it_falls_silent() -> None:
    a_second_to_stand_s = 1.0
    assert MINE_FOR_S + SILENT_AFTER_S + TASK_STALE_S + a_second_to_stand_s < GIVEN_FOR_S


def test_a_lost_lease_ends_the_task_and_lets_no_new_tour_begin_but_the_one_under_way_go_on() -> None:
    play = with_task()
    play.report = replace(IDLE, doing=VisitState.GUIDING, tour_session="s1")
    play.answers[TakeLease] = LOST
    play.run(5.0)
    word = play.line.word()
    assert (word.task, word.lease_number, word.complaint) == (None, 0, LOST.sentence)
    assert play.line.refuses_tour("s1") == ""
    refusal = play.line.refuses_tour("s2")
    assert refusal == COMMANDED_ELSEWHERE
    # The shopper hears what comes next, and nothing about who commands the robot.
    assert "I can call somebody" in refusal
    assert "command" not in refusal


def test_a_silent_store_strands_no_shopper() -> None:
    play = with_task()
    play.answers = {}
    play.run(600.0)
    assert play.line.refuses_tour("s2") == ""
