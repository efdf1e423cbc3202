from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisle.messages import Problem, ProblemCode, till
from aisle.messages.till import Basket, BasketState, Refusal
from sim.till_core import Asked, Closed, GivenBack, Sold, TillState, after, by_own_prices, request_of
from sim.till_journal import Journal

LINES = (till.PricedLine(product_id=1, quantity=2, price_cents=150),)
TAKEN = Basket(basket_id="b", state=BasketState.TAKEN, lines=LINES, till_id="t")
SOLD = Sold(basket_id="b", sale_id="s", total_cents=300)
STATES: tuple[TillState, ...] = (
    Asked(basket_id="b"), SOLD, GivenBack(basket_id="b", reason=Refusal.DECLINED), Closed(basket_id="b", is_sold=True)
)  # fmt: skip
WILLING = by_own_prices({}, is_willing=True)


def next_of(state: TillState, answer: msgspec.Struct, decide: object = WILLING) -> TillState:
    return after(state, answer, "t", "s", decide)  # type: ignore[arg-type]


def changed(**changes: object) -> Basket:
    return msgspec.structs.replace(TAKEN, **changes)


def test_a_basket_that_is_the_tills_is_sold_at_its_price() -> None:
    assert next_of(Asked(basket_id="b"), TAKEN) == SOLD


def test_a_basket_at_other_prices_or_without_the_tills_will_is_given_back() -> None:
    dear = by_own_prices({1: 151}, is_willing=True)
    assert next_of(Asked(basket_id="b"), TAKEN, dear) == GivenBack(basket_id="b", reason=Refusal.PRICE_CHANGED)
    closed = by_own_prices({1: 150}, is_willing=False)
    assert next_of(Asked(basket_id="b"), TAKEN, closed) == GivenBack(basket_id="b", reason=Refusal.DECLINED)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("answer", [
    changed(basket_id="other"), changed(till_id="other"), changed(till_id=""), till.BasketQuery(basket_id="b"),
    changed(state=BasketState.OFFERED),
])  # fmt: skip
def test_an_answer_that_does_not_belong_here_changes_nothing(state: TillState, answer: msgspec.Struct) -> None:
    assert next_of(state, answer) is state


@pytest.mark.parametrize("state", STATES[1:])
@pytest.mark.parametrize("code", list(ProblemCode))
def test_no_problem_makes_a_till_forget_what_it_decided(state: TillState, code: ProblemCode) -> None:
    assert next_of(state, Problem(code=code, sentence="")) is state


@pytest.mark.parametrize(("code", "is_over"), [
    (ProblemCode.NOT_NOW, True), (ProblemCode.NOT_FOUND, True), (ProblemCode.BUSY, False), (ProblemCode.FAILED, False),
    (ProblemCode.EXPIRED, False), (ProblemCode.MALFORMED, False),
])  # fmt: skip
def test_a_basket_that_cannot_be_had_is_closed_and_one_that_may_come_later_is_asked_for_again(
    code: ProblemCode, is_over: bool
) -> None:
    state = next_of(Asked(basket_id="b"), Problem(code=code, sentence=""))
    assert state == (Closed(basket_id="b", is_sold=False) if is_over else Asked(basket_id="b"))


def test_a_sale_is_closed_only_by_the_news_of_this_sale() -> None:
    assert next_of(SOLD, changed(state=BasketState.SOLD, sale_id="other")) is SOLD
    assert next_of(SOLD, changed(state=BasketState.SOLD, sale_id="s")) == Closed(basket_id="b", is_sold=True)


@given(st.lists(st.sampled_from([*BasketState, *ProblemCode]), max_size=12))
def test_whatever_is_answered_a_till_decides_at_most_once(answers: list[BasketState | ProblemCode]) -> None:
    state: TillState = Asked(basket_id="b")
    decided = set()
    for one in answers:
        answer = Problem(code=one, sentence="") if isinstance(one, ProblemCode) else changed(state=one, sale_id="s")
        state = next_of(state, answer)
        decided |= {type(state)} & {Sold, GivenBack}
    assert len(decided) <= 1


@pytest.mark.parametrize(("state", "stage"), [(STATES[0], "take"), (STATES[1], "sell"), (STATES[2], "refuse")])
def test_each_open_state_has_one_thing_to_say(state: Asked | Sold | GivenBack, stage: str) -> None:
    said, request = request_of(state, "t")
    assert said == stage
    assert (request.basket_id, request.till_id) == ("b", "t")  # type: ignore[attr-defined]


def test_a_journal_remembers_the_newest_state_and_drops_a_line_that_was_cut_off(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal")
    assert journal.last_of("b") is None
    for state in STATES[:2]:
        journal.write(state)
    journal.write(Asked(basket_id="other"))
    journal.path.write_bytes(journal.path.read_bytes() + b'{"type":"Closed","bas')
    assert journal.last_of("b") == SOLD
    assert journal.states() == [STATES[0], SOLD, Asked(basket_id="other")]
