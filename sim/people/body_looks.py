"""How a person's clothes, skin and hair look: a small picture that is laid around the body's mesh.

The rectangles are those that `sim/baking/people.py` laid the parts into. Everything is chosen by the person's number
alone, so that the same person looks the same in every picture of a run.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image

from sim.people.figures import Figure

Picture = npt.NDArray[np.uint8]
FloatArray = npt.NDArray[np.float64]
Tone = tuple[int, int, int]

SIDE_PX = 256
_ROOMS = {
    "skin": (0, 0, 128, 128),
    "top": (128, 0, 128, 128),
    "bottom": (0, 128, 128, 128),
    "hair": (128, 128, 62, 128),
    "shoes": (190, 128, 66, 128),
}
# Skin from the Monk Skin Tone scale (2023), every second tone; the others are common colours of clothes.
_SKINS: tuple[Tone, ...] = ((240, 214, 186), (231, 190, 158), (198, 150, 112), (146, 98, 66), (96, 64, 46))
_HAIRS: tuple[Tone, ...] = ((40, 30, 26), (72, 48, 34), (112, 78, 48), (168, 130, 84), (30, 28, 30))
_GREY_HAIR: Tone = (178, 176, 172)
_TOPS: tuple[Tone, ...] = (
    (168, 52, 48), (48, 84, 140), (64, 112, 76), (202, 162, 70), (104, 76, 120), (58, 60, 66),
    (224, 222, 214), (70, 124, 132), (150, 92, 62), (36, 44, 70), (190, 112, 126), (120, 124, 128),
)  # fmt: skip
_BOTTOMS: tuple[Tone, ...] = ((44, 54, 84), (36, 36, 40), (104, 96, 84), (74, 84, 98), (60, 48, 42), (88, 104, 130))
# Cells up and across of the folds in cloth and the strands of hair.
_FOLDS = {"top": (14, 18), "bottom": (10, 24), "hair": (6, 40)}
_FOLD_DEPTH = 0.11
_SHOES: tuple[Tone, ...] = ((38, 34, 32), (92, 62, 44), (214, 212, 208), (54, 58, 72))


def look(person_id: int, figure: Figure, face_marks: npt.NDArray[np.float32]) -> Picture:
    """Return the person's picture, shape (SIDE_PX, SIDE_PX, 3), its first row at the bottom."""
    rng = np.random.default_rng((person_id, 0x100C))
    picture = np.full((SIDE_PX, SIDE_PX, 3), 120.0)
    skin = np.array(_SKINS[int(rng.integers(len(_SKINS)))], dtype=float)
    hair = np.array(_hair_of(figure, rng), dtype=float)
    _fill(picture, "skin", skin)
    _fill(picture, "hair", hair)
    _fill(picture, "top", _chosen(_TOPS, rng))
    _fill(picture, "bottom", _chosen(_BOTTOMS, rng))
    _fill(picture, "shoes", _chosen(_SHOES, rng))
    _PATTERNS[int(rng.integers(len(_PATTERNS)))](picture, rng)
    _fade_upwards(picture, "bottom", 0.88)
    _paint_face(picture, face_marks, skin, hair)
    for part, cells in _FOLDS.items():
        _fold(picture, part, cells, rng)
    picture *= rng.normal(1.0, 0.03, (SIDE_PX, SIDE_PX, 1))
    finished: Picture = np.clip(picture, 0, 255).astype(np.uint8)
    return finished


def _hair_of(figure: Figure, rng: np.random.Generator) -> Tone:
    tone = _HAIRS[int(rng.integers(len(_HAIRS)))]
    return _GREY_HAIR if figure in (Figure.OLD_MAN, Figure.OLD_WOMAN) else tone


def _chosen(tones: tuple[Tone, ...], rng: np.random.Generator) -> FloatArray:
    return np.array(tones[int(rng.integers(len(tones)))], dtype=float) * rng.uniform(0.85, 1.1)


def _fill(picture: FloatArray, part: str, tone: FloatArray) -> None:
    left, bottom, width, height = _ROOMS[part]
    picture[bottom : bottom + height, left : left + width] = tone


def _fade_upwards(picture: FloatArray, part: str, darkest: float) -> None:
    """Darken a part towards its upper end, where other cloth hangs over it."""
    left, bottom, width, height = _ROOMS[part]
    picture[bottom : bottom + height, left : left + width] *= np.linspace(1.0, darkest, height)[:, None, None]


def _fold(picture: FloatArray, part: str, cells: tuple[int, int], rng: np.random.Generator) -> None:
    """Shade a part with soft folds: that many light and dark cells up and across."""
    left, bottom, width, height = _ROOMS[part]
    coarse = Image.fromarray(rng.normal(0.0, 1.0, cells).astype(np.float32))
    soft = np.asarray(coarse.resize((width, height), Image.Resampling.BICUBIC))
    picture[bottom : bottom + height, left : left + width] *= np.clip(1.0 + _FOLD_DEPTH * soft, 0.6, 1.3)[:, :, None]


def _plain(picture: FloatArray, rng: np.random.Generator) -> None:
    """Leave the top as it is."""


def _stripes(picture: FloatArray, rng: np.random.Generator) -> None:
    left, bottom, width, height = _ROOMS["top"]
    rows = np.arange(bottom, bottom + height)
    picture[rows[rows // 6 % 2 == 0], left : left + width] = _chosen(_TOPS, rng)


def _jacket(picture: FloatArray, rng: np.random.Generator) -> None:
    """Open the top in front over a shirt of another colour."""
    left, bottom, width, height = _ROOMS["top"]
    middle = left + width // 2
    picture[bottom : bottom + height, middle - 6 : middle + 6] = _chosen(_TOPS, rng)


def _print(picture: FloatArray, rng: np.random.Generator) -> None:
    """Put a light patch on the chest."""
    left, bottom, width, height = _ROOMS["top"]
    middle, chest = left + width // 2, bottom + int(0.62 * height)
    picture[chest : chest + 20, middle - 10 : middle + 10] = 0.5 * (picture[chest, middle] + 235.0)


_PATTERNS = (_plain, _plain, _stripes, _jacket, _print)


def _paint_face(picture: FloatArray, marks: npt.NDArray[np.float32], skin: FloatArray, hair: FloatArray) -> None:
    """Paint brows, eyes and mouth where the mesh has them."""
    for across, up in marks[:2]:
        x, y = int(across * SIDE_PX), int(up * SIDE_PX)
        picture[y + 4 : y + 7, x - 4 : x + 4] = 0.5 * (hair + skin)
        picture[y - 1 : y + 2, x - 3 : x + 3] = 0.5 * (skin + 235.0)
        picture[y - 1 : y + 2, x - 1 : x + 1] = 40.0
        picture[y + 2, x - 4 : x + 4] = 0.5 * skin
    x, y = int(marks[2, 0] * SIDE_PX), int(marks[2, 1] * SIDE_PX)
    picture[y - 1 : y + 1, x - 4 : x + 5] = skin * np.array([0.82, 0.58, 0.58])
