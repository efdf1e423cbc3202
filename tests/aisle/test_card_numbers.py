from __future__ import annotations

import sys
import unicodedata
from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisle import card_numbers, envelope
from aisle.messages import MalformedMessage, care, memory
from aisle.messages.memory import FactKind, Source

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


FULL_WIDTH = "".join(chr(ord("０") + int(digit)) for digit in VISA)
ARABIC = "".join(chr(ord("٠") + int(digit)) for digit in VISA)
LETTERS = (
    "4111  1111  1111  1111", "4111-1111-\n1111-1111", "4111\n1111\n1111\n1111", "4111\r\n1111\r\n1111\r\n1111",
    "4111\u20131111\u20131111\u20131111", "4111 \u2013 1111 \u2013 1111 \u2013 1111", "4111\t1111\t1111\t1111",
    "4111/1111/1111/1111", "4111_1111_1111_1111", "4111,1111,1111,1111", "4111, 1111, 1111, 1111",
    "4111\u20091111\u20091111\u20091111", "4111\u202f1111\u202f1111\u202f1111", "4111\u20111111\u20111111\u20111111",
    "4111\u22121111\u22121111\u22121111", "4111\u00ad1111\u200b1111\u20601111", "3782 / 822463 / 10005",
    "4222-2222-2222-\n2", "41 11 11 11 11 11 11 11", FULL_WIDTH,
    "\u3000".join(FULL_WIDTH[at : at + 4] for at in range(0, 16, 4)), ARABIC, "2, 4111, 1111, 1111, 1111, 12",
)  # fmt: skip


@pytest.mark.parametrize("written", LETTERS)
def test_a_number_is_found_as_ordinary_letters_hold_it(written: str) -> None:
    masked = card_numbers.masked(f"my card: {written}, please")
    assert card_numbers.MASK in masked
    assert sum(one.isdigit() for one in masked) <= 3
    assert card_numbers.spans(masked) == []


@pytest.mark.parametrize("written", LETTERS)
def test_a_number_is_found_in_bytes_as_letters_hold_it(written: str) -> None:
    (found,) = card_numbers.in_bytes(b'\xff{"text":"' + written.encode() + b'"}\x80')
    assert found in written


@pytest.mark.parametrize("text", [
    "1,29, 2,49, 3,99, 4,99, 5,49, 6,29", "5,29 3,99 4,49 12,99 4,00", "01/12/2017, 02/12/2017",
    "24/11/2026 - 25/11/2026",
    "[4, 11, 11, 11, 11, 11, 11, 11, 1]", "41,11,11,11,11,11,11,11", "(1, 4111, 1111.5, 111, 1, 1)",
    "tel. 0151/234567, 0151/234568",
    "4111 111, then 1 1111 1111", "4111; 1111; 1111; 1111", "4111    1111    1111    1111", "1800, 1812, 1830, 1848",
    "4006381333931, 4006381333948",
])  # fmt: skip
def test_prices_dates_and_lists_stay(text: str) -> None:
    assert card_numbers.masked(text) == text


@given(st.lists(st.integers(0, 99_999), max_size=40), st.sampled_from([", ", "\n", " / ", "  ", "\t"]))
def test_no_list_of_prices_is_taken_for_a_card(cents: list[int], between: str) -> None:
    text = between.join(f"{price // 100},{price % 100:02}" for price in cents)
    assert card_numbers.spans(text) == []


@given(st.lists(st.dates(), max_size=20), st.sampled_from([", ", "\n", " - ", "\t"]))
def test_no_list_of_dates_is_taken_for_a_card(days: list[date], between: str) -> None:
    assert card_numbers.spans(between.join(day.strftime("%d/%m/%Y") for day in days)) == []


def test_every_space_and_dash_of_unicode_may_stand_between_the_digits() -> None:
    signs = [chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) in ("Zs", "Pd")]
    assert len(signs) > 40
    assert [sign for sign in signs if not card_numbers.spans(sign.join(["4111", "1111", "1111", "1111"]))] == []


@pytest.mark.parametrize("piece", ["1 ", "1" * 50_000 + " ", "4111  ", " , ", "41,", "12345678901234567 - ", "٤ "])
def test_a_long_hostile_text_is_read_through(piece: str) -> None:
    """What took the square of its length would not end here."""
    text = piece * (1_000_000 // len(piece))
    assert card_numbers.masked(f"{text}|{VISA}").endswith(f"|{card_numbers.MASK}")


@given(st.text("0123456789 ,-\n4", max_size=300))
def test_masking_leaves_nothing_to_mask(text: str) -> None:
    assert card_numbers.spans(card_numbers.masked(text)) == []


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


@pytest.mark.parametrize("kept", [
    memory.RememberFact(fact_key="f", shopper_id="a" * 32, kind=FactKind.WISH, text="X", source=Source.PHONE),
    memory.CorrectFact(shopper_id="a" * 32, fact_id=1, text="X"),
    memory.LinkCard(token="t", card="XXXX"),
], ids=lambda kept: type(kept).__name__)  # fmt: skip
@pytest.mark.parametrize("number", ["4111 1111 1111 1111", VISA])
def test_no_memory_and_no_loyalty_card_takes_a_payment_card_number(kept: memory.Message, number: str) -> None:
    name = "card" if isinstance(kept, memory.LinkCard) else "text"
    refusal = rf"{type(kept).__name__}\.{name} holds a card number"
    with pytest.raises(ValueError, match=refusal):
        msgspec.structs.replace(kept, **{name: number})
    raw = {**msgspec.to_builtins(kept), name: number}
    with pytest.raises(MalformedMessage, match=refusal) as caught:
        envelope.decode_body(msgspec.msgpack.encode(raw), type(kept))
    assert number not in str(caught.value)


@pytest.mark.parametrize("card", ["4711-0815", "2900 1234 5678", "4111 1111 1111 1112"])
def test_a_loyalty_card_with_another_number_is_taken(card: str) -> None:
    assert memory.LinkCard(token="t", card=card).card == card


def test_numbers_that_are_made_by_programs_are_no_free_text() -> None:
    call = care.CallPerson(call_key=VISA, session_id=VISA, robot_id="r", screen="home", story="fine")
    assert call.call_key == VISA
