"""The people of the store as moving discs: what a walker is, and how all of them move by one period.

JuPedSim proposes how everybody walks (`proposals`), from the directions that `steering` asks for; `last_check` then
keeps everybody out of shelves, each other and the robot.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from sim.people.figures import Cargo, Figure
from sim.people.last_check import Discs, LastCheck, Places, RobotDisc, headings
from sim.people.proposals import Proposals
from sim.people.shape import Shape, shape_of
from sim.people.steering import Steering, Surroundings, steer
from sim.scene.floor import Floor

FloatArray = npt.NDArray[np.float64]

RELAXATION_S = 0.3
TURN_RADPS = 4.0
CARGO_TURN_RADPS = 1.8
_SLOWEST_WITH_CARGO = 0.2


@dataclass(slots=True)
class Walker:
    """One person in the map frame: where the body is, and with `yaw_rad` where it and what it pushes face.

    `agility` shortens the time to change speed and direction and quickens turns; a child has more than 1.
    """

    person_id: int
    x_m: float
    y_m: float
    radius_m: float
    preferred_speed_mps: float
    yaw_rad: float = 0.0
    vx_mps: float = 0.0
    vy_mps: float = 0.0
    figure: Figure = Figure.MAN
    cargo: Cargo = Cargo.NONE
    agility: float = 1.0
    ignores_robot: bool = False

    @property
    def speed_mps(self) -> float:
        return math.hypot(self.vx_mps, self.vy_mps)

    @property
    def shape(self) -> Shape:
        """Return what the body and the cargo take up."""
        return shape_of(self.radius_m, self.cargo)

    @property
    def centre(self) -> tuple[float, float]:
        """Return the middle of body and cargo in the map: the point that is led along a route."""
        lead_m = self.shape.lead_m
        return self.x_m + lead_m * math.cos(self.yaw_rad), self.y_m + lead_m * math.sin(self.yaw_rad)

    @property
    def discs(self) -> list[tuple[tuple[float, float], float]]:
        """Return the centres in the map and the radii of all discs of body and cargo; the body is the first."""
        cos, sin = math.cos(self.yaw_rad), math.sin(self.yaw_rad)
        return [((self.x_m + ahead * cos, self.y_m + ahead * sin), radius) for ahead, radius in self.shape.discs]


@dataclass(frozen=True, slots=True)
class Disc:
    """Somebody or something to keep clear of, in the map frame."""

    x_m: float
    y_m: float
    radius_m: float
    vx_mps: float = 0.0
    vy_mps: float = 0.0


@dataclass(frozen=True, slots=True)
class Intent:
    """Where a walker wants its centre to go now; at speed 0 it stands and, if `face_rad` is given, turns there.

    Somebody who stands gives way to a robot that comes too near, unless `gives_way` says otherwise.
    """

    x_m: float
    y_m: float
    speed_mps: float
    face_rad: float | None = None
    gives_way: bool = True


class Crowd:
    """Moves walkers, always by `period_s`. They stand where the walkers stood when it was made.

    `area` is the floor for JuPedSim: a polygon in the map with walls and fixtures cut out. With `contact_possible`
    those who ignore the robot may walk into it.
    """

    def __init__(
        self,
        walkers: Sequence[Walker],
        area: shapely.Polygon,
        floor: Floor,
        period_s: float,
        contact_possible: bool = False,
    ) -> None:
        self._walkers = list(walkers)
        self._period_s = period_s
        shapes = [walker.shape for walker in walkers]
        self._lead_m = np.array([shape.lead_m for shape in shapes])
        self._radius_m = np.array([shape.crowd_radius_m for shape in shapes])
        self._is_long = np.array([shape.is_long for shape in shapes], dtype=bool)
        agility = np.array([walker.agility for walker in walkers])
        self._share = np.minimum(1.0, period_s / RELAXATION_S * agility)
        self._turn_rad = period_s * np.where(self._is_long, CARGO_TURN_RADPS, TURN_RADPS * agility)
        self._ignores = np.array([walker.ignores_robot for walker in walkers], dtype=bool)
        self._centre = np.array([walker.centre for walker in walkers], dtype=np.float64).reshape(-1, 2)
        self._yaw = np.array([walker.yaw_rad for walker in walkers], dtype=np.float64)
        self._velocity = np.zeros_like(self._centre)
        self._proposals = Proposals(area, period_s)
        self._check = LastCheck(Discs.of(shapes), floor, self._ignores & contact_possible)
        self.in_the_way_of: npt.NDArray[np.intp] = np.full(len(shapes), -1)

    def step(self, intents: Sequence[Intent], robot: Disc, comfort_m: float) -> None:
        """Move everybody towards what they want; people keep `comfort_m` more from the robot than from each other."""
        if not self._walkers:
            return
        surroundings = self._surroundings(intents, robot, comfort_m)
        steering = steer(surroundings)
        speed = steering.speed * self._alignment(steering)
        proposed = self._proposals.velocities(
            self._centre, self._radius_m, steering.direction, speed,
            (robot.x_m, robot.y_m), robot.radius_m + comfort_m,
        )  # fmt: skip
        straight = self._ignores & surroundings.is_near_robot
        proposed[straight] = (steering.direction * speed[:, None])[straight]
        self._move(proposed, steering, intents, robot, comfort_m)
        self.in_the_way_of = steering.blocker

    def _surroundings(self, intents: Sequence[Intent], robot: Disc, comfort_m: float) -> Surroundings:
        return Surroundings(
            centre=self._centre,
            velocity=self._velocity,
            radius=self._radius_m,
            target=np.array([(intent.x_m, intent.y_m) for intent in intents]),
            speed=np.array([intent.speed_mps for intent in intents]),
            gives_way=np.array([intent.gives_way for intent in intents], dtype=bool) & ~self._ignores,
            ignores=self._ignores,
            robot=np.array([robot.x_m, robot.y_m]),
            robot_velocity=np.array([robot.vx_mps, robot.vy_mps]),
            robot_radius=robot.radius_m + comfort_m,
        )

    def _alignment(self, steering: Steering) -> FloatArray:
        """Return what is left of the speed while a trolley still has to be turned into the direction of the walk."""
        along = np.einsum("ij,ij->i", headings(self._yaw), steering.direction)
        return np.where(self._is_long, np.maximum(along, _SLOWEST_WITH_CARGO), 1.0)

    def _move(
        self, proposed: FloatArray, steering: Steering, intents: Sequence[Intent], robot: Disc, comfort_m: float
    ) -> None:
        velocity = self._velocity + self._share[:, None] * (proposed - self._velocity)
        step = velocity * self._period_s
        before = Places(self._centre, self._yaw)
        wanted = Places(self._centre + step, self._turned(velocity, steering, intents))
        after = self._check.settle(before, wanted, RobotDisc(robot.x_m, robot.y_m, robot.radius_m, comfort_m))
        self._velocity = (after.centre - before.centre) / self._period_s
        self._centre, self._yaw = after.centre, after.yaw
        self._show()

    def _turned(self, velocity: FloatArray, steering: Steering, intents: Sequence[Intent]) -> FloatArray:
        """Return the next yaws: along the walk, or where somebody who stands wants to look."""
        towards = np.where(self._is_long[:, None] & (steering.speed > 0.1)[:, None], steering.direction, velocity)
        is_walking = np.hypot(towards[:, 0], towards[:, 1]) > 0.15
        face = np.array([intent.face_rad if intent.face_rad is not None else math.nan for intent in intents])
        # A trolley is not swung round to face a shelf.
        face = np.where(np.isnan(face) | self._is_long, self._yaw, face)
        heading = np.where(is_walking, np.arctan2(towards[:, 1], towards[:, 0]), face)
        turn = np.remainder(heading - self._yaw + math.pi, math.tau) - math.pi
        return np.remainder(self._yaw + np.clip(turn, -self._turn_rad, self._turn_rad) + math.pi, math.tau) - math.pi

    def _show(self) -> None:
        """Let the walkers know where they are now."""
        body = self._centre - self._lead_m[:, None] * headings(self._yaw)
        rows = zip(self._walkers, body.tolist(), self._velocity.tolist(), self._yaw.tolist(), strict=True)
        for walker, place, velocity, yaw_rad in rows:
            walker.x_m, walker.y_m = place
            walker.vx_mps, walker.vy_mps = velocity
            walker.yaw_rad = yaw_rad
