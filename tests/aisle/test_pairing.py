"""What both ends of a pairing compute, and what the device believes."""

from __future__ import annotations

import hypothesis.strategies as st
import msgspec
import pytest
from hypothesis import given

from aisle import pairing
from aisle.messages.pairing import CODE_DIGITS, NONCE_BYTES, Offer, OfferTaken, PairedRole
from aisle.pairing import LIVES_S, MOST_WRONG, Candidate, DeviceSide, Verdict

NONCES = st.binary(min_size=NONCE_BYTES, max_size=NONCE_BYTES)
KEYS = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=40, max_size=40)
PLACES = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,31}", fullmatch=True)
CANDIDATES = st.builds(Candidate, st.sampled_from(PairedRole), PLACES, KEYS, NONCES)
TAKEN = st.builds(lambda key, nonce: OfferTaken(public_key=key, nonce=nonce), KEYS, NONCES)
DIGITS = st.text("0123456789", min_size=CODE_DIGITS, max_size=CODE_DIGITS)
UNTIL_S = 1000.0


def side_of(candidate: Candidate, taken: OfferTaken) -> DeviceSide:
    return candidate.begin(taken, UNTIL_S)


@given(CANDIDATES, TAKEN)
def test_both_ends_of_one_exchange_get_the_same_codes(candidate: Candidate, taken: OfferTaken) -> None:
    offer, opening = candidate.offer(), candidate.opening()
    assert pairing.opens(offer, opening.nonce)
    shown = side_of(candidate, taken).codes
    assert pairing.codes(offer, taken, opening.nonce) == shown
    assert len(shown.code) == len(shown.answer) == CODE_DIGITS


@given(CANDIDATES, NONCES)
def test_a_commitment_is_opened_by_its_own_nonce_only(candidate: Candidate, other: bytes) -> None:
    assert pairing.opens(candidate.offer(), other) == (other == candidate.nonce)


@given(CANDIDATES, st.sampled_from(["role", "place", "public_key"]), KEYS, PLACES, st.sampled_from(PairedRole))
def test_a_commitment_of_another_name_or_key_is_not_opened(
    candidate: Candidate, field: str, key: str, place: str, role: PairedRole
) -> None:
    others: dict[str, object] = {"role": role, "place": place, "public_key": key}
    swapped = msgspec.structs.replace(candidate.offer(), **{field: others[field]})
    assert pairing.opens(swapped, candidate.nonce) == (swapped == candidate.offer())


@given(CANDIDATES, TAKEN, KEYS, NONCES)
def test_a_key_or_a_nonce_that_was_swapped_on_the_way_changes_the_codes(
    candidate: Candidate, taken: OfferTaken, key: str, nonce: bytes
) -> None:
    honest = pairing.codes(candidate.offer(), taken, candidate.nonce)
    told: list[tuple[Offer, OfferTaken, bytes]] = [
        (candidate.offer(), OfferTaken(public_key=key, nonce=taken.nonce), candidate.nonce),
        (msgspec.structs.replace(candidate.offer(), public_key=key), taken, candidate.nonce),
        (candidate.offer(), OfferTaken(public_key=taken.public_key, nonce=nonce), candidate.nonce),
        (candidate.offer(), taken, nonce),
    ]
    for swapped in told:
        is_same = swapped == (candidate.offer(), taken, candidate.nonce)
        assert (pairing.codes(*swapped) == honest) == is_same


@given(CANDIDATES, TAKEN)
def test_the_right_answer_makes_the_device_believe_the_stores_key(candidate: Candidate, taken: OfferTaken) -> None:
    side = side_of(candidate, taken)
    assert not side.is_right
    assert side.check(side.codes.answer, UNTIL_S) is Verdict.RIGHT
    assert side.is_right
    assert not side.is_over(UNTIL_S + 1.0)


@given(CANDIDATES, TAKEN, st.lists(DIGITS, min_size=MOST_WRONG, max_size=MOST_WRONG))
def test_after_too_many_wrong_answers_the_right_one_is_refused(
    candidate: Candidate, taken: OfferTaken, wrong: list[str]
) -> None:
    side = side_of(candidate, taken)
    if side.codes.answer in wrong:
        return
    verdicts = [side.check(one, 0.0) for one in wrong]
    assert verdicts == [Verdict.WRONG] * (MOST_WRONG - 1) + [Verdict.OVER]
    assert side.check(side.codes.answer, 0.0) is Verdict.OVER
    assert not side.is_right


@given(CANDIDATES, TAKEN, st.floats(min_value=0.001, max_value=LIVES_S))
def test_a_late_answer_is_refused(candidate: Candidate, taken: OfferTaken, late_s: float) -> None:
    side = side_of(candidate, taken)
    assert side.check(side.codes.answer, UNTIL_S + late_s) is Verdict.OVER
    assert not side.is_right


@pytest.mark.parametrize("answer", ["", "12345", "é23456", "1" * 1000])
def test_what_is_no_answer_is_wrong(answer: str) -> None:
    candidate = Candidate(PairedRole.KIOSK_UI, "north", "k" * 40, bytes(NONCE_BYTES))
    side = side_of(candidate, OfferTaken(public_key="s" * 40, nonce=bytes(NONCE_BYTES)))
    assert side.check(answer, 0.0) is Verdict.WRONG


def test_the_codes_of_one_exchange_stay_what_they_are() -> None:
    candidate = Candidate(PairedRole.KIOSK_UI, "north", "k" * 40, bytes(range(NONCE_BYTES)))
    side = side_of(candidate, OfferTaken(public_key="s" * 40, nonce=bytes(NONCE_BYTES)))
    assert (side.codes.code, side.codes.answer) == ("223078", "923768")
