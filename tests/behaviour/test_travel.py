from dataclasses import dataclass, field

from aisle.geometry import Pose2
from aisle_behaviour.travel import GoalKeeper
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
