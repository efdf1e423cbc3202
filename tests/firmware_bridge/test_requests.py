from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aisle_firmware_bridge.messages import (
    Acknowledgement,
    Arm,
    Disarm,
    Release,
    Request,
    Result,
    SetLights,
    SetParameter,
)
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


def sent_in_order(line: RequestLine) -> list[Request]:
    """Answer one request after the other until none is left; return them without their numbers."""
    sent: list[Request] = []
    while (request := line.due(0.0)) is not None:
        line.take(Acknowledgement(request.request, Result.DONE, 0.0))
        sent.append(request._replace(request=0))
    return sent


def test_a_request_without_room_is_refused_and_those_before_it_are_all_sent() -> None:
    line, asked = RequestLine(), [SetParameter(0, number, 1.0) for number in range(2 * WAITING)]
    taken = [line.ask(request) for request in asked]
    assert taken == [True] * WAITING + [False] * WAITING
    assert sent_in_order(line) == asked[:WAITING]


def test_a_newer_value_takes_the_place_of_one_that_was_not_sent_yet() -> None:
    line = RequestLine()
    for _ in range(WAITING):
        assert line.ask(SetLights(0, 1, 2, 3, 4))
        assert line.ask(SetParameter(0, 7, 1.0))
    line.ask(SetLights(0, 0, 0, 0, 0))
    line.ask(SetParameter(0, 8, 2.0))
    assert sent_in_order(line) == [SetLights(0, 0, 0, 0, 0), SetParameter(0, 7, 1.0), SetParameter(0, 8, 2.0)]


def test_a_disarm_is_sent_before_everything_that_waits_even_when_there_is_no_room() -> None:
    line = RequestLine()
    for number in range(2 * WAITING):
        line.ask(SetParameter(0, number, 1.0))
    assert line.ask(Disarm())
    assert line.due(0.0) == Disarm(1)


def test_a_disarm_does_not_wait_for_the_answer_to_a_setting_and_the_setting_is_not_lost() -> None:
    line = RequestLine()
    line.ask(SetParameter(0, 1, 2.0))
    assert line.due(0.0) == SetParameter(1, 1, 2.0)
    line.ask(Disarm())
    assert sent_in_order(line) == [Disarm(), SetParameter(0, 1, 2.0)]


def test_a_disarm_forgets_what_asked_for_motion_also_when_it_was_sent_and_not_answered() -> None:
    for disarms in (1, 2):
        line = RequestLine()
        line.ask(Arm())
        line.due(0.0)
        line.ask(Release())
        for _ in range(disarms):
            line.ask(Disarm())
        assert sent_in_order(line) == [Disarm()]


def test_an_arm_that_was_asked_between_two_disarms_is_forgotten() -> None:
    line = RequestLine()
    line.ask(Disarm())
    line.due(0.0)
    line.ask(Arm())
    line.ask(Disarm())
    line.take(Acknowledgement(1, Result.DONE, 0.0))
    assert line.due(0.0) is None


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
