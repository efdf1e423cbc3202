"""Maps and scenarios of the MovingAI benchmarks (N. R. Sturtevant, "Benchmarks for grid-based pathfinding", 2012).

The format is that of movingai.com/benchmarks/formats.html. Coordinates in a file are x (column) and y (row) from the
upper left corner; here a cell is (row, column). Water counts as blocked, because nobody can enter it from land.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.rows import BenchmarkProblem

Free = npt.NDArray[np.bool_]
Cell = tuple[int, int]
PASSABLE, BLOCKED = ".GS", "@OTW"
MAX_SIDE, MAX_CELLS, MAX_QUERIES = 32_000, 20_000_000, 100_000
MAX_BYTES = 64_000_000
_HEADER_LINES, _FIELDS = 4, 9


@dataclass(frozen=True, slots=True)
class Query:
    """From where to where, as (row, column), and the length of the shortest way in cells, as the scenario has it."""

    start: Cell
    goal: Cell
    optimum: float


class MovingAIProblem(BenchmarkProblem):
    """A file that cannot be used; the sentence says file, line, what is there and what should be."""


def read_map(path: Path) -> Free:
    """Return which cells are free, shape (height, width). Raises MovingAIProblem."""
    lines = _lines_of(path)
    height, width = _read_header(path, lines)
    rows = lines[_HEADER_LINES:]
    if len(rows) != height:
        raise MovingAIProblem(f"{path}: has {len(rows)} rows of cells, its header says height {height}")
    for number, row in enumerate(rows, start=_HEADER_LINES + 1):
        _check_row(path, number, row, width)
    letters = np.frombuffer("".join(rows).encode("ascii"), dtype=np.uint8).reshape(height, width)
    return np.isin(letters, np.frombuffer(PASSABLE.encode(), dtype=np.uint8))


def _read_header(path: Path, lines: list[str]) -> tuple[int, int]:
    """Return height and width; the two may come in either order."""
    if len(lines) < _HEADER_LINES or lines[0].split()[:1] != ["type"] or lines[3].strip() != "map":
        raise MovingAIProblem(f"{path}: must begin with the lines 'type octile', 'height N', 'width N', 'map'")
    sides = dict(_side_of(path, number, lines[number - 1]) for number in (2, 3))
    if set(sides) != {"height", "width"}:
        raise MovingAIProblem(f"{path}: lines 2 and 3 must give height and width, not {' and '.join(sides)} only")
    if sides["height"] * sides["width"] > MAX_CELLS:
        raise MovingAIProblem(f"{path}: {sides['width']} x {sides['height']} cells are more than {MAX_CELLS}")
    return sides["height"], sides["width"]


def _side_of(path: Path, number: int, line: str) -> tuple[str, int]:
    name, _, text = line.strip().partition(" ")
    if name not in ("height", "width"):
        raise MovingAIProblem(f"{path}, line {number}: 'height N' or 'width N' is needed, not '{line.strip()[:40]}'")
    return name, _whole(path, number, name, text.strip(), 1, MAX_SIDE)


def _check_row(path: Path, number: int, row: str, width: int) -> None:
    if len(row) != width:
        raise MovingAIProblem(f"{path}, line {number}: has {len(row)} cells, the header says width {width}")
    strange = next((letter for letter in row if letter not in PASSABLE + BLOCKED), None)
    if strange is not None:
        raise MovingAIProblem(
            f"{path}, line {number}: the terrain {strange!r} is not known; known are {PASSABLE} (free), {BLOCKED} (not)"
        )


def read_scenario(path: Path, free: Free) -> list[Query]:
    """Return the queries of a scenario that belongs to a map. Raises MovingAIProblem."""
    lines = _lines_of(path)
    if not lines or lines[0].split()[:1] != ["version"]:
        raise MovingAIProblem(f"{path}, line 1: must be 'version 1'")
    if len(lines) - 1 > MAX_QUERIES:
        raise MovingAIProblem(f"{path}: {len(lines) - 1} queries are more than {MAX_QUERIES}")
    queries = [_query_of(path, number, line, free) for number, line in enumerate(lines[1:], start=2) if line.strip()]
    if not queries:
        raise MovingAIProblem(f"{path}: has no query")
    return queries


def _query_of(path: Path, number: int, line: str, free: Free) -> Query:
    """Read bucket, map, width, height, start x and y, goal x and y, and the optimum."""
    fields = line.split("\t") if "\t" in line else line.split()
    if len(fields) != _FIELDS:
        raise MovingAIProblem(f"{path}, line {number}: has {len(fields)} fields, not {_FIELDS}")
    height, width = free.shape
    names = ("width", "height", "start x", "start y", "goal x", "goal y")
    given_width, given_height, *ends = (
        _whole(path, number, name, text, 0, MAX_SIDE) for name, text in zip(names, fields[2:8], strict=True)
    )
    if (given_width, given_height) != (width, height):
        raise MovingAIProblem(
            f"{path}, line {number}: is for a map of {given_width} x {given_height} cells, this one has "
            f"{width} x {height}; scaled maps are not supported"
        )
    start = _cell(path, number, "start", ends[0], ends[1], free)
    goal = _cell(path, number, "goal", ends[2], ends[3], free)
    return Query(start, goal, _length(path, number, fields[8]))


def _cell(path: Path, number: int, name: str, x: int, y: int, free: Free) -> Cell:
    height, width = free.shape
    if x >= width or y >= height:
        raise MovingAIProblem(f"{path}, line {number}: the {name} ({x}, {y}) lies outside {width} x {height} cells")
    if not free[y, x]:
        raise MovingAIProblem(f"{path}, line {number}: the {name} ({x}, {y}) is a blocked cell of the map")
    return y, x


def _length(path: Path, number: int, text: str) -> float:
    try:
        length = float(text)
    except ValueError:
        length = math.nan
    if not 0.0 <= length < math.inf:
        raise MovingAIProblem(
            f"{path}, line {number}: the optimal length must be a number from 0 up, not '{text[:40]}'"
        )
    return length


def _whole(path: Path, number: int, name: str, text: str, least: int, most: int) -> int:
    is_whole = text.isascii() and text.isdigit() and len(text) < 10
    if not is_whole or not least <= int(text) <= most:
        raise MovingAIProblem(f"{path}, line {number}: {name} must be from {least} to {most}, not '{text[:40]}'")
    return int(text)


def _lines_of(path: Path) -> list[str]:
    """Return the lines without their ends, and without empty ones at the end of the file."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
        text = content.decode("ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise MovingAIProblem(f"{path}: cannot be read: {error}") from error
    if len(content) > MAX_BYTES:
        raise MovingAIProblem(f"{path}: is larger than {MAX_BYTES} bytes")
    return [line.rstrip("\r") for line in text.rstrip().split("\n")]
