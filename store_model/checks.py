"""What can be wrong in the geometry of a store directory, each fault with its place.

`catalogue.checks` adds the catalogue and gives the whole of `aisle store check DIR`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
import numpy.typing as npt
import shapely
from scipy import ndimage

from aisle.config import ConfigError
from aisle.geometry import Pose2
from store_model.geojson import PlanError
from store_model.manifest import MAP_FILE, STORE_FILE, STORE_FILES, read_manifest
from store_model.maps import FREE, MAX_SIDE_M, MapError, OccupancyGrid, grid_shape, occupancy_grid, read_map_server
from store_model.plan import PLAN_FILE, Fixture, StorePlan, load_plan
from store_model.planogram import PLANOGRAM_FILE, Placement, PlanogramError, Row, read_rows
from store_model.poses import shelf_pose

OVERLAP_M2 = 0.001
"""Fixtures may touch; a common area above this is an overlap."""

BoolGrid = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: where it is (file, feature, row, position) and what is wrong."""

    place: str
    problem: str

    def __str__(self) -> str:
        return f"{self.place}: {self.problem}"


def check_model(store_dir: Path, product_ids: frozenset[int] | None, robot_radius_m: float) -> list[Fault]:
    """Return the faults of a store directory for a round robot, but not those inside the catalogue.

    `product_ids` are the products of the catalogue; None when it cannot be read, then nothing is compared with it.
    """
    faults = [
        Fault(str(store_dir / name), "the file is missing") for name in STORE_FILES if not (store_dir / name).is_file()
    ]
    plan = _load_plan(store_dir, faults)
    if plan is not None:
        faults += check_plan(plan, robot_radius_m)
        if max(plan.size_m) <= MAX_SIDE_M:
            faults += _check_map(store_dir, plan)
    faults += check_planogram(store_dir, plan, product_ids)
    faults += _check_manifest(store_dir)
    return faults


def check_plan(plan: StorePlan, robot_radius_m: float) -> list[Fault]:
    """Return the faults of a floor plan for a round robot."""
    if max(plan.size_m) > MAX_SIDE_M:
        width_m, height_m = plan.size_m
        most = f"at most {MAX_SIDE_M:g} x {MAX_SIDE_M:g} m can be checked"
        return [Fault(f"store {plan.name}", f"is {width_m:g} x {height_m:g} m, {most}; is it drawn in metres?")]
    return [
        *_outside(plan),
        *_overlaps(plan),
        *_bay_faults(plan),
        *_pose_faults(plan, robot_radius_m),
    ]


def _load_plan(store_dir: Path, faults: list[Fault]) -> StorePlan | None:
    if not (store_dir / PLAN_FILE).is_file():
        return None
    try:
        return load_plan(store_dir)
    except PlanError as error:
        faults.append(Fault(str(store_dir / PLAN_FILE), str(error).removeprefix(f"{store_dir / PLAN_FILE}: ")))
        return None


def _outside(plan: StorePlan) -> Iterator[Fault]:
    store = shapely.box(0.0, 0.0, *plan.size_m)
    for fixture in plan.fixtures:
        shape = shapely.Polygon(fixture.polygon)
        if not shape.is_valid:
            yield Fault(_where(fixture), "its outline crosses itself")
        elif not store.buffer(1e-6).covers(shape):
            yield Fault(_where(fixture), f"stands outside the store of {plan.size_m[0]} x {plan.size_m[1]} m")


def _overlaps(plan: StorePlan) -> Iterator[Fault]:
    shapes = {fixture.fixture_id: shapely.Polygon(fixture.polygon) for fixture in plan.fixtures}
    for first, second in combinations(plan.fixtures, 2):
        a, b = shapes[first.fixture_id], shapes[second.fixture_id]
        if a.is_valid and b.is_valid and a.intersects(b):
            common = a.intersection(b)
            if common.area > OVERLAP_M2:
                x_m, y_m = common.centroid.x, common.centroid.y
                place = f"fixtures {first.fixture_id} and {second.fixture_id} at ({x_m:.2f}, {y_m:.2f}) m"
                yield Fault(place, f"overlap by {common.area:.2f} m2")


def _bay_faults(plan: StorePlan) -> Iterator[Fault]:
    departments = {department.department_id for department in plan.departments}
    aisles = {aisle.aisle_id for aisle in plan.aisles}
    for fixture in plan.fixtures:
        shape = shapely.Polygon(fixture.polygon)
        for bay in fixture.bays:
            place = f"bay {bay.bay_id} at ({bay.front_x_m:.2f}, {bay.front_y_m:.2f}) m"
            if shape.is_valid and shape.exterior.distance(shapely.Point(bay.front_x_m, bay.front_y_m)) > 0.05:
                yield Fault(place, f"is not on the edge of its fixture {fixture.fixture_id}")
            if bay.shelf_count < 1 or bay.width_m <= 0.0:
                yield Fault(place, f"needs a shelf and a width, has {bay.shelf_count} shelves and {bay.width_m} m")
            if bay.department_id not in departments:
                yield Fault(place, f"belongs to the unknown department '{bay.department_id}'")
            if bay.aisle_id not in aisles:
                yield Fault(place, f"faces the unknown aisle '{bay.aisle_id}'")


def _pose_faults(plan: StorePlan, robot_radius_m: float) -> Iterator[Fault]:
    """Test every pose the robot must take: can it stand there, and can it drive there from the dock?"""
    grid = occupancy_grid(plan)
    standing = _standing_room(grid, robot_radius_m)
    regions = np.asarray(ndimage.label(standing, structure=np.ones((3, 3)))[0])
    reachable = (
        regions == regions[grid.cell_of(plan.dock.x_m, plan.dock.y_m)] if _stands(grid, standing, plan.dock) else None
    )
    for place, pose in _poses(plan):
        at = f"{place}, robot at ({pose.x_m:.2f}, {pose.y_m:.2f}) m"
        if not _stands(grid, standing, pose):
            yield Fault(at, f"the robot (radius {robot_radius_m} m) cannot stand there")
        elif reachable is not None and not _stands(grid, reachable, pose):
            yield Fault(at, "is out of reach: there is no way from the dock for the robot")


def _poses(plan: StorePlan) -> Iterator[tuple[str, Pose2]]:
    yield "dock", plan.dock
    yield "home", plan.home
    yield "service desk", plan.service_desk
    for bay_id in plan.bays:
        yield f"bay {bay_id}", shelf_pose(plan, bay_id)


def _standing_room(grid: OccupancyGrid, robot_radius_m: float) -> BoolGrid:
    """Return the cells where the middle of a round robot may be; the edge of the map is a wall."""
    free = np.pad(grid.cells == FREE, 1, constant_values=False)
    clearance_m = ndimage.distance_transform_edt(free)[1:-1, 1:-1] * grid.resolution_m
    # The transform measures to cell centres; the obstacle begins half a cell nearer.
    return np.asarray(clearance_m - 0.5 * grid.resolution_m >= robot_radius_m)


def _stands(grid: OccupancyGrid, room: BoolGrid, pose: Pose2) -> bool:
    row, column = grid.cell_of(pose.x_m, pose.y_m)
    return 0 <= row < room.shape[0] and 0 <= column < room.shape[1] and bool(room[row, column])


def check_planogram(store_dir: Path, plan: StorePlan | None, product_ids: frozenset[int] | None) -> list[Fault]:
    """Return the faults of planogram.csv; what cannot be compared (None) is left out."""
    path = store_dir / PLANOGRAM_FILE
    if not path.is_file():
        return []
    faults: list[Fault] = []
    seen: dict[int, Row] = {}
    try:
        for row in read_rows(path):
            problems = [row.problem] if row.placement is None else _row_problems(row.placement, plan, product_ids, seen)
            faults += [Fault(f"{path}, row {row.line}", problem) for problem in problems]
            if row.placement is not None:
                seen.setdefault(row.placement.product_id, row)
    except PlanogramError as error:
        faults.append(Fault(str(path), str(error).removeprefix(f"{path}: ")))
    return faults


def _row_problems(
    placement: Placement, plan: StorePlan | None, product_ids: frozenset[int] | None, seen: dict[int, Row]
) -> list[str]:
    problems = []
    product_id, bay_id = placement.product_id, placement.bay_id
    first = seen.get(product_id)
    if first is not None and first.placement is not None:
        problems.append(f"product {product_id} already stands in bay {first.placement.bay_id} (row {first.line})")
    if product_ids is not None and product_id not in product_ids:
        problems.append(f"product {product_id} is not in the catalogue")
    bay = plan.bays.get(bay_id) if plan is not None else None
    if plan is not None and bay is None:
        problems.append(f"bay '{bay_id}' is not in the plan")
    if bay is not None and bay.fixture_id != placement.fixture_id:
        problems.append(f"bay {bay_id} belongs to fixture {bay.fixture_id}, not to '{placement.fixture_id}'")
    if bay is not None and placement.shelf > bay.shelf_count:
        problems.append(f"bay {bay_id} has {bay.shelf_count} shelves, there is no shelf {placement.shelf}")
    return problems


def _check_map(store_dir: Path, plan: StorePlan) -> Iterator[Fault]:
    path = store_dir / MAP_FILE
    if not path.is_file():
        return
    try:
        grid = read_map_server(path)
        shape = grid_shape(plan, grid.resolution_m)
    except MapError as error:
        yield Fault(str(path), str(error))
        return
    if grid.cells.shape != shape:
        yield Fault(str(path), f"has {grid.cells.shape[::-1]} cells, the plan makes {shape[::-1]}")
        return
    expected = occupancy_grid(plan, grid.resolution_m)
    wrong = np.argwhere(grid.cells != expected.cells)
    if len(wrong):
        y_m, x_m = (wrong[0] + 0.5) * grid.resolution_m
        yield Fault(
            f"{path} at ({x_m:.2f}, {y_m:.2f}) m", f"differs from the plan in {len(wrong)} cells; build the store again"
        )


def _check_manifest(store_dir: Path) -> Iterator[Fault]:
    path = store_dir / STORE_FILE
    if path.is_file():
        try:
            read_manifest(store_dir)
        except ConfigError as error:
            yield Fault(str(path), str(error).removeprefix(f"{path}: "))


def _where(fixture: Fixture) -> str:
    x_m, y_m = fixture.polygon[0]
    return f"fixture {fixture.fixture_id} at ({x_m:.2f}, {y_m:.2f}) m"
