"""A map to measure planners on: rooms with doors, a maze of corridors, open ground with things on it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.ndimage import label

Free = npt.NDArray[np.bool_]
WIDTH, HEIGHT = 656, 1491
"""Cells of the map; those of MovingAI's orz900d."""

_LEAST_ROOM, _WALL = 24, 2
_PITCH, _CORRIDOR = 16, 9
_STEPS = ((0, 1), (1, 0), (0, -1), (-1, 0))


def generated_map(seed: int, width: int = WIDTH, height: int = HEIGHT) -> Free:
    """Return where the floor is free, shape (height, width): a third rooms, a third corridors, a third open ground."""
    rng = np.random.default_rng(seed)
    free = np.ones((height, width), dtype=np.bool_)
    third = height // 3
    _split_into_rooms(free[:third], rng)
    _carve_corridors(free[third : 2 * third], rng)
    _strew(free[2 * third :], rng)
    for border in (third, 2 * third):
        _wall_with_doors(free[border - _WALL : border], rng, 5)
    free[[0, -1], :] = free[:, [0, -1]] = False
    return free


def largest_part(free: Free) -> Free:
    """Return the cells of the largest connected part; connected are cells that share a side."""
    parts, count = label(free)
    if not count:
        return free
    sizes = np.bincount(parts.ravel())
    sizes[0] = 0
    return np.asarray(parts == sizes.argmax())


def _split_into_rooms(area: Free, rng: np.random.Generator) -> None:
    """Divide an area by a wall with doors, across its longer side, then both halves, until the rooms are small."""
    if area.shape[0] < area.shape[1]:
        area = area.T
    length = area.shape[0]
    if length < 2 * _LEAST_ROOM + _WALL or (length < 4 * _LEAST_ROOM and rng.random() < 0.3):
        return
    at = int(rng.integers(_LEAST_ROOM, length - _LEAST_ROOM - _WALL + 1))
    _split_into_rooms(area[:at], rng)
    _split_into_rooms(area[at + _WALL :], rng)
    _wall_with_doors(area[at : at + _WALL], rng, 1 + area.shape[1] // 100)


def _wall_with_doors(wall: Free, rng: np.random.Generator, doors: int) -> None:
    """Close a strip, shape (thickness, length), but for doors."""
    wall[:] = False
    for _ in range(doors):
        door = int(rng.integers(4, 9))
        start = int(rng.integers(1, max(2, wall.shape[1] - door)))
        wall[:, start : start + door] = True


def _carve_corridors(area: Free, rng: np.random.Generator) -> None:
    """Carve a maze: a random spanning tree over a lattice of crossings, and some links more that make rings."""
    area[:] = False
    rows, columns = (side // _PITCH for side in area.shape)
    seen = np.zeros((rows, columns), dtype=np.bool_)
    seen[0, 0] = True
    stack = [(0, 0)]
    while stack:
        row, column = stack[-1]
        ways = [(row + dr, column + dc) for dr, dc in _STEPS]
        ways = [way for way in ways if 0 <= way[0] < rows and 0 <= way[1] < columns and not seen[way]]
        if not ways:
            stack.pop()
            continue
        way = ways[int(rng.integers(len(ways)))]
        _link(area, (row, column), way)
        seen[way] = True
        stack.append(way)
    for row, column in rng.integers((0, 0), (rows - 1, columns - 1), (rows * columns // 5, 2)).tolist():
        _link(area, (row, column), (row + 1, column) if rng.random() < 0.5 else (row, column + 1))
    area[:_PITCH, 1:-1] = area[-2 * _PITCH :, 1:-1] = True


def _link(area: Free, one: tuple[int, int], other: tuple[int, int]) -> None:
    top, left = _PITCH * min(one[0], other[0]), _PITCH * min(one[1], other[1])
    bottom, right = _PITCH * max(one[0], other[0]), _PITCH * max(one[1], other[1])
    margin = (_PITCH - _CORRIDOR) // 2
    area[top + margin : bottom + margin + _CORRIDOR, left + margin : right + margin + _CORRIDOR] = True


def _strew(area: Free, rng: np.random.Generator) -> None:
    """Put boxes and round things on open ground."""
    rows, columns = np.ogrid[: area.shape[0], : area.shape[1]]
    for _ in range(area.size // 2000):
        row, column = rng.integers((0, 0), area.shape).tolist()
        size = int(rng.integers(1, 13))
        if rng.random() < 0.5:
            area[row : row + size, column : column + int(rng.integers(1, 25))] = False
        else:
            area[(rows - row) ** 2 + (columns - column) ** 2 <= size * size] = False
