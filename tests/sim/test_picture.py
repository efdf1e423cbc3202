"""The pictures show what they should: everybody's path, the start, the goal, contacts, and a legend."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from sim.picture import draw_run, save_run
from sim.scene.decoration import goods_picture
from sim.scoring import Goal, Moment, Person, Recording, score
from tests.sim.rooms import small_shop

SHOP = small_shop()
GOAL = Goal("G3-W2", 5.0, 4.0)


def visit() -> Recording:
    recording = Recording(0.25)
    for k in range(100):
        people = (Person(0, 1.0 + 0.02 * k, 8.7, 0.1, 0.0, 0.22), Person(1, 9.5, 3.0 + 0.02 * k, 0.0, 0.1, 0.25))
        recording.moments.append(Moment(0.1 * k, 3.5 + 0.03 * k, 8.7, 0.0, 0.3, people))
    recording.mark("asking", 0.0)
    recording.mark("at_shelf", 9.9)
    return recording


def test_the_run_picture_names_everybody_and_every_step(tmp_path: Path) -> None:
    recording = visit()
    result = score(recording, GOAL, 1.0)
    figure = draw_run(SHOP, recording, GOAL, result, "A visit")
    legend = {text.get_text() for text in figure.legends[0].get_texts()}
    assert {"robot", "start", "customer", "shoppers", "entrance", "bay G3-W2"} <= legend
    labels = " ".join(text.get_text() for text in figure.axes[0].texts)
    assert "1 asking" in labels
    assert "2 at shelf" in labels
    save_run(tmp_path / "run.png", SHOP, recording, GOAL, result, "A visit")
    with Image.open(tmp_path / "run.png") as picture:
        assert picture.width > 1200


def test_an_empty_recording_still_gives_the_plan() -> None:
    figure = draw_run(SHOP, Recording(0.25), None, None, "Nothing happened")
    assert len(figure.axes[0].patches) == len(SHOP.solids)


def test_goods_differ_from_shelf_to_shelf_and_repeat_with_the_seed() -> None:
    assert (goods_picture(1) == goods_picture(1)).all()
    assert (goods_picture(1) != goods_picture(2)).any()


RENDER = """
import sys
from pathlib import Path
from sim.scene.render import View, render_store
from sim.world import World
from tests.sim.rooms import reference_robot, small_shop
shop = small_shop()
world = World(shop, reference_robot(), 3, 1, with_customer=True)
render_store(world, Path(sys.argv[1]), View(4.0, 7.0), 320, 180)
"""


@pytest.mark.integration
def test_the_store_renders_without_a_display(tmp_path: Path) -> None:
    path = tmp_path / "store.png"
    environment = {**os.environ, "MUJOCO_GL": "egl"}
    subprocess.run([sys.executable, "-c", RENDER, str(path)], env=environment, check=True, timeout=120)
    with Image.open(path) as picture:
        assert picture.size == (320, 180)
        assert len(picture.getcolors(320 * 180) or ()) > 500
