"""How the robot crosses the crowd: by the production controller, by ORCA, or straight on."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from aisle.geometry import FloatArray, Pose2
from aisle.sensing import Person
from aisle_navigation.control.companions import Companions
from aisle_navigation.control.forecast import NO_PAIRS, foresee, noticed
from aisle_navigation.control.pace import allowed_mps
from aisle_navigation.control.path_integral import PathIntegral, Problem
from aisle_navigation.control.profiles import Profile, Sampling
from aisle_navigation.control.proposals import arcs, directions, ways_to_goal
from aisle_navigation.control.scene import Crowd, Drive, Floats, Motion, as_float32
from benchmarks.crowd_world import RADIUS_M, ROBOT_GOAL, SPEED_MPS, STEP_S, OrcaCrowd

TURN_RADPS = 1.5
_NO_LIMIT = 1e6
_SAMPLING = {
    Drive.HOLONOMIC: Sampling(1000, steps=24, step_s=STEP_S, knots=5, first_stddev=0.7, second_stddev=0.7),
    Drive.DIFFERENTIAL: Sampling(1000, steps=24, step_s=STEP_S, knots=5, first_stddev=0.5, second_stddev=1.0),
}


@dataclass(frozen=True, slots=True)
class Moment:
    """What a policy sees: its own pose and controls, and people with places, velocities and radii, not their goals."""

    pose: Pose2
    controls: tuple[float, float]
    people: tuple[Person, ...]
    now_s: float

    @property
    def way_to_goal(self) -> FloatArray:
        return np.array(ROBOT_GOAL) - (self.pose.x_m, self.pose.y_m)


class Policy(Protocol):
    """Decides once in a step of the world. `drive` says what its two controls are."""

    @property
    def drive(self) -> Drive: ...

    def act(self, moment: Moment) -> tuple[float, float]:
        """Return the controls for the next step."""
        ...


class StraightOn:
    """Goes to the goal as if nobody were there."""

    drive = Drive.HOLONOMIC

    def act(self, moment: Moment) -> tuple[float, float]:
        """Return the velocity towards the goal."""
        way = moment.way_to_goal
        x_mps, y_mps = SPEED_MPS * way / max(SPEED_MPS, math.hypot(*way))
        return float(x_mps), float(y_mps)


class OrcaPolicy:
    """Avoids people by ORCA, as if they did their half; `margin_m` is added to every radius."""

    drive = Drive.HOLONOMIC

    def __init__(self, margin_m: float) -> None:
        self._margin_m = margin_m
        self._crowd: OrcaCrowd | None = None

    def act(self, moment: Moment) -> tuple[float, float]:
        """Return the robot's velocity in a crowd in its head, where everybody else just goes on."""
        places = np.array([(moment.pose.x_m, moment.pose.y_m), *((p.x_m, p.y_m) for p in moment.people)])
        velocities = np.array([moment.controls, *((p.vx_mps, p.vy_mps) for p in moment.people)])
        goals = np.vstack((np.array(ROBOT_GOAL), places[1:]))
        if self._crowd is None:
            self._crowd = OrcaCrowd(places, goals, self._margin_m)
        self._crowd.set_out(places, velocities, goals)
        self._crowd.step()
        x_mps, y_mps = self._crowd.velocities[0]
        return float(x_mps), float(y_mps)


class ControllerPolicy:
    """The production controller's optimizer with its cost terms and its forecast, on open ground."""

    def __init__(self, profile: Profile, drive: Drive, seed: int, **sampling: float) -> None:
        self.drive = drive
        self._profile = profile
        self._sampling = replace(_SAMPLING[drive], **sampling)  # type: ignore[arg-type]
        self._optimizer = PathIntegral(self._sampling, profile.costs, seed)
        self._companions = Companions(profile.companionship) if profile.companionship else None

    def act(self, moment: Moment) -> tuple[float, float]:
        """Return the first of the planned controls."""
        fastest_mps = min(SPEED_MPS, allowed_mps(moment.pose, moment.people, RADIUS_M, self._profile.pace))
        start = (moment.pose.x_m, moment.pose.y_m, moment.pose.yaw_rad, *moment.controls)
        problem = Problem(
            start=np.array(start, dtype=np.float32),
            goal=np.array(ROBOT_GOAL, dtype=np.float32),
            motion=_motion(self.drive, fastest_mps),
            floor=None,
            crowd=self._crowd(moment),
            proposals=self._proposals(moment, fastest_mps),
        )
        first, second = self._optimizer.improve(problem, moment.now_s)[0]
        return float(first), float(second)

    def _crowd(self, moment: Moment) -> Crowd:
        profile, sampling = self._profile, self._sampling
        near = noticed(moment.people, moment.pose.x_m, moment.pose.y_m, profile.foresight)
        pairs = self._companions.step(near, moment.now_s) if self._companions else NO_PAIRS
        strangers_mps = profile.approach.strangers_mps
        return foresee(near, RADIUS_M, strangers_mps, pairs, sampling.steps, sampling.step_s, profile.foresight)

    def _proposals(self, moment: Moment, fastest_mps: float) -> Floats:
        steps, step_s = self._sampling.steps, self._sampling.step_s
        if self.drive is Drive.DIFFERENTIAL:
            return arcs(steps, fastest_mps, TURN_RADPS)
        plans = directions(steps, fastest_mps), ways_to_goal(moment.way_to_goal, steps, step_s, fastest_mps)
        return np.vstack(plans)


def _motion(drive: Drive, fastest_mps: float) -> Motion:
    return as_float32(Motion(drive, 0.0, fastest_mps, TURN_RADPS, _NO_LIMIT, _NO_LIMIT, _NO_LIMIT))
