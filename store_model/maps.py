"""Maps derived from the plan: the occupancy grid, its map_server files, and (re-exported) poses and pictures."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
import yaml

from aisle.geometry import Pose2
from store_model.drawing import MapView, draw_base, draw_map, draw_overlay
from store_model.plan import Ring, StorePlan
from store_model.poses import shelf_pose

__all__ = [
    "FREE", "MAX_SIDE_M", "OCCUPIED", "MapError", "MapView", "OccupancyGrid", "draw_base", "draw_map", "draw_overlay",
    "grid_shape", "occupancy_grid", "read_map_server", "shelf_pose", "write_map_server",
]  # fmt: skip

FREE, OCCUPIED = 0, 100
MAX_CELLS = 50_000_000
MAX_SIDE_M = 300.0
"""The longest side of a store; a plan in centimetres would otherwise fill the memory."""

_BLACK, _WHITE = 0, 254
_REMEDY = "build the store again with 'aisle store build'"
_HEADER = re.compile(rb"^P5\s+(?:#[^\n]*\n\s*)*(\d+)\s+(\d+)\s+(\d+)\s", re.DOTALL)


class MapError(ValueError):
    """Map files that cannot be read; the message names the file and what is wrong in it."""


@dataclass(frozen=True, slots=True)
class OccupancyGrid:
    """Cells of shape (rows, columns), uint8, FREE or OCCUPIED; row 0 has the lowest y, column 0 the lowest x.

    `origin` is the pose of the lower-left corner of cell (0, 0) in the map frame.
    """

    cells: npt.NDArray[np.uint8]
    resolution_m: float
    origin: Pose2

    def cell_of(self, x_m: float, y_m: float) -> tuple[int, int]:
        """Return (row, column) of a point of the map frame; it may lie outside the grid."""
        point = self.origin.inverse().transform(np.array([[x_m, y_m]]))[0]
        column, row = np.floor(point / self.resolution_m).astype(int)
        return int(row), int(column)

    def is_free(self, x_m: float, y_m: float) -> bool:
        """Tell whether a point lies on the grid in a free cell."""
        row, column = self.cell_of(x_m, y_m)
        rows, columns = self.cells.shape
        return 0 <= row < rows and 0 <= column < columns and bool(self.cells[row, column] == FREE)


def grid_shape(plan: StorePlan, resolution_m: float) -> tuple[int, int]:
    """Return (rows, columns) of a plan's grid. Raises MapError when these are more than MAX_CELLS cells."""
    width_m, height_m = plan.size_m
    # Compared as numbers before they are cells: a side may be too long for an integer.
    if width_m * height_m > MAX_CELLS * resolution_m**2:
        raise MapError(
            f"the plan '{plan.name}' of {width_m:g} x {height_m:g} m has more than {MAX_CELLS} cells of "
            f"{resolution_m:g} m; is it drawn in metres?"
        )
    return round(height_m / resolution_m), round(width_m / resolution_m)


def occupancy_grid(plan: StorePlan, resolution_m: float = 0.05) -> OccupancyGrid:
    """Rasterize everything that blocks: a cell is occupied where its centre is in or on an obstacle.

    Raises MapError when the plan has more than MAX_CELLS cells.
    """
    cells = np.full(grid_shape(plan, resolution_m), FREE, dtype=np.uint8)
    for polygon in plan.obstacles:
        _fill(cells, polygon, resolution_m)
    return OccupancyGrid(cells, resolution_m, Pose2(0.0, 0.0, 0.0))


def _fill(cells: npt.NDArray[np.uint8], polygon: Ring, resolution_m: float) -> None:
    shape = shapely.Polygon(polygon)
    x0, y0, x1, y1 = (bound / resolution_m for bound in shape.bounds)
    first_row, first_column = max(0, int(y0)), max(0, int(x0))
    block = cells[first_row : max(0, int(y1) + 1), first_column : max(0, int(x1) + 1)]
    rows, columns = (np.arange(count) for count in block.shape)
    x, y = np.meshgrid((first_column + columns + 0.5) * resolution_m, (first_row + rows + 0.5) * resolution_m)
    block[shapely.intersects_xy(shape, x, y)] = OCCUPIED


def write_map_server(grid: OccupancyGrid, directory: Path, name: str = "map") -> Path:
    """Write `map.pgm` and `map.yaml` as nav2 map_server reads them; return the path of the YAML file."""
    rows, columns = grid.cells.shape
    image = np.where(np.flipud(grid.cells) == OCCUPIED, _BLACK, _WHITE).astype(np.uint8)
    (directory / f"{name}.pgm").write_bytes(b"P5\n%d %d\n255\n" % (columns, rows) + image.tobytes())
    header = {
        "image": f"{name}.pgm",
        "mode": "trinary",
        "resolution": grid.resolution_m,
        "origin": [grid.origin.x_m, grid.origin.y_m, grid.origin.yaw_rad],
        "negate": 0,
        "occupied_thresh": 0.65,
        "free_thresh": 0.196,
    }
    path = directory / f"{name}.yaml"
    path.write_text(yaml.safe_dump(header, sort_keys=False), encoding="utf-8")
    return path


def read_map_server(yaml_path: Path) -> OccupancyGrid:
    """Read a map_server map; everything that is not free counts as occupied, the unknown too.

    Raises MapError for files that are missing, malformed or too large.
    """
    header = _read_header(yaml_path)
    pixels = _read_pgm(yaml_path.parent / str(header["image"]))
    shade = pixels.astype(np.float64) / 255.0
    occupancy = shade if header.get("negate") else 1.0 - shade
    cells = np.where(np.flipud(occupancy) < float(header["free_thresh"]), FREE, OCCUPIED).astype(np.uint8)
    x_m, y_m, yaw_rad = (float(value) for value in header["origin"])
    return OccupancyGrid(cells, float(header["resolution"]), Pose2(x_m, y_m, yaw_rad))


def _read_header(path: Path) -> dict[str, Any]:
    try:
        header = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise MapError(f"{path}: cannot be read: {error}; {_REMEDY}") from error
    needed = {"image": str, "resolution": float, "origin": list, "free_thresh": float}
    for key, kind in needed.items():
        if not isinstance(header, dict) or not isinstance(header.get(key), kind):
            raise MapError(f"{path}: needs '{key}' as {kind.__name__}; {_REMEDY}")
    if len(header["origin"]) != 3 or not 0.001 <= header["resolution"] <= 10.0:
        raise MapError(f"{path}: needs an origin of 3 numbers and a resolution between 0.001 and 10 m")
    return dict(header)


def _read_pgm(path: Path) -> npt.NDArray[np.uint8]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise MapError(f"{path}: cannot be read: {error.strerror}; {_REMEDY}") from error
    match = _HEADER.match(content)
    columns, rows, depth = (int(group) for group in match.groups()) if match else (0, 0, 0)
    if match is None or depth != 255 or not 0 < columns * rows <= MAX_CELLS:
        raise MapError(f"{path}: must be a binary PGM (P5) of depth 255 with at most {MAX_CELLS} cells")
    if len(content) != match.end() + columns * rows:
        raise MapError(f"{path}: has {len(content) - match.end()} pixels, its header says {columns} x {rows}")
    return np.frombuffer(content, dtype=np.uint8, offset=match.end()).reshape(rows, columns)
