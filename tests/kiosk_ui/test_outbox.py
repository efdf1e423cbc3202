"""The outbox: in order, nothing lost, nothing twice."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisle.messages import Problem, ProblemCode
from aisle.messages.care import Feedback, OpenSession, Recorded
from kiosk_ui.outbox import Delivery, Drop, Keep, Lane, Letter, Outbox

OPENING = OpenSession(session_id="s", robot_id="r", language="en")
STORED = Recorded(event_id=1)
FAILED = Problem(code=ProblemCode.FAILED, sentence="the database is full")
UNKNOWN = Problem(code=ProblemCode.UNKNOWN_SESSION, sentence="no visit s was opened")
FORBIDDEN = Problem(code=ProblemCode.FORBIDDEN, sentence="the role sim may not")
SILENCE = TimeoutError()

OUTCOMES = st.sampled_from(["stored", "stored but the reply is lost", "lost", "failed", "expired"])


def letter(number: int) -> Letter:
    return Letter(Feedback(session_id="s", score=number), f"key{number}", OPENING)


@given(st.integers(1, 8), st.lists(OUTCOMES, max_size=30))
def test_every_letter_arrives_in_order_and_is_kept_once(count: int, outcomes: list[str]) -> None:
    outbox, kept, now_s = Outbox({"journey": Lane("backend", 1.0)}), list[int](), 0.0
    for number in range(count):
        outbox.post("journey", letter(number))
    request_keys = set[str]()
    while outbox.lanes["journey"].waiting:
        now_s += 1.1
        outbox.tick(now_s)
        (sent,) = outbox.take()
        assert isinstance(sent.message, Feedback)
        assert sent.key not in request_keys
        request_keys.add(sent.key)
        outcome = outcomes.pop() if outcomes else "stored"
        # The other side knows the letter by its own key, here its number, and keeps it once.
        if outcome.startswith("stored") and sent.message.score not in kept:
            kept.append(sent.message.score)
        answer = {
            "stored": STORED,
            "failed": FAILED,
            "expired": Problem(code=ProblemCode.EXPIRED, sentence="late"),
        }.get(outcome, SILENCE)
        outbox.settle(sent.token, answer, now_s)
    assert kept == list(range(count))


def test_only_one_letter_is_under_way_and_retries_wait() -> None:
    outbox = Outbox({"journey": Lane("backend", 3.0)})
    outbox.post("journey", letter(1))
    outbox.post("journey", letter(2))
    outbox.tick(0.0)
    outbox.tick(0.1)
    (sent,) = outbox.take()
    assert outbox.settle(sent.token, SILENCE, 1.0) == ("journey", letter(1), Delivery.LATE)
    outbox.tick(3.9)
    assert outbox.take() == []
    outbox.tick(4.0)
    assert [one.message for one in outbox.take()] == [letter(1).message]


def test_a_backend_that_forgot_the_visit_is_told_of_it_again_once() -> None:
    outbox, now_s, sent = Outbox({"journey": Lane("backend", 1.0)}), 0.0, list[object]()
    outbox.post("journey", letter(1))
    for answer in (UNKNOWN, STORED, UNKNOWN):
        now_s += 2.0
        outbox.tick(now_s)
        (outgoing,) = outbox.take()
        sent.append(outgoing.message)
        settled = outbox.settle(outgoing.token, answer, now_s)
    assert sent == [letter(1).message, OPENING, letter(1).message]
    assert settled == ("journey", letter(1), Delivery.REFUSED)


def test_what_will_never_be_taken_does_not_block_the_rest() -> None:
    outbox = Outbox({"journey": Lane("backend", 1.0)})
    outbox.post("journey", letter(1))
    outbox.post("journey", letter(2))
    outbox.tick(0.0)
    outbox.settle(outbox.take()[0].token, FORBIDDEN, 0.0)
    outbox.tick(0.1)
    assert [one.message for one in outbox.take()] == [letter(2).message]


def test_the_answer_to_a_single_request_belongs_to_no_lane() -> None:
    outbox = Outbox({"journey": Lane("backend", 1.0)})
    token = outbox.ask("gateway", letter(1).message, "key")
    assert outbox.settle(token, STORED, 0.0) is None


def kept_outbox(most: int = 100) -> tuple[Outbox, list[Keep | Drop]]:
    changes = list[Keep | Drop]()
    lanes = {"journey": Lane("backend", 1.0, is_kept=True, most=most), "robot": Lane("gateway", 1.0)}
    return Outbox(lanes, changes.append), changes


def test_what_must_outlive_the_process_is_told_and_taken_back_when_it_has_arrived() -> None:
    outbox, changes = kept_outbox()
    outbox.post("journey", letter(1))
    outbox.post("robot", letter(2))
    assert changes == [Keep("journey", msgspec.structs.replace(letter(1), number=1))]
    outbox.tick(0.0)
    journey, robot = outbox.take()
    outbox.settle(journey.token, SILENCE, 0.0)
    outbox.settle(robot.token, STORED, 0.0)
    assert len(changes) == 1
    outbox.tick(2.0)
    outbox.settle(outbox.take()[0].token, STORED, 2.0)
    assert changes[1:] == [Drop(1)]


def test_letters_of_an_earlier_process_come_first_and_new_ones_have_new_numbers() -> None:
    outbox, changes = kept_outbox()
    old = Keep("journey", msgspec.structs.replace(letter(1), number=7))
    outbox.restore([old, Keep("a lane of long ago", letter(9))])
    assert changes == []
    outbox.post("journey", letter(2))
    assert [one.letter.number for one in changes if isinstance(one, Keep)] == [8]
    outbox.tick(0.0)
    assert [one.message for one in outbox.take()] == [letter(1).message]


@given(st.integers(1, 5), st.integers(1, 30), st.booleans())
def test_a_full_lane_loses_its_oldest_letters_and_never_the_one_under_way(most: int, count: int, sent: bool) -> None:
    outbox, changes = kept_outbox(most)
    outbox.post("journey", letter(0))
    if sent:
        outbox.tick(0.0)
    for number in range(1, count):
        outbox.post("journey", letter(number))
    waiting = [int(one.key.removeprefix("key")) for one in outbox.lanes["journey"].waiting]
    expected = list(range(count))[-most:]
    if sent and count > most:
        expected = [0, *expected[1:]]
    assert waiting == expected
    assert len([one for one in changes if isinstance(one, Drop)]) == max(0, count - most)


def test_a_question_is_asked_again_while_nobody_answers_and_then_given_up() -> None:
    outbox, sent = Outbox({}), list[str]()
    token = outbox.ask("gateway", letter(1).message, "tour", tries=3, pause_s=1.0)
    for now_s in (0.0, 1.5, 3.0):
        outbox.tick(now_s)
        (outgoing,) = outbox.take()
        assert outgoing.token == token
        sent.append(outgoing.key)
        is_open = outbox.is_open(token, SILENCE, now_s)
    assert (len(set(sent)), is_open) == (3, False)
    outbox.tick(99.0)
    assert outbox.take() == []


@pytest.mark.parametrize("answer", [STORED, FAILED])
def test_an_answer_ends_a_question_also_when_it_is_a_refusal(answer: Recorded | Problem) -> None:
    outbox = Outbox({})
    token = outbox.ask("gateway", letter(1).message, "tour", tries=3)
    assert not outbox.is_open(token, answer, 0.0)
    outbox.tick(10.0)
    assert len(outbox.take()) == 1


def test_a_question_that_is_dropped_is_not_asked_again() -> None:
    outbox = Outbox({})
    token = outbox.ask("gateway", letter(1).message, "tour", tries=3)
    assert outbox.is_open(token, SILENCE, 0.0)
    outbox.take()
    outbox.drop_question(token)
    outbox.tick(10.0)
    assert outbox.take() == []


def test_letters_can_be_withdrawn_also_the_one_under_way() -> None:
    outbox = Outbox({"journey": Lane("backend", 1.0)})
    for number in range(3):
        outbox.post("journey", letter(number))
    outbox.tick(0.0)
    (first,) = outbox.take()
    outbox.lanes["journey"].withdraw(lambda one: one.key in ("key0", "key2"))
    assert outbox.settle(first.token, STORED, 0.1) is None
    outbox.tick(0.2)
    assert [one.message for one in outbox.take()] == [letter(1).message]
