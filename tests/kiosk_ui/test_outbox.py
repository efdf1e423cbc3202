"""The outbox: in order, nothing lost, nothing twice."""

from hypothesis import given
from hypothesis import strategies as st

from aisle.messages import Problem, ProblemCode
from aisle.messages.care import Feedback, OpenSession, Recorded
from kiosk_ui.outbox import Delivery, Lane, Letter, Outbox

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
