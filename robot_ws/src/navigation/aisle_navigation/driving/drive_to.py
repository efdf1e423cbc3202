"""Drive to one pose of the map: plan, drive, wait politely, recover, arrive or say why not."""

from __future__ import annotations

import math
from dataclasses import replace

from aisle.geometry import STOP, Pose2, Twist2
from aisle_navigation.driving.ground import SENTENCES, fault_of
from aisle_navigation.driving.maneuvers import PERSONAL_SPACE_M, Straight, room_m
from aisle_navigation.driving.means import Means
from aisle_navigation.driving.outcome import ErrorCode, Progress, Status, failed
from aisle_navigation.driving.paths import length_left_m, nearest_index
from aisle_navigation.driving.patience import Patience, Recovery
from aisle_navigation.driving.situation import Situation
from aisle_navigation.driving.steering import Arrival, steer, still_points
from aisle_navigation.planning.planner import CostToGo, Plan, PlanOutcome

_IMPATIENT = (Recovery.CLEAR, Recovery.BACK_UP)
"""From then on any way round is better than waiting on."""
_BACK_UP_M, _BACK_UP_MPS, _BACK_UP_WITHIN_S = 0.30, -0.12, 5.0


class DriveTo:
    """One goal. `stop` is False for a place that is only passed on the way to the next."""

    def __init__(self, goal_map: Pose2, means: Means, patience: Patience, stop: bool = True) -> None:
        self.goal_map = goal_map
        self._means = means
        self._patience = patience
        self._stop = stop
        self._arrival = Arrival(goal_map, means)
        self._plan: Plan | None = None
        self._planned_s = -math.inf
        self._recovery = Recovery.NONE
        self._recoveries = 0
        self._backing: Straight | None = None
        means.controller.reset()

    def step(self, situation: Situation) -> Progress:
        """Return the velocity wanted now, and how the goal stands."""
        return replace(self._step(situation), recoveries=self._recoveries)

    def _step(self, situation: Situation) -> Progress:
        fault = fault_of(self.goal_map)
        if fault is not None:
            return failed(*fault)
        self._means.ground.look(situation.pose_map, situation.scan, situation.people)
        if self._is_at_goal(situation.pose_map):
            return self._arrival.turn(situation) if self._stop else Progress(situation.twist, Status.ARRIVED)
        if situation.now_s - self._planned_s >= self._means.settings.replan_every_s:
            failure = self._replan(situation)
            if failure is not None:
                return failure
        assert self._plan is not None and self._plan.cost_to_go is not None
        return self._go_on(situation, self._plan, self._plan.cost_to_go)

    def _is_at_goal(self, pose_map: Pose2) -> bool:
        if self._stop:
            return self._arrival.is_at(pose_map, self._patience.waited_s)
        return pose_map.distance_to(self.goal_map) <= self._means.settings.pass_within_m

    def _replan(self, situation: Situation) -> Progress | None:
        self._arrival.drive_on()
        self._planned_s = situation.now_s
        route = self._plan = self._route(situation)
        if route.outcome is PlanOutcome.FOUND:
            return None
        return failed(route.outcome.value, SENTENCES[route.outcome])

    def _route(self, situation: Situation) -> Plan:
        ground, pose, now_s = self._means.ground, situation.pose_map, situation.now_s
        if self._plan is None or len(self._plan.path) == 0:
            return ground.plan(pose, self.goal_map, situation.people, now_s)
        ahead = self._plan.path[nearest_index(self._plan.path, pose) :]
        waited_s = math.inf if self._recovery in _IMPATIENT else self._patience.waited_s
        return ground.go_on(pose, self.goal_map, ahead, situation.people, waited_s, now_s)

    def _go_on(self, situation: Situation, route: Plan, cost_to_go: CostToGo) -> Progress:
        left_m = length_left_m(route.path, situation.pose_map)
        before, self._recovery = self._recovery, self._patience.note(left_m, situation.now_s)
        if self._recovery is Recovery.GIVE_UP:
            sentence = f"the way has been blocked for {self._patience.waited_in_all_s:.0f} s"
            return failed(ErrorCode.FAILED_TO_MAKE_PROGRESS, sentence, left_m)
        if self._recovery is not before:
            self._begin(self._recovery, situation)
        backing = self._back_up(situation)
        twist = backing if backing is not None else self._drive(situation, cost_to_go)
        status = Status.DRIVING if self._recovery is Recovery.NONE else Status.WAITING
        return Progress(twist, status, left_m, route.path)

    def _drive(self, situation: Situation, cost_to_go: CostToGo) -> Twist2:
        still = still_points(situation, self._means)
        is_stuck = self._recovery is not Recovery.NONE
        if is_stuck:
            self._means.ground.see(still, situation.pose_map, situation.now_s)
        return steer(situation, self._means, cost_to_go, still, self.goal_map if self._stop else None, is_stuck)

    # Recoveries

    def _begin(self, recovery: Recovery, situation: Situation) -> None:
        if recovery is Recovery.CLEAR:
            self._means.ground.look_afresh()
            self._planned_s = -math.inf
        elif recovery is Recovery.BACK_UP:
            self._backing = self._room_to_back_up(situation)
        self._recoveries += recovery in (Recovery.CLEAR, Recovery.BACK_UP)

    def _room_to_back_up(self, situation: Situation) -> Straight | None:
        """Return the manoeuvre, unless something or somebody is behind: who follows shall not be pushed."""
        robot = self._means.robot
        is_somebody_behind = any(
            situation.gap_m(person, robot) < PERSONAL_SPACE_M
            and not person.is_ahead_of(situation.pose_map, math.radians(70.0))
            for person in situation.people
        )
        if is_somebody_behind or room_m(situation, robot, backwards=True) < 1.5 * _BACK_UP_M:
            return None
        return Straight(robot, _BACK_UP_M, _BACK_UP_MPS, _BACK_UP_WITHIN_S)

    def _back_up(self, situation: Situation) -> Twist2 | None:
        """Return the velocity of the manoeuvre under way; None when there is none."""
        if self._backing is None:
            return None
        progress = self._backing.step(situation)
        if not progress.has_ended:
            return progress.twist
        self._backing = None
        self._planned_s = -math.inf
        self._means.controller.reset()
        return STOP
