"""Demands end when the store has carried them out, or never will; nothing else ends them."""

import logging

import pytest

from aisle.messages import Problem, ProblemCode
from aisle.messages.care import Recorded
from aisle.messages.memory import ChangeConsent, ConsentChanged, EraseShopper, Language, Purpose, ShopperErased
from kiosk_ui import demands
from kiosk_ui.demands import PAUSE_S, Demand, Demanded
from kiosk_ui.lanes import Answer, Drop
from kiosk_ui.outbox import Outbox

ANNA, BEN = "a" * 32, "b" * 32
ERASE = EraseShopper(shopper_id=ANNA)
WITHDRAW = ChangeConsent(
    change_key="c", shopper_id=ANNA, purpose=Purpose.LOYALTY, given=False, wording_version=1, language=Language.EN
)
ERASED = ShopperErased(erased_unix_s=1.0, reached_by_unix_s=61.0)
CHANGED = ConsentChanged(given=(), facts_removed=0)
FINAL = {ProblemCode.MALFORMED, ProblemCode.FORBIDDEN}
NO_ANSWERS: list[Answer] = [
    TimeoutError(), Recorded(event_id=1),
    *(Problem(code=code, sentence="no") for code in ProblemCode if code not in FINAL),
]  # fmt: skip


def kept_outbox() -> tuple[Outbox, list[object]]:
    changes = list[object]()
    return Outbox({}, changes.append), changes


@pytest.mark.parametrize("message", [ERASE, WITHDRAW])
@pytest.mark.parametrize("answer", NO_ANSWERS, ids=lambda answer: str(getattr(answer, "code", type(answer).__name__)))
def test_what_is_no_answer_of_its_own_kind_ends_no_demand(message: Demanded, answer: Answer) -> None:
    outbox, changes = kept_outbox()
    token = outbox.insist(message, "key")
    outbox.tick(0.0)
    (first,) = outbox.take()
    assert outbox.is_open(token, answer, 1.0)
    outbox.tick(1.0 + PAUSE_S - 0.1)
    assert outbox.take() == []
    outbox.tick(1.0 + PAUSE_S)
    (again,) = outbox.take()
    assert (again.message, again.token) == (message, token)
    assert again.key != first.key
    assert changes == [Demand(-1, message)]


@pytest.mark.parametrize(("message", "answer", "other"), [(ERASE, ERASED, CHANGED), (WITHDRAW, CHANGED, ERASED)])
def test_the_answer_of_its_own_kind_ends_it_and_it_is_kept_no_more(
    message: Demanded, answer: Answer, other: Answer
) -> None:
    outbox, changes = kept_outbox()
    token = outbox.insist(message, "key")
    outbox.tick(0.0)
    assert outbox.is_open(token, other, 0.0)
    assert not outbox.is_open(token, answer, 0.0)
    outbox.tick(99.0)
    assert len(outbox.take()) == 1
    assert changes == [Demand(-1, message), Drop(-1)]


@pytest.mark.parametrize("code", sorted(FINAL))
def test_what_will_never_be_carried_out_is_given_up_with_a_line_that_names_nobody(
    code: ProblemCode, caplog: pytest.LogCaptureFixture
) -> None:
    outbox, changes = kept_outbox()
    token = outbox.insist(ERASE, "key")
    outbox.tick(0.0)
    with caplog.at_level(logging.DEBUG):
        assert not outbox.is_open(token, Problem(code=code, sentence=f"not {ANNA}"), 0.0)
    (line,) = [record.message for record in caplog.records]
    assert line == f"the store refused EraseShopper for good ({code.value}); it is given up"
    assert changes[-1] == Drop(-1)


def test_demands_of_an_earlier_process_are_asked_for_at_once_under_their_numbers() -> None:
    outbox, changes = kept_outbox()
    outbox.restore_demands([Demand(-3, ERASE), Demand(-7, WITHDRAW)], iter(("k1", "k2")).__next__)
    outbox.tick(0.0)
    erase, withdraw = outbox.take()
    assert (erase.message, withdraw.message, changes) == (ERASE, WITHDRAW, [])
    assert not outbox.is_open(erase.token, ERASED, 0.0)
    outbox.insist(ERASE, "k3")
    assert changes == [Drop(-3), Demand(-8, ERASE)]


def test_what_is_taken_back_is_not_asked_again_and_its_late_answer_is_nobodys() -> None:
    outbox, changes = kept_outbox()
    token = outbox.insist(WITHDRAW, "key")
    outbox.tick(0.0)
    outbox.take()
    assert outbox.demands.take_back(lambda message: message.shopper_id == BEN) == []
    assert outbox.demands.take_back(lambda message: message.shopper_id == ANNA) == [token]
    assert not outbox.is_open(token, TimeoutError(), 0.0)
    outbox.tick(99.0)
    assert outbox.take() == []
    assert changes[-1] == Drop(-1)


def test_a_withdrawal_that_waits_stops_its_purpose_and_an_erasure_stops_all() -> None:
    outbox, _ = kept_outbox()
    outbox.insist(WITHDRAW, "k1")
    assert outbox.demands.revoked(ANNA) == {Purpose.LOYALTY}
    outbox.insist(ERASE, "k2")
    assert outbox.demands.revoked(ANNA) == set(Purpose)
    assert outbox.demands.revoked(BEN) == set()


def test_of_too_many_the_oldest_is_lost_and_the_log_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(demands, "MOST", 2)
    outbox, changes = kept_outbox()
    for number in range(3):
        outbox.insist(EraseShopper(shopper_id=f"{number:032x}"), f"k{number}")
    assert changes[-1] == Drop(-1)
    assert "the oldest is lost" in caplog.text
