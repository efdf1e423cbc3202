"""Which robot does what: visits before patrols, the nearest robot, and charging before it is too late. Pure.

An assignment problem, solved exactly (Crouse, "On implementing 2D rectangular assignment algorithms", 2016, as in
`scipy.optimize.linear_sum_assignment`). Nothing about a shopper enters: only where, what kind, and since when.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from aisle.messages.robot import TaskKind


@dataclass(frozen=True, slots=True)
class FreeRobot:
    """A robot that can be sent; metres in the map frame. A charge of None is not known, and taken for a low one."""

    robot_id: str
    x_m: float
    y_m: float
    battery_fraction: float | None


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A task without a robot."""

    task_id: str
    kind: TaskKind
    x_m: float
    y_m: float
    waiting_s: float


@dataclass(frozen=True, slots=True)
class AssignmentSettings:
    """What a task of each kind is worth in metres of driving, and when a robot must or may charge."""

    visit_m: float = 20_000.0
    must_charge_m: float = 100_000.0
    patrol_m: float = 4_000.0
    may_charge_m: float = 2_000.0
    must_charge_below: float = 0.25
    full_above: float = 0.9
    waiting_m_per_s: float = 1.0
    most_waiting_m: float = 1_000.0
    most_distance_m: float = 900.0


def assign(
    robots: Sequence[FreeRobot], tasks: Sequence[OpenTask], settings: AssignmentSettings = AssignmentSettings()
) -> dict[str, str]:
    """Return task by robot: at most one each; who has nothing useful to do is not in it."""
    if not robots or not tasks:
        return {}
    # They take as long to load as all the rest of the backend; `load` does it while nobody waits.
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    worth = np.array([[_worth_m(robot, task, settings) for task in tasks] for robot in robots])
    # Beside the tasks every robot may also do nothing, which is worth nothing.
    choices = np.hstack([worth, np.zeros((len(robots), len(robots)))])
    rows, columns = linear_sum_assignment(choices, maximize=True)
    return {
        robots[row].robot_id: tasks[column].task_id
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True)
        if column < len(tasks) and worth[row, column] > 0.0
    }


def load() -> None:
    """Load what `assign` needs, so that the first one is as quick as the others."""
    assign([FreeRobot("", 0.0, 0.0, 1.0)], [OpenTask("", TaskKind.VISIT, 0.0, 0.0, 0.0)])


def _worth_m(robot: FreeRobot, task: OpenTask, settings: AssignmentSettings) -> float:
    """Return what it is worth that this robot does this task, in metres of driving; below 0 it must not."""
    kind_m = _kind_m(robot, task.kind, settings)
    if kind_m <= 0.0:
        return -1.0
    distance_m = math.hypot(task.x_m - robot.x_m, task.y_m - robot.y_m)
    waiting_m = min(settings.most_waiting_m, settings.waiting_m_per_s * task.waiting_s)
    return kind_m + waiting_m - min(settings.most_distance_m, distance_m)


def _kind_m(robot: FreeRobot, kind: TaskKind, settings: AssignmentSettings) -> float:
    charge = 0.0 if robot.battery_fraction is None else robot.battery_fraction
    must_charge = charge < settings.must_charge_below
    if kind is TaskKind.CHARGE:
        may_charge_m = settings.may_charge_m if charge < settings.full_above else 0.0
        return settings.must_charge_m if must_charge else may_charge_m
    if must_charge:
        return 0.0
    return settings.visit_m if kind is TaskKind.VISIT else settings.patrol_m
