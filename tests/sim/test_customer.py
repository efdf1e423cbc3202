"""The scripted customer does what a customer would: goes to the screen, follows, waits, leaves."""

from __future__ import annotations

import itertools
import math

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisle.geometry import Pose2, Twist2
from aisle.messages.visit import Screen, ScreenState
from aisle_firmware_bridge.wheels import wheel_speeds
from sim.base.firmware_hardware import MotorOutputs
from sim.people.customer import TRANSITIONS, Event, Phase, is_in_the_way, screen_place, step_aside
from sim.people.roles import next_state
from sim.scoring import CUSTOMER_ID, Recording
from sim.world import STEP_S, World
from tests.sim.rooms import empty_room, reference_robot

ROBOT = reference_robot()
ROOM = empty_room()


def screen(name: Screen) -> ScreenState:
    return ScreenState(screen=name, session_id="visit", idle_s=0.0)


def run(world: World, recording: Recording, twist: Twist2, seconds: float) -> None:
    world.apply(MotorOutputs(*wheel_speeds(twist, ROBOT), brake=False))
    for _ in range(round(seconds / STEP_S)):
        world.step()
        recording.observe(world)


def phase_of(world: World) -> Phase:
    assert world.customer is not None
    return world.customer.phase


def distances(recording: Recording, since_s: float) -> npt.NDArray[np.float64]:
    """Return the distance between the centres of robot and customer at every moment from then on."""
    return np.array(
        [
            math.hypot(person.x_m - moment.x_m, person.y_m - moment.y_m)
            for moment in recording.moments
            if moment.now_s >= since_s
            for person in moment.people
            if person.person_id == CUSTOMER_ID
        ]
    )


@pytest.mark.parametrize(("phase", "event"), itertools.product(Phase, Event))
def test_every_phase_answers_every_event_and_nothing_changes_unless_the_table_says_so(
    phase: Phase, event: Event
) -> None:
    assert next_state(TRANSITIONS, phase, event) is TRANSITIONS.get((phase, event), phase)


@given(st.lists(st.sampled_from([event for event in Event if event is not Event.SCREEN_ASKS])))
def test_nobody_comes_back_after_leaving_unless_the_screen_is_used_again(events: list[Event]) -> None:
    phase = Phase.LEAVING
    for event in events:
        phase = next_state(TRANSITIONS, phase, event)
        assert phase in (Phase.LEAVING, Phase.GONE)
    assert next_state(TRANSITIONS, phase, Event.SCREEN_ASKS) is Phase.APPROACHING


def test_the_screen_place_is_an_arms_length_before_the_screen() -> None:
    place = screen_place(Pose2(2.0, 3.0, 0.0), 0.25, math.pi, 0.22)
    assert (place.x_m, place.y_m) == pytest.approx((2.0 - 0.25 - 0.45 - 0.22, 3.0))
    assert place.face_rad == pytest.approx(0.0)


@given(yaw=st.floats(-3.0, 3.0), bearing=st.floats(-math.radians(79), math.radians(79)), distance=st.floats(0.5, 1.5))
def test_stepping_aside_leads_out_of_the_robots_way(yaw: float, bearing: float, distance: float) -> None:
    robot = Pose2(6.0, 6.0, yaw)
    x, y = 6.0 + distance * math.cos(yaw + bearing), 6.0 + distance * math.sin(yaw + bearing)
    assert is_in_the_way(robot, x, y)
    aside = step_aside(robot, x, y, ROOM.floor)
    assert not is_in_the_way(robot, *aside)


def test_the_whole_visit_from_the_entrance_to_the_shelf_and_out() -> None:
    world = World(empty_room(20.0, 12.0), ROBOT, 0, 1, with_customer=True)
    recording, customer = Recording(ROBOT.base.radius_m), world.customer
    assert customer is not None
    customer.observe(screen(Screen.ATTRACT))
    run(world, recording, Twist2(), 14.0)
    assert phase_of(world) is Phase.ASKING
    assert distances(recording, 13.5) == pytest.approx(0.92, abs=0.3)

    customer.observe(screen(Screen.GUIDING))
    run(world, recording, Twist2(0.5, 0.0), 8.0)
    assert phase_of(world) is Phase.FOLLOWING
    following = distances(recording, world.now_s - 4.0)
    assert following.min() >= 1.0
    assert following.max() <= 1.55

    run(world, recording, Twist2(), 3.0)
    assert distances(recording, world.now_s - 1.0).min() >= 1.0

    customer.observe(screen(Screen.ARRIVAL))
    run(world, recording, Twist2(), 4.0)
    assert phase_of(world) is Phase.AT_SHELF
    assert distances(recording, world.now_s - 0.5).max() <= 1.2

    customer.observe(screen(Screen.ATTRACT))
    run(world, recording, Twist2(), 1.0)
    assert phase_of(world) is Phase.LEAVING
    run(world, recording, Twist2(), 17.0)
    assert phase_of(world) is Phase.GONE
    assert [step.name for step in recording.steps] == [
        "approaching", "asking", "following", "at_shelf", "leaving", "gone",
    ]  # fmt: skip
    assert math.hypot(customer.walker.x_m - 1.0, customer.walker.y_m - 1.0) < 0.5
    assert distances(recording, 0.0).min() > 0.25 + 0.22


def test_the_customer_steps_out_of_the_way_when_the_robot_turns_towards_it() -> None:
    world = World(empty_room(12.0, 12.0), ROBOT, 0, 1, with_customer=True)
    recording, customer = Recording(ROBOT.base.radius_m), world.customer
    assert customer is not None
    run(world, recording, Twist2(), 9.0)
    customer.observe(screen(Screen.GUIDING))
    run(world, recording, Twist2(0.0, 1.0), math.pi)
    run(world, recording, Twist2(), 2.0)
    run(world, recording, Twist2(0.4, 0.0), 5.0)
    assert distances(recording, 0.0).min() > 0.25 + 0.22 + 0.05
    assert phase_of(world) is Phase.FOLLOWING
