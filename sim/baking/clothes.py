"""Dresses a body: which triangles of MakeHuman's body and clothes' helpers are seen, and how far cloth stands off.

The helper "tights" lies closely around body, arms and legs; parts of it become shirt, trousers and shoes. "skirt" and
"hair" are helpers of their own. Triangles of the body under clothes are left out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.baking.makehuman import BodyData, FloatArray, IntArray

BoolArray = npt.NDArray[np.bool_]

PARTS = ("skin", "hair", "top", "bottom", "shoes")
_HEM_REACH_M = 0.07
_UNDER_HAIR_M = 0.03
_SHORT_SLEEVE, _LONG_SLEEVE = 0.36, 0.97


@dataclass(frozen=True, slots=True)
class Cut:
    """What somebody wears: how long hair and sleeves are, and whether there is a skirt."""

    long_hair: bool = False
    long_sleeves: bool = True
    skirt: bool = False
    bald: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a dressed body: where it has moved all the base mesh's vertices, and its triangles over them."""

    name: str
    vertices: FloatArray
    faces: IntArray
    most_faces: int


def dressed(body: BodyData, vertices: FloatArray, cut: Cut) -> list[Part]:
    """Return the parts of a dressed body, in the order of PARTS. `vertices` stand upright, feet on the floor."""
    wardrobe = _Wardrobe(body, vertices, cut)
    return [wardrobe.skin(), wardrobe.hair(), wardrobe.top(), wardrobe.bottom(), wardrobe.shoes()]


class _Wardrobe:
    """The base mesh's triangles sorted by what they become."""

    def __init__(self, body: BodyData, vertices: FloatArray, cut: Cut) -> None:
        self._groups, self._vertices, self._cut = body.groups, vertices, cut
        bones = np.array([bone.name for bone in body.bones])[body.weights.argmax(axis=1)]
        self._bone: npt.NDArray[np.str_] = bones
        self._height, self._normals = vertices[:, 2], _normals(vertices, np.vstack(list(body.groups.values())))
        joints = {name: body.corner_centre(vertices, f"joint-{name}") for name in _JOINTS}
        self._eye = joints["l-eye"]
        self._hip_m, self._knee_m, self._ankle_m = (float(joints[k][2]) for k in ("l-upper-leg", "l-knee", "l-ankle"))
        self._neck_m = float(joints["neck"][2])
        self._shoulder, self._arm = joints["l-shoulder"], joints["l-hand"] - joints["l-shoulder"]
        self._reach = self._along_arm()
        self._hem_m = self._hip_m - 0.03

    def skin(self) -> Part:
        shown = self._on("head", "neck") | self._on(*_HANDS)
        shown |= (self._height > self._neck_m - 0.05) & (np.abs(self._vertices[:, 1]) < 0.10)
        end = _LONG_SLEEVE if self._cut.long_sleeves else _SHORT_SLEEVE
        shown |= self._on("lowerarm", "upperarm") & (self._reach > end - 0.1)
        if self._cut.skirt:
            shown |= (self._height < self._knee_m + 0.12) & (self._height > self._ankle_m - 0.02)
        faces = _where(self._groups["body"], shown)
        if not self._cut.bald:
            # The face goes on for a little under the hair, so that no gap opens between the two.
            faces = faces[~self._is_scalp(_UNDER_HAIR_M)[faces].all(axis=1)]
        return Part("skin", self._vertices, faces, 620)

    def hair(self) -> Part:
        if self._cut.bald:
            return Part("hair", self._vertices, np.zeros((0, 3), dtype=np.int64), 0)
        scalp = _where(self._groups["body"], self._is_scalp())
        thickness = np.where(self._on("head"), 0.006 if self._cut.long_hair else 0.013, 0.004)
        vertices = self._vertices + thickness[:, None] * self._normals
        if not self._cut.long_hair:
            return Part("hair", vertices, scalp, 190)
        # The helper's locks hang into the face and into the back: only what covers the nape is used.
        behind = (self._vertices[:, 0] < self._eye[0] - 0.035) & (self._height > self._neck_m - 0.02)
        return Part("hair", vertices, np.vstack((scalp, _where(self._groups["helper-hair"], behind, 3))), 330)

    def top(self) -> Part:
        end = _LONG_SLEEVE if self._cut.long_sleeves else _SHORT_SLEEVE
        on_arm = self._on("upperarm", "lowerarm", *_HANDS)
        shown = np.where(on_arm, self._reach < end, (self._height > self._hem_m) & ~self._on("neck", "head"))
        middle_m = 0.5 * (self._hip_m + self._neck_m) - 0.06
        loose = np.exp(-(((self._height - middle_m) / 0.14) ** 2)) * ~on_arm
        vertices = self._vertices + (0.016 + 0.014 * loose)[:, None] * self._normals
        faces = _where(self._groups["helper-tights"], shown)
        border = _border(faces)
        sleeve = border[on_arm[border] & (self._reach[border] > 0.5 * end)]
        mirror = np.where(vertices[sleeve, 1] < 0.0, -1.0, 1.0)[:, None] ** np.array([0, 1, 0])
        vertices[sleeve] += (end - self._reach[sleeve])[:, None] * self._arm * mirror
        return Part("top", _levelled(vertices, border, self._hem_m), faces, 430)

    def bottom(self) -> Part:
        hem_m, waist_m = self._ankle_m - 0.01, self._hem_m + 0.06
        if self._cut.skirt:
            hem_m = self._knee_m - 0.03
            faces = _where(self._groups["helper-skirt"], (self._height > hem_m) & (self._height < waist_m))
            return Part("bottom", _levelled(self._vertices + 0.004 * self._normals, _border(faces), hem_m), faces, 200)
        legs = self._on("thigh", "calf", "foot", "pelvis", "spine_01", "Root")
        widening = np.clip((self._knee_m + 0.1 - self._height) / (self._knee_m + 0.1 - self._ankle_m), 0.0, 1.0)
        vertices = self._vertices + (0.007 + 0.021 * widening)[:, None] * self._normals * np.array([1.0, 1.0, 0.0])
        faces = _where(self._groups["helper-tights"], legs & (self._height > hem_m) & (self._height < waist_m))
        return Part("bottom", _levelled(vertices, _border(faces), hem_m), faces, 380)

    def shoes(self) -> Part:
        shown = self._on("foot", "ball", "calf") & (self._height < self._ankle_m + 0.06)
        off = np.where(self._height < self._ankle_m - 0.02, 0.007, 0.001)
        faces = _where(self._groups["helper-tights"], shown)
        return Part("shoes", self._vertices + off[:, None] * self._normals, faces, 150)

    def _on(self, *starts: str) -> BoolArray:
        """Tell which vertices follow most the bones whose names start so."""
        found: BoolArray = np.logical_or.reduce([np.char.startswith(self._bone, start) for start in starts])
        return found

    def _along_arm(self) -> FloatArray:
        """Return how far along a spread arm each vertex is: 0 at the shoulder, 1 at the wrist."""
        mirrored = np.column_stack((self._vertices[:, 0], np.abs(self._vertices[:, 1]), self._vertices[:, 2]))
        reach: FloatArray = (mirrored - self._shoulder) @ self._arm / float(self._arm @ self._arm)
        return reach

    def _is_scalp(self, margin_m: float = 0.0) -> BoolArray:
        """Tell which vertices of the head carry hair: above a plane from the forehead's top down to the nape."""
        behind = self._eye[0] - self._vertices[:, 0]
        line = self._eye[2] + 0.055 - 0.75 * np.clip(behind - 0.01, 0.0, 0.18)
        on_scalp: BoolArray = self._on("head") & (self._height > line + margin_m)
        return on_scalp


_JOINTS = ("l-eye", "l-upper-leg", "l-knee", "l-ankle", "neck", "l-shoulder", "l-hand")
_HANDS = ("hand", "thumb", "index", "middle", "ring", "pinky")


def _where(faces: IntArray, shown: BoolArray, corners: int = 2) -> IntArray:
    """Return the triangles with at least that many corners shown."""
    found: IntArray = faces[shown[faces].sum(axis=1) >= corners]
    return found


def _border(faces: IntArray) -> IntArray:
    """Return the vertices along the open edges."""
    edges = np.sort(np.vstack((faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]])), axis=1)
    different, count = np.unique(edges, axis=0, return_counts=True)
    return np.unique(different[count == 1])


def _levelled(vertices: FloatArray, border: IntArray, hem_m: float) -> FloatArray:
    """Bring the border's vertices that are near a hem to its height."""
    near = border[np.abs(vertices[border, 2] - hem_m) < _HEM_REACH_M]
    vertices[near, 2] = hem_m
    return vertices


def _normals(vertices: FloatArray, faces: IntArray) -> FloatArray:
    normals = np.zeros_like(vertices)
    corners = vertices[faces]
    across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    for corner in range(3):
        np.add.at(normals, faces[:, corner], across)
    lengths = np.linalg.norm(normals, axis=1, keepdims=True)
    unit: FloatArray = normals / np.maximum(lengths, 1e-12)
    return unit
