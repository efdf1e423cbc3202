"""A person takes a call and hands the shopper back: the visit stays, and goes on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisle.messages import care, memory, staff
from aisle.messages.memory import Purpose
from aisle.messages.visit import Screen
from kiosk_ui.hand_back import LONGEST_NOTE, sentence
from kiosk_ui.remembering import Remembering
from kiosk_ui.visit import CallStatus
from tests.kiosk_ui.store_play import ANNA, StorePlay, known, opened, state


def called(play: StorePlay) -> None:
    """Look at a product and call a person, who takes the call."""
    play.touch("start", "suggestion:1", "put_on_list", "call_person")
    play.wait(1.0)
    play.ask(staff.ClaimCall(assistance_id=1, staff_id="7"))
    play.wait(4.0)


def status(play: StorePlay) -> CallStatus | None:
    return play.kiosk.visit.call.status if play.kiosk.visit and play.kiosk.visit.call else None


def test_the_screen_says_that_a_person_comes_and_keeps_the_visit_for_minutes(store: StorePlay) -> None:
    called(store)
    view = store.kiosk.view(store.now_s)
    assert (status(store), view.call, view.is_called) == (CallStatus.CLAIMED, "A person is coming", True)
    store.wait(120.0)
    assert store.kiosk.screen is Screen.PRODUCT
    assert store.kiosk.screen_state(store.now_s).idle_s < 5.0


def test_after_the_hand_back_the_visit_is_where_it_was_with_the_note_in_one_sentence(store: StorePlay) -> None:
    called(store)
    before = store.kiosk.visit
    store.wait(60.0)
    store.ask(staff.HandBack(assistance_id=1, staff_id="7", note="The bread is in aisle 5. I have looked."))
    store.wait(4.0)
    panel = store.kiosk.view(store.now_s).panel
    assert panel is not None
    assert (panel.title, panel.text) == (
        "I am here for you again",
        "My colleague says: “The bread is in aisle 5.”",
    )
    store.touch("close")
    assert store.kiosk.visit is before
    assert store.page().name == "Bread"
    assert "my_list" in store.names()


def test_whoever_is_called_next_knows_what_was_said(store: StorePlay) -> None:
    called(store)
    store.ask(staff.HandBack(assistance_id=1, staff_id="7", note="The bread is in aisle 5."))
    store.wait(4.0)
    store.touch("close", "call_person")
    store.wait(1.0)
    calls = store.asked_for(care.CallPerson)
    assert len(calls) == 2
    assert "Staff handed the shopper back. The bread is in aisle 5." in calls[1].story


def test_a_hand_back_without_a_note_says_that_nothing_need_be_repeated(store: StorePlay) -> None:
    called(store)
    store.ask(staff.HandBack(assistance_id=1, staff_id="7"))
    store.wait(4.0)
    panel = store.kiosk.view(store.now_s).panel
    assert panel is not None
    assert "need not repeat" in panel.text


def test_a_call_that_ended_is_over_and_a_new_one_can_be_made(store: StorePlay) -> None:
    called(store)
    store.ask(staff.EndCall(assistance_id=1, staff_id="7"))
    store.wait(4.0)
    assert status(store) is CallStatus.ENDED
    view = store.kiosk.view(store.now_s)
    assert (view.call, view.panel) == ("Call a person", None)
    store.touch("call_person")
    store.wait(1.0)
    assert len(store.asked_for(care.CallPerson)) == 2


def test_nobody_keeps_the_screen_for_ever(store: StorePlay) -> None:
    called(store)
    store.wait(360.0)
    assert store.kiosk.screen is Screen.ATTRACT


def test_a_store_that_falls_silent_does_not_keep_the_screen(store: StorePlay) -> None:
    called(store)
    store.is_lost = True
    store.wait(60.0)
    assert store.kiosk.screen is Screen.ATTRACT


def takes(play: StorePlay) -> None:
    """Call a person from any page, who takes the call."""
    play.touch("call_person")
    play.wait(1.0)
    play.ask(staff.ClaimCall(assistance_id=1, staff_id="7"))
    play.wait(4.0)
    play.touch("close")


@pytest.mark.parametrize(
    "page", [["see_memory"], ["my_number"], ["erase_all", "close"], ["see_memory", "correct_fact:0"]]
)
def test_who_goes_away_with_a_person_is_known_no_more_and_the_list_stays(store: StorePlay, page: list[str]) -> None:
    known(store, Purpose.HISTORY_FOR_ADVICE)
    store.touch("home", "reminder:0", "put_on_list", "home", "remember")
    for control in page:
        store.touch(control)
        store.wait(0.5)
    takes(store)
    assert store.kiosk.screen is Screen.HOME
    assert state(store) == Remembering(wordings=state(store).wordings)
    assert store.kiosk.visit is not None
    assert (store.kiosk.visit.reminders, len(store.kiosk.visit.basket.counts)) == (None, 1)
    store.touch("remember")
    store.wait(0.5)
    assert not {"see_memory", "my_number", "erase_all"} & store.names()
    store.wait(3.0)
    assert ANNA not in repr(state(store))


def test_the_question_whether_to_erase_goes_with_who_was_asked(store: StorePlay) -> None:
    known(store, Purpose.WISH_LIST)
    store.touch("call_person")
    store.wait(1.0)
    store.touch("close", "erase_all")
    store.ask(staff.ClaimCall(assistance_id=1, staff_id="7"))
    store.wait(4.0)
    assert "erase" not in store.names()


def test_a_call_that_was_over_before_the_screen_heard_of_it_forgets_as_well(store: StorePlay) -> None:
    known(store, Purpose.WISH_LIST)
    store.touch("call_person")
    store.wait(1.0)
    store.ask(staff.ClaimCall(assistance_id=1, staff_id="7"))
    store.ask(staff.HandBack(assistance_id=1, staff_id="7"))
    store.wait(4.0)
    assert state(store).shopper_id == ""


def test_a_code_that_was_shown_when_its_shopper_went_away_lets_nobody_in(store: StorePlay) -> None:
    opened(store)
    store.touch("phone_knows_me")
    store.wait(0.5)
    token = state(store).token
    takes(store)
    store.ask(memory.Greet(token=token, shopper_id=ANNA), "web")
    store.wait(5.0)
    assert state(store).shopper_id == ""
    assert store.kiosk.screen is Screen.HOME


def test_who_becomes_known_while_a_person_sees_to_the_shopper_is_not_kept_for_minutes(store: StorePlay) -> None:
    called(store)
    store.touch("close", "home")
    known(store, Purpose.WISH_LIST, is_at_home=True)
    assert (status(store), state(store).shopper_id) == (CallStatus.CLAIMED, ANNA)
    store.wait(50.0)
    assert store.kiosk.screen is Screen.ATTRACT


@given(note=st.text(max_size=400))
def test_a_note_is_shown_as_one_sentence_that_has_room(note: str) -> None:
    shown = sentence(note)
    assert len(shown) <= LONGEST_NOTE
    assert "\n" not in shown
    assert ". " not in shown.removesuffix("…")


@pytest.mark.parametrize(("note", "shown"), [
    ("It is in aisle 5.", "It is in aisle 5."),
    ("Sold out! Comes on Monday.", "Sold out!"),
    ("  two\nlines ", "two lines"),
    ("", ""),
])  # fmt: skip
def test_the_first_sentence_of_a_note_is_shown(note: str, shown: str) -> None:
    assert sentence(note) == shown
