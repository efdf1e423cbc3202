"""A scenario does what its file says, when it says, once."""

from __future__ import annotations

from pathlib import Path

import pytest

from aisle.config import ConfigError, load
from sim.people.customer import Phase
from sim.scenario import Action, Happening, Obstacle, Scenario, Script
from sim.world import STEP_S, World
from tests.sim.rooms import empty_room, reference_robot, small_shop

ROBOT = reference_robot()


def play(world: World, script: Script, seconds: float) -> int:
    """Run for a time; return how many scans arrived."""
    scans = 0
    for _ in range(round(seconds / STEP_S)):
        script.step(world)
        world.step()
        scans += len(world.scans())
    return scans


def test_the_laser_is_silent_while_it_is_unplugged() -> None:
    world = World(empty_room(), ROBOT, 0, 1)
    happenings = (Happening(do=Action.UNPLUG_LASER, after_s=1.0), Happening(do=Action.PLUG_LASER, after_s=2.0))
    script = Script(Scenario(happenings=happenings))
    assert play(world, script, 1.0) == 10
    assert play(world, script, 1.0) == pytest.approx(0, abs=1)
    assert play(world, script, 1.0) == pytest.approx(10, abs=1)


def test_the_stop_is_pressed_and_released() -> None:
    world = World(empty_room(), ROBOT, 0, 1)
    happenings = (Happening(do=Action.PRESS_STOP), Happening(do=Action.RELEASE_STOP, after_s=1.0))
    script = Script(Scenario(happenings=happenings))
    play(world, script, 0.5)
    assert world.emergency_stop_pressed
    play(world, script, 1.0)
    assert not world.emergency_stop_pressed


def test_an_empty_battery_is_under_what_the_base_needs() -> None:
    world = World(empty_room(), ROBOT, 0, 1)
    play(world, Script(Scenario(happenings=(Happening(do=Action.RUN_BATTERY_DOWN, fraction=0.01),))), 0.1)
    assert world.battery_fraction <= 0.01
    assert world.wheel_inputs().battery_mv < 21_000


def test_a_phase_is_waited_for() -> None:
    world = World(small_shop(), ROBOT, 0, 1, with_customer=True)
    script = Script(Scenario(happenings=(Happening(do=Action.PRESS_STOP, phase=Phase.ASKING, after_s=0.5),)))
    seen = None
    for _ in range(6000):
        script.step(world)
        world.step()
        assert world.customer is not None
        if world.customer.phase is Phase.ASKING and seen is None:
            seen = world.now_s
        if world.emergency_stop_pressed:
            break
    assert seen is not None
    assert world.now_s - seen == pytest.approx(0.5, abs=0.05)


def test_obstacles_stand_where_the_file_says() -> None:
    (solid,) = Scenario(obstacles=(Obstacle(x_m=1.0, y_m=2.0, width_m=0.8, depth_m=1.2),)).solids()
    assert solid.outline == ((1.0, 2.0), (1.8, 2.0), (1.8, 3.2), (1.0, 3.2))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("happenings: [{do: explode}]", "explode"),
        ("happenings: [{do: press_stop, after_s: -1}]", "after_s"),
        ("obstacles: [{x_m: 1, y_m: 1, width_m: 0, depth_m: 1}]", "width_m"),
        ("ghosts: 3", "ghosts"),
    ],
)
def test_a_wrong_file_is_refused_with_the_key(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "scenario.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=words):
        load(path, Scenario)
