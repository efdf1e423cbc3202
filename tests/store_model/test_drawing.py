from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from aisle.geometry import Pose2
from store_model import fonts
from store_model.drawing import ACCENT, PATH, MapView, bay_band, draw_base, draw_map, draw_overlay
from store_model.plan import StorePlan


def _colour_at(image: Image.Image, plan: StorePlan, x_m: float, y_m: float) -> str:
    x, y = MapView(plan.size_m, image.width).to_pixel(x_m, y_m)
    pixel = image.getpixel((int(x), int(y)))
    assert isinstance(pixel, tuple)
    return "#{:02x}{:02x}{:02x}".format(*pixel)


def test_shelves_have_the_colour_of_their_department(small_plan: StorePlan) -> None:
    image = draw_base(small_plan, 400, with_labels=False)
    assert image.size == (400, MapView(small_plan.size_m, 400).height_px)
    assert _colour_at(image, small_plan, 2.7, 2.5) == "#7fb8e0"
    assert _colour_at(image, small_plan, 3.3, 2.5) == "#e0b93c"


def test_labels_differ_by_language(small_plan: StorePlan) -> None:
    english, german = draw_base(small_plan, 400, language="en"), draw_base(small_plan, 400, language="de")
    assert not np.array_equal(np.asarray(english), np.asarray(german))


def test_an_overlay_shows_bay_path_and_robot_and_leaves_the_base_alone(small_plan: StorePlan) -> None:
    base = draw_base(small_plan, 400, with_labels=False)
    before = base.copy()
    path = [(1.0, 1.0), (6.5, 1.4), (6.5, 2.5)]
    image = draw_overlay(base, small_plan, highlight_bay="G1-W1", robot=Pose2(1.0, 5.0, 0.0), path=path)
    assert np.array_equal(np.asarray(base), np.asarray(before))
    assert _colour_at(image, small_plan, 2.7, 2.2) == ACCENT
    assert _colour_at(image, small_plan, 6.5, 2.0) == PATH
    assert _colour_at(image, small_plan, 1.0, 5.0) != _colour_at(base, small_plan, 1.0, 5.0)


def test_a_map_without_anything_on_it_is_the_base(small_plan: StorePlan) -> None:
    assert np.array_equal(np.asarray(draw_map(small_plan, 300)), np.asarray(draw_base(small_plan, 300)))


def test_an_unknown_bay_cannot_be_highlighted(small_plan: StorePlan) -> None:
    with pytest.raises(KeyError, match="G9"):
        draw_map(small_plan, 200, highlight_bay="G9")


def test_the_view_puts_the_map_origin_at_the_lower_left() -> None:
    view = MapView((40.0, 25.0), 820, margin_m=0.5)
    assert view.pixels_per_m == 20.0
    assert view.to_pixel(0.0, 0.0) == (10.0, 510.0)
    assert view.to_pixel(40.0, 25.0) == (810.0, 10.0)


def test_the_band_of_a_bay_lies_behind_its_front(small_plan: StorePlan) -> None:
    xs = [x for x, _ in bay_band(small_plan.bays["G1-W1"], 0.4)]
    assert (min(xs), max(xs)) == pytest.approx((2.5, 2.9))


def test_without_a_dejavu_font_another_one_is_used(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(fonts, "find_font", lambda name: None)
    fonts.font.cache_clear()
    try:
        assert fonts.font(11) is not None
        assert "fonts-dejavu" in caplog.text
    finally:
        fonts.font.cache_clear()
