"""The check before a run passes for the reference robot, and says what is wrong with a world that is not fit."""

from __future__ import annotations

import msgspec
import pytest

from sim import startup_check
from sim.people.crowd import Crowd, Disc, Intent
from sim.sensors.camera import Resolution
from sim.startup_check import StartupCheckError, check_world
from tests.sim.rooms import reference_robot

ROBOT = reference_robot()


def test_the_reference_robot_sees_people_and_people_react() -> None:
    check_world(ROBOT)


def test_a_laser_that_looks_over_peoples_heads_is_found() -> None:
    blind = msgspec.structs.replace(ROBOT, laser=msgspec.structs.replace(ROBOT.laser, z_m=1.3))
    with pytest.raises(StartupCheckError, match=r"the laser does not see people.* height \(1.3 m\)"):
        check_world(blind)


def test_people_who_walk_through_the_robot_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    class Ghosts(Crowd):
        def step(self, intents: list[Intent], robot: Disc, comfort_m: float) -> None:  # type: ignore[override]
            super().step(intents, Disc(1.0, 1.0, robot.radius_m), comfort_m)

    monkeypatch.setattr(startup_check, "Crowd", Ghosts)
    with pytest.raises(StartupCheckError, match="people do not walk around the robot"):
        check_world(ROBOT)


@pytest.mark.integration
def test_the_camera_sees_a_person_and_one_that_looks_at_the_ceiling_is_found() -> None:
    size = Resolution(320, 240, 5.0)
    check_world(ROBOT, camera=size)
    upwards = msgspec.structs.replace(ROBOT, camera=msgspec.structs.replace(ROBOT.camera, pitch_rad=-0.9))
    with pytest.raises(StartupCheckError, match="the camera does not see people"):
        check_world(upwards, camera=size)
