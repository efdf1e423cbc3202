from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from aisle.geometry import Pose2
from store_model.maps import FREE, OCCUPIED, MapError, OccupancyGrid, occupancy_grid, read_map_server, write_map_server
from store_model.plan import StorePlan


def test_the_grid_has_row_zero_at_the_lowest_y(small_plan: StorePlan) -> None:
    grid = occupancy_grid(small_plan)
    assert grid.cells.shape == (120, 160)
    assert grid.cells.dtype == np.uint8
    assert grid.cell_of(0.01, 0.01) == (0, 0)
    assert not grid.is_free(3.0, 3.0), "inside the gondola"
    assert grid.is_free(4.1, 3.0), "in the narrow aisle"
    assert not grid.is_free(-1.0, 3.0), "outside the map"
    assert set(np.unique(grid.cells)) == {FREE, OCCUPIED}


def test_the_edge_of_a_fixture_is_exact_to_the_cell(small_plan: StorePlan) -> None:
    grid = occupancy_grid(small_plan)
    row, _ = grid.cell_of(3.0, 3.0)
    assert np.flatnonzero(grid.cells[row, 10:80] == OCCUPIED).tolist() == list(range(40, 60))


def test_map_server_files_are_read_back_the_same(small_plan: StorePlan, tmp_path: Path) -> None:
    grid = occupancy_grid(small_plan)
    path = write_map_server(grid, tmp_path)
    again = read_map_server(path)
    assert np.array_equal(again.cells, grid.cells)
    assert (again.resolution_m, again.origin) == (grid.resolution_m, grid.origin)


def test_the_picture_is_stored_with_the_highest_y_first(tmp_path: Path) -> None:
    cells = np.zeros((3, 4), dtype=np.uint8)
    cells[0, 1] = OCCUPIED
    write_map_server(OccupancyGrid(cells, 0.05, Pose2(1.0, -2.0, 0.0)), tmp_path)
    assert (tmp_path / "map.pgm").read_bytes().endswith(bytes([254, 0, 254, 254]))
    header = yaml.safe_load((tmp_path / "map.yaml").read_text(encoding="utf-8"))
    assert header["origin"] == [1.0, -2.0, 0.0]
    assert header["image"] == "map.pgm"


def test_unknown_cells_count_as_occupied(tmp_path: Path) -> None:
    path = write_map_server(OccupancyGrid(np.zeros((1, 2), dtype=np.uint8), 0.05, Pose2(0.0, 0.0, 0.0)), tmp_path)
    (tmp_path / "map.pgm").write_bytes(b"P5\n# a comment\n2 1\n255\n" + bytes([205, 254]))
    assert read_map_server(path).cells.tolist() == [[OCCUPIED, FREE]]


@pytest.mark.parametrize("pgm", [b"", b"P2\n2 1\n255\n0 0", b"P5\n2 1\n255\n\x00", b"P5\n9999999 9999999\n255\n"])
def test_a_damaged_picture_is_refused(small_plan: StorePlan, tmp_path: Path, pgm: bytes) -> None:
    path = write_map_server(occupancy_grid(small_plan), tmp_path)
    (tmp_path / "map.pgm").write_bytes(pgm)
    with pytest.raises(MapError, match=r"map\.pgm"):
        read_map_server(path)


@pytest.mark.parametrize(
    "change", [{"resolution": 0.0}, {"resolution": "fine"}, {"origin": [1.0]}, {"image": 7}, {"free_thresh": None}]
)
def test_a_bad_header_is_refused(small_plan: StorePlan, tmp_path: Path, change: dict[str, object]) -> None:
    path = write_map_server(occupancy_grid(small_plan), tmp_path)
    header = yaml.safe_load(path.read_text(encoding="utf-8")) | change
    path.write_text(yaml.safe_dump(header), encoding="utf-8")
    with pytest.raises(MapError, match=r"map\.yaml: needs"):
        read_map_server(path)


@given(
    row=st.integers(0, 9),
    column=st.integers(0, 9),
    yaw_rad=st.floats(-3.0, 3.0),
    x_m=st.floats(-5, 5),
    y_m=st.floats(-5, 5),
)
def test_the_middle_of_a_cell_is_found_in_it_for_any_origin(
    row: int, column: int, yaw_rad: float, x_m: float, y_m: float
) -> None:
    grid = OccupancyGrid(np.zeros((10, 10), dtype=np.uint8), 0.05, Pose2(x_m, y_m, yaw_rad))
    x, y = grid.origin.transform(np.array([[(column + 0.5) * 0.05, (row + 0.5) * 0.05]]))[0]
    assert grid.cell_of(x, y) == (row, column)
