"""Makes a mesh coarser by half-edge collapses, so that what is left is a subset of its own vertices.

After Garland and Heckbert, "Surface simplification using quadric error metrics" (1997). Because every vertex that
stays is one that was there, it keeps its bone weights and texture place, and one decimation serves every pose.
"""

from __future__ import annotations

import heapq

import numpy as np

from sim.baking.makehuman import FloatArray, IntArray

_BORDER_WEIGHT = 30.0
_LARGEST_TURN = 0.2


def decimated(vertices: FloatArray, faces: IntArray, most_faces: int) -> IntArray:
    """Return at most about that many of the triangles' replacements, shape (n, 3), indexing the same vertices."""
    rings = {number: tuple(int(corner) for corner in face) for number, face in enumerate(faces)}
    around: dict[int, set[int]] = {}
    for number, ring in rings.items():
        for corner in ring:
            around.setdefault(corner, set()).add(number)
    quadrics = _quadrics(vertices, faces)
    heap = [(_cost(quadrics, vertices, a, b), a, b) for ring in rings.values() for a, b in _edges(ring)]
    heapq.heapify(heap)
    while heap and len(rings) > most_faces:
        cost, gone, kept = heapq.heappop(heap)
        if gone not in around or kept not in around or not around[gone] & around[kept]:
            continue
        if cost < _cost(quadrics, vertices, gone, kept) - 1e-12 or _folds(vertices, rings, around, gone, kept):
            continue
        quadrics[kept] += quadrics[gone]
        _collapse(rings, around, gone, kept)
        for number in around[kept]:
            for a, b in _edges(rings[number]):
                if kept in (a, b):
                    heapq.heappush(heap, (_cost(quadrics, vertices, a, b), a, b))
    return np.array(sorted(rings.values()), dtype=np.int64).reshape(-1, 3)


def _edges(ring: tuple[int, ...]) -> list[tuple[int, int]]:
    a, b, c = ring
    return [(a, b), (b, a), (b, c), (c, b), (c, a), (a, c)]


def _quadrics(vertices: FloatArray, faces: IntArray) -> FloatArray:
    """Return the sum of squared distances to the planes around each vertex as matrices, shape (vertices, 4, 4)."""
    quadrics = np.zeros((len(vertices), 4, 4))
    borders = _borders(faces)
    for face in faces:
        a, b, c = vertices[face]
        normal = np.cross(b - a, c - a)
        area = float(np.linalg.norm(normal))
        if area < 1e-12:
            continue
        _add_plane(quadrics, face, normal / area, a, area)
        for start, end in zip(face, np.roll(face, -1), strict=True):
            if (int(start), int(end)) in borders:
                # A plane upright on the face along each border holds hems and necklines.
                _add_border(quadrics, vertices, (int(start), int(end)), normal / area)
    return quadrics


def _borders(faces: IntArray) -> set[tuple[int, int]]:
    """Return the directed edges that only one triangle has."""
    directed = {(int(a), int(b)) for face in faces for a, b in zip(face, np.roll(face, -1), strict=True)}
    return {(a, b) for a, b in directed if (b, a) not in directed}


def _add_border(quadrics: FloatArray, vertices: FloatArray, edge: tuple[int, int], normal: FloatArray) -> None:
    along = vertices[edge[1]] - vertices[edge[0]]
    across = np.cross(along, normal)
    length = float(np.linalg.norm(across))
    if length > 1e-9:
        _add_plane(quadrics, np.array(edge), across / length, vertices[edge[0]], _BORDER_WEIGHT * length**2)


def _add_plane(quadrics: FloatArray, corners: IntArray, normal: FloatArray, point: FloatArray, weight: float) -> None:
    plane = np.append(normal, -float(normal @ point))
    quadrics[corners] += weight * np.outer(plane, plane)


def _cost(quadrics: FloatArray, vertices: FloatArray, gone: int, kept: int) -> float:
    place = np.append(vertices[kept], 1.0)
    # A little of the length keeps flat places from collapsing in one row.
    length = float(np.sum((vertices[kept] - vertices[gone]) ** 2))
    return float(place @ (quadrics[gone] + quadrics[kept]) @ place) + 1e-7 * length


def _folds(
    vertices: FloatArray, rings: dict[int, tuple[int, ...]], around: dict[int, set[int]], gone: int, kept: int
) -> bool:
    """Tell whether moving one vertex onto the other would turn a triangle over or pinch the surface."""
    near = {corner for number in around[gone] for corner in rings[number]} & {
        corner for number in around[kept] for corner in rings[number]
    }
    if len(near - {gone, kept}) > 2:
        return True
    for number in around[gone] - around[kept]:
        before = vertices[list(rings[number])]
        after = vertices[[kept if corner == gone else corner for corner in rings[number]]]
        normal_before = np.cross(before[1] - before[0], before[2] - before[0])
        normal_after = np.cross(after[1] - after[0], after[2] - after[0])
        scale = np.linalg.norm(normal_before) * np.linalg.norm(normal_after)
        if scale < 1e-14 or normal_before @ normal_after < _LARGEST_TURN * scale:
            return True
    return False


def _collapse(rings: dict[int, tuple[int, ...]], around: dict[int, set[int]], gone: int, kept: int) -> None:
    for number in around.pop(gone):
        ring = rings[number]
        if kept in ring:
            del rings[number]
            for corner in ring:
                if corner != gone:
                    around[corner].discard(number)
        else:
            rings[number] = tuple(kept if corner == gone else corner for corner in ring)
            around[kept].add(number)
