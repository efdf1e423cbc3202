from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aisle_firmware_bridge.messages import Acknowledgement, Arm, Release, Result, SetLights
from aisle_firmware_bridge.requests import ANSWER_WITHIN_S, TRIES, WAITING, Answer, RequestLine

TICK_S = 0.02


def test_one_request_is_in_flight_and_the_next_waits_for_its_answer() -> None:
    line = RequestLine()
    line.ask(Release())
    line.ask(Arm())
    first = line.due(0.0)
    assert first == Release(1)
    assert line.due(TICK_S) is None
    assert line.take(Acknowledgement(1, Result.DONE, 0.0)) == Answer(Release(1), Result.DONE, 0.0)
    assert line.due(TICK_S) == Arm(2)


def test_a_request_without_answer_is_repeated_with_its_number_and_then_given_up() -> None:
    line, sent, given_up = RequestLine(), [], None
    line.ask(Arm())
    for tick in range(200):
        given_up = given_up or line.given_up(tick * TICK_S)
        if request := line.due(tick * TICK_S):
            sent.append(request)
    assert sent == [Arm(1)] * TRIES
    assert given_up == Answer(Arm(1), None)
    assert line.is_idle


def test_an_answer_to_something_else_changes_nothing() -> None:
    line = RequestLine()
    line.ask(Arm())
    line.due(0.0)
    assert line.take(Acknowledgement(7, Result.DONE, 0.0)) is None
    assert not line.is_idle


def test_a_second_answer_is_no_answer() -> None:
    line = RequestLine()
    line.ask(Arm())
    line.due(0.0)
    assert line.take(Acknowledgement(1, Result.DONE, 0.0)) is not None
    assert line.take(Acknowledgement(1, Result.DONE, 0.0)) is None


def test_a_clock_that_jumps_back_does_not_hold_a_request_for_ever() -> None:
    line = RequestLine()
    line.ask(Arm())
    line.due(3600.0)
    assert line.due(0.0) == Arm(1)


def test_forgotten_requests_are_never_sent() -> None:
    line = RequestLine()
    line.ask(Arm())
    line.due(0.0)
    line.ask(Release())
    line.forget()
    assert line.is_idle
    assert line.due(10.0) is None


def test_no_more_requests_wait_than_there_is_room_for() -> None:
    line = RequestLine()
    for _ in range(10 * WAITING):
        line.ask(SetLights(0, 1, 2, 3, 4))
    answered = 0
    while (request := line.due(0.0)) is not None:
        line.take(Acknowledgement(request.request, Result.DONE, 0.0))
        answered += 1
    assert answered == WAITING


@given(st.integers(0, 70_000))
def test_numbers_wrap_past_the_one_that_wants_no_answer(asked: int) -> None:
    line = RequestLine()
    line._number = asked % 0x10000
    line.ask(Arm())
    request = line.due(0.0)
    assert request is not None
    assert 1 <= request.request <= 0xFFFF


def test_the_first_repetition_waits_for_an_answer() -> None:
    line = RequestLine()
    line.ask(Arm())
    assert line.due(0.0) == Arm(1)
    assert line.due(0.9 * ANSWER_WITHIN_S) is None
    assert line.due(1.1 * ANSWER_WITHIN_S) == Arm(1)
