"""Baking bodies: coarser meshes keep their own vertices, and bones move the skin as they should."""

from __future__ import annotations

import numpy as np
import pytest

from sim.baking.decimate import decimated
from sim.baking.makehuman import BodyData, Bone, Phenotype, _factors
from sim.baking.poses import flexed, skinned


def grid(side: int) -> tuple[np.ndarray, np.ndarray]:
    """A square sheet with a hump in the middle."""
    x, y = np.meshgrid(np.linspace(-1, 1, side), np.linspace(-1, 1, side))
    vertices = np.column_stack((x.ravel(), y.ravel(), 0.5 * np.exp(-8.0 * (x**2 + y**2)).ravel()))
    corners = np.arange(side * side).reshape(side, side)
    a, b, c, d = (corners[i : i + side - 1, j : j + side - 1].ravel() for i, j in ((0, 0), (0, 1), (1, 1), (1, 0)))
    return vertices, np.vstack((np.column_stack((a, b, c)), np.column_stack((a, c, d))))


def test_a_coarser_sheet_keeps_its_border_its_hump_and_its_side() -> None:
    vertices, faces = grid(15)
    fewer = decimated(vertices, faces, 90)
    assert 20 <= len(fewer) <= 90
    used = vertices[np.unique(fewer)]
    assert used.min(axis=0)[:2] == pytest.approx([-1.0, -1.0])
    assert used.max(axis=0) == pytest.approx([1.0, 1.0, 0.5], abs=0.05)
    corners = vertices[fewer]
    up = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])[:, 2]
    assert (up > 0.0).all()


def test_a_bent_knee_moves_the_shin_and_not_the_thigh() -> None:
    points = np.array([[0.0, 0.0, 1.0], [0.0, 0.0, 0.75], [0.0, 0.0, 0.0]])
    bones = (Bone("thigh", -1, np.array([0])), Bone("calf", 0, np.array([1])))
    weights = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    body = BodyData(points, {}, {}, bones, weights)
    heads = np.array([[0.0, 0.0, 1.0], [0.0, 0.0, 0.5]])
    posed = skinned(body, points, heads, weights, {"calf": flexed(-90.0)})
    assert posed[1] == pytest.approx(points[1])
    assert posed[2] == pytest.approx([-0.5, 0.0, 0.5])


def test_a_child_of_ten_is_a_child_and_forty_is_between_young_and_old() -> None:
    assert _factors(Phenotype(0.5, age=0.1875))["child"] == pytest.approx(1.0)
    forty = _factors(Phenotype(0.5, age=0.62))
    assert 0.0 < forty["old"] < forty["young"] < 1.0
    assert forty["young"] + forty["old"] == pytest.approx(1.0)
