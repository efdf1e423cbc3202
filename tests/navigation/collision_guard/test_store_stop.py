"""The store's stop beside bumper and emergency stop: for any order of events each ends only by itself."""

from __future__ import annotations

from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from aisle.geometry import STOP
from aisle_navigation.collision_guard.guard import Contacts, Guard
from aisle_navigation.collision_guard.reasons import LATCHED, GuardReason
from tests.navigation.rooms import ROBOT


class Latches(RuleBasedStateMachine):
    """What staff, the store and contacts did; between any two of them much time may pass."""

    def __init__(self) -> None:
        super().__init__()
        self.guard, self.now_s = Guard(ROBOT), 0.0
        self.touched, self.told = False, False

    @rule()
    def the_store_stops(self) -> None:
        self.guard.obey_store(is_stopped=True)
        self.told = True

    @rule()
    def the_store_releases(self) -> None:
        self.guard.obey_store(is_stopped=False)
        self.told = False

    @rule()
    def a_bumper_is_hit(self) -> None:
        self.guard.feel(Contacts(bumper=True))
        self.touched = True

    @rule()
    def staff_release_at_the_robot(self) -> None:
        held = self.guard.release()
        self.touched = False
        assert held is (GuardReason.STORE_STOP if self.told else None)

    @rule()
    def an_hour_passes(self) -> None:
        self.now_s += 3600.0

    @invariant()
    def it_stands_exactly_as_long_as_one_of_them_holds(self) -> None:
        decision = self.guard.step(self.now_s)
        assert (decision.reason in LATCHED) == (self.touched or self.told)
        if self.touched or self.told:
            assert decision.reason is (GuardReason.BUMPER if self.touched else GuardReason.STORE_STOP)
            assert decision.twist == STOP


TestLatches = Latches.TestCase
