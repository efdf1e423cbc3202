"""A kiosk that is killed and started again in the middle of a visit."""

import pytest

from aisle.messages.care import CallPerson, Feedback, JourneyEvent, OpenSession
from aisle.messages.visit import Screen, TourCancel, TourRequest, VisitState
from kiosk_ui.kept import NOTHING_KEPT
from kiosk_ui.words import words
from tests.kiosk_ui.play import MILK, SILENCE, Play, robot_view

EN = words("en")
GUIDING, ARRIVED = robot_view(VisitState.GUIDING), robot_view(VisitState.ARRIVED)


def outcomes(play: Play) -> list[str]:
    return [event.outcome for event in play.of(JourneyEvent)]


def test_the_tour_is_shown_again_with_the_same_visit_and_language() -> None:
    play = Play()
    play.touch("language:de", "suggestion:0", "take_me_there")
    play.wait(1.0, GUIDING)
    play.restart()
    assert play.kiosk.screen is Screen.ATTRACT
    play.wait(0.2, GUIDING)
    assert (play.kiosk.screen, play.kiosk.language) == (Screen.GUIDING, "de")
    state = play.kiosk.screen_state(play.now_s)
    assert (state.session_id, state.product_id) == ("session1", MILK)
    assert (len(play.of(OpenSession)), len(play.of(TourRequest))) == (1, 1)
    play.wait(0.2, ARRIVED)
    play.touch("found", "score:9")
    play.wait(4.0)
    events = play.of(JourneyEvent)
    assert outcomes(play) == ["chosen", "tour_started", "resumed", "arrived", "found", "scored"]
    assert {event.session_id for event in events} == {"session1"}
    assert len({event.event_key for event in events}) == len(events)
    assert sum(event.taps for event in events) == 5
    assert play.of(Feedback) == [Feedback(session_id="session1", score=9)]
    assert play.kiosk.screen is Screen.ATTRACT


def test_buttons_work_after_the_restart() -> None:
    play = Play()
    play.tour()
    play.restart()
    play.wait(0.3, robot_view(VisitState.PAUSED))
    play.touch("i_am_here")
    assert len(play.of(TourRequest)) == 2
    play.touch("cancel_tour", "stop_tour")
    assert (play.kiosk.screen, play.page().notice) == (Screen.PRODUCT, EN.tour_stopped)
    assert play.of(TourCancel) == [TourCancel(session_id="session1")]


def test_a_restart_at_the_shelf_comes_back_to_the_shelf_and_records_one_arrival() -> None:
    play = Play()
    play.tour()
    play.wait(0.2, ARRIVED)
    play.touch("not_here")
    play.restart()
    play.wait(0.3, ARRIVED)
    assert (play.kiosk.screen, play.page().title) == (Screen.ARRIVAL, EN.sorry)
    assert outcomes(play).count("arrived") == 1


def test_a_restart_twice_makes_no_step_with_the_key_of_another() -> None:
    play = Play()
    play.tour()
    for _ in range(3):
        play.restart()
        play.wait(0.3, GUIDING)
    events = play.of(JourneyEvent)
    assert outcomes(play).count("resumed") == 3
    assert len({event.event_key for event in events}) == len(events)


def test_keys_of_steps_and_calls_come_from_no_session_and_stay_the_same_after_a_restart() -> None:
    play = Play(replies={JourneyEvent: SILENCE, CallPerson: SILENCE})
    play.tour()
    play.touch("call_person", "close")
    assert play.kiosk.visit is not None
    assert play.kiosk.visit.call is not None
    before = (play.kiosk.visit.journey.key_stem, play.kiosk.visit.call.key)
    play.restart()
    play.wait(0.3, GUIDING)
    assert play.kiosk.visit.call is not None
    assert (play.kiosk.visit.journey.key_stem, play.kiosk.visit.call.key) == before
    play.replies.clear()
    play.wait(4.0, GUIDING)
    keys = {event.event_key for event in play.of(JourneyEvent)} | {call.call_key for call in play.of(CallPerson)}
    assert len(keys) == 6
    assert not [key for key in keys if key.startswith("session1-")]
    (call_key,) = {call.call_key for call in play.of(CallPerson)}
    assert call_key.rpartition("-")[0] not in {key.rpartition("-")[0] for key in keys - {call_key}}


def test_without_a_note_the_robot_alone_is_believed() -> None:
    play = Play(replies={JourneyEvent: SILENCE})
    play.tour()
    play.changes, play.kept = [], NOTHING_KEPT
    before = {event.event_key for event in play.of(JourneyEvent)}
    play.replies.clear()
    play.sent.clear()
    play.restart()
    play.wait(4.0, GUIDING)
    state = play.kiosk.screen_state(play.now_s)
    assert (play.kiosk.screen, state.session_id, state.product_id) == (Screen.GUIDING, "session1", MILK)
    assert not before & {event.event_key for event in play.of(JourneyEvent)}


def test_a_visit_without_a_tour_is_closed_and_not_shown_to_whoever_stands_there_now() -> None:
    play = Play()
    play.touch("start", "suggestion:0")
    play.restart()
    play.wait(1.0, robot_view(VisitState.SERVING))
    assert (play.kiosk.screen, play.kiosk.visit) == (Screen.ATTRACT, None)
    assert outcomes(play)[-1] == "interrupted"
    play.restart()
    play.wait(1.0, robot_view(VisitState.SERVING))
    assert outcomes(play).count("interrupted") == 1


def test_a_tour_that_was_stopped_at_the_screen_is_not_taken_up_again() -> None:
    play = Play(replies={TourCancel: SILENCE})
    play.tour()
    play.touch("cancel_tour", "stop_tour")
    play.restart()
    play.replies.clear()
    play.wait(3.0, GUIDING)
    assert play.kiosk.screen is Screen.ATTRACT
    assert play.tour_of_robot is None


def test_a_shopper_who_touches_first_gets_a_visit_of_their_own() -> None:
    play = Play()
    play.tour()
    play.restart()
    play.touch("start")
    play.wait(0.5, GUIDING)
    assert play.kiosk.screen is Screen.HOME
    assert play.kiosk.screen_state(play.now_s).session_id != "session1"
    play.wait(2.5, GUIDING)
    assert play.tour_of_robot is None, "the tour of the visit that was cut off is over, the robot is free"


def test_while_the_robot_is_silent_the_visit_is_kept() -> None:
    play = Play()
    play.tour()
    play.restart()
    play.wait(60.0)
    play.restart()
    play.wait(0.3, GUIDING)
    assert play.kiosk.screen is Screen.GUIDING


def test_a_call_that_was_not_through_gets_through_after_the_restart_and_once() -> None:
    play = Play(replies={CallPerson: SILENCE})
    play.tour()
    play.touch("call_person", "close")
    play.restart()
    play.wait(0.3, GUIDING)
    assert not play.kiosk.view(play.now_s).is_called
    play.replies.clear()
    play.wait(3.0, GUIDING)
    assert play.kiosk.view(play.now_s).is_called
    assert len({call.call_key for call in play.of(CallPerson)}) == 1


@pytest.mark.parametrize("after_s", [0.0, 0.5, 5.0])
def test_letters_of_an_earlier_process_are_sent_in_their_order(after_s: float) -> None:
    play = Play(replies={OpenSession: SILENCE, JourneyEvent: SILENCE})
    play.touch("start", "suggestion:0", "take_me_there")
    play.wait(max(after_s, 0.1), GUIDING)
    play.restart()
    play.replies.clear()
    play.wait(2.0, GUIDING)
    assert outcomes(play) == ["started", "chosen", "tour_started", "resumed"]
    assert play.kiosk.outbox.waiting == 0
