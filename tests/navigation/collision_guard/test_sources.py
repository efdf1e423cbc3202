import pytest

from aisle.geometry import Twist2
from aisle_navigation.collision_guard.sources import NAVIGATOR, SOURCES, TELEOPERATION, Source, Sources, Wish

HAND, DRIVE = Twist2(0.1, 0.5), Twist2(0.6, 0.0)
STALE_S, HOLDS_S = SOURCES[0].stale_s, SOURCES[0].holds_s


def both(hand_s: float, drive_s: float) -> Sources:
    sources = Sources()
    sources.take(TELEOPERATION, HAND, hand_s)
    sources.take(NAVIGATOR, DRIVE, drive_s)
    return sources


def test_nobody_wins_before_anybody_spoke() -> None:
    assert Sources().winner(0.0) is None


def test_the_navigator_drives_while_no_hand_is_there() -> None:
    sources = Sources()
    sources.take(NAVIGATOR, DRIVE, 1.0)
    assert sources.winner(1.1) == Wish(NAVIGATOR, DRIVE)


def test_a_fresh_hand_wins_over_the_navigator() -> None:
    assert both(1.0, 1.05).winner(1.1) == Wish(TELEOPERATION, HAND)


def test_a_hand_that_fell_silent_holds_the_robot_and_then_lets_the_navigator_go_on() -> None:
    held_s = STALE_S + HOLDS_S
    sources = both(0.0, held_s)
    assert sources.winner(STALE_S + 0.01) == Wish(TELEOPERATION, None)
    assert sources.winner(held_s) == Wish(TELEOPERATION, None)
    assert sources.winner(held_s + 0.01) == Wish(NAVIGATOR, DRIVE)


def test_a_navigator_that_fell_silent_wants_nothing() -> None:
    sources = Sources()
    sources.take(NAVIGATOR, DRIVE, 0.0)
    assert sources.winner(SOURCES[1].stale_s + 0.01) is None


def test_a_command_from_before_the_clock_was_set_back_is_not_fresh() -> None:
    sources = both(100.0, 100.0)
    assert sources.winner(50.0) is None
    sources.take(NAVIGATOR, DRIVE, 50.0)
    assert sources.winner(50.1) == Wish(NAVIGATOR, DRIVE)


def test_another_source_is_another_row() -> None:
    remote = Source("remote", "/cmd_vel_remote", stale_s=0.2)
    sources = Sources((SOURCES[0], remote, SOURCES[1]))
    sources.take("remote", HAND, 0.0)
    sources.take(NAVIGATOR, DRIVE, 0.0)
    assert sources.winner(0.1) == Wish("remote", HAND)


def test_a_source_that_is_not_in_the_table_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="velocity source 'joypad' is not in the table; there are teleoperation"):
        Sources().take("joypad", HAND, 0.0)


def test_names_and_topics_are_given_once() -> None:
    assert len({row.name for row in SOURCES}) == len({row.topic for row in SOURCES}) == len(SOURCES)
