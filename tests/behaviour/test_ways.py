"""What is known of the lengths of ways, and when a planner is asked."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from aisle.geometry import Pose2
from aisle_behaviour.ways import WAY_FACTOR, Surveyor, Take, nowhere_planned

HERE, DOCK = Pose2(10.0, 10.0, 0.0), Pose2(1.0, 1.0, 0.0)


@dataclass
class Planner:
    """Answers with a length, or keeps silent and answers later."""

    length_m: float | None = 20.0
    is_silent: bool = False
    asked: list[tuple[Pose2, Pose2]] = field(default_factory=list)
    open: list[Take] = field(default_factory=list)

    def ask(self, start_map: Pose2, goal_map: Pose2, take: Take) -> None:
        self.asked.append((start_map, goal_map))
        if self.is_silent:
            self.open.append(take)
        else:
            take(self.length_m)


def moved(place: Pose2, by_m: float) -> Pose2:
    return Pose2(place.x_m + by_m, place.y_m, place.yaw_rad)


def test_a_way_is_asked_for_once_and_then_known() -> None:
    planner = Planner()
    surveyor = Surveyor(planner.ask)
    assert not surveyor.knows(HERE, DOCK)
    for _ in range(100):
        assert surveyor.length_m(HERE, DOCK) == 20.0
    assert planner.asked == [(HERE, DOCK)]
    assert surveyor.knows(HERE, DOCK)


def test_until_the_first_answer_comes_nothing_is_known() -> None:
    planner = Planner(is_silent=True)
    surveyor = Surveyor(planner.ask)
    assert surveyor.length_m(HERE, DOCK) is None
    planner.open[0](17.0)
    assert surveyor.length_m(HERE, DOCK) == 17.0


def test_on_the_way_the_old_answer_counts_with_what_was_moved_since_and_a_new_one_is_asked_for() -> None:
    planner = Planner()
    surveyor = Surveyor(planner.ask)
    surveyor.length_m(HERE, DOCK)
    planner.is_silent = True
    assert surveyor.length_m(moved(HERE, 0.5), DOCK) == pytest.approx(20.0 + 0.5 * WAY_FACTOR)
    assert len(planner.asked) == 1
    assert surveyor.length_m(moved(HERE, 3.0), DOCK) == pytest.approx(20.0 + 3.0 * WAY_FACTOR)
    assert planner.asked[-1] == (moved(HERE, 3.0), DOCK)
    planner.open[0](23.0)
    assert surveyor.length_m(moved(HERE, 3.0), DOCK) == 23.0


def test_an_answer_about_places_far_from_there_is_none() -> None:
    planner = Planner()
    surveyor = Surveyor(planner.ask)
    surveyor.length_m(HERE, DOCK)
    planner.is_silent = True
    assert surveyor.length_m(moved(HERE, 6.0), DOCK) is None


@pytest.mark.parametrize("is_silent", [True, False])
def test_a_planner_without_an_answer_is_asked_again_after_a_pause(is_silent: bool) -> None:
    planner = Planner(length_m=None, is_silent=is_silent)
    surveyor = Surveyor(planner.ask)
    for tenth in range(100):
        surveyor.tell_time(0.1 * tenth)
        assert surveyor.length_m(HERE, DOCK) is None
    assert len(planner.asked) == 2


def test_several_ways_may_be_asked_for_at_once() -> None:
    planner = Planner(is_silent=True)
    surveyor = Surveyor(planner.ask)
    surveyor.length_m(HERE, DOCK)
    surveyor.length_m(DOCK, HERE)
    assert len(planner.asked) == 2


def test_memory_is_bounded() -> None:
    planner = Planner()
    surveyor = Surveyor(planner.ask, most=4)
    for number in range(20):
        surveyor.length_m(moved(HERE, 10.0 * number), DOCK)
    assert surveyor.knows(moved(HERE, 190.0), DOCK)
    assert not surveyor.knows(HERE, DOCK)
    assert sum(surveyor.knows(moved(HERE, 10.0 * number), DOCK) for number in range(20)) == 4


def test_without_a_planner_no_way_is_known() -> None:
    assert nowhere_planned(HERE, DOCK) is None


def test_a_question_is_open_until_it_is_answered_or_the_answer_is_late() -> None:
    planner = Planner(is_silent=True)
    surveyor = Surveyor(planner.ask)
    assert not surveyor.is_open(HERE, DOCK)
    surveyor.length_m(HERE, DOCK)
    assert surveyor.is_open(HERE, DOCK)
    surveyor.tell_time(2.1)
    assert not surveyor.is_open(HERE, DOCK)
    surveyor.tell_time(1.0)
    planner.open[0](None)
    assert not surveyor.is_open(HERE, DOCK)
