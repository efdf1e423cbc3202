from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisle.messages import ProblemCode, memory
from aisle.messages.memory import FactKind, Purpose
from store_backend import card_token, upkeep
from store_backend.backend import Backend
from store_backend.card_token import LIVES_S, CardToken
from store_backend.tables import greetings
from tests.store_backend.shoppers import ANNA, consent, seen
from tests.store_backend.steps import NOW_S, answer, refused, rows


def sign(said: str) -> str:
    return f"{hash(said) & (2**256 - 1):064x}"


NUMBERS = st.text("0123456789abcdef", min_size=32, max_size=32)


@given(number=NUMBERS, until=st.integers(0, 10**11), early_s=st.floats(0, 1e6))
def test_a_token_reads_back_until_its_time(number: str, until: int, early_s: float) -> None:
    token = CardToken(number, until)
    assert card_token.read(card_token.written(token, sign), sign, until - early_s) == token
    assert card_token.read(card_token.written(token, sign), sign, until + 1.0) == (
        "this code is too old; show a new one"
    )


@given(text=st.text(max_size=200))
def test_any_other_text_is_no_token(text: str) -> None:
    assert isinstance(card_token.read(text, sign, 0.0), str)


def test_a_token_with_another_time_or_number_was_not_made_here() -> None:
    text = card_token.written(CardToken("0" * 32, 1000), sign)
    for forged in (text.replace(".1000.", ".9999."), text.replace("." + "0" * 32, "." + "1" * 32)):
        assert card_token.read(forged, sign, 0.0) == "this code was not made by this store; show a new one"


def offered(backend: Backend) -> memory.CardLinkOffered:
    answer(backend, consent(Purpose.LOYALTY))
    offer: memory.CardLinkOffered = answer(backend, memory.OfferCardLink(shopper_id=ANNA))
    return offer


def test_a_card_is_linked_once_by_the_phone_that_reads_the_code(backend: Backend) -> None:
    link = memory.LinkCard(token=offered(backend).token, card="4711-0815")
    answer(backend, link)
    (card,) = seen(backend).facts
    assert (card.kind, card.text, card.source.value) == (FactKind.CARD, "4711-0815", "card")
    assert "used before" in refused(backend, link)[1]


def test_the_code_names_nobody(backend: Backend) -> None:
    assert ANNA not in offered(backend).token


def test_a_code_that_is_too_old_or_forged_links_nothing(backend: Backend) -> None:
    token = offered(backend).token
    late = replace(backend, clock=lambda: NOW_S + LIVES_S + 1.0)
    assert "too old" in refused(late, memory.LinkCard(token=token, card="4711"))[1]
    forged = memory.LinkCard(token=token[:-1] + ("0" if token[-1] != "0" else "1"), card="4711")
    assert "not made by this store" in refused(backend, forged)[1]
    assert seen(backend).facts == ()


def test_without_consent_there_is_no_code_and_a_code_from_before_links_nothing(backend: Backend) -> None:
    assert refused(backend, memory.OfferCardLink(shopper_id=ANNA))[0] is ProblemCode.FORBIDDEN
    token = offered(backend).token
    answer(backend, consent(Purpose.LOYALTY, given=False))
    assert "ask for consent" in refused(backend, memory.LinkCard(token=token, card="4711"))[1]


@pytest.mark.parametrize("role", ["kiosk_ui", "gateway"])
def test_only_the_phone_says_which_card_it_is(backend: Backend, role: str) -> None:
    command = memory.LinkCard(token=offered(backend).token, card="4711")
    assert refused(backend, command, role)[0] is ProblemCode.FORBIDDEN


def greeting_of(backend: Backend, token: str) -> str | None:
    told: memory.Greeting = answer(backend, memory.GreetingQuery(token=token), "kiosk_ui")
    return told.shopper_id


def test_a_screen_learns_whose_phone_has_read_its_code_once(backend: Backend) -> None:
    token = answer(backend, memory.OfferGreeting(), "kiosk_ui").token
    assert greeting_of(backend, token) is None
    answer(backend, memory.Greet(token=token, shopper_id=ANNA), "web")
    assert greeting_of(backend, token) == ANNA
    assert "used before" in refused(backend, memory.Greet(token=token, shopper_id="b" * 32), "web")[1]
    assert greeting_of(backend, token) == ANNA


def test_a_code_that_no_screen_has_offered_greets_nobody(backend: Backend) -> None:
    token = f"AISLE-HERE.{'0' * 32}"
    assert refused(backend, memory.Greet(token=token, shopper_id=ANNA), "web")[0] is ProblemCode.FORBIDDEN
    assert greeting_of(backend, token) is None


def test_a_greeting_ends_with_its_time_and_with_its_shopper(backend: Backend) -> None:
    token = answer(backend, memory.OfferGreeting(), "kiosk_ui").token
    answer(backend, memory.Greet(token=token, shopper_id=ANNA), "web")
    assert greeting_of(replace_clock(backend, NOW_S + LIVES_S + 1.0), token) is None
    assert upkeep.sweep(backend.engine, NOW_S + LIVES_S + 1.0) == 1
    token = answer(backend, memory.OfferGreeting(), "kiosk_ui").token
    answer(backend, memory.Greet(token=token, shopper_id=ANNA), "web")
    answer(backend, memory.EraseShopper(shopper_id=ANNA))
    assert greeting_of(backend, token) is None
    assert rows(backend, greetings) == []


def test_an_erased_shopper_greets_no_screen(backend: Backend) -> None:
    token = answer(backend, memory.OfferGreeting(), "kiosk_ui").token
    answer(backend, memory.EraseShopper(shopper_id=ANNA))
    assert "was erased" in refused(backend, memory.Greet(token=token, shopper_id=ANNA), "web")[1]


def replace_clock(backend: Backend, now_s: float) -> Backend:
    return Backend(backend.engine, backend.catalogue, lambda: now_s)
