"""The visit behind two of the README's pictures ends on the screens that they are to show."""

from __future__ import annotations

from pathlib import Path

import pytest

from aisle import paths
from apps.long_visit import LongVisit, VisitProblem, scenes
from kiosk_ui.scene import Text
from kiosk_ui.shop import load_shop
from store_backend.backend import Backend
from store_backend.catalogue_file import open_catalogue
from store_backend.database import open_database


def test_the_pictures_show_a_number_for_the_till_and_what_was_bought(tmp_path: Path) -> None:
    shop, shown = scenes(tmp_path)
    words = {name: [item.text for item in scene if isinstance(item, Text)] for name, scene in shown.items()}
    assert "Show this code at any till" in words["list"]
    assert "What is kept of you" in words["memory"]
    assert shop.products[shop.popular[0]].name in words["memory"]


def test_a_control_that_does_not_come_is_named() -> None:
    store_dir = paths.demo_store_dir()
    backend = Backend(open_database("sqlite://"), open_catalogue(store_dir), lambda: 0.0)
    with pytest.raises(VisitProblem, match="score:9 is not on the screen, only language:en"):
        LongVisit(load_shop(store_dir), backend).touch("score:9")
