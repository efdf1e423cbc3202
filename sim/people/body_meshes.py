"""Reads the baked bodies of `sim/assets/people.npz`: one mesh a figure, in every frame of walking, pushing, sitting."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sim.people.figures import Figure, Posture

ASSET = Path(__file__).resolve().parent.parent / "assets" / "people.npz"
PHASES = 8
STANDING = PHASES
UNITS_PER_METRE = 10_000
_FIRST_FRAME = {Posture.WALKING: 0, Posture.PUSHING: PHASES + 1, Posture.SITTING: 2 * (PHASES + 1)}
FRAMES = 2 * (PHASES + 1) + 1


class BodiesMissing(RuntimeError):
    """The baked bodies cannot be used; the sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class FigureMesh:
    """A dressed body in its own frame: x ahead, z up, the origin on the floor between the feet.

    `vertices_m` has shape (frames, n, 3); `faces` (k, 3) index them, `corners` (k, 3) index `places` (m, 2), the
    coordinates in the person's picture. `face_marks` are the picture's places of left eye, right eye and mouth.
    """

    vertices_m: npt.NDArray[np.float32]
    faces: npt.NDArray[np.int32]
    places: npt.NDArray[np.float32]
    corners: npt.NDArray[np.int32]
    face_marks: npt.NDArray[np.float32]


def frame_of(posture: Posture, phase: int | None) -> int:
    """Return the number of a frame; `phase` is the eighth of the gait cycle, None for standing still."""
    if posture is Posture.SITTING:
        return _FIRST_FRAME[posture]
    return _FIRST_FRAME[posture] + (STANDING if phase is None else phase % PHASES)


def frames_of(posture: Posture) -> range:
    """Return the numbers of all frames of a posture."""
    first = _FIRST_FRAME[posture]
    return range(first, first + (1 if posture is Posture.SITTING else PHASES + 1))


@functools.cache
def figure_mesh(figure: Figure) -> FigureMesh:
    """Return the mesh of a figure. Raises BodiesMissing when the asset is not there or damaged."""
    try:
        with np.load(ASSET, allow_pickle=False) as asset:
            parts = {name: asset[f"{figure}.{name}"] for name in ("vertices", "faces", "places", "corners", "face")}
    except (OSError, KeyError, ValueError) as error:
        raise BodiesMissing(
            f"{ASSET}: has no usable body '{figure}' ({error}); fetch the file anew from git"
        ) from error
    return FigureMesh(
        (parts["vertices"] / UNITS_PER_METRE).astype(np.float32),
        parts["faces"].astype(np.int32),
        (parts["places"] / 65535.0).astype(np.float32),
        parts["corners"].astype(np.int32),
        parts["face"],
    )
