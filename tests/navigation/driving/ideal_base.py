"""A base that does what it is told within the reference robot's limits, and a run of the navigator with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from aisle.geometry import STOP, Pose2, Twist2, advance
from aisle.sensing import Person
from aisle_navigation.driving.navigator import Navigator
from aisle_navigation.driving.outcome import Progress
from aisle_navigation.driving.situation import Situation
from tests.navigation.rooms import ROBOT, scan_of

PERIOD_S = 0.1


def limited(wanted: Twist2, present: Twist2) -> Twist2:
    """What a base with the reference robot's accelerations makes of a wish."""
    limits = ROBOT.limits
    linear = max(
        present.linear_mps - limits.braking_mps2 * PERIOD_S,
        min(present.linear_mps + limits.acceleration_mps2 * PERIOD_S, wanted.linear_mps),
    )
    step = limits.turn_acceleration_radps2 * PERIOD_S
    angular = max(present.angular_radps - step, min(present.angular_radps + step, wanted.angular_radps))
    return Twist2(linear, angular)


@dataclass(slots=True)
class Run:
    """What happened: the last progress, where the base is, and its way and speeds."""

    last: Progress
    pose: Pose2
    way: list[Pose2] = field(default_factory=list)
    speeds_mps: list[float] = field(default_factory=list)


def drive_task(
    navigator: Navigator,
    cells: np.ndarray,
    start: Pose2,
    people: tuple[Person, ...] = (),
    limit_s: float = 90.0,
    watch: Callable[[Progress], object] = lambda _progress: None,
    is_localized: Callable[[float], bool] = lambda _now_s: True,
) -> Run:
    """Step the navigator until its task ends or time is over; the laser sees `cells`."""
    pose, twist = start, STOP
    run = Run(Progress(STOP, None), start)  # type: ignore[arg-type]
    for tick in range(int(limit_s / PERIOD_S)):
        now_s = tick * PERIOD_S
        scan = scan_of(cells, pose, now_s)
        run.last = navigator.step(Situation(now_s, pose, twist, scan, people, None, is_localized(now_s)))
        watch(run.last)
        if run.last.has_ended:
            break
        twist = limited(run.last.twist, twist)
        pose = advance(pose, twist, PERIOD_S)
        run.way.append(pose)
        run.speeds_mps.append(twist.linear_mps)
    run.pose = pose
    return run
