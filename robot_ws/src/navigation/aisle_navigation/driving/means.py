"""What every drive works with: the robot, the ground, the controller and the tolerances."""

from __future__ import annotations

from dataclasses import dataclass, field

from aisle.robot_model import RobotModel
from aisle_navigation.control.controller import Controller
from aisle_navigation.control.courtesy import Courtesy
from aisle_navigation.driving.ground import Ground
from aisle_navigation.driving.patience import PatienceSettings
from aisle_navigation.driving.speed import StaffLimit


@dataclass(frozen=True, slots=True)
class NavigatorSettings:
    """Tolerances in metres and radians, times in seconds, speeds in m/s.

    `settle` has seconds without getting nearer, and how far from the goal is then near enough.
    """

    position_tolerance_m: float = 0.08
    yaw_tolerance_rad: float = 0.05
    pass_within_m: float = 0.6
    last_stretch_m: float = 0.5
    last_stretch_mps: float = 0.3
    settle: tuple[tuple[float, float], ...] = ((2.0, 0.15), (8.0, 0.25))
    replan_every_s: float = 1.0
    cruise_mps: float = 0.8
    """A shopper follows comfortably at this speed; the profile may allow more."""
    turn_limit_radps: float = 0.8
    turn_near_people_radps: float = 0.4
    patience: PatienceSettings = field(default_factory=PatienceSettings)


@dataclass(slots=True)
class Means:
    """What a task may use; one of each, shared by the tasks that follow one another."""

    robot: RobotModel
    ground: Ground
    controller: Controller
    staff_limit: StaffLimit
    courtesy: Courtesy | None
    """None where the robot may come as near to people as it likes."""
    settings: NavigatorSettings = NavigatorSettings()
