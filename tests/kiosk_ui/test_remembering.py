"""Consent and memory at the screen; the real backend keeps them."""

import re

import msgspec
import pytest

from aisle.messages import Problem, ProblemCode, care, memory
from aisle.messages.advice import Advice, Cause, Recommendation, Recommended, RecommendRequest
from aisle.messages.memory import FactKind, Purpose, Reason, Source
from kiosk_ui import remembering
from kiosk_ui.notes import Note
from kiosk_ui.outbox import Keep
from kiosk_ui.remembering import Remembering, Sheet
from kiosk_ui.view import ConsentPage, CorrectPage, FactsPage
from tests.kiosk_ui.play import BREAD, CUTLERY, MILK, NAMES
from tests.kiosk_ui.store_play import ANNA, StorePlay, bought, given, known, opened, read, state

HISTORY, WISHES, LOYALTY = 0, 1, 2


def consent_page(play: StorePlay) -> ConsentPage:
    page = play.page()
    assert isinstance(page, ConsentPage)
    return page


def test_all_is_off_and_no_and_yes_are_of_one_size(store: StorePlay) -> None:
    opened(store)
    choices = consent_page(store).choices
    assert [choice.is_given for choice in choices] == [False] * len(Purpose)
    assert choices[HISTORY].text == "The store may remember my purchases for a year to advise me better."
    boxes = {one.name: (one.width, one.height) for one in store.kiosk.screen_state(store.now_s).controls}
    for index in range(len(Purpose)):
        assert boxes[f"allow:{index}"] == boxes[f"decline:{index}"]


def test_nothing_is_asked_of_a_shopper_who_asks_for_nothing(store: StorePlay) -> None:
    store.touch("start", "suggestion:0", "put_on_list", "my_list", "to_till")
    store.wait(3.0)
    assert not [message for message in store.asked if type(message) in memory.PERSONAL]
    assert state(store).shopper_id == ""


def test_looking_at_the_page_and_saying_no_makes_nobody_known(store: StorePlay) -> None:
    opened(store)
    store.touch(*(f"decline:{index}" for index in range(len(Purpose))))
    assert state(store).shopper_id == ""
    assert not store.asked_for(memory.ChangeConsent)


def test_a_purpose_is_given_and_withdrawn_by_one_touch_each_in_the_words_that_were_shown(store: StorePlay) -> None:
    opened(store)
    store.touch(f"allow:{WISHES}")
    store.wait(0.3)
    shopper_id = state(store).shopper_id
    assert re.fullmatch("[0-9a-f]{32}", shopper_id)
    assert given(store, shopper_id) == {Purpose.WISH_LIST}
    assert consent_page(store).choices[WISHES].is_given
    store.touch(f"decline:{WISHES}")
    store.wait(0.3)
    assert given(store, shopper_id) == set()
    assert consent_page(store).notice == "Withdrawn. Removed with it: 0"
    changes = store.asked_for(memory.ChangeConsent)
    assert [(one.given, one.language) for one in changes] == [(True, "en"), (False, "en")]
    assert store.outcomes() == ["started", "consent_given", "consent_withdrawn"]


def test_a_touch_on_what_stands_already_changes_nothing(store: StorePlay) -> None:
    opened(store)
    store.touch(f"allow:{WISHES}")
    store.wait(0.3)
    store.touch(f"allow:{WISHES}")
    store.wait(0.3)
    assert len(store.asked_for(memory.ChangeConsent)) == 1


def test_consent_that_did_not_arrive_is_not_shown_as_given(store: StorePlay) -> None:
    opened(store)
    store.is_lost = True
    store.touch(f"allow:{HISTORY}")
    store.wait(4.0)
    page = consent_page(store)
    assert (page.is_problem, page.choices[HISTORY].is_given) == (True, False)


def test_words_that_have_changed_are_shown_anew_and_nothing_is_given(store: StorePlay) -> None:
    opened(store)
    shown = state(store).wordings["en"]
    state(store).wordings["en"] = msgspec.structs.replace(shown, version=shown.version + 1)
    store.touch(f"allow:{HISTORY}")
    store.wait(0.3)
    assert consent_page(store).notice == "The words have changed. Please read them again."
    assert state(store).wordings["en"] == shown
    assert state(store).given == frozenset()


def test_the_words_come_in_the_language_of_the_screen(store: StorePlay) -> None:
    opened(store)
    store.touch("language:de")
    store.wait(0.3)
    assert consent_page(store).choices[WISHES].text == "Der Laden darf meine Wunschliste ein Jahr lang aufbewahren."


def test_a_phone_says_who_is_there_and_the_visit_says_only_that_it_was_somebody_known(store: StorePlay) -> None:
    known(store, Purpose.WISH_LIST)
    assert state(store).shopper_id == ANNA
    assert consent_page(store).choices[WISHES].is_given
    assert store.outcomes() == ["started", "recognised"]


def test_each_thing_that_is_kept_can_be_seen_corrected_and_deleted(store: StorePlay) -> None:
    known(store, Purpose.HISTORY_FOR_ADVICE)
    store.touch("see_memory")
    store.wait(0.5)
    page = store.page()
    assert isinstance(page, FactsPage)
    assert [line.title for line in page.lines] == ["thing 1", "thing 2"]
    store.touch("correct_fact:0")
    assert isinstance(store.page(), CorrectPage)
    store.touch("key:back", "key:2", "key:space", "key:b", "save")
    store.wait(0.5)
    assert sorted(line.title for line in store.page().lines) == ["thing 2", "thing 2 b"]
    store.touch("delete_fact:0")
    store.wait(0.3)
    assert len(store.page().lines) == len(read(store, ANNA).facts) == 1


@pytest.mark.parametrize("touches", [["delete_fact:0"], ["correct_fact:0", "key:2", "save"]])
def test_what_was_deleted_or_corrected_is_used_for_advice_no_more(store: StorePlay, touches: list[str]) -> None:
    known(store, Purpose.HISTORY_FOR_ADVICE)
    store.touch("see_memory")
    store.wait(0.5)
    assert state(store).facts[0].product_id == MILK
    store.touch(*touches)
    store.wait(0.5)
    assert [one.product_id for one in state(store).history] == [BREAD]
    asked = [one for one in store.of(RecommendRequest) if one.advice is Advice.REMIND]
    assert [[one.product_id for one in request.history] for request in asked] == [[MILK, BREAD], [BREAD]]


def test_a_reading_for_advice_that_comes_after_a_deletion_does_not_bring_it_back(store: StorePlay) -> None:
    known(store, Purpose.HISTORY_FOR_ADVICE)
    store.touch("see_memory")
    store.wait(0.5)
    before = read(store, ANNA)
    store.touch("delete_fact:0")
    store.wait(0.3)
    assert store.kiosk.visit is not None
    remembering.read(store.kiosk, store.kiosk.visit, Reason.ADVICE)
    (asked,) = store.kiosk.take_requests()
    store.kiosk.answered(
        asked.token, memory.MemoryOpened(ticket="t" * 32, until_unix_s=store.now_s + 60.0), store.now_s
    )
    (asked,) = store.kiosk.take_requests()
    store.kiosk.answered(asked.token, before, store.now_s)
    assert [one.product_id for one in state(store).history] == [BREAD]


def test_the_shopper_finds_every_look_of_the_screen_in_the_access_log(store: StorePlay) -> None:
    known(store, Purpose.HISTORY_FOR_ADVICE)
    store.touch("see_memory")
    store.wait(0.5)
    looks = [(one.reader, one.reason) for one in read(store, ANNA).accesses if one.reader != "admin: test"]
    assert sorted(looks) == [
        ("kiosk_ui: kiosk robot-1", Reason.ADVICE),
        ("kiosk_ui: kiosk robot-1", Reason.SHOPPER_ASKED),
        ("kiosk_ui: kiosk robot-1", Reason.SHOPPER_ASKED),
    ]


def test_one_confirmation_erases_everything(store: StorePlay) -> None:
    known(store, Purpose.HISTORY_FOR_ADVICE)
    store.touch("erase_all")
    panel = store.kiosk.view(store.now_s).panel
    assert panel is not None
    assert panel.is_even
    store.touch("close")
    assert not store.asked_for(memory.EraseShopper)
    store.touch("erase_all", "erase")
    store.wait(0.5)
    assert consent_page(store).notice == "Everything about you is erased."
    assert (state(store).shopper_id, state(store).facts, state(store).history) == ("", (), ())
    refused = store.backend.answer(
        "kiosk_ui", memory.OpenMemory(shopper_id=ANNA, reader="x", reason=Reason.SHOPPER_ASKED)
    )
    assert isinstance(refused, Problem)
    assert refused.code is ProblemCode.FORBIDDEN


def erased(play: StorePlay, shopper_id: str) -> bool:
    opening = memory.OpenMemory(shopper_id=shopper_id, reader="x", reason=Reason.SHOPPER_ASKED)
    return isinstance(play.backend.answer("kiosk_ui", opening), Problem)


def test_an_erasure_goes_on_when_its_shopper_has_left(store: StorePlay) -> None:
    known(store, Purpose.WISH_LIST)
    store.is_lost = True
    store.touch("erase_all", "erase", "home")
    store.wait(60.0)
    assert store.kiosk.visit is None
    store.is_lost = False
    store.wait(6.0)
    assert store.asked_for(memory.EraseShopper) == [memory.EraseShopper(shopper_id=ANNA)]


@pytest.mark.parametrize(
    "code", [ProblemCode.BUSY, ProblemCode.FAILED, ProblemCode.EXPIRED, ProblemCode.NOT_READY, ProblemCode.VERSION]
)
def test_a_store_that_cannot_erase_now_is_asked_until_it_has(store: StorePlay, code: ProblemCode) -> None:
    known(store, Purpose.WISH_LIST)
    store.refuses = code
    store.touch("erase_all", "erase")
    store.wait(20.0)
    assert consent_page(store).notice.startswith("The store's computer does not answer. I keep telling it")
    store.wait(60.0)
    assert store.kiosk.visit is None
    store.refuses = None
    store.wait(6.0)
    assert erased(store, ANNA)


def test_an_erasure_outlives_a_restart_and_then_nothing_of_it_is_kept(store: StorePlay) -> None:
    known(store, Purpose.WISH_LIST)
    store.is_lost = True
    store.touch("erase_all", "erase")
    store.restart()
    assert [one.message for one in store.kept.demands] == [memory.EraseShopper(shopper_id=ANNA)]
    store.wait(30.0)
    store.restart()
    store.is_lost = False
    store.wait(1.0)
    assert erased(store, ANNA)
    store.restart()
    assert store.kept.demands == ()


def test_nothing_is_used_of_who_has_demanded_the_erasure(store: StorePlay) -> None:
    known(store, Purpose.HISTORY_FOR_ADVICE)
    store.is_lost = True
    store.touch("erase_all", "erase")
    assert (state(store).usable, state(store).history) == (frozenset(), ())
    store.touch("home")
    assert "reminder:0" not in store.names()


def test_an_answer_about_a_shopper_who_is_forgotten_is_nobodys(store: StorePlay) -> None:
    known(store, Purpose.WISH_LIST)
    visit, heard = store.kiosk.visit, list[object]()
    assert visit is not None
    for is_forgotten in (False, True):
        remembering.ask(store.kiosk, visit, memory.OfferGreeting(), lambda *taken: heard.append(taken))
        if is_forgotten:
            visit.remembering = Remembering()
        store.wait(0.3)
    assert len(heard) == 1


def test_steps_about_the_memory_tell_no_time_and_the_next_step_does_not_tell_it_either(store: StorePlay) -> None:
    known(store, Purpose.HISTORY_FOR_ADVICE)
    store.touch(f"allow:{WISHES}")
    store.wait(0.5)
    store.touch(f"decline:{WISHES}")
    store.wait(0.5)
    store.touch("home", "reminder:0")
    store.wait(0.5)
    started, *about_memory, chosen = store.asked_for(care.JourneyEvent)
    assert [one.outcome for one in about_memory] == ["recognised", "consent_given", "consent_withdrawn"]
    assert {(one.happened_unix_s, one.seconds, one.taps) for one in about_memory} == {(None, 0.0, 0)}
    assert chosen.happened_unix_s - chosen.seconds == pytest.approx(started.happened_unix_s)
    assert chosen.taps == 6


def test_a_card_is_linked_only_by_who_allows_it_and_asks_for_it(store: StorePlay) -> None:
    known(store, Purpose.WISH_LIST)
    assert "link_card" not in store.names()
    store.touch(f"allow:{LOYALTY}")
    store.wait(0.3)
    store.touch("link_card")
    store.wait(0.5)
    assert store.page().code
    store.ask(memory.LinkCard(token=state(store).token, card="4711-0815"), "web")
    store.touch("back", "see_memory")
    store.wait(0.5)
    assert [line.title for line in store.page().lines] == ["4711-0815"]


def test_what_is_paid_is_remembered_for_who_allows_it_once(store: StorePlay) -> None:
    known(store, Purpose.HISTORY_FOR_ADVICE)
    store.touch("home", "reminder:0", "put_on_list", "my_list", "to_till")
    assert store.kiosk.visit is not None
    assert store.kiosk.visit.hand_off is not None
    bought(store, store.kiosk.visit.hand_off.number)
    store.wait(4.0)
    # It was bought once before.
    assert [fact.product_id for fact in read(store, ANNA).facts].count(BREAD) == 2


def test_a_list_is_kept_for_another_time_by_who_allows_it_and_comes_back(store: StorePlay) -> None:
    known(store, Purpose.WISH_LIST)
    store.touch("home", "suggestion:0", "put_on_list", "my_list", "keep_list")
    store.wait(1.0)
    assert "keep_list" not in store.names()
    assert [(fact.kind, fact.product_id) for fact in read(store, ANNA).facts] == [(FactKind.WISH, MILK)]
    store.touch("less_of:0", "take_wishes")
    assert store.kiosk.visit is not None
    assert store.kiosk.visit.basket.counts == {MILK: 1}
    store.touch("home", "remember", f"decline:{WISHES}")
    store.wait(0.5)
    assert read(store, ANNA).facts == ()
    store.touch("home", "my_list", "less_of:0")
    assert "take_wishes" not in store.names()


def test_a_whole_list_is_kept_with_one_look_into_the_memory(store: StorePlay) -> None:
    known(store, Purpose.WISH_LIST)
    for index in range(3):
        store.touch("home", f"suggestion:{index}", "put_on_list")
    looks = len(store.asked_for(memory.OpenMemory))
    store.touch("my_list", "keep_list")
    store.wait(1.0)
    assert len(store.asked_for(memory.OpenMemory)) == looks + 1
    assert {fact.product_id for fact in state(store).facts} == {MILK, BREAD, CUTLERY}


def test_a_list_that_is_being_kept_is_not_sent_again_and_can_be_when_it_got_lost(store: StorePlay) -> None:
    known(store, Purpose.WISH_LIST)
    store.touch("home", "suggestion:0", "put_on_list", "home", "suggestion:1", "put_on_list", "my_list")
    store.is_lost = True
    store.touch("keep_list", "keep_list")
    assert len(store.of(memory.RememberFact)) == 2
    store.wait(3.0)
    store.is_lost = False
    store.touch("keep_list")
    store.wait(1.0)
    assert sorted(fact.product_id or 0 for fact in read(store, ANNA).facts) == [MILK, BREAD]


def test_who_does_not_allow_a_wish_list_is_not_offered_one(store: StorePlay) -> None:
    store.touch("start", "suggestion:0", "put_on_list", "my_list")
    assert not {"keep_list", "take_wishes"} & store.names()


def test_what_is_kept_names_no_visit_and_no_list(store: StorePlay) -> None:
    known(store, Purpose.HISTORY_FOR_ADVICE, Purpose.WISH_LIST)
    store.touch("home", "reminder:0", "put_on_list", "my_list", "keep_list", "to_till")
    assert store.kiosk.visit is not None
    assert store.kiosk.visit.hand_off is not None
    bought(store, store.kiosk.visit.hand_off.number)
    store.wait(4.0)
    names = (store.kiosk.visit.session_id, store.kiosk.visit.hand_off.number)
    sent = [message for message in store.asked if type(message) in memory.PERSONAL]
    assert len(sent) >= 5
    for key, message in store.keys_of:
        if type(message) in memory.PERSONAL:
            assert not any(name in key + msgspec.json.encode(message).decode() for name in names)


def test_a_withdrawal_ends_the_use_for_advice_with_the_touch(store: StorePlay) -> None:
    known(store, Purpose.HISTORY_FOR_ADVICE)
    assert {one.product_id for one in state(store).history} == {MILK, BREAD}
    store.is_lost = True
    store.touch(f"decline:{HISTORY}")
    assert state(store).history == ()
    store.touch("home")
    assert "reminder:0" not in store.names()


def test_nothing_is_kept_after_a_withdrawal_that_has_not_got_through(store: StorePlay) -> None:
    known(store, Purpose.HISTORY_FOR_ADVICE)
    store.is_lost = True
    store.touch(f"decline:{HISTORY}")
    store.wait(4.0)
    assert consent_page(store).is_problem
    store.is_lost = False
    store.touch("home", "suggestion:0", "put_on_list", "my_list", "to_till")
    assert store.kiosk.visit is not None
    assert store.kiosk.visit.hand_off is not None
    bought(store, store.kiosk.visit.hand_off.number)
    store.wait(4.0)
    assert not store.asked_for(memory.RememberFact)


def test_reminders_come_from_purchases_that_may_be_used_alone(store: StorePlay) -> None:
    known(store, Purpose.HISTORY_FOR_ADVICE)
    (request,) = [one for one in store.of(RecommendRequest) if one.advice is Advice.REMIND]
    assert [round(one.ago_s / 86_400.0) for one in request.history] == [1, 2]
    store.touch("home", "reminder:0")
    assert store.page().name == "Bread"


def advise(request: RecommendRequest) -> Recommended:
    """Remind of milk and bread, and tell of cutlery that is new."""
    if request.advice is Advice.DISCOVER:
        cutlery = Recommendation(product_id=CUTLERY, score=1.0, because=(CUTLERY, MILK), reason="r", cause=Cause.TASTE)
        return Recommended(items=(cutlery,))
    again = (
        Recommendation(product_id=one, score=1.0, because=(), reason="r", cause=Cause.OWN) for one in (MILK, BREAD)
    )
    return Recommended(items=tuple(again))


def test_a_shopper_who_allows_it_sees_one_thing_that_is_new_and_why(store: StorePlay) -> None:
    store.replies[RecommendRequest] = advise
    known(store, Purpose.HISTORY_FOR_ADVICE)
    (request,) = [one for one in store.of(RecommendRequest) if one.advice is Advice.DISCOVER]
    assert {one.product_id for one in request.history} == {1, 2}
    store.touch("home")
    page = store.page()
    assert page.suggestions_title == "For you; the last one is new to you"
    assert [row.title for row in page.suggestions] == ["Milk", "Bread", NAMES[CUTLERY]]
    assert page.suggestions[-1].detail == "Others who buy Milk buy this too"
    store.touch("discovery:0")
    assert store.page().name == NAMES[CUTLERY]


def test_what_followed_from_purchases_goes_with_the_consent(store: StorePlay) -> None:
    store.replies[RecommendRequest] = advise
    known(store, Purpose.HISTORY_FOR_ADVICE)
    store.touch("home", "remember", f"decline:{HISTORY}", "home")
    assert store.page().suggestions_title == "Often bought here"


def test_without_consent_for_advice_no_purchase_leaves_the_memory(store: StorePlay) -> None:
    known(store, Purpose.LOYALTY)
    assert not [one for one in store.of(RecommendRequest) if one.history]


def test_nothing_personal_is_on_the_disk_or_in_the_screen_state_that_is_published(store: StorePlay) -> None:
    known(store, Purpose.HISTORY_FOR_ADVICE, Purpose.CONTACT)
    mail = memory.RememberFact(
        fact_key="mail", shopper_id=ANNA, kind=FactKind.E_MAIL, text="anna@example.org", source=Source.PHONE
    )
    store.ask(mail)
    seen = []
    for touches in (["see_memory"], ["correct_fact:0"], ["back"], ["back"], ["my_number"], ["back", "call_person"]):
        store.touch(*touches)
        store.wait(1.0)
        seen.append(msgspec.json.encode(store.kiosk.screen_state(store.now_s)))
    kept = [msgspec.json.encode(one) for one in store.changes if isinstance(one, Keep | Note)]
    token = store.asked_for(memory.GreetingQuery)[0].token.encode()
    for content in (*seen, *kept):
        for personal in (ANNA.encode(), b"anna@", b"thing 1", token):
            assert personal not in content


def test_the_next_shopper_finds_nothing_of_the_one_before(store: StorePlay) -> None:
    known(store, Purpose.HISTORY_FOR_ADVICE)
    store.touch("my_number")
    store.wait(60.0)
    opened(store)
    assert (state(store).shopper_id, state(store).sheet) == ("", Sheet.CONSENT)
    assert not any(choice.is_given for choice in consent_page(store).choices)


@pytest.mark.parametrize("sheet", ["phone_knows_me"])
def test_a_code_that_is_not_shown_any_more_lets_nobody_in(store: StorePlay, sheet: str) -> None:
    opened(store)
    store.touch(sheet)
    store.wait(0.5)
    token = state(store).token
    store.touch("home")
    store.ask(memory.Greet(token=token, shopper_id=ANNA), "web")
    store.wait(5.0)
    assert state(store).shopper_id == ""
