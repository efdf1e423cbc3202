"""What goes wrong in the world during a run, and when: read from a file, carried out on the simulated world.

Only things of the world belong here: hardware, the shop floor, people. What goes wrong with our own processes is done
to the processes themselves (apps/faults/).
"""

from __future__ import annotations

import logging
from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from aisle.config import Settings
from sim.people.customer import Phase
from sim.scene.solids import Solid
from sim.world import World

logger = logging.getLogger(__name__)

_PALLET_COLOUR = (0.72, 0.55, 0.35, 1.0)
Metres = Annotated[float, Meta(ge=0.0, le=500.0)]
Size = Annotated[float, Meta(gt=0.0, le=50.0)]
Fraction = Annotated[float, Meta(ge=0.0, le=1.0)]


class Action(StrEnum):
    """What can happen to the world."""

    UNPLUG_LASER = "unplug_laser"
    PLUG_LASER = "plug_laser"
    PRESS_STOP = "press_stop"
    RELEASE_STOP = "release_stop"
    RUN_BATTERY_DOWN = "run_battery_down"


class Happening(Settings, frozen=True):
    """An action `after_s` seconds of simulated time in a phase of the customer; without a phase, after the start.

    `fraction` is what is left of the battery when it is run down.
    """

    do: Action
    phase: Phase | None = None
    after_s: Annotated[float, Meta(ge=0.0, le=86_400.0)] = 0.0
    fraction: Fraction = 0.0


class Obstacle(Settings, frozen=True):
    """A box that stands in the store but on no map, such as a pallet; its lower left corner in the map frame."""

    x_m: Metres
    y_m: Metres
    width_m: Size
    depth_m: Size
    height_m: Size = 1.2


class Scenario(Settings, frozen=True):
    """Everything that is out of the ordinary in a run; nothing by default."""

    obstacles: Annotated[tuple[Obstacle, ...], Meta(max_length=50)] = ()
    happenings: Annotated[tuple[Happening, ...], Meta(max_length=50)] = ()

    def solids(self) -> tuple[Solid, ...]:
        """Return the obstacles as solids of the simulated store."""
        return tuple(_solid(number, obstacle) for number, obstacle in enumerate(self.obstacles))


class Script:
    """Carries out the happenings of a scenario, each once."""

    def __init__(self, scenario: Scenario) -> None:
        self._waiting = list(scenario.happenings)
        self._phase: Phase | None = None
        self._phase_since_s = 0.0

    def step(self, world: World) -> list[str]:
        """Do what is due now; return the names of what was done."""
        phase = world.customer.phase if world.customer is not None else None
        if phase is not self._phase:
            self._phase, self._phase_since_s = phase, world.now_s
        due = [one for one in self._waiting if self._is_due(one, world.now_s)] if self._waiting else []
        for happening in due:
            self._waiting.remove(happening)
            logger.info("scenario: %s at %.1f s", happening.do.value, world.now_s)
            _carry_out(happening, world)
        return [happening.do.value for happening in due]

    def _is_due(self, happening: Happening, now_s: float) -> bool:
        if happening.phase is None:
            return now_s >= happening.after_s
        return happening.phase is self._phase and now_s - self._phase_since_s >= happening.after_s


def _carry_out(happening: Happening, world: World) -> None:
    match happening.do:
        case Action.UNPLUG_LASER:
            world.laser_is_plugged = False
        case Action.PLUG_LASER:
            world.laser_is_plugged = True
        case Action.PRESS_STOP:
            world.emergency_stop_pressed = True
        case Action.RELEASE_STOP:
            world.emergency_stop_pressed = False
        case Action.RUN_BATTERY_DOWN:
            world.run_battery_down(happening.fraction)


def _solid(number: int, obstacle: Obstacle) -> Solid:
    x, y, width, depth = obstacle.x_m, obstacle.y_m, obstacle.width_m, obstacle.depth_m
    outline = ((x, y), (x + width, y), (x + width, y + depth), (x, y + depth))
    return Solid(f"obstacle_{number}", outline, obstacle.height_m, _PALLET_COLOUR)
