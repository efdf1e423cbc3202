"""The local controller: model predictive path integral control (MPPI) for a differential drive among people.

After G. Williams et al., "Information-theoretic model predictive control", IEEE T-RO 2018. Each step draws many
control sequences around the last one, rolls them out, and averages them by exp(-cost / temperature). Progress is
read from the planner's cost-to-go, so there is no separate path tracking; people move on with constant velocity.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from aisle.geometry import FloatArray, Pose2, Twist2
from aisle.robot_model import RobotModel
from aisle.sensing import Person
from aisle_navigation.control.kernels import optimize
from aisle_navigation.planning.planner import CostToGo
from store_model.clearance import FloatGrid

Noise = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ControllerSettings:
    """Sampling and cost weights; lengths in metres, times in seconds."""

    rollouts: int = 400
    steps: int = 30
    step_s: float = 0.1
    knots: int = 5
    noise_linear_mps: float = 0.35
    noise_angular_radps: float = 0.9
    temperature: float = 0.25
    wall_margin_m: float = 0.05
    wall_soft_m: float = 0.25
    wall_weight: float = 0.6
    person_soft_m: float = 0.7
    person_weight: float = 4.0
    person_hard_m: float = 0.15
    collision_cost: float = 120.0
    progress_weight: float = 1.5
    turn_weight: float = 0.02
    reverse_mps: float = 0.0


@dataclass(frozen=True, slots=True)
class LocalObstacles:
    """Clearance around the robot from the laser alone: a square grid whose lower-left corner is in the map frame."""

    clearance_m: FloatGrid
    resolution_m: float
    origin_x_m: float
    origin_y_m: float


class Controller:
    """Keeps the control sequence between steps (the warm start) and the noise, which is drawn once and reused."""

    def __init__(self, robot: RobotModel, settings: ControllerSettings, seed: int) -> None:
        self.robot = robot
        self.settings = settings
        self._noise = _draw_noise(settings, np.random.default_rng(seed))
        self._offset = 0
        self._sequence = np.zeros((settings.steps, 2))

    def reset(self) -> None:
        """Forget the control sequence; call when the goal changes or the robot stood still."""
        self._sequence[:] = 0.0

    def step(
        self,
        pose_map: Pose2,
        twist: Twist2,
        cost_to_go: CostToGo,
        obstacles: LocalObstacles,
        people: tuple[Person, ...],
        speed_limit_mps: float,
    ) -> Twist2:
        """Return the velocity for the next control period."""
        settings = self.settings
        self._offset = (self._offset + 7) % settings.rollouts
        sequence = optimize(
            np.array([pose_map.x_m, pose_map.y_m, pose_map.yaw_rad, twist.linear_mps, twist.angular_radps]),
            self._sequence,
            np.roll(self._noise, self._offset, axis=0),
            self._limits(speed_limit_mps),
            settings.step_s,
            cost_to_go.cost_m,
            cost_to_go.grid.clearance_m,
            np.array([cost_to_go.grid.resolution_m, cost_to_go.grid.origin_x_m, cost_to_go.grid.origin_y_m]),
            obstacles.clearance_m,
            np.array([obstacles.resolution_m, obstacles.origin_x_m, obstacles.origin_y_m]),
            _people_array(people),
            self._weights(),
        )
        self._sequence[:-1] = sequence[1:]
        self._sequence[-1] = sequence[-1]
        return Twist2(float(sequence[0, 0]), float(sequence[0, 1]))

    def _limits(self, speed_limit_mps: float) -> FloatArray:
        limits = self.robot.limits
        return np.array([
            -self.settings.reverse_mps, speed_limit_mps, limits.turn_radps,
            limits.acceleration_mps2, limits.braking_mps2, limits.turn_acceleration_radps2,
        ])  # fmt: skip

    def _weights(self) -> FloatArray:
        settings = self.settings
        return np.array([
            self.robot.base.radius_m, settings.wall_margin_m, settings.wall_soft_m, settings.wall_weight,
            settings.person_soft_m, settings.person_weight, settings.collision_cost, settings.progress_weight,
            settings.turn_weight, settings.temperature, settings.person_hard_m,
        ])  # fmt: skip


def local_obstacles(points_map: FloatArray, pose_map: Pose2, half_size_m: float = 3.5) -> LocalObstacles:
    """Build the clearance grid around the robot from laser points in the map frame, shape (n, 2)."""
    from scipy.ndimage import distance_transform_edt

    resolution_m = 0.05
    cells = int(2 * half_size_m / resolution_m)
    origin = np.array([pose_map.x_m - half_size_m, pose_map.y_m - half_size_m])
    free = np.ones((cells, cells), dtype=bool)
    index = np.floor((points_map - origin) / resolution_m).astype(np.int64)
    index = index[((index >= 0) & (index < cells)).all(axis=1)]
    free[index[:, 1], index[:, 0]] = False
    if free.all():
        clearance = np.full((cells, cells), half_size_m, dtype=np.float32)
    else:
        clearance = distance_transform_edt(free, sampling=resolution_m).astype(np.float32)
    return LocalObstacles(clearance, resolution_m, float(origin[0]), float(origin[1]))


def _people_array(people: tuple[Person, ...]) -> FloatArray:
    rows = [(p.x_m, p.y_m, p.vx_mps, p.vy_mps, p.radius_m) for p in people]
    return np.array(rows, dtype=np.float64).reshape(-1, 5)


def _draw_noise(settings: ControllerSettings, rng: np.random.Generator) -> Noise:
    """Smooth control noise, shape (rollouts, steps, 2): random knots joined by straight lines."""
    knots = rng.standard_normal((settings.rollouts, settings.knots, 2))
    knots *= np.array([settings.noise_linear_mps, settings.noise_angular_radps])
    at = np.linspace(0.0, settings.knots - 1.0, settings.steps)
    left = np.minimum(at.astype(int), settings.knots - 2)
    share = (at - left)[None, :, None]
    return np.asarray(knots[:, left] * (1.0 - share) + knots[:, left + 1] * share)
