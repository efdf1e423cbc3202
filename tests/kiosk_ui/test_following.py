"""The tour on the screen and the tour of the robot: lost, taken up again, begun too late, stuck, left alone."""

import pytest

from aisle.messages import Problem, ProblemCode
from aisle.messages.care import CallPerson, JourneyEvent
from aisle.messages.visit import RobotView, Screen, TourCancel, TourRequest, VisitState
from kiosk_ui.following import CALL_AFTER_S, MOST_REPEATS, STANDS_S
from kiosk_ui.state import IDLE_S, STUCK_S
from kiosk_ui.words import LANGUAGES, words
from tests.kiosk_ui.play import BREAD, SILENCE, Play, robot_view

EN = words("en")
GUIDING, SERVING = robot_view(VisitState.GUIDING), robot_view(VisitState.SERVING)


def outcomes(play: Play) -> list[str]:
    return [event.outcome for event in play.of(JourneyEvent)]


def view_of(session_id: str, product_id: int, state: VisitState = VisitState.GUIDING) -> RobotView:
    view = robot_view(state)
    return type(view)(**{field: getattr(view, field) for field in view.__struct_fields__} | {
        "session_id": session_id, "product_id": product_id})  # fmt: skip


def forget_tour(play: Play) -> None:
    """The robot's mission is started again: it knows nothing of a tour."""
    play.tour_of_robot = None


def test_a_robot_that_forgot_its_tour_is_asked_for_the_same_one_again() -> None:
    play = Play()
    play.tour()
    forget_tour(play)
    play.wait(1.5, SERVING)
    assert len(play.of(TourRequest)) == 1
    assert (play.page().title, play.page().hint) == (EN.way_is_busy, EN.asking_again_hint)
    play.wait(1.0, SERVING)
    first, again = play.of(TourRequest)
    assert again == first
    play.wait(5.0, GUIDING)
    assert (play.kiosk.screen, play.page().title) == (Screen.GUIDING, EN.way_is_busy)
    assert len(play.of(TourRequest)) == 2
    assert outcomes(play).count("tour_started") == 1
    assert play.of(TourCancel) == []


def test_a_robot_that_forgets_again_and_again_is_given_up_with_an_apology_and_a_person() -> None:
    play = Play()
    play.tour()
    play.wait(60.0, GUIDING)
    play.replies[TourRequest] = Problem(code=ProblemCode.BUSY, sentence="I am not ready yet.")
    forget_tour(play)
    play.wait(12.0, SERVING)
    assert len(play.of(TourRequest)) == 1 + MOST_REPEATS
    assert (play.kiosk.screen, play.page().notice) == (Screen.PRODUCT, EN.tour_lost)
    assert {"call_person", "take_me_there"} <= play.names()
    assert outcomes(play)[-1] == "tour_lost"
    assert len(play.of(TourCancel)) == 1


def test_a_stopped_robot_is_not_asked_before_it_may_drive() -> None:
    play = Play()
    play.tour()
    forget_tour(play)
    stopped = view_of("", 0, VisitState.STOPPED)
    play.wait(10.0, stopped)
    assert len(play.of(TourRequest)) == 1
    assert play.page().title == EN.stopped
    play.wait(0.5, SERVING)
    assert len(play.of(TourRequest)) == 2


def test_a_robot_that_has_to_charge_says_so_and_advice_goes_on() -> None:
    play = Play()
    play.tour()
    forget_tour(play)
    play.wait(3.0, robot_view(VisitState.CHARGING))
    assert (play.kiosk.screen, play.page().notice) == (Screen.PRODUCT, EN.must_charge)
    assert play.page().pairings
    assert "take_me_there" not in play.names()
    assert len(play.of(TourRequest)) == 1


def test_a_robot_that_cannot_lead_for_its_battery_has_a_person_called_once_with_the_story() -> None:
    refused = Problem(code=ProblemCode.BUSY, sentence="I have to charge first.")
    play = Play(replies={TourRequest: refused})
    play.touch("start", "suggestion:0", "take_me_there")
    play.wait(2.0, robot_view(VisitState.CALLING))
    calls = play.of(CallPerson)
    assert len(calls) == 1
    assert "I could not lead the way: I have to charge first." in calls[0].story
    assert play.kiosk.screen is Screen.PRODUCT


def test_a_robot_that_calls_before_anybody_has_asked_it_has_nobody_called() -> None:
    play = Play()
    play.touch("start", "suggestion:0")
    play.wait(2.0, robot_view(VisitState.CALLING))
    assert not play.of(CallPerson)


@pytest.mark.parametrize(
    ("state", "text"), [(VisitState.CHARGING, EN.attract_standing), (VisitState.WAITING, EN.attract_text)]
)
def test_a_robot_that_charges_does_not_promise_to_lead(state: VisitState, text: str) -> None:
    play = Play()
    play.wait(0.2, robot_view(state))
    assert play.page().text == text


def test_a_tour_that_begins_although_its_answer_was_lost_is_a_tour() -> None:
    play = Play(replies={TourRequest: SILENCE})
    play.touch("start", "suggestion:0", "take_me_there")
    play.wait(0.2, view_of("session1", 1))
    assert play.kiosk.screen is Screen.GUIDING
    assert outcomes(play)[-1] == "tour_started"
    play.wait(5.0, view_of("session1", 1))
    assert len(play.of(TourRequest)) == 1, "what goes needs not be asked for again"


def test_a_tour_that_begins_after_it_was_given_up_is_ended() -> None:
    play = Play(replies={TourRequest: SILENCE})
    play.touch("start", "suggestion:0", "take_me_there")
    play.wait(4.0)
    cancels = len(play.of(TourCancel))
    assert play.page().notice == EN.robot_away
    play.wait(3.0, view_of("session1", 1))
    assert len(play.of(TourCancel)) == cancels + 1


def test_a_tour_of_the_visit_before_is_ended_and_the_next_shopper_is_not_led() -> None:
    play = Play()
    play.tour()
    play.touch("cancel_tour", "stop_tour", "home")
    play.wait(IDLE_S + 1.0)
    play.touch("start")
    cancels = len(play.of(TourCancel))
    play.wait(3.0, view_of("session1", 1))
    assert play.kiosk.screen is Screen.HOME
    assert len(play.of(TourCancel)) == cancels + 1


def test_a_tour_that_this_screen_did_not_ask_for_is_left_alone() -> None:
    play = Play()
    play.touch("start")
    play.wait(10.0, view_of("of-the-staff", 1))
    assert play.of(TourCancel) == []


def test_a_robot_on_the_way_to_another_product_is_asked_again_for_the_right_one() -> None:
    play = Play()
    play.tour()
    play.wait(2.5, view_of("session1", BREAD))
    assert play.of(TourRequest)[-1].product_id == 1
    assert len(play.of(TourRequest)) == 2


def test_a_gateway_that_is_started_again_costs_the_shopper_nothing() -> None:
    play = Play()
    play.tour()
    play.kiosk.hear(None, play.now_s)
    play.wait(3.0)
    assert play.page().title == EN.follow_me
    play.wait(5.0)
    assert play.page().title == EN.robot_lost
    play.wait(1.0, robot_view(VisitState.GUIDING, 2.0))
    assert play.page().title == EN.follow_me
    play.wait(0.2, robot_view(VisitState.ARRIVED))
    assert play.kiosk.screen is Screen.ARRIVAL
    assert len(play.of(TourRequest)) == 1


def test_a_request_to_a_gateway_that_comes_back_is_carried_out() -> None:
    play = Play(replies={TourRequest: SILENCE})
    play.touch("start", "suggestion:0", "take_me_there")
    play.wait(1.5)
    assert (play.page().take_me_there, play.page().notice) == (EN.starting, "")
    del play.replies[TourRequest]
    play.wait(1.0)
    assert play.kiosk.screen is Screen.GUIDING


def test_a_robot_that_stays_stopped_sends_for_a_person_once() -> None:
    play = Play()
    play.tour()
    play.wait(CALL_AFTER_S - 1.0, robot_view(VisitState.STOPPED))
    assert play.of(CallPerson) == []
    play.wait(5.0, robot_view(VisitState.STOPPED))
    assert len(play.of(CallPerson)) == 1
    assert play.page().hint.startswith(EN.call_arrived)


def test_a_robot_that_stands_for_long_without_a_reason_sends_for_a_person() -> None:
    play = Play()
    play.tour()
    play.wait(STANDS_S + CALL_AFTER_S + 1.0, GUIDING)
    assert len(play.of(CallPerson)) == 1


def test_a_tour_that_is_stuck_is_not_shown_for_ever() -> None:
    play = Play()
    play.tour()
    play.wait(STUCK_S - 5.0, robot_view(VisitState.STOPPED))
    assert play.kiosk.screen is Screen.GUIDING
    play.wait(10.0, robot_view(VisitState.STOPPED))
    assert (play.kiosk.screen, play.kiosk.visit) == (Screen.ATTRACT, None)


def test_a_robot_that_waits_is_told_that_its_shopper_is_here() -> None:
    play = Play()
    play.tour()
    assert "i_am_here" not in play.names()
    play.wait(0.5, robot_view(VisitState.PAUSED))
    assert (play.page().title, play.page().here) == (EN.waiting_for_you, EN.i_am_here)
    play.touch("i_am_here")
    first, again = play.of(TourRequest)
    assert again == first
    assert play.kiosk.screen is Screen.GUIDING


def test_a_shopper_who_walked_away_leaves_nothing_on_the_screen() -> None:
    play = Play()
    play.tour()
    play.wait(90.0, robot_view(VisitState.PAUSED))
    assert play.kiosk.screen is Screen.GUIDING
    forget_tour(play)
    play.wait(4.0, robot_view(VisitState.THANKING))
    assert (play.kiosk.screen, play.kiosk.visit) == (Screen.ATTRACT, None)
    assert outcomes(play)[-2:] == ["tour_ended", "left"]
    assert len(play.of(TourRequest)) == 1


def test_a_shopper_who_walked_away_from_the_screen_is_asked_first() -> None:
    play = Play()
    play.touch("start", "suggestion:0")
    play.wait(31.0)
    assert play.names() == {"i_am_here", "i_am_done"}
    play.touch("i_am_here")
    assert play.kiosk.screen is Screen.PRODUCT
    assert "take_me_there" in play.names()
    play.wait(31.0)
    play.touch("i_am_done")
    assert (play.kiosk.screen, play.kiosk.visit) == (Screen.ATTRACT, None)


def test_stopping_asks_back_and_the_question_goes_by_itself() -> None:
    play = Play()
    play.tour()
    play.touch("cancel_tour")
    assert play.names() == {"go_on", "stop_tour"}
    play.touch("go_on")
    assert play.kiosk.screen is Screen.GUIDING
    play.touch("cancel_tour")
    play.wait(9.0, GUIDING)
    assert "cancel_tour" in play.names()
    assert play.of(TourCancel) == []


def test_an_arrival_takes_the_question_about_stopping_away() -> None:
    play = Play()
    play.tour()
    play.touch("cancel_tour")
    play.wait(0.3, robot_view(VisitState.ARRIVED))
    assert "found" in play.names()


def test_a_stranger_gets_a_person_of_their_own_and_cannot_touch_the_tour() -> None:
    play = Play()
    play.tour()
    visit = play.kiosk.visit
    assert visit is not None
    taps, story = visit.journey.taps, visit.story()
    play.touch("somebody_else:0")
    panel = play.kiosk.view(play.now_s).panel
    assert panel is not None
    assert panel.title == EN.leading_somebody
    assert "Milk" not in panel.title + panel.text
    assert play.names() == {"call_colleague", "close"}
    play.touch("call_colleague")
    (call,) = play.of(CallPerson)
    assert (call.session_id, "Milk" in call.story) == ("", False)
    panel = play.kiosk.view(play.now_s).panel
    assert panel is not None
    assert (panel.title, panel.text) == (EN.call_arrived, EN.colleague_comes)
    play.touch("close", "somebody_else:1", "close")
    assert play.kiosk.screen is Screen.GUIDING
    assert (visit.journey.taps, visit.story(), visit.call) == (taps, story, None)
    assert play.of(TourCancel) == []


def test_a_call_of_a_stranger_that_is_late_says_so() -> None:
    play = Play(replies={CallPerson: SILENCE})
    play.tour()
    play.touch("somebody_else:0", "call_colleague")
    panel = play.kiosk.view(play.now_s).panel
    assert panel is not None
    assert panel.title == EN.call_late
    del play.replies[CallPerson]
    play.wait(5.0, GUIDING)
    assert len({call.call_key for call in play.of(CallPerson)}) == 1


def test_a_robot_that_does_not_know_where_it_is_sends_for_a_person_once_each_time_and_goes_on() -> None:
    play = Play()
    play.tour()
    play.wait(60.0, robot_view(VisitState.ASTRAY, x_m=2.5))
    (call,) = play.of(CallPerson)
    assert "does not know where it is; it last believed to be at x 2.5 m, y 6.0 m" in call.story
    assert "Looked at Milk" in call.story
    page = play.page()
    assert (page.title, page.is_problem, page.hint.startswith(EN.call_arrived)) == (EN.astray, True, True)
    play.wait(1.0, robot_view(VisitState.GUIDING, 3.0))
    assert (play.kiosk.screen, play.page().title) == (Screen.GUIDING, EN.follow_me)
    play.wait(1.0, robot_view(VisitState.ASTRAY))
    first, again = play.of(CallPerson)
    assert first.call_key != again.call_key
    assert len(play.of(TourRequest)) == 1


def test_a_robot_that_does_not_know_where_it_is_sends_for_a_person_although_nobody_is_at_the_screen() -> None:
    play = Play()
    play.wait(30.0, robot_view(VisitState.ASTRAY, x_m=2.5))
    (call,) = play.of(CallPerson)
    assert (call.session_id, "x 2.5 m" in call.story) == ("", True)
    assert play.page().text == EN.attract_standing
    play.wait(1.0, robot_view(VisitState.STOPPED))
    play.wait(1.0, robot_view(VisitState.ASTRAY))
    assert len(play.of(CallPerson)) == 1, "whoever stops it to push it has come because of the call"


def test_a_screen_that_is_started_again_does_not_send_for_a_second_person_to_a_robot_that_is_astray() -> None:
    play = Play()
    play.tour()
    play.wait(3.0, robot_view(VisitState.ASTRAY))
    play.restart()
    play.wait(20.0, robot_view(VisitState.ASTRAY))
    assert (play.kiosk.screen, play.page().title) == (Screen.GUIDING, EN.astray)
    assert len({call.call_key for call in play.of(CallPerson)}) == 1


def test_a_robot_that_looks_for_its_place_first_sends_for_a_person_once() -> None:
    play = Play()
    play.tour()
    play.wait(10.0, robot_view(VisitState.STOPPED))
    play.wait(30.0, robot_view(VisitState.ASTRAY))
    assert len(play.of(CallPerson)) == 1


def test_a_robot_that_does_not_know_where_it_is_stands_nowhere_on_the_map() -> None:
    play = Play()
    play.tour()
    assert play.page().map.robot is not None
    play.wait(0.2, robot_view(VisitState.ASTRAY))
    assert (play.page().map.robot, play.page().map.path) == (None, ())
    assert play.page().map.target is not None


def test_a_robot_that_forgot_its_tour_and_its_place_is_not_asked_before_it_may_drive() -> None:
    play = Play()
    play.tour()
    forget_tour(play)
    play.wait(10.0, view_of("", 0, VisitState.ASTRAY))
    assert (len(play.of(TourRequest)), play.page().title) == (1, EN.astray)
    play.wait(0.5, SERVING)
    assert len(play.of(TourRequest)) == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_robot_that_waits_for_the_way_to_clear_says_so_in_every_language(language: str) -> None:
    table = words(language)
    play = Play(language=language)
    play.tour()
    play.wait(3.0, GUIDING)
    assert play.page().title == table.follow_me
    play.wait(2.0, GUIDING)
    assert (play.page().title, play.page().hint) == (table.way_is_busy, table.busy_hint)
    assert not play.page().is_problem
    play.wait(0.2, robot_view(VisitState.GUIDING, x_m=1.5))
    assert play.page().title == table.follow_me


def test_a_colleague_who_holds_a_robot_that_is_astray_is_not_sent_for_again() -> None:
    play = Play()
    play.tour()
    play.wait(20.0, robot_view(VisitState.ASTRAY))
    play.wait(5.0, robot_view(VisitState.STOPPED))
    play.wait(5.0, robot_view(VisitState.ASTRAY))
    assert len(play.of(CallPerson)) == 1


def test_a_robot_that_tries_again_and_gets_nowhere_does_not_keep_a_forsaken_visit_open() -> None:
    play = Play()
    play.tour()
    back_m = 0.0
    while play.kiosk.screen is Screen.GUIDING and play.now_s < 2.0 * STUCK_S:
        play.wait(15.0, robot_view(VisitState.CALLING, x_m=2.0 + back_m))
        back_m = 0.3 - back_m
        play.wait(30.0, robot_view(VisitState.GUIDING, x_m=2.0 + back_m))
    assert play.kiosk.screen is Screen.ATTRACT
    assert len(play.of(CallPerson)) == 1
