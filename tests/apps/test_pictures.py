"""Which screenshots become the README's pictures."""

from __future__ import annotations

from pathlib import Path

import pytest

from apps.pictures import PICTURES, SCREENS, PictureProblem, screen_at


def test_the_wanted_one_of_a_screens_pictures_is_taken(tmp_path: Path) -> None:
    for name in ("01_home.png", "02_guiding.png", "03_guiding.png", "04_guiding.png", "05_guiding_stop.png"):
        (tmp_path / name).touch()
    assert screen_at(tmp_path, "guiding", 0.0).name == "02_guiding.png"
    assert screen_at(tmp_path, "guiding", 0.5).name == "03_guiding.png"
    assert screen_at(tmp_path, "guiding", 1.0).name == "04_guiding.png"


def test_a_screen_that_was_never_shown_is_named(tmp_path: Path) -> None:
    with pytest.raises(PictureProblem, match="arrival"):
        screen_at(tmp_path, "arrival", 0.0)


def test_every_picture_is_there() -> None:
    assert {path.stem for path in PICTURES.glob("*.png")} == {*SCREENS, "list", "memory", "path", "store"}
