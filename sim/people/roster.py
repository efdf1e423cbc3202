"""The people of one run, drawn from the mix of the settings: bodies, speeds, what they push, who belongs together."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import TypeVar

import numpy as np

from sim.people.companions import CHILD, PARTNER, Companion, Leash
from sim.people.crowd import Disc, Walker
from sim.people.curious import BLOCKER, FOLLOWER, Curious
from sim.people.destinations import Destinations
from sim.people.errands import Errands, Manner
from sim.people.figures import BUILDS, Cargo, Figure
from sim.people.roles import Role
from sim.people.settings import Mix, Pace, PeopleSettings
from sim.people.shape import shape_of
from sim.scene.layout import Layout
from sim.scene.spots import Spot

_GAP_AT_START_M = 0.5
_TRIES = 1000
_OLD = (Figure.OLD_MAN, Figure.OLD_WOMAN)
_CHILDREN = (Figure.BOY, Figure.GIRL)
_RADIUS_SPREAD = 0.05


class Kind(Enum):
    """What somebody is in the store; who comes in a party is drawn with the leader."""

    SHOPPER = "shopper"
    STAFF = "staff"
    BLOCKER = "blocker"
    ROBOT_FOLLOWER = "robot_follower"
    COUPLE = "couple"
    PARENT_WITH_CHILD = "parent_with_child"


@dataclass(frozen=True, slots=True)
class Body:
    """How somebody is built, what they push and how fast they like to walk."""

    figure: Figure
    cargo: Cargo
    radius_m: float
    speed_mps: float


class Roster:
    """Draws people one after the other; each person's later choices come from a generator of their own."""

    def __init__(
        self, settings: PeopleSettings, layout: Layout, keep_free: Sequence[Disc], screen_yaw_rad: float, seed: int
    ) -> None:
        self._settings, self._layout, self._seed = settings, layout, seed
        self._screen_yaw_rad = screen_yaw_rad
        self._rng = np.random.default_rng((seed, 0x5A0B))
        self._destinations = Destinations(layout.spots, layout.baskets, layout.floor)
        self._taken = list(keep_free)

    def draw(self, count: int) -> list[Role]:
        """Return that many people, numbered from 1, standing before shelves. Raises ValueError for too many."""
        spots = len(self._layout.spots)
        if count and spots < count + 1:
            raise ValueError(f"{count} shoppers need at least {count + 1} places to stand, the plan has {spots}")
        people: list[Role] = []
        while len(people) < count:
            people += self._party(len(people) + 1, has_room=len(people) + 2 <= count)
        return people

    def _party(self, person_id: int, has_room: bool) -> list[Role]:
        kind = self._kind(has_room)
        leader = self._enter(person_id, self._body(kind))
        rng = np.random.default_rng((self._seed, 0x5A0B, person_id))
        errands = Errands(leader, self._manner(kind), self._destinations, self._layout.floor, rng)
        robot = self._settings.robot
        match kind:
            case Kind.BLOCKER | Kind.ROBOT_FOLLOWER:
                table = BLOCKER if kind is Kind.BLOCKER else FOLLOWER
                return [Curious(errands, table, robot, self._screen_yaw_rad, self._layout.floor, rng)]
            case Kind.COUPLE:
                return [errands, self._companion(person_id + 1, leader, PARTNER, self._body(Kind.SHOPPER, Cargo.NONE))]
            case Kind.PARENT_WITH_CHILD:
                return [errands, self._companion(person_id + 1, leader, CHILD, self._child())]
        return [errands]

    def _kind(self, has_room: bool) -> Kind:
        mix = self._settings.mix
        shares = [(Kind.STAFF, mix.staff), (Kind.BLOCKER, mix.blocker), (Kind.ROBOT_FOLLOWER, mix.robot_follower)]
        if has_room:
            shares += [(Kind.COUPLE, 0.5 * mix.couple), (Kind.PARENT_WITH_CHILD, 0.5 * mix.parent_with_child)]
        return _drawn(shares, float(self._rng.random()), Kind.SHOPPER)

    def _manner(self, kind: Kind) -> Manner:
        settings, destinations = self._settings, self._destinations
        if kind is Kind.STAFF:
            shelf: Callable[[np.random.Generator], list[Spot]] = lambda rng: [destinations.any_shelf(rng)]  # noqa: E731
            return Manner(shelf, settings.parked_s, settings.parked_s, settings.robot.staff_excuse_after_s)
        return Manner(destinations.shopping_list, settings.browsing_s, settings.paying_s, settings.robot.excuse_after_s)

    def _body(self, kind: Kind, cargo: Cargo | None = None) -> Body:
        mix, draw = self._settings.mix, self._rng.random
        if kind is Kind.STAFF:
            cargo, figure = Cargo.PALLET_TRUCK, self._one_of((Figure.MAN, Figure.WOMAN))
        else:
            cargo = self._cargo(mix, float(draw())) if cargo is None else cargo
            shares = [(_OLD, mix.old), ((Figure.HEAVY_MAN, Figure.HEAVY_WOMAN), mix.heavy)]
            shares.append(((Figure.SLIM_MAN, Figure.SLIM_WOMAN), mix.slim))
            figure = self._one_of(_drawn(shares, float(draw()), (Figure.MAN, Figure.WOMAN)))
        return Body(figure, cargo, self._radius(figure), self._speed(figure, cargo))

    def _child(self) -> Body:
        figure = self._one_of(_CHILDREN)
        return Body(figure, Cargo.NONE, self._radius(figure), self._speed(figure, Cargo.NONE))

    def _cargo(self, mix: Mix, draw: float) -> Cargo:
        shares = [(Cargo.WHEELCHAIR, mix.wheelchair), (Cargo.PRAM, mix.pram)]
        return _drawn([*shares, (Cargo.TROLLEY, mix.trolley), (Cargo.BASKET, mix.basket)], draw, Cargo.NONE)

    def _radius(self, figure: Figure) -> float:
        return BUILDS[figure].radius_m * float(self._rng.uniform(1.0 - _RADIUS_SPREAD, 1.0 + _RADIUS_SPREAD))

    def _speed(self, figure: Figure, cargo: Cargo) -> float:
        paces = self._settings.paces
        factors = {
            Cargo.TROLLEY: paces.trolley_factor,
            Cargo.PRAM: paces.pram_factor,
            Cargo.PALLET_TRUCK: paces.pallet_truck_factor,
        }
        pace: Pace = paces.child if figure in _CHILDREN else paces.old if figure in _OLD else paces.adult
        if cargo is Cargo.WHEELCHAIR:
            pace = paces.wheelchair
        away = float(np.clip(self._rng.normal(), -2.0, 2.0))
        return max(0.3, factors.get(cargo, 1.0) * (pace.mean_mps + away * pace.sd_mps))

    def _one_of(self, figures: Sequence[Figure]) -> Figure:
        return figures[int(self._rng.integers(len(figures)))]

    def _enter(self, person_id: int, body: Body) -> Walker:
        """Put somebody before a shelf where nobody is near; where there is no room for what they push, without it."""
        walker = self._before_a_shelf(person_id, body) or self._before_a_shelf(person_id, _empty_handed(body))
        if walker is None:
            raise ValueError(f"no free place for shopper {person_id}: ask for fewer shoppers than {person_id}")
        return walker

    def _before_a_shelf(self, person_id: int, body: Body) -> Walker | None:
        for _ in range(_TRIES):
            spot = self._destinations.any_shelf(self._rng)
            walker = self._walker(person_id, body, spot.x_m, spot.y_m, spot.face_rad)
            if not self._destinations.has_room(spot, walker):
                continue
            walker.x_m, walker.y_m = self._destinations.standing_place(spot, walker)
            if walker.shape.is_long:
                _turn_along_the_shelf(walker)
            if self._settle(walker, _GAP_AT_START_M):
                self._destinations.claim(spot, person_id)
                return walker
        return None

    def _companion(self, person_id: int, leader: Walker, leash: Leash, body: Body) -> Companion:
        """Put somebody as near to their leader as there is room."""
        rng = np.random.default_rng((self._seed, 0x5A0B, person_id))
        for attempt in range(_TRIES):
            direction, distance_m = attempt * 0.7, leash.beside_m + 0.3 + 0.02 * attempt
            x_m, y_m = leader.x_m + distance_m * math.cos(direction), leader.y_m + distance_m * math.sin(direction)
            walker = self._walker(person_id, body, x_m, y_m, leader.yaw_rad)
            if self._settle(walker, 0.1):
                return Companion(walker, leader, leash, self._layout.floor, rng)
        raise ValueError(f"no free place for shopper {person_id}: ask for fewer shoppers than {person_id}")

    def _walker(self, person_id: int, body: Body, x_m: float, y_m: float, yaw_rad: float) -> Walker:
        return Walker(
            person_id, x_m, y_m, body.radius_m, body.speed_mps, yaw_rad, figure=body.figure, cargo=body.cargo,
            agility=2.0 if body.figure in _CHILDREN else 1.0,
        )  # fmt: skip

    def _settle(self, walker: Walker, gap_m: float) -> bool:
        """Take a place for somebody if it is free with that gap; draw whether they ignore the robot."""
        discs = [Disc(*place, radius_m) for place, radius_m in walker.discs]
        clear = all(self._layout.floor.clearance(d.x_m, d.y_m) >= d.radius_m + 0.04 for d in discs)
        apart = all(
            math.hypot(d.x_m - o.x_m, d.y_m - o.y_m) > d.radius_m + o.radius_m + gap_m
            for d in discs for o in self._taken
        )  # fmt: skip
        if not (clear and apart):
            return False
        walker.ignores_robot = bool(self._rng.random() < self._settings.robot.ignoring)
        self._taken += discs
        return True


T = TypeVar("T")


def _drawn(shares: Sequence[tuple[T, float]], draw: float, otherwise: T) -> T:
    """Return the thing whose share of 0 to 1 the draw falls into, else the other."""
    for thing, share in shares:
        draw -= share
        if draw < 0.0:
            return thing
    return otherwise


def _empty_handed(body: Body) -> Body:
    return replace(body, cargo=Cargo.NONE)


def _turn_along_the_shelf(walker: Walker) -> None:
    """Turn something long by a right angle, keeping its middle where it is."""
    x_m, y_m = walker.x_m, walker.y_m
    walker.yaw_rad += 0.5 * math.pi
    lead_m = shape_of(walker.radius_m, walker.cargo).lead_m
    walker.x_m, walker.y_m = x_m - lead_m * math.cos(walker.yaw_rad), y_m - lead_m * math.sin(walker.yaw_rad)
