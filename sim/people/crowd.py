"""How people walk: a collision-free speed model with a side step, and a step that never ends inside anything.

After Tordeux, Chraibi and Seyfried, "Collision-free speed model for pedestrian dynamics" (2015,
arXiv:1512.05597): the direction is a sum of the way to the target and repulsions, the speed follows from the gap
ahead. Added here: people pass to the side of someone coming towards them, and a standing person gives way to a
robot that comes too near.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from sim.scene.floor import Floor

TIME_GAP_S = 0.6
RELAXATION_S = 0.3
GIVE_WAY_GAP_M = 0.30
GIVE_WAY_SPEED_MPS = 0.5
KEEP_GAP_M = 0.04
SHELF_GAP_M = 0.03
_NEIGHBOUR_STRENGTH, _NEIGHBOUR_RANGE_M = 4.0, 0.12
_SIDESTEP_STRENGTH, _SIDESTEP_RANGE_M = 0.9, 0.8
_SHELF_STRENGTH, _SHELF_RANGE_M = 2.0, 0.05


@dataclass(slots=True)
class Walker:
    """One person: a disc with a velocity, in the map frame; `yaw_rad` is where the body faces."""

    person_id: int
    x_m: float
    y_m: float
    radius_m: float
    preferred_speed_mps: float
    yaw_rad: float = 0.0
    vx_mps: float = 0.0
    vy_mps: float = 0.0

    @property
    def speed_mps(self) -> float:
        return math.hypot(self.vx_mps, self.vy_mps)


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
    """Where a walker wants to go now; at speed 0 it stands and, if `face_rad` is given, turns there."""

    x_m: float
    y_m: float
    speed_mps: float
    face_rad: float | None = None


def walk(walker: Walker, intent: Intent, others: list[Disc], robot: Disc, floor: Floor, dt_s: float) -> None:
    """Move one walker for a time step, in place.

    `others` are all other people; `robot` is avoided as they are. The new position never overlaps a fixture,
    a person or the robot unless it already did.
    """
    obstacles = [*others, robot]
    wanted = _wanted_velocity(walker, intent, obstacles, robot, floor, dt_s)
    share = min(1.0, dt_s / RELAXATION_S)
    velocity = (
        walker.vx_mps + share * (wanted[0] - walker.vx_mps),
        walker.vy_mps + share * (wanted[1] - walker.vy_mps),
    )
    before = (walker.x_m, walker.y_m)
    _move(walker, velocity, obstacles, floor, dt_s)
    walker.vx_mps, walker.vy_mps = (walker.x_m - before[0]) / dt_s, (walker.y_m - before[1]) / dt_s
    _turn(walker, intent, dt_s)


def _wanted_velocity(
    walker: Walker, intent: Intent, obstacles: list[Disc], robot: Disc, floor: Floor, dt_s: float
) -> tuple[float, float]:
    dx, dy = intent.x_m - walker.x_m, intent.y_m - walker.y_m
    distance = math.hypot(dx, dy)
    # Slowing down over the last half metre keeps a person from stepping past the place and back.
    speed = min(intent.speed_mps, 2.0 * distance)
    if speed < 0.02:
        return _give_way(walker, robot)
    ahead = (dx / distance, dy / distance)
    direction = _direction(walker, ahead, obstacles, floor)
    return _scaled(direction, min(speed, _free_speed(walker, direction, obstacles)))


def _direction(walker: Walker, ahead: tuple[float, float], obstacles: list[Disc], floor: Floor) -> tuple[float, float]:
    x, y = ahead
    for other in obstacles:
        away_x, away_y, gap = _away(walker, other)
        push = _NEIGHBOUR_STRENGTH * math.exp(-max(gap, 0.0) / _NEIGHBOUR_RANGE_M)
        x, y = x + push * away_x, y + push * away_y
        if -(away_x * ahead[0] + away_y * ahead[1]) > 0.5:
            side = _SIDESTEP_STRENGTH * math.exp(-max(gap, 0.0) / _SIDESTEP_RANGE_M)
            # Pass on the side where there is more room already; straight ahead means keep to the right.
            sign = 1.0 if ahead[0] * away_y - ahead[1] * away_x > 1e-3 else -1.0
            x, y = x - sign * side * ahead[1], y + sign * side * ahead[0]
    shelf_gap = floor.clearance(walker.x_m, walker.y_m) - walker.radius_m
    push = _SHELF_STRENGTH * math.exp(-max(shelf_gap, 0.0) / _SHELF_RANGE_M)
    up = floor.uphill(walker.x_m, walker.y_m)
    return _unit(x + push * up[0], y + push * up[1])


def _free_speed(walker: Walker, direction: tuple[float, float], obstacles: list[Disc]) -> float:
    """Return the speed at which the gap to whoever stands in the way ahead lasts for the time gap."""
    speed = math.inf
    for other in obstacles:
        dx, dy = other.x_m - walker.x_m, other.y_m - walker.y_m
        along = dx * direction[0] + dy * direction[1]
        across = abs(dx * direction[1] - dy * direction[0])
        touching = walker.radius_m + other.radius_m
        if along > 0.0 and across < touching:
            speed = min(speed, max(0.0, math.hypot(dx, dy) - touching - KEEP_GAP_M) / TIME_GAP_S)
    return speed


def _give_way(walker: Walker, robot: Disc) -> tuple[float, float]:
    away_x, away_y, gap = _away(walker, robot)
    closing = robot.vx_mps * away_x + robot.vy_mps * away_y
    if gap > GIVE_WAY_GAP_M or closing < 0.05:
        return 0.0, 0.0
    return GIVE_WAY_SPEED_MPS * away_x, GIVE_WAY_SPEED_MPS * away_y


def _move(walker: Walker, velocity: tuple[float, float], obstacles: list[Disc], floor: Floor, dt_s: float) -> None:
    """Take the first of the full step, the two slides along what is in the way, that is free; or stay."""
    up = floor.uphill(walker.x_m, walker.y_m)
    along_shelf = _without_component(velocity, up)
    nearest = min(obstacles, key=lambda other: _away(walker, other)[2])
    along_person = _without_component(velocity, _away(walker, nearest)[:2])
    for vx, vy in (velocity, along_shelf, along_person):
        x, y = walker.x_m + vx * dt_s, walker.y_m + vy * dt_s
        if _is_free(walker, x, y, obstacles, floor):
            walker.x_m, walker.y_m = x, y
            return


def _is_free(walker: Walker, x_m: float, y_m: float, obstacles: list[Disc], floor: Floor) -> bool:
    """Tell whether a place keeps the gaps to shelves and people, or at least makes a broken one no smaller."""
    needed = walker.radius_m + SHELF_GAP_M
    clearance = floor.clearance(x_m, y_m)
    if clearance < needed and clearance < floor.clearance(walker.x_m, walker.y_m):
        return False
    for other in obstacles:
        apart = math.hypot(x_m - other.x_m, y_m - other.y_m)
        is_nearer = apart < math.hypot(walker.x_m - other.x_m, walker.y_m - other.y_m)
        if is_nearer and apart < walker.radius_m + other.radius_m + KEEP_GAP_M:
            return False
    return True


def _turn(walker: Walker, intent: Intent, dt_s: float) -> None:
    heading = intent.face_rad
    if walker.speed_mps > 0.15:
        heading = math.atan2(walker.vy_mps, walker.vx_mps)
    if heading is not None:
        limit = 4.0 * dt_s
        difference = math.remainder(heading - walker.yaw_rad, math.tau)
        walker.yaw_rad = math.remainder(walker.yaw_rad + max(-limit, min(limit, difference)), math.tau)


def _away(walker: Walker, other: Disc) -> tuple[float, float, float]:
    """Return the unit vector from the other to the walker and the gap between the two surfaces."""
    dx, dy = walker.x_m - other.x_m, walker.y_m - other.y_m
    distance = math.hypot(dx, dy)
    gap = distance - walker.radius_m - other.radius_m
    return (dx / distance, dy / distance, gap) if distance > 1e-6 else (1.0, 0.0, gap)


def _without_component(velocity: tuple[float, float], normal: tuple[float, float]) -> tuple[float, float]:
    inward = min(0.0, velocity[0] * normal[0] + velocity[1] * normal[1])
    return velocity[0] - inward * normal[0], velocity[1] - inward * normal[1]


def _unit(x: float, y: float) -> tuple[float, float]:
    length = math.hypot(x, y)
    return (x / length, y / length) if length > 1e-9 else (0.0, 0.0)


def _scaled(direction: tuple[float, float], speed: float) -> tuple[float, float]:
    return direction[0] * speed, direction[1] * speed
