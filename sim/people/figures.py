"""Who walks through the store: the builds of people, what they push or carry, and the sizes of both.

A figure says how somebody looks; what they push says how they hold themselves: with a wheelchair they sit, with a
trolley, a pram or a pallet truck both hands are ahead, otherwise the arms swing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Figure(StrEnum):
    """The builds that bodies are made for; each name is a mesh family in `sim/assets/people.npz`."""

    MAN = "man"
    WOMAN = "woman"
    HEAVY_MAN = "heavy_man"
    HEAVY_WOMAN = "heavy_woman"
    SLIM_MAN = "slim_man"
    SLIM_WOMAN = "slim_woman"
    OLD_MAN = "old_man"
    OLD_WOMAN = "old_woman"
    BOY = "boy"
    GIRL = "girl"


class Cargo(StrEnum):
    """What somebody moves through the store. It turns rigidly with the walker's yaw."""

    NONE = "none"
    BASKET = "basket"
    TROLLEY = "trolley"
    PRAM = "pram"
    WHEELCHAIR = "wheelchair"
    PALLET_TRUCK = "pallet_truck"


class Posture(StrEnum):
    """How a figure holds itself; each name is a set of frames in `sim/assets/people.npz`."""

    WALKING = "walking"
    PUSHING = "pushing"
    SITTING = "sitting"


@dataclass(frozen=True, slots=True)
class Build:
    """Sizes of a figure, standing: body height, the disc it occupies, and the height of the hip joints."""

    height_m: float
    radius_m: float
    hip_m: float

    @property
    def stride_m(self) -> float:
        """Return the length of a full gait cycle, two steps of 0.414 of the height: the rule of pedometers."""
        return 2.0 * 0.414 * self.height_m


@dataclass(frozen=True, slots=True)
class CargoShape:
    """The box that a cargo fits in; its centre is `offset_m` ahead of the walker's, in the walker's own frame."""

    length_m: float
    width_m: float
    height_m: float
    offset_m: float

    @property
    def reach_m(self) -> float:
        """Return how far the front end is ahead of the walker's centre."""
        return self.offset_m + 0.5 * self.length_m


# Heights near the medians of ISO 7250-2 (several nations); children of 7 and 9 years after the WHO growth reference.
# A heavy person's disc is wider than the shoulders, a child's narrower.
BUILDS: dict[Figure, Build] = {
    Figure.MAN: Build(1.77, 0.25, 0.90),
    Figure.WOMAN: Build(1.65, 0.23, 0.84),
    Figure.HEAVY_MAN: Build(1.75, 0.28, 0.89),
    Figure.HEAVY_WOMAN: Build(1.63, 0.27, 0.83),
    Figure.SLIM_MAN: Build(1.82, 0.23, 0.93),
    Figure.SLIM_WOMAN: Build(1.70, 0.21, 0.87),
    Figure.OLD_MAN: Build(1.71, 0.25, 0.87),
    Figure.OLD_WOMAN: Build(1.58, 0.24, 0.81),
    Figure.BOY: Build(1.34, 0.18, 0.66),
    Figure.GIRL: Build(1.22, 0.17, 0.60),
}

# Trolley: a common 100 l model; wheelchair: within ISO 7176-5's 1.30 x 0.70 m; pallet truck: a EUR pallet
# (EN 13698-1, 1.20 x 0.80 m) with goods on it and the handle towards the walker.
CARGO_SHAPES: dict[Cargo, CargoShape] = {
    Cargo.BASKET: CargoShape(0.43, 0.30, 0.25, 0.05),
    Cargo.TROLLEY: CargoShape(0.86, 0.55, 1.00, 0.72),
    Cargo.PRAM: CargoShape(0.90, 0.58, 1.05, 0.72),
    Cargo.WHEELCHAIR: CargoShape(1.05, 0.64, 0.92, 0.10),
    Cargo.PALLET_TRUCK: CargoShape(1.60, 0.80, 1.25, 1.15),
}

_POSTURES = {
    Cargo.NONE: Posture.WALKING,
    Cargo.BASKET: Posture.WALKING,
    Cargo.TROLLEY: Posture.PUSHING,
    Cargo.PRAM: Posture.PUSHING,
    Cargo.PALLET_TRUCK: Posture.PUSHING,
    Cargo.WHEELCHAIR: Posture.SITTING,
}


def posture_with(cargo: Cargo) -> Posture:
    """Return how somebody with that cargo holds themselves."""
    return _POSTURES[cargo]
