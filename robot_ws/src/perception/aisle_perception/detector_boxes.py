"""From a detector's raw numbers to boxes around people: anchors, thresholds, overlaps, and crops of wide images.

After Liu et al., "SSD: Single shot multibox detector" (2016, arXiv:1512.02325), with the box coder of TensorFlow's
object detection API (variances 10, 10, 5, 5). Boxes are rows left, top, right, bottom in pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]

_CENTRE_VARIANCE, _SIZE_VARIANCE = 10.0, 5.0
_LARGEST_LOG = 5.0


@dataclass(frozen=True, slots=True)
class Crop:
    """A part of an image that is looked at on its own, in pixels."""

    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class PersonBox:
    """Somebody found in an image: the box in pixels and how sure the detector is, 0 to 1."""

    left: float
    top: float
    right: float
    bottom: float
    score: float

    @property
    def height_px(self) -> float:
        return self.bottom - self.top


def crops_of(width: int, height: int) -> tuple[Crop, ...]:
    """Return the whole image, and for one wider than high its two overlapping squares at the sides."""
    whole = Crop(0, 0, width, height)
    if width <= 1.15 * height:
        return (whole,)
    side = height
    return (whole, Crop(0, 0, side, side), Crop(width - side, 0, side, side))


def decoded(encodings: FloatArray, anchors: FloatArray) -> FloatArray:
    """Return boxes (n, 4) as shares of the input image from offsets to anchors, both (n, 4) in y, x order."""
    size = anchors[:, 2:] - anchors[:, :2]
    centre = anchors[:, :2] + 0.5 * size + encodings[:, :2] / _CENTRE_VARIANCE * size
    half = 0.5 * size * np.exp(np.minimum(encodings[:, 2:] / _SIZE_VARIANCE, _LARGEST_LOG))
    corners: FloatArray = np.concatenate((centre - half, centre + half), axis=1)[:, [1, 0, 3, 2]]
    return corners


def in_image(boxes: FloatArray, crop: Crop) -> FloatArray:
    """Return boxes given as shares of a crop in pixels of the whole image, cut at the crop's edges."""
    scale = np.array([crop.width, crop.height] * 2, dtype=np.float32)
    shift = np.array([crop.left, crop.top] * 2, dtype=np.float32)
    placed: FloatArray = np.clip(boxes, 0.0, 1.0) * scale + shift
    return placed


def overlap(box: FloatArray, boxes: FloatArray) -> FloatArray:
    """Return the area that a box shares with each of the others over the area of both together."""
    shared = _shared(box, boxes)
    union = _area(box[None])[0] + _area(boxes) - shared
    share: FloatArray = shared / np.maximum(union, 1e-6)
    return share


def _shared(box: FloatArray, boxes: FloatArray) -> FloatArray:
    size = np.minimum(box[2:], boxes[:, 2:]) - np.maximum(box[:2], boxes[:, :2])
    shared: FloatArray = np.prod(np.maximum(size, 0.0), axis=1)
    return shared


def _area(boxes: FloatArray) -> FloatArray:
    area: FloatArray = np.prod(np.maximum(boxes[:, 2:] - boxes[:, :2], 0.0), axis=1)
    return area


def distinct(boxes: FloatArray, scores: FloatArray, most_overlap: float, most_inside: float) -> list[int]:
    """Return which boxes to keep, the surest first.

    One is left out that overlaps a surer one by more than `most_overlap`, or of which (or of whose better) more than
    `most_inside` lies within the other: crops cut people into halves, which lie within the whole.
    """
    kept: list[int] = []
    for number in np.argsort(-scores, kind="stable").tolist():
        others = boxes[kept]
        box = boxes[number]
        smaller = np.minimum(_area(others), _area(box[None])[0])
        inside = _shared(box, others) / np.maximum(smaller, 1e-6)
        if not len(kept) or (overlap(box, others).max() <= most_overlap and inside.max() <= most_inside):
            kept.append(number)
    return kept


def person_boxes(
    found: Sequence[tuple[FloatArray, FloatArray]],
    least_score: float,
    most_overlap: float,
    most_inside: float,
) -> list[PersonBox]:
    """Join what was found in the crops, pairs of boxes (n, 4) and scores (n,), to one list, the surest first."""
    boxes = np.vstack([boxes for boxes, _ in found])
    scores = np.concatenate([scores for _, scores in found])
    likely = scores >= least_score
    boxes, scores = boxes[likely], scores[likely]
    kept = distinct(boxes, scores, most_overlap, most_inside)
    rows = np.column_stack((boxes, scores))[kept].tolist()
    return [PersonBox(left, top, right, bottom, score) for left, top, right, bottom, score in rows]
