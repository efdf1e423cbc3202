"""The kiosk's core through whole visits, with everything that can go wrong on the thin path."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aisle.messages import Problem, ProblemCode
from aisle.messages.advice import Cause, Recommendation, Recommended, RecommendRequest
from aisle.messages.care import CallPerson, Feedback, JourneyEvent, OpenSession, PersonCalled
from aisle.messages.visit import Screen, TourCancel, TourRequest, VisitState
from kiosk_ui.state import IDLE_S, THANKS_S
from kiosk_ui.visit import CallStatus
from kiosk_ui.words import words
from tests.kiosk_ui.play import BREAD, BUSY, CUTLERY, LOST, MILK, SILENCE, UNKNOWN, Play, little_shop, robot_view

EN = words("en")


def test_a_visit_from_a_typo_to_the_shelf_and_the_score() -> None:
    play = Play()
    play.touch("start", "buy", *(f"key:{letter}" for letter in "mlik"), "result:0")
    assert play.kiosk.screen is Screen.PRODUCT
    assert play.kiosk.screen_state(play.now_s).product_id == MILK
    play.touch("take_me_there")
    assert play.kiosk.screen is Screen.GUIDING
    play.wait(0.5, robot_view(VisitState.GUIDING, 1.0))
    play.wait(0.5, robot_view(VisitState.GUIDING, 3.0))
    play.wait(0.1, robot_view(VisitState.ARRIVED))
    assert play.kiosk.screen is Screen.ARRIVAL
    play.touch("found", "score:9")
    play.wait(THANKS_S + 0.3)
    assert play.kiosk.screen is Screen.ATTRACT
    assert [event.outcome for event in play.of(JourneyEvent)] == [
        "started",
        "asked_buy",
        "chosen",
        "tour_started",
        "arrived",
        "found",
        "scored",
    ]
    assert sum(event.taps for event in play.of(JourneyEvent)) == 10
    assert sum(event.metres for event in play.of(JourneyEvent)) == pytest.approx(4.0)
    assert play.of(Feedback) == [Feedback(session_id="session1", score=9)]
    assert play.of(TourCancel) == [TourCancel(session_id="session1")]


def test_a_suggested_product_takes_three_taps_to_the_tour() -> None:
    play = Play()
    play.touch("start", "suggestion:0", "take_me_there")
    assert play.kiosk.screen is Screen.GUIDING


def test_a_control_that_is_not_on_the_screen_does_nothing() -> None:
    play = Play()
    assert not play.kiosk.touch("take_me_there", play.now_s)
    assert play.kiosk.visit is None


@settings(max_examples=12, deadline=None)
@given(st.data())
def test_any_touches_in_any_order_leave_a_screen_with_controls(data: st.DataObject) -> None:
    play = Play()
    states = (
        None,
        robot_view(VisitState.GUIDING),
        robot_view(VisitState.ARRIVED),
        robot_view(VisitState.CALLING),
        robot_view(VisitState.SERVING),
    )
    for _ in range(25):
        play.touch(data.draw(st.sampled_from(sorted(play.names()))))
        play.wait(0.5, data.draw(st.sampled_from(states)))
        assert play.kiosk.view(play.now_s).panel is not None or "call_person" in play.names()
    events = play.of(JourneyEvent)
    assert len({event.event_key for event in events}) == len(events)


def test_an_idle_screen_goes_back_to_attract_and_forgets() -> None:
    play = Play()
    play.touch("language:de", "buy", "key:m")
    play.wait(IDLE_S + 0.5)
    assert play.kiosk.screen is Screen.ATTRACT
    assert play.kiosk.visit is None
    assert play.kiosk.language == "en"
    assert play.of(JourneyEvent)[-1].outcome == "left"


def test_it_does_not_time_out_while_the_robot_leads() -> None:
    play = Play()
    play.tour()
    play.wait(IDLE_S + 10.0, robot_view(VisitState.GUIDING))
    assert play.kiosk.screen is Screen.GUIDING


def test_an_arrival_of_the_tour_before_is_not_believed() -> None:
    play = Play()
    play.touch("start", "suggestion:0", "take_me_there")
    play.wait(0.3, robot_view(VisitState.ARRIVED))
    assert play.kiosk.screen is Screen.GUIDING
    play.wait(0.1, robot_view(VisitState.GUIDING))
    play.wait(0.1, robot_view(VisitState.ARRIVED))
    assert play.kiosk.screen is Screen.ARRIVAL


def test_a_tour_that_the_robot_ends_is_ended_on_the_screen_too() -> None:
    play = Play()
    play.tour()
    play.wait(4.0, robot_view(VisitState.THANKING))
    assert play.kiosk.screen is Screen.PRODUCT
    assert play.page().notice == EN.tour_ended
    assert len(play.of(TourRequest)) == 1


def test_stopping_the_tour_tells_the_robot() -> None:
    play = Play()
    play.tour()
    play.touch("cancel_tour", "stop_tour")
    assert (play.kiosk.screen, play.page().notice) == (Screen.PRODUCT, EN.tour_stopped)
    assert len(play.of(TourCancel)) == 1


def test_a_robot_that_refuses_gives_its_sentence() -> None:
    play = Play(replies={TourRequest: BUSY})
    play.touch("start", "suggestion:0", "take_me_there")
    assert (play.kiosk.screen, play.page().notice) == (Screen.PRODUCT, BUSY.sentence)
    assert "take_me_there" in play.names()


def test_a_refusal_in_german_is_german() -> None:
    play = Play(language="de", replies={TourRequest: BUSY})
    play.touch("start", "suggestion:0", "take_me_there")
    assert play.page().notice == words("de").spoken[BUSY.sentence]
    play.replies[TourRequest] = Problem(code=ProblemCode.BUSY, sentence="A reason without a translation.")
    play.touch("take_me_there")
    assert play.page().notice == words("de").cannot_drive


@pytest.mark.parametrize("answer", [SILENCE, Problem(code=ProblemCode.NOT_READY, sentence="ask again")])
def test_a_robot_that_does_not_answer_is_asked_again_then_told_not_to_go(answer: object) -> None:
    play = Play(replies={TourRequest: answer})
    play.touch("start", "suggestion:0", "take_me_there")
    assert (play.page().take_me_there, play.page().notice) == (EN.starting, "")
    play.wait(3.0)
    assert len(play.of(TourRequest)) == 3
    assert (play.kiosk.screen, play.page().notice) == (Screen.PRODUCT, EN.robot_away)
    play.wait()
    assert play.of(TourCancel)


def test_an_acceptance_after_the_shopper_went_back_is_cancelled() -> None:
    play = Play()
    play.touch("start", "suggestion:0")
    play.kiosk.touch("take_me_there", play.now_s)
    (request,) = [one for one in play.kiosk.take_requests() if isinstance(one.message, TourRequest)]
    play.touch("back")
    play.kiosk.answered(request.token, Problem(code=ProblemCode.BUSY, sentence="x"), play.now_s)
    play.wait()
    assert play.kiosk.screen is Screen.HOME
    play.wait()
    assert play.of(TourCancel) == [TourCancel(session_id="session1")]


def test_a_waiting_cancel_never_ends_the_next_tour() -> None:
    play = Play(replies={TourCancel: SILENCE})
    play.tour()
    play.touch("cancel_tour", "stop_tour")
    play.replies.clear()
    cancels = len(play.of(TourCancel))
    play.touch("take_me_there")
    play.wait(5.0, robot_view(VisitState.GUIDING))
    assert play.kiosk.screen is Screen.GUIDING
    assert len(play.of(TourCancel)) == cancels


def test_a_blocked_robot_calls_a_person_once_with_the_story() -> None:
    play = Play()
    play.tour()
    play.wait(5.0, robot_view(VisitState.CALLING, x_m=2.5))
    (call,) = play.of(CallPerson)
    assert "cannot go on at x 2.5 m" in call.story
    assert "Looked at Milk" in call.story
    assert play.page().title == EN.blocked
    assert play.page().is_problem


def test_a_silent_robot_is_said_on_the_way_and_the_place_stays_in_words() -> None:
    play = Play()
    play.tour()
    play.kiosk.hear(None, play.now_s)
    play.wait(3.0)
    assert play.page().title == EN.follow_me
    play.wait(2.0)
    assert play.page().title == EN.robot_lost
    assert "G1-N1" in play.page().place.sentence


def test_a_person_can_be_called_from_the_first_screen() -> None:
    play = Play()
    play.touch("call_person")
    assert len(play.of(CallPerson)) == 1
    assert play.kiosk.view(play.now_s).panel.text == EN.call_many_before.format(count=2)
    play.touch("close")
    assert play.kiosk.screen is Screen.HOME
    play.touch("call_person")
    assert len(play.of(CallPerson)) == 1, "a second touch shows the answer again and does not queue twice"


def test_a_call_that_does_not_get_through_is_said_and_repeated_with_the_same_key() -> None:
    play = Play(replies={CallPerson: SILENCE})
    play.touch("start", "call_person")
    assert play.kiosk.view(play.now_s).panel.title == EN.call_late
    play.wait(5.0)
    play.replies[CallPerson] = PersonCalled(assistance_id=7, waiting_before=0)
    play.wait(3.0)
    calls = play.of(CallPerson)
    assert len(calls) > 2
    assert len({call.call_key for call in calls}) == 1
    assert play.kiosk.view(play.now_s).panel.text == EN.call_next


def test_a_call_that_is_refused_names_the_service_desk() -> None:
    play = Play(replies={CallPerson: Problem(code=ProblemCode.FORBIDDEN, sentence="no")})
    play.touch("start", "call_person")
    assert play.kiosk.view(play.now_s).panel.title == EN.call_refused


def test_without_a_backend_advice_goes_on_and_the_journey_is_sent_later_in_order() -> None:
    play = Play(replies={OpenSession: SILENCE, JourneyEvent: SILENCE})
    play.tour()
    assert play.kiosk.screen is Screen.GUIDING
    assert play.kiosk.view(play.now_s).offline == EN.offline
    assert play.of(JourneyEvent) == []
    play.replies.clear()
    play.wait(10.0, robot_view(VisitState.GUIDING))
    assert [event.outcome for event in play.of(JourneyEvent)] == ["started", "chosen", "tour_started"]
    assert play.kiosk.view(play.now_s).offline == ""


def test_a_call_does_not_wait_for_the_journey() -> None:
    play = Play(replies={OpenSession: None})
    play.touch("start", "call_person")
    assert play.kiosk.visit is not None
    assert play.kiosk.visit.call is not None
    assert play.kiosk.visit.call.status is CallStatus.ARRIVED


def test_a_product_without_a_shelf_gets_an_honest_sentence_and_no_tour() -> None:
    play = Play(shop=little_shop(shelves=False))
    play.touch("start", "buy", *(f"key:{letter}" for letter in "lost"), "result:0")
    assert play.kiosk.visit is not None
    assert play.kiosk.visit.product_id == LOST
    assert play.page().problem == (EN.no_shelf, EN.no_shelf_hint)
    assert "take_me_there" not in play.names()


def test_a_product_that_left_the_catalogue_is_unknown() -> None:
    play = Play()
    play.touch("start", "suggestion:0")
    shop = little_shop()
    play.kiosk.stock(type(shop)(**{**vars(shop), "products": {}}))
    assert play.page().problem == (EN.unknown_product, "")
    assert "take_me_there" not in play.names()


def test_nothing_found_offers_another_word_or_a_person() -> None:
    play = Play()
    play.touch("start", "know", *(f"key:{letter}" for letter in "xqzwv"))
    assert play.page().empty == (EN.nothing_found.format(query="xqzwv"), EN.nothing_found_hint)
    assert not any(name.startswith("result") for name in play.names())
    play.touch("back")
    assert play.of(JourneyEvent)[-1].outcome == "nothing_found"


def test_an_empty_search_shows_what_is_bought_often() -> None:
    play = Play()
    play.touch("start", "buy", "key:space", "key:x", "key:back")
    assert play.page().rows_title == EN.often_bought
    assert play.page().rows


def test_without_a_catalogue_it_says_so_on_every_screen_of_advice() -> None:
    play = Play(shop=None)
    play.touch("start")
    assert play.page().problem == EN.no_catalogue
    play.touch("buy", "key:m")
    assert play.page().empty[0] == EN.no_catalogue


def test_pairings_carry_the_causes_and_unknown_products_are_left_out() -> None:
    play = Play()
    play.touch("start", "suggestion:0")
    assert [(row.title, row.detail) for row in play.page().pairings] == [("Bread", EN.because.format(names="Milk"))]
    play.touch("pairing:0")
    assert play.kiosk.visit is not None
    assert play.kiosk.visit.product_id == BREAD
    play.touch("back")
    assert play.kiosk.visit.product_id == MILK


@pytest.mark.parametrize("answer", [SILENCE, Problem(code=ProblemCode.NOT_READY, sentence="x"), Recommended(items=())])
def test_missing_advice_is_said(answer: object) -> None:
    play = Play(replies={RecommendRequest: answer})
    play.touch("start", "suggestion:0")
    play.wait(1.5)
    assert (play.page().pairings, play.page().pairings_text) == ((), EN.advice_missing)


def test_advice_from_popularity_is_not_called_a_match() -> None:
    item = Recommendation(product_id=BREAD, score=1.0, because=(), reason="x")
    play = Play(replies={RecommendRequest: Recommended(items=(item,), fallback=True)})
    play.touch("start", "suggestion:0")
    assert play.page().pairings_title == EN.often_bought
    assert play.page().pairings[0].detail == EN.also_bought


@pytest.mark.parametrize(
    ("item", "words"),
    [
        ({"cause": Cause.OWN, "every_days": 14}, EN.bought_every.format(days=14)),
        ({"cause": Cause.OWN}, EN.bought_before),
        ({"cause": Cause.TASTE, "because": (MILK,)}, EN.taste.format(names="Milk")),
        ({"cause": Cause.WHOLE_BASKET}, EN.whole_basket),
        ({"cause": Cause.NEW, "because": (MILK,)}, EN.new_with.format(names="Milk")),
        ({"cause": Cause.NEW}, EN.new_kind),
        ({"cause": Cause.NO_SINGLE}, EN.small_reasons),
        ({"cause": Cause.BASKET, "because": (UNKNOWN,)}, EN.small_reasons),
    ],
)
def test_every_cause_is_said_in_the_shopper_s_language(item: dict[str, object], words: str) -> None:
    advised = msgspec.convert({"product_id": BREAD, "score": 1.0, "because": (), "reason": "x"} | item, Recommendation)
    play = Play(replies={RecommendRequest: Recommended(items=(advised,))})
    play.touch("start", "suggestion:0")
    assert play.page().pairings[0].detail == words


def test_generated_facts_are_marked_and_unknown_allergens_are_unknown() -> None:
    play = Play()
    play.touch("start", "suggestion:0")
    facts = {fact.label: fact for fact in play.page().facts}
    assert {fact.demo for fact in facts.values()} == {EN.demo_data}
    assert facts[EN.allergens].value == EN.allergens_unknown


def test_a_product_that_is_not_on_its_shelf_leads_to_similar_ones() -> None:
    play = Play()
    play.tour()
    play.wait(0.2, robot_view(VisitState.ARRIVED))
    play.touch("not_here")
    assert play.page().title == EN.sorry
    play.touch("similar")
    assert (play.kiosk.screen, play.page().query) == (Screen.SEARCH, "milk")
    assert play.of(JourneyEvent)[-1].outcome == "asked_similar"


def test_the_question_can_be_skipped_and_thanks_can_be_left() -> None:
    play = Play()
    play.tour()
    play.wait(0.2, robot_view(VisitState.ARRIVED))
    play.touch("found", "skip", "home")
    play.wait(THANKS_S + 1.0)
    assert play.kiosk.screen is Screen.HOME
    assert play.of(Feedback) == []


def test_departments_and_ideas_can_be_picked() -> None:
    play = Play()
    play.touch("start", "go", "pick:0")
    assert {row.title for row in play.page().rows} == {"Milk", "Bread", "Plastic cutlery, tablecloths & toothpicks"}
    play.touch("back")
    assert "pick:0" in play.names()


def test_a_language_changes_every_word_and_the_session_says_which() -> None:
    play = Play()
    play.touch("language:de")
    assert play.kiosk.view(play.now_s).title == words("de").home_title
    assert play.of(OpenSession)[0].language == "de"


def test_ids_that_nobody_sells_are_never_shown() -> None:
    play = Play()
    play.touch("start", "suggestion:0")
    assert all(str(UNKNOWN) not in row.title for row in play.page().pairings)
    assert CUTLERY in play.kiosk.shop.products
