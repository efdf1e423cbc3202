"""What a robot may still know of a shopper, for any order of events."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from aisle.messages.memory import ErasedShoppers, Memory
from aisle_gateway.copies import ERASED_QUERY, LIVES_S, ShopperCopies

ANNA, BEN = "a" * 32, "b" * 32
SHOPPERS = st.sampled_from([ANNA, BEN])


def memory_of(shopper_id: str) -> Memory:
    return Memory(shopper_id=shopper_id, consents=(), facts=(), accesses=(), told_unix_s=0.0)


def erased(*shopper_ids: str, is_complete: bool = True) -> ErasedShoppers:
    return ErasedShoppers(shopper_ids=shopper_ids, is_complete=is_complete)


def holding(*shopper_ids: str, since_s: float = 0.0) -> ShopperCopies:
    copies = ShopperCopies()
    copies.hear_erased(erased())
    for shopper_id in shopper_ids:
        copies.keep(memory_of(shopper_id), since_s)
    return copies


def test_a_copy_is_used_within_its_day_and_wipes_itself_then() -> None:
    copies = holding(ANNA)
    assert copies.copy_of(ANNA, LIVES_S - 1.0) == memory_of(ANNA)
    assert copies.copy_of(ANNA, LIVES_S) is None
    assert copies.copy_of(ANNA, LIVES_S - 1.0) is None


def test_an_offline_robot_uses_no_copy_until_it_hears_who_was_erased() -> None:
    copies = ShopperCopies()
    copies.keep(memory_of(ANNA), 0.0)
    copies.keep(memory_of(BEN), 0.0)
    assert copies.copy_of(ANNA, 1.0) is None
    assert copies.copy_of(BEN, 1.0) is None
    copies.hear_erased(erased(ANNA))
    assert copies.copy_of(ANNA, 1.0) is None
    assert copies.copy_of(BEN, 1.0) == memory_of(BEN)


def test_a_list_that_does_not_name_everybody_empties_the_robot() -> None:
    copies = holding(ANNA, BEN)
    copies.hear_erased(erased(ANNA, is_complete=False))
    assert copies.copy_of(BEN, 1.0) is None


def test_a_withdrawal_at_the_robot_drops_the_copy() -> None:
    copies = holding(ANNA)
    copies.forget(ANNA)
    copies.forget(BEN)
    assert copies.copy_of(ANNA, 1.0) is None


@given(back_s=st.floats(1e-3, 1e9))
def test_a_clock_that_goes_back_makes_no_copy_live_longer(back_s: float) -> None:
    assert holding(ANNA, since_s=0.0).copy_of(ANNA, -back_s) is None


def test_the_robot_asks_for_longer_than_its_copies_live() -> None:
    assert ERASED_QUERY.within_s > LIVES_S


class Robot(RuleBasedStateMachine):
    """Shoppers come, are fetched and erased, while the line comes and goes."""

    def __init__(self) -> None:
        super().__init__()
        self.copies, self.now_s = ShopperCopies(), 0.0
        self.erased_at_s: dict[str, float] = {}
        self.told_s: dict[str, float] = {}
        self.heard_since_shopper = False

    @rule(by_s=st.floats(0.0, LIVES_S))
    def time_passes(self, by_s: float) -> None:
        self.now_s += by_s

    @rule(shopper_id=SHOPPERS)
    def the_store_tells(self, shopper_id: str) -> None:
        if shopper_id not in self.erased_at_s:
            self.copies.keep(memory_of(shopper_id), self.now_s)
            self.told_s[shopper_id] = self.now_s

    @rule(shopper_id=SHOPPERS)
    def a_shopper_is_erased(self, shopper_id: str) -> None:
        self.erased_at_s.setdefault(shopper_id, self.now_s)

    @rule()
    def the_next_shopper_comes(self) -> None:
        self.copies, self.told_s = ShopperCopies(), {}
        self.heard_since_shopper = False

    @rule()
    def the_robot_hears(self) -> None:
        since_s = self.now_s - ERASED_QUERY.within_s
        self.copies.hear_erased(erased(*(one for one, at_s in self.erased_at_s.items() if at_s >= since_s)))
        self.heard_since_shopper = True
        for one in self.erased_at_s:
            self.told_s.pop(one, None)

    @invariant()
    def nothing_is_used_that_may_not_be(self) -> None:
        for shopper_id in (ANNA, BEN):
            told_s = self.told_s.get(shopper_id)
            may_be_used = self.heard_since_shopper and told_s is not None and self.now_s - told_s < LIVES_S
            assert (self.copies.copy_of(shopper_id, self.now_s) is not None) == may_be_used


TestRobot = Robot.TestCase
