"""What people push and carry, as drawn and as laser and bumpers meet it; all in the walker's frame, x ahead.

Everything drawn is made of straight bars and boxes, joined to one mesh a colour. Sizes follow `CARGO_SHAPES`.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import mujoco
import numpy as np
import numpy.typing as npt

from sim.people.figures import CARGO_SHAPES, Cargo
from sim.people.shape import cargo_discs
from sim.scene.mjcf import HIDDEN, LEGS, PICTURE, Colour

FloatArray = npt.NDArray[np.float64]
Place = tuple[float, float, float]

_STEEL: Colour = (0.66, 0.68, 0.70, 1.0)
_DARK: Colour = (0.12, 0.12, 0.14, 1.0)
_RED: Colour = (0.72, 0.14, 0.14, 1.0)
_NAVY: Colour = (0.16, 0.20, 0.32, 1.0)
_WOOD: Colour = (0.72, 0.58, 0.40, 1.0)
_CARTON: Colour = (0.66, 0.52, 0.36, 1.0)


@dataclass(frozen=True, slots=True)
class Bar:
    """A straight bar between two points with a square section; a box is a thick one. Lengths in metres."""

    start: Place
    end: Place
    width_m: float
    height_m: float
    colour: Colour


def draw_cargo(spec: mujoco.MjSpec, body: mujoco.MjsBody, cargo: Cargo) -> None:
    """Add what is seen of a cargo to a person's body."""
    bars = DRAWN.get(cargo, ())
    for number, colour in enumerate(dict.fromkeys(bar.colour for bar in bars)):
        name = f"{cargo}_{number}"
        if not any(mesh.name == name for mesh in spec.meshes):
            vertices, faces = _joined([bar for bar in bars if bar.colour == colour])
            spec.add_mesh(
                name=name, uservert=vertices.ravel().tolist(), userface=faces.ravel().tolist(),
                inertia=mujoco.mjtMeshInertia.mjMESH_INERTIA_SHELL, smoothnormal=False,
            )  # fmt: skip
        body.add_geom(
            type=mujoco.mjtGeom.mjGEOM_MESH,
            meshname=name,
            rgba=colour,
            group=PICTURE,
            contype=0,
            conaffinity=0,
            mass=0.0,
        )


def add_cargo(body: mujoco.MjsBody, cargo: Cargo) -> None:
    """Add what bumpers and laser meet of a cargo; a basket is carried above both."""
    if cargo in (Cargo.NONE, Cargo.BASKET):
        return
    half_height_m = 0.5 * CARGO_SHAPES[cargo].height_m
    for ahead_m, radius_m in cargo_discs(cargo):
        body.add_geom(
            type=mujoco.mjtGeom.mjGEOM_CYLINDER, size=[radius_m, half_height_m, 0.0],
            pos=[ahead_m, 0.0, half_height_m], group=HIDDEN,
        )  # fmt: skip
    for centre, size_m in _FOOTPRINTS[cargo]:
        body.add_geom(
            type=mujoco.mjtGeom.mjGEOM_BOX, size=[0.5 * side_m for side_m in size_m], pos=centre, group=LEGS,
            contype=0, conaffinity=0,
        )  # fmt: skip


def _joined(bars: list[Bar]) -> tuple[FloatArray, npt.NDArray[np.int64]]:
    vertices, faces = [], []
    for number, bar in enumerate(bars):
        vertices.append(_corners(bar))
        faces.append(_BOX_FACES + 8 * number)
    return np.vstack(vertices), np.vstack(faces)


def _corners(bar: Bar) -> FloatArray:
    start, end = np.array(bar.start), np.array(bar.end)
    along = (end - start) / np.linalg.norm(end - start)
    upright = np.array([0.0, 0.0, 1.0]) if abs(along[2]) < 0.9 else np.array([1.0, 0.0, 0.0])
    across = np.cross(upright, along)
    across /= np.linalg.norm(across)
    up = np.cross(along, across)
    ring = [
        (s * 0.5 * bar.width_m * across + t * 0.5 * bar.height_m * up) for s, t in ((-1, -1), (1, -1), (1, 1), (-1, 1))
    ]
    return np.array([start + corner for corner in ring] + [end + corner for corner in ring])


_BOX_FACES = np.array(
    [(0, 2, 1), (0, 3, 2), (4, 5, 6), (4, 6, 7), (0, 1, 5), (0, 5, 4), (1, 2, 6), (1, 6, 5), (2, 3, 7), (2, 7, 6),
     (3, 0, 4), (3, 4, 7)]
)  # fmt: skip


def _wheel(x_m: float, y_m: float, radius_m: float, width_m: float) -> Iterator[Bar]:
    """Yield a wheel as a ring of short bars."""
    ring = [math.tau * k / 10 for k in range(11)]
    for a, b in itertools.pairwise(ring):
        start, end = (
            (x_m + radius_m * math.cos(angle), y_m, max(radius_m + radius_m * math.sin(angle), 0.004))
            for angle in (a, b)
        )
        yield Bar(start, end, width_m, 0.2 * radius_m, _DARK)


def _block(centre: Place, size_m: Place, colour: Colour) -> Bar:
    x, y, z = centre
    return Bar((x - 0.5 * size_m[0], y, z), (x + 0.5 * size_m[0], y, z), size_m[1], size_m[2], colour)


def _trolley() -> Iterator[Bar]:
    wire, tube = 0.008, 0.024
    yield Bar((0.31, -0.26, 1.0), (0.31, 0.26, 1.0), 0.035, 0.035, _RED)
    for side in (-1.0, 1.0):
        yield Bar((0.31, side * 0.25, 1.0), (0.36, side * 0.24, 0.14), tube, tube, _STEEL)
        yield Bar((0.36, side * 0.24, 0.14), (1.12, side * 0.19, 0.12), tube, tube, _STEEL)
        for share in np.linspace(0.0, 1.0, 9):
            bottom = (0.40 + 0.62 * share, side * (0.24 - 0.05 * share), 0.46 + 0.06 * share)
            yield Bar(
                bottom, (0.34 + 0.78 * share, side * (0.26 - 0.05 * share), 0.95 - 0.04 * share), wire, wire, _STEEL
            )
        for share in (0.0, 0.33, 0.66, 1.0):
            low, high = 0.46 + 0.49 * share, 0.52 + 0.39 * share
            rear, front = (0.40 - 0.06 * share, side * 0.25, low), (1.02 + 0.10 * share, side * 0.20, high)
            yield Bar(rear, front, 1.6 * wire if share in (0.0, 1.0) else wire, 1.6 * wire, _STEEL)
        yield from _wheel(0.38, side * 0.22, 0.06, 0.03)
        yield from _wheel(1.08, side * 0.18, 0.06, 0.03)
    for y in np.linspace(-0.19, 0.19, 7):
        yield Bar((1.02, y, 0.52), (1.12, y, 0.91), wire, wire, _STEEL)
        yield Bar((0.40, y, 0.46), (1.02, y, 0.52), wire, wire, _STEEL)
    for z in (0.62, 0.76, 0.91):
        x = 1.02 + 0.10 * (z - 0.52) / 0.39
        yield Bar((x, -0.2, z), (x, 0.2, z), wire, wire, _STEEL)
    for number, (x, y) in enumerate(((0.55, 0.10), (0.72, -0.09), (0.86, 0.06))):
        yield _block((x, y, 0.56 + 0.02 * number), (0.16, 0.12, 0.18), (_CARTON, _RED, _NAVY)[number])


def _pram() -> Iterator[Bar]:
    yield Bar((0.29, -0.24, 1.03), (0.29, 0.24, 1.03), 0.03, 0.03, _DARK)
    for side in (-1.0, 1.0):
        yield Bar((0.29, side * 0.24, 1.03), (0.98, side * 0.22, 0.20), 0.025, 0.025, _STEEL)
        yield Bar((0.46, side * 0.24, 0.20), (0.80, side * 0.22, 0.48), 0.025, 0.025, _STEEL)
        yield from _wheel(0.46, side * 0.26, 0.15, 0.04)
        yield from _wheel(1.02, side * 0.24, 0.10, 0.04)
    yield _block((0.72, 0.0, 0.60), (0.70, 0.38, 0.20), _NAVY)
    yield Bar((0.44, 0.0, 0.70), (0.56, 0.0, 0.96), 0.40, 0.05, _NAVY)
    yield Bar((0.56, 0.0, 0.96), (0.78, 0.0, 0.94), 0.40, 0.04, _NAVY)


def _wheelchair() -> Iterator[Bar]:
    for side in (-1.0, 1.0):
        yield from _wheel(-0.06, side * 0.28, 0.30, 0.03)
        yield from _wheel(0.36, side * 0.22, 0.08, 0.03)
        yield Bar((-0.20, side * 0.22, 0.92), (-0.18, side * 0.22, 0.30), 0.025, 0.025, _STEEL)
        yield Bar((-0.18, side * 0.22, 0.44), (0.30, side * 0.22, 0.46), 0.025, 0.025, _STEEL)
        yield Bar((0.30, side * 0.22, 0.46), (0.50, side * 0.16, 0.12), 0.025, 0.025, _STEEL)
        yield Bar((-0.18, side * 0.24, 0.68), (0.22, side * 0.24, 0.68), 0.05, 0.03, _DARK)
        yield _block((0.54, side * 0.10, 0.11), (0.16, 0.14, 0.02), _DARK)
    yield _block((0.06, 0.0, 0.43), (0.44, 0.42, 0.05), _DARK)
    yield _block((-0.20, 0.0, 0.70), (0.03, 0.42, 0.40), _DARK)


def _pallet_truck() -> Iterator[Bar]:
    yield Bar((0.30, -0.10, 1.05), (0.30, 0.10, 1.05), 0.03, 0.03, _DARK)
    yield Bar((0.31, 0.0, 1.05), (0.52, 0.0, 0.25), 0.035, 0.035, _RED)
    yield _block((0.56, 0.0, 0.22), (0.14, 0.50, 0.30), _RED)
    for y in (-0.34, 0.0, 0.34):
        yield _block((1.31, y, 0.07), (1.20, 0.10, 0.10), _WOOD)
    yield _block((1.31, 0.0, 0.135), (1.20, 0.80, 0.025), _WOOD)
    for layer in range(3):
        for column in range(3):
            for row in (-1.0, 1.0):
                shade = 1.0 - 0.06 * ((layer + 2 * column + int(row > 0)) % 3)
                colour = (_CARTON[0] * shade, _CARTON[1] * shade, _CARTON[2] * shade, 1.0)
                yield _block((0.92 + 0.39 * column, row * 0.195, 0.33 + 0.355 * layer), (0.38, 0.38, 0.345), colour)


def _basket() -> Iterator[Bar]:
    yield _block((0.05, -0.33, 0.60), (0.40, 0.26, 0.015), _RED)
    for side in (-1.0, 1.0):
        yield _block((0.05, -0.33 + side * 0.13, 0.70), (0.42, 0.012, 0.20), _RED)
        yield _block((0.05 + side * 0.20, -0.33, 0.70), (0.012, 0.26, 0.20), _RED)
    yield Bar((0.05, -0.46, 0.80), (0.05, -0.33, 0.86), 0.015, 0.015, _DARK)
    yield Bar((0.05, -0.33, 0.86), (0.05, -0.20, 0.80), 0.015, 0.015, _DARK)


DRAWN: dict[Cargo, tuple[Bar, ...]] = {
    Cargo.TROLLEY: tuple(_trolley()),
    Cargo.PRAM: tuple(_pram()),
    Cargo.WHEELCHAIR: tuple(_wheelchair()),
    Cargo.PALLET_TRUCK: tuple(_pallet_truck()),
    Cargo.BASKET: tuple(_basket()),
}


def _posts(x_m: Sequence[float], y_m: float, side_m: float) -> tuple[tuple[Place, Place], ...]:
    return tuple(((x, side * y_m, 0.15), (side_m, 0.04, 0.30)) for x in x_m for side in (-1.0, 1.0))


# What a laser about 0.20 m above the floor meets: centre and size of boxes.
_FOOTPRINTS: dict[Cargo, tuple[tuple[Place, Place], ...]] = {
    Cargo.TROLLEY: _posts((0.38, 1.08), 0.20, 0.06),
    Cargo.PRAM: _posts((0.46, 1.02), 0.25, 0.20),
    Cargo.WHEELCHAIR: (
        *_posts((-0.06,), 0.28, 0.56), ((0.54, 0.0, 0.15), (0.16, 0.34, 0.30)),
        ((0.36, 0.0, 0.15), (0.10, 0.44, 0.30)),
    ),
    Cargo.PALLET_TRUCK: (((0.56, 0.0, 0.20), (0.14, 0.50, 0.40)), ((1.31, 0.0, 0.30), (1.20, 0.80, 0.60))),
}  # fmt: skip
