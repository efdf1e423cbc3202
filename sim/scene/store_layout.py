"""The simulated store, derived from the floor plan."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from sim.scene.floor import Floor
from sim.scene.layout import Layout
from sim.scene.solids import Solid
from sim.scene.spots import Spot, browse_spots
from sim.scene.surfaces import surface_of
from sim.sdf.description import Colour
from store_model.maps import occupancy_grid
from store_model.plan import Bay, Fixture, StorePlan

RESOLUTION_M = 0.05
WALL_HEIGHT_M = 2.6
_WALL_COLOUR: Colour = (0.80, 0.80, 0.78, 1.0)
_FIXTURE_COLOUR: Colour = (0.72, 0.70, 0.66, 1.0)
_PALER = 0.35


def layout_of(plan: StorePlan, obstacles: tuple[Solid, ...] = (), baskets: tuple[tuple[str, ...], ...] = ()) -> Layout:
    """Derive the simulated store from the floor plan. Only places that can be walked to from home are spots.

    `obstacles` stand in the store but on no map: pallets and ladders that staff left somewhere. People walk around
    them; each takes up the rectangle around its outline. `baskets` are the bays of what people bought together; a bay
    that this plan does not have, or that nobody can stand before, is left out.
    """
    grid = occupancy_grid(plan, RESOLUTION_M)
    floor = Floor(_with_obstacles(grid.cells, obstacles), grid.resolution_m)
    colours = {department.department_id: department.colour for department in plan.departments}
    walls = [Solid(f"wall_{n}", ring, WALL_HEIGHT_M, _WALL_COLOUR) for n, ring in enumerate(plan.walls)]
    fixtures = [_fixture(fixture, colours) for fixture in plan.fixtures]
    home = (plan.home.x_m, plan.home.y_m)
    spot_of = {
        bay.bay_id: spot
        for fixture in plan.fixtures
        for bay in fixture.bays
        for spot in browse_spots([_front(bay, fixture)], floor)
        if floor.route((spot.x_m, spot.y_m), home)
    }
    tills = [_till_spot(till, floor) for till in plan.tills]
    tills = [spot for spot in tills if floor.route((spot.x_m, spot.y_m), home)]
    surfaces = {fixture.fixture_id: surface_of(fixture) for fixture in plan.fixtures}
    return Layout(
        plan.size_m, (*walls, *fixtures, *obstacles), floor, (*spot_of.values(), *tills), plan.home, plan.entrance,
        plan.dock, surfaces, tuple(tuple(spot_of[bay] for bay in basket if bay in spot_of) for basket in baskets),
    )  # fmt: skip


def _front(bay: Bay, fixture: Fixture) -> tuple[float, float, float, float]:
    return bay.front_x_m, bay.front_y_m, bay.normal_yaw_rad, fixture.height_m


def _with_obstacles(cells: npt.NDArray[np.uint8], obstacles: tuple[Solid, ...]) -> npt.NDArray[np.uint8]:
    changed = cells.copy()
    for solid in obstacles:
        (low_x, low_y), (high_x, high_y) = np.min(solid.outline, axis=0), np.max(solid.outline, axis=0)
        rows = slice(int(low_y / RESOLUTION_M), math.ceil(high_y / RESOLUTION_M))
        changed[rows, int(low_x / RESOLUTION_M) : math.ceil(high_x / RESOLUTION_M)] = 100
    return changed


def _fixture(fixture: Fixture, colours: dict[str, str]) -> Solid:
    department = fixture.bays[0].department_id if fixture.bays else ""
    colour = _paler(colours[department]) if department in colours else _FIXTURE_COLOUR
    return Solid(fixture.fixture_id, fixture.polygon, fixture.height_m, colour)


def _paler(colour: str) -> Colour:
    """Mix a #rrggbb colour with white, so that shelves do not shout."""
    red, green, blue = (int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5))
    return (
        red + _PALER * (1 - red),
        green + _PALER * (1 - green),
        blue + _PALER * (1 - blue),
        1.0,
    )


def _till_spot(till: Fixture, floor: Floor) -> Spot:
    """Return the free place nearest to the middle of a till, facing it."""
    x_m = sum(x for x, _ in till.polygon) / len(till.polygon)
    y_m = sum(y for _, y in till.polygon) / len(till.polygon)
    x, y = floor.nearest_walkable(x_m, y_m)
    return Spot(x, y, math.atan2(y_m - y, x_m - x), till.height_m, is_till=True)
