from __future__ import annotations

import pytest

from aisle_firmware_bridge.arming import ARM_WITHIN_S, Arming
from aisle_firmware_bridge.messages import Arm, Mode, Release
from aisle_firmware_bridge.requests import RequestLine

ASKED = [
    (False, Mode.DISARMED, Arm(1)),
    (False, Mode.READY, None),
    (False, Mode.DRIVING, None),
    (False, Mode.LATCHED, None),
    (False, Mode.FAULT, None),
    (True, Mode.DISARMED, Arm(1)),
    (True, Mode.READY, None),
    (True, Mode.DRIVING, None),
    (True, Mode.LATCHED, Release(1)),
    (True, Mode.FAULT, Release(1)),
]


@pytest.mark.parametrize(("release", "mode", "asked"), ASKED)
def test_what_is_asked_in_every_mode(release: bool, mode: Mode, asked: object) -> None:
    arming, line = Arming(), RequestLine()
    arming.ask(release=release)
    arming.pursue(mode, 0.0, line)
    assert line.due(0.0) == asked


@pytest.mark.parametrize("mode", Mode)
def test_without_a_wish_nothing_is_asked(mode: Mode) -> None:
    arming, line = Arming(), RequestLine()
    arming.pursue(mode, 0.0, line)
    assert line.is_idle
    arming.ask(release=True)
    arming.drop()
    arming.pursue(mode, 0.0, line)
    assert line.is_idle


def test_a_wish_that_came_true_is_not_kept_for_the_next_stop() -> None:
    arming, line = Arming(), RequestLine()
    arming.ask(release=True)
    arming.pursue(Mode.READY, 0.0, line)
    arming.pursue(Mode.LATCHED, 0.1, line)
    assert line.is_idle


def test_a_wish_ends_after_its_time_from_when_the_base_heard_of_it() -> None:
    arming, line = Arming(), RequestLine()
    arming.ask(release=False)
    assert not arming.is_overdue(Mode.LATCHED, 100.0)
    arming.pursue(Mode.LATCHED, 100.0, line)
    assert not arming.is_overdue(Mode.LATCHED, 100.0 + ARM_WITHIN_S)
    assert arming.is_overdue(Mode.LATCHED, 100.1 + ARM_WITHIN_S)
    assert not arming.is_overdue(Mode.LATCHED, 200.0)
