from dataclasses import dataclass, field

import pytest

from aisle.geometry import Pose2
from aisle_behaviour.travel import GoalKeeper, GoalWatch, Next
from aisle_behaviour.world import Travel

FIRST, SECOND = Pose2(1.0, 0.0, 0.0), Pose2(2.0, 0.0, 0.0)


@dataclass
class NotingDriver:
    calls: list[object] = field(default_factory=list)

    def go_to(self, goal_map: Pose2) -> None:
        self.calls.append(goal_map)

    def cancel(self) -> None:
        self.calls.append("cancel")

    def travel(self) -> Travel:
        return Travel.ARRIVED


def test_a_goal_is_sent_once_and_dropped_once() -> None:
    driver = NotingDriver()
    keeper = GoalKeeper(driver)
    for goal in (None, FIRST, FIRST, SECOND, None, None, FIRST):
        keeper.want(goal)
    assert driver.calls == [FIRST, SECOND, "cancel", FIRST]


def test_an_old_arrival_does_not_count_when_nothing_was_sent() -> None:
    keeper = GoalKeeper(NotingDriver())
    assert keeper.travel() is Travel.IDLE
    keeper.want(FIRST)
    assert keeper.travel() is Travel.ARRIVED


def watched() -> GoalWatch:
    watch = GoalWatch()
    watch.wanted(0.0)
    watch.sent(0.0)
    return watch


def test_a_goal_is_kept_while_the_navigator_is_heard() -> None:
    watch = watched()
    for tenth in range(1, 600):
        watch.heard(0.1 * tenth)
        assert watch.look(0.1 * tenth) is Next.KEEP
    assert not watch.is_orphaned


def test_a_silent_navigator_gets_its_goal_again_when_it_is_back_and_not_before() -> None:
    watch = watched()
    assert [watch.look(second) for second in (2.0, 5.0, 60.0)] == [Next.KEEP] * 3
    assert watch.is_orphaned
    watch.heard(61.0)
    assert watch.look(61.0) is Next.SEND_AGAIN
    watch.sent(61.0)
    assert watch.look(61.1) is Next.KEEP


def refused_until(watch: GoalWatch, start_s: float, limit_s: float) -> tuple[int, float | None]:
    """Refuse every attempt; return how often the goal was sent again, and when it was given up."""
    sent, now_s = 0, start_s
    watch.refused(now_s)
    while now_s < limit_s:
        now_s += 0.1
        watch.heard(now_s)
        match watch.look(now_s):
            case Next.SEND_AGAIN:
                sent += 1
                watch.sent(now_s)
                watch.refused(now_s)
            case Next.GIVE_UP:
                return sent, now_s
    return sent, None


def test_a_navigator_that_refuses_is_asked_again_for_half_a_minute() -> None:
    sent, given_up_s = refused_until(watched(), 0.0, 60.0)
    assert 25 <= sent <= 31
    assert given_up_s == pytest.approx(30.0, abs=1.5)


def test_after_a_restart_the_patience_begins_anew() -> None:
    watch = watched()
    watch.look(50.0)
    watch.heard(50.1)
    assert watch.look(50.1) is Next.SEND_AGAIN
    watch.sent(50.1)
    sent, given_up_s = refused_until(watch, 50.1, 100.0)
    assert sent > 20
    assert given_up_s == pytest.approx(80.0, abs=1.5)
