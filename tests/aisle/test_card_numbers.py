from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisle import card_numbers, envelope
from aisle.messages import MalformedMessage, care

# Test numbers that card companies publish; they belong to nobody.
VISA, AMEX, SHORT, LONG = "4111111111111111", "378282246310005", "4222222222222", "6304000000000000000"


def completed(digits: str) -> str:
    return next(digits + last for last in "0123456789" if card_numbers.is_luhn_valid(digits + last))


@pytest.mark.parametrize("number", [VISA, AMEX, SHORT, LONG])
def test_published_numbers_are_found(number: str) -> None:
    assert card_numbers.masked(f"my card {number}, please") == f"my card {card_numbers.MASK}, please"


@pytest.mark.parametrize("written", [
    "4111 1111 1111 1111", "4111-1111-1111-1111", "4111.1111.1111.1111", "4111\u00a01111\u00a01111\u00a01111",
    "2 4111 1111 1111 1111", "4111 1111 1111 1111 12/27",
])  # fmt: skip
def test_a_number_is_found_as_people_write_it(written: str) -> None:
    assert "1111" not in card_numbers.masked(written)


@pytest.mark.parametrize("text", [
    "", "aisle 7, 2 milk", "4111111111111112", "41111111111111111111", "tel. 0151 234567", "2017-12-01 10:30", "4 1 1 1"
])  # fmt: skip
def test_other_numbers_stay(text: str) -> None:
    assert card_numbers.masked(text) == text


@given(st.text(max_size=40), st.text("0123456789", min_size=12, max_size=18), st.text(max_size=40))
def test_wherever_a_number_stands_it_is_gone_after_masking(before: str, digits: str, after: str) -> None:
    text = f"{before}|{completed(digits)}|{after}"
    assert card_numbers.spans(text)
    assert completed(digits) not in card_numbers.masked(text)
    assert card_numbers.spans(card_numbers.masked(text)) == []


@given(st.text("0123456789", min_size=12, max_size=18), st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_makes_it_no_card_number(digits: str, place: int, step: int) -> None:
    """The check digit finds every single wrong digit: that is what it was made for."""
    good = completed(digits)
    place %= len(good)
    wrong = good[:place] + str((int(good[place]) + step) % 10) + good[place + 1 :]
    assert not card_numbers.is_luhn_valid(wrong)


def test_numbers_are_found_in_the_raw_bytes_of_a_file() -> None:
    assert card_numbers.in_bytes(b"\x00\xff" + VISA.encode() + b"home\x80" + b"4111111111111112") == [VISA]


def story(text: str) -> care.CallPerson:
    return care.CallPerson(call_key="c", session_id="s", robot_id="r", screen="home", story=text)


def test_a_message_with_a_card_number_in_free_text_cannot_be_made() -> None:
    with pytest.raises(ValueError, match=r"CallPerson\.story holds a card number"):
        story(f"I paid with {VISA}")


def test_a_message_with_a_card_number_in_free_text_is_not_taken_in_either_and_the_refusal_does_not_repeat_it() -> None:
    raw = msgspec.to_builtins(story("I paid with X"))
    raw["story"] = f"I paid with {VISA}"
    with pytest.raises(MalformedMessage, match="holds a card number") as caught:
        envelope.decode_body(msgspec.msgpack.encode(raw), care.CallPerson)
    assert VISA not in str(caught.value)


def test_numbers_that_are_made_by_programs_are_no_free_text() -> None:
    call = care.CallPerson(call_key=VISA, session_id=VISA, robot_id="r", screen="home", story="fine")
    assert call.call_key == VISA
