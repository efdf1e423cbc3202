"""Boxes from raw numbers: decoding, overlaps, and what is left out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisle_perception.detector_boxes import Crop, crops_of, decoded, distinct, in_image, overlap, person_boxes

ANCHORS = np.array([[0.2, 0.1, 0.6, 0.3]], dtype=np.float32)
boxes_strategy = st.lists(
    st.tuples(st.floats(0, 500), st.floats(0, 400), st.floats(5, 200), st.floats(5, 200), st.floats(0.01, 1.0)),
    min_size=1,
    max_size=12,
)


def test_no_offset_gives_the_anchor_in_x_y_order() -> None:
    assert decoded(np.zeros((1, 4), np.float32), ANCHORS)[0] == pytest.approx([0.1, 0.2, 0.3, 0.6])


def test_offsets_move_and_stretch_the_anchor() -> None:
    # A tenth of ten variances is one size of the anchor further down; e times as wide.
    moved = decoded(np.array([[10.0, 0.0, 0.0, 5.0]], np.float32), ANCHORS)[0]
    assert moved[[1, 3]] == pytest.approx([0.6, 1.0])
    assert moved[2] - moved[0] == pytest.approx(0.2 * np.e)


@given(st.integers(100, 2000), st.integers(100, 2000))
def test_crops_lie_within_the_image_and_cover_it(width: int, height: int) -> None:
    crops = crops_of(width, height)
    assert crops[0] == Crop(0, 0, width, height)
    assert all(crop.left >= 0 and crop.left + crop.width <= width and crop.height <= height for crop in crops)


def test_boxes_of_a_crop_are_placed_in_the_image() -> None:
    placed = in_image(np.array([[-0.5, 0.0, 0.5, 1.0]], np.float32), Crop(160, 0, 480, 480))
    assert placed[0].tolist() == [160.0, 0.0, 400.0, 480.0]


@given(boxes_strategy)
def test_what_is_kept_hardly_overlaps_and_what_is_left_out_does(rows: list[tuple[float, ...]]) -> None:
    table = np.array(rows, dtype=np.float32)
    boxes = np.column_stack((table[:, :2], table[:, :2] + table[:, 2:4]))
    kept = distinct(boxes, table[:, 4], 0.5, 0.75)
    assert kept[0] == int(np.argmax(table[:, 4]))
    for k, number in enumerate(kept):
        others = boxes[[other for other in kept if other != number]]
        assert len(others) == 0 or overlap(boxes[number], others).max() <= 0.5
        assert k == 0 or table[number, 4] <= table[kept[k - 1], 4]


def test_half_a_person_from_a_crop_gives_way_to_the_whole_one() -> None:
    whole, half, other = (100.0, 50.0, 200.0, 350.0), (100.0, 50.0, 150.0, 350.0), (300.0, 60.0, 380.0, 340.0)
    found = [
        (np.array([whole, other], np.float32), np.array([0.9, 0.6], np.float32)),
        (np.array([half], np.float32), np.array([0.7], np.float32)),
    ]
    people = person_boxes(found, 0.25, 0.5, 0.75)
    assert [person.left for person in people] == [100.0, 300.0]
    assert people[0].height_px == 300.0


def test_unlikely_boxes_are_left_out() -> None:
    found = [(np.array([[0.0, 0.0, 10.0, 20.0]], np.float32), np.array([0.2], np.float32))]
    assert person_boxes(found, 0.25, 0.5, 0.75) == []
