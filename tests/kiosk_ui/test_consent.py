"""What a "yes" and a "no" at the screen become, when replies are lost and the store is away. The backend is real."""

import pytest

from aisle.messages import ProblemCode, memory
from aisle.messages.memory import Purpose, Reason
from kiosk_ui import remembering
from kiosk_ui.view import ConsentPage
from tests.kiosk_ui.play import MILK
from tests.kiosk_ui.store_play import ANNA, StorePlay, given, known, opened, read, state

WISHES = list(Purpose).index(Purpose.WISH_LIST)
ALLOW, DECLINE = f"allow:{WISHES}", f"decline:{WISHES}"


def page(play: StorePlay) -> ConsentPage:
    shown = play.page()
    assert isinstance(shown, ConsentPage)
    return shown


def test_a_yes_whose_reply_is_lost_does_not_stand_in_the_store(store: StorePlay) -> None:
    opened(store)
    store.loses_replies = True
    store.touch(ALLOW)
    store.wait(3.0)
    shopper_id = state(store).shopper_id
    assert not page(store).choices[WISHES].is_given
    store.loses_replies = False
    store.wait(6.0)
    assert given(store, shopper_id) == set()
    store.touch(ALLOW)
    store.wait(6.0)
    assert given(store, shopper_id) == {Purpose.WISH_LIST}
    assert page(store).choices[WISHES].is_given


def test_a_no_is_sent_also_where_the_screen_shows_that_nothing_is_given(store: StorePlay) -> None:
    known(store, Purpose.WISH_LIST)
    state(store).given = frozenset()
    store.touch(DECLINE)
    store.wait(0.3)
    assert given(store, ANNA) == set()
    assert page(store).notice == "Withdrawn. Removed with it: 0"


@pytest.mark.parametrize("is_restarted", [False, True])
def test_a_no_goes_on_when_its_shopper_has_left(store: StorePlay, is_restarted: bool) -> None:
    known(store, Purpose.WISH_LIST)
    store.is_lost = True
    store.touch(DECLINE, "home")
    store.wait(60.0)
    assert store.kiosk.visit is None
    if is_restarted:
        store.restart()
    store.is_lost = False
    store.wait(6.0)
    assert given(store, ANNA) == set()
    store.restart()
    assert store.kept.demands == ()


@pytest.mark.parametrize("code", [ProblemCode.BUSY, ProblemCode.FAILED, ProblemCode.EXPIRED])
def test_who_stays_sees_that_the_no_is_repeated_and_when_it_is_done(store: StorePlay, code: ProblemCode) -> None:
    known(store, Purpose.WISH_LIST)
    store.refuses = code
    store.touch(DECLINE)
    store.wait(10.0)
    assert page(store).notice.startswith("The store's computer does not answer. I keep telling it")
    assert not page(store).choices[WISHES].is_given
    store.refuses = None
    store.wait(6.0)
    assert given(store, ANNA) == set()
    assert page(store).notice == "Withdrawn. Removed with it: 0"


def test_a_yes_takes_an_older_no_back_that_has_not_got_through(store: StorePlay) -> None:
    known(store, Purpose.WISH_LIST)
    store.is_lost = True
    store.touch(DECLINE)
    store.is_lost = False
    store.touch(ALLOW)
    store.wait(20.0)
    assert given(store, ANNA) == {Purpose.WISH_LIST}
    assert page(store).choices[WISHES].is_given


def test_a_yes_that_arrives_after_a_later_no_does_not_stand(store: StorePlay) -> None:
    opened(store)
    store.is_lost = True
    store.touch(ALLOW)
    store.is_lost = False
    store.touch(DECLINE)
    store.wait(3.0)
    assert [one.given for one in store.asked_for(memory.ChangeConsent)] == [False, True, False]
    assert given(store, state(store).shopper_id) == set()


def test_a_yes_that_was_not_confirmed_when_its_shopper_left_does_not_stand(store: StorePlay) -> None:
    known(store)
    store.loses_replies = True
    assert store.kiosk.touch(ALLOW, store.now_s)
    store.wait(0.5)
    assert given(store, ANNA) == {Purpose.WISH_LIST}
    assert store.kiosk.visit is not None
    store.kiosk.leave(store.kiosk.visit, store.now_s)
    store.loses_replies = False
    store.wait(1.0)
    assert given(store, ANNA) == set()


def test_what_was_withdrawn_is_not_used_in_the_next_visit_although_the_store_has_not_heard(store: StorePlay) -> None:
    known(store, Purpose.WISH_LIST)
    store.touch("home", "suggestion:0", "put_on_list", "my_list", "keep_list")
    store.wait(1.0)
    assert [fact.product_id for fact in read(store, ANNA).facts] == [MILK]
    store.touch("home", "remember")
    store.wait(0.5)
    store.refuses = ProblemCode.BUSY
    store.touch(DECLINE)
    store.wait(60.0)
    known(store)
    assert state(store).shopper_id == ANNA
    assert state(store).given == {Purpose.WISH_LIST}
    assert state(store).usable == frozenset()


def test_purchases_that_come_after_the_no_are_not_used(store: StorePlay) -> None:
    known(store, Purpose.HISTORY_FOR_ADVICE)
    assert state(store).history
    store.refuses = ProblemCode.BUSY
    store.touch(f"decline:{list(Purpose).index(Purpose.HISTORY_FOR_ADVICE)}")
    assert store.kiosk.visit is not None
    remembering.read(store.kiosk, store.kiosk.visit, Reason.ADVICE)
    store.wait(0.5)
    assert state(store).history == ()


def test_before_the_store_has_said_what_is_given_a_yes_asks_for_that_first(store: StorePlay) -> None:
    known(store, Purpose.WISH_LIST)
    state(store).is_told, state(store).given = False, frozenset()
    store.touch(ALLOW)
    store.wait(0.5)
    assert not store.asked_for(memory.ChangeConsent)
    assert page(store).choices[WISHES].is_given
