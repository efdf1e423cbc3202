import math

import numpy as np
import pytest

from benchmarks.grid_rules import corners_cut, fault_of, length_of, moves_of, shortest_lengths
from benchmarks.planner_map import HEIGHT, WIDTH, generated_map, largest_part

FREE = np.ones((4, 5), dtype=bool)
FREE[1, 1] = False


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ([(0, 0), (0, 1), (0, 2), (1, 2)], None),
        ([(0, 0), (0, 1), (0, 2)], "has other ends than asked"),
        ([(0, 1), (0, 2), (1, 2)], "has other ends than asked"),
        ([], "has other ends than asked"),
        ([(0, 0), (1, 1), (1, 2)], "leaves the free cells"),
        ([(0, 0), (-1, 1), (0, 2), (1, 2)], "leaves the free cells"),
        ([(0, 0), (0, 2), (1, 2)], "jumps or stands still"),
        ([(0, 0), (0, 0), (0, 1), (0, 2), (1, 2)], "jumps or stands still"),
        ([(0, 0), (0, 1), (1, 2)], "cuts a corner"),
    ],
)
def test_what_is_wrong_with_a_path_is_said(cells: list[tuple[int, int]], fault: str | None) -> None:
    assert fault_of(FREE, np.array(cells, dtype=int).reshape(-1, 2), (0, 0), (1, 2)) == fault


def test_a_path_of_one_cell_is_legal_and_has_no_length() -> None:
    cells = np.array([[2, 2]])
    assert fault_of(FREE, cells, (2, 2), (2, 2)) is None
    assert length_of(cells) == 0.0
    assert corners_cut(FREE, cells) == 0


def test_shortest_lengths_go_around_corners() -> None:
    lengths = shortest_lengths(moves_of(FREE), FREE, (0, 1), [(1, 0), (0, 1), (3, 4), (1, 1)])
    assert lengths == pytest.approx([2.0, 0.0, 2.0 + 2.0 * math.sqrt(2.0), math.inf])


def test_moves_are_those_that_a_check_of_every_pair_finds() -> None:
    free = np.random.default_rng(3).random((7, 6)) > 0.3
    moves = moves_of(free)
    expected = set()
    for (row, column), is_free in np.ndenumerate(free):
        for row_step, column_step in ((0, 1), (1, 0), (1, 1), (1, -1)):
            cells = np.array([(row, column), (row + row_step, column + column_step)])
            if is_free and fault_of(free, cells, tuple(cells[0]), tuple(cells[1])) is None:
                expected.add((row * 6 + column, int(cells[1] @ [6, 1])))
    found = moves.tocoo()
    assert set(zip(found.row.tolist(), found.col.tolist(), strict=True)) == expected


def test_the_generated_map_is_of_the_promised_size_the_same_for_a_seed_and_hangs_together() -> None:
    free = generated_map(5)
    assert free.shape == (HEIGHT, WIDTH) == (1491, 656)
    assert (free == generated_map(5)).all()
    assert (free != generated_map(6)).any()
    assert 0.5 < free.mean() < 0.95
    assert largest_part(free).sum() > 0.95 * free.sum()
    assert not free[[0, -1], :].any()


def test_every_third_of_the_generated_map_is_of_another_kind() -> None:
    free = generated_map(5)
    shares = [part.mean() for part in np.array_split(free, 3)]
    assert shares[1] < shares[0] < shares[2]


def test_a_map_without_floor_has_no_part() -> None:
    assert not largest_part(np.zeros((3, 3), dtype=bool)).any()
