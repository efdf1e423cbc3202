"""One gateway at a time commands a robot, whatever is lost, late or cut off."""

from __future__ import annotations

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from aisle.messages import Problem, ProblemCode
from aisle.messages.robot import Lease, TakeLease
from aisle_gateway.lease import LEASE_S, RENEW_S, Hold, RobotLease
from tests.gateway.store import lease

ASKED = TakeLease(robot_id="r1", owner="me")
ELSEWHERE = Problem(code=ProblemCode.NOT_NOW, sentence="another commands the robot r1 for 9 s more; ask again then")


def test_a_lease_is_held_from_when_it_was_asked_for_and_ends_without_an_answer() -> None:
    mine = RobotLease("r1", "me")
    assert (mine.hold(0.0), mine.number(0.0)) == (Hold.UNKNOWN, 0)
    mine.hear(ASKED, lease(7), asked_s=0.0)
    assert (mine.hold(LEASE_S - 0.01), mine.number(LEASE_S - 0.01)) == (Hold.HELD, 7)
    assert (mine.hold(LEASE_S), mine.number(LEASE_S)) == (Hold.UNKNOWN, 0)


def test_a_lease_is_asked_for_often_enough_to_survive_lost_answers() -> None:
    mine = RobotLease("r1", "me")
    assert mine.wants(0.0, RENEW_S - 0.01) is None
    assert mine.wants(0.0, RENEW_S) == TakeLease(robot_id="r1", owner="me", lease_s=LEASE_S)
    assert LEASE_S / RENEW_S >= 3.0


def test_a_lease_that_another_has_is_lost_until_it_is_given_back() -> None:
    mine = RobotLease("r1", "me")
    mine.hear(ASKED, lease(1), asked_s=0.0)
    mine.hear(ASKED, ELSEWHERE, asked_s=2.0)
    assert (mine.hold(3.0), mine.number(3.0), mine.complaint) == (Hold.LOST, 0, ELSEWHERE.sentence)
    assert mine.hold(1e6) is Hold.LOST
    mine.hear(ASKED, lease(3), asked_s=1e6)
    assert (mine.hold(1e6), mine.number(1e6), mine.complaint) == (Hold.HELD, 3, "")


@pytest.mark.parametrize("code", [code for code in ProblemCode if code is not ProblemCode.NOT_NOW])
def test_a_store_that_cannot_answer_is_silent_and_takes_nothing_away(code: ProblemCode) -> None:
    mine = RobotLease("r1", "me")
    mine.hear(ASKED, lease(1), asked_s=0.0)
    mine.hear(ASKED, Problem(code=code, sentence="cannot"), asked_s=2.0)
    assert mine.hold(3.0) is Hold.HELD


class TwoGateways(RuleBasedStateMachine):
    """Two gateways ask one store; requests and answers are late or lost, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.now_s = 0.0
        self.gateways = {name: RobotLease("r1", name) for name in "ab"}
        self.owner, self.until_s, self.number = "", 0.0, 0
        self.asked: list[tuple[str, float]] = []
        self.answered: list[tuple[str, float, Lease | Problem]] = []

    @rule(by_s=st.sampled_from([0.1, 3.0, 11.0]))
    def time_passes(self, by_s: float) -> None:
        self.now_s += by_s

    @rule(name=st.sampled_from("ab"))
    def somebody_asks(self, name: str) -> None:
        self.asked.append((name, self.now_s))

    @rule(data=st.data())
    def a_request_reaches_the_store(self, data: st.DataObject) -> None:
        if not self.asked:
            return
        name, asked_s = self.asked.pop(data.draw(st.integers(0, len(self.asked) - 1)))
        if self.owner == name or self.until_s <= self.now_s:
            self.number += name != self.owner
            self.owner, self.until_s = name, self.now_s + LEASE_S
            told: Lease | Problem = Lease(robot_id="r1", owner=name, number=self.number, expires_unix_s=self.until_s)
        else:
            told = ELSEWHERE
        self.answered.append((name, asked_s, told))

    @rule(data=st.data())
    def an_answer_arrives(self, data: st.DataObject) -> None:
        if self.answered:
            name, asked_s, told = self.answered.pop(data.draw(st.integers(0, len(self.answered) - 1)))
            self.gateways[name].hear(ASKED, told, asked_s)

    @rule()
    def whatever_is_under_way_is_lost(self) -> None:
        self.asked, self.answered = [], []

    @invariant()
    def never_do_both_believe_that_they_command(self) -> None:
        holders = [name for name, one in self.gateways.items() if one.hold(self.now_s) is Hold.HELD]
        assert len(holders) <= 1
        assert all(name == self.owner for name in holders)


TestTwoGateways = TwoGateways.TestCase
