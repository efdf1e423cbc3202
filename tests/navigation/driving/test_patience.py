"""How long the robot waits, and what it does about it."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from aisle_navigation.driving.patience import Patience, PatienceSettings, Recovery, recovery_for

SETTINGS = PatienceSettings()
ORDER = list(Recovery)


@given(st.floats(0.0, 100.0), st.floats(0.0, 100.0), st.floats(0.0, 100.0))
def test_the_longer_it_waits_the_later_the_recovery(waited_s: float, more_s: float, in_all_s: float) -> None:
    now, later = recovery_for(waited_s, in_all_s), recovery_for(waited_s + more_s, in_all_s)
    assert ORDER.index(later) >= ORDER.index(now)


def test_every_recovery_has_its_time_in_order() -> None:
    times = [0.0, 4.0, 13.0, 17.0, 31.0]
    assert [recovery_for(waited_s, 0.0) for waited_s in times] == ORDER


def test_a_robot_that_gets_nearer_is_not_waiting() -> None:
    patience = Patience()
    for tick in range(600):
        assert patience.note(60.0 - 0.1 * tick, 0.1 * tick) is Recovery.NONE


def test_a_standing_robot_gives_up_after_the_stated_time() -> None:
    patience = Patience()
    ends_s = next(0.1 * tick for tick in itertools.count() if patience.note(5.0, 0.1 * tick) is Recovery.GIVE_UP)
    assert abs(ends_s - SETTINGS.give_up_after_s) < 0.3


def test_small_moves_to_and_fro_are_no_progress() -> None:
    patience = Patience()
    found = {patience.note(5.0 + 0.04 * (tick % 2), 0.1 * tick) for tick in range(400)}
    assert Recovery.GIVE_UP in found


def test_a_detour_is_measured_anew_but_waiting_in_all_goes_on() -> None:
    patience = Patience()
    for tick in range(250):
        patience.note(5.0, 0.1 * tick)
    assert patience.note(12.0, 25.0) is Recovery.BACK_UP
    assert patience.note(11.0, 25.1) is Recovery.NONE
    assert patience.waited_in_all_s > 20.0


def test_a_goal_taken_up_again_has_less_patience_than_a_new_one() -> None:
    patience = Patience()
    for tick in range(200):
        patience.note(5.0, 0.1 * tick)
    waited_s = patience.waited_in_all_s
    patience.start_over(forget=False)
    assert (patience.waited_s, patience.waited_in_all_s) == (0.0, waited_s)
    patience.start_over(forget=True)
    assert patience.waited_in_all_s == 0.0
