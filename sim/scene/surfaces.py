"""What the solids of a store are made of at the height of a laser."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum

import mujoco
import numpy as np
import numpy.typing as npt

from store_model.plan import Fixture

# Cabinets of these departments have glass doors.
_GLASS_DEPARTMENTS = frozenset({"dairy", "frozen"})
_ON_FEET = frozenset({"wall_shelf", "gondola", "endcap", "table"})


class Surface(IntEnum):
    """What a solid is made of; `SHELF` stands on black and shiny feet."""

    MATT = 0
    GLASS = 1
    SHELF = 2


def surface_of(fixture: Fixture) -> Surface:
    """Return what a fixture of the floor plan is made of."""
    if fixture.bays and all(bay.department_id in _GLASS_DEPARTMENTS for bay in fixture.bays):
        return Surface.GLASS
    return Surface.SHELF if fixture.kind in _ON_FEET else Surface.MATT


def geom_surfaces(model: mujoco.MjModel, surfaces: Mapping[str, Surface]) -> npt.NDArray[np.uint8]:
    """Return the surface of each geom of a model, shape (geoms,); the parts of a solid are named `solid/part`."""
    names = (model.geom(number).name.rpartition("/")[0] for number in range(model.ngeom))
    return np.array([surfaces.get(name, Surface.MATT) for name in names], dtype=np.uint8)
