"""The store's end of pairing: wrong, late and repeated messages, floods, and somebody who swaps keys on the way."""

from __future__ import annotations

import secrets
from dataclasses import replace

import hypothesis.strategies as st
from hypothesis import given, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from aisle.messages import Problem, ProblemCode
from aisle.messages.pairing import MOST_OFFERS, NONCE_BYTES, OfferTaken, OpeningTaken, PairedRole
from aisle.pairing import LIVES_S, MOST_WRONG, Candidate, Codes, DeviceSide
from store_backend.pairing import Accepted, PairingWindow

STORE_KEY, OTHER_STORE_KEY = "s" * 40, "t" * 40
OPEN_S = 600.0
NOBODY: frozenset[str] = frozenset()
NAME = "kiosk_ui@north"


def window() -> PairingWindow:
    return PairingWindow(STORE_KEY, OPEN_S)


def nonce() -> bytes:
    return secrets.token_bytes(NONCE_BYTES)


def device(number: int = 0, place: str = "north") -> Candidate:
    return Candidate(PairedRole.KIOSK_UI, place, f"{number:040}", nonce())


def offered(to: PairingWindow, candidate: Candidate, now_s: float = 0.0) -> DeviceSide:
    """Play both messages of an honest device."""
    taken = to.take_offer(candidate.offer(), nonce(), now_s)
    assert isinstance(taken, OfferTaken)
    opened = to.take_opening(candidate.opening(), now_s)
    assert isinstance(opened, OpeningTaken)
    return candidate.begin(taken, now_s + opened.lives_s)


def other_than(*shown: str) -> str:
    return next(code for code in (f"{number:06}" for number in range(100)) if code not in shown)


def code_of(answer: object) -> ProblemCode:
    assert isinstance(answer, Problem)
    assert answer.sentence
    return answer.code


def test_the_code_on_the_screen_pairs_and_the_consoles_answer_is_right_on_the_screen() -> None:
    store, candidate = window(), device()
    side = offered(store, candidate)
    accepted = store.enter(side.codes.code, NOBODY, 1.0)
    assert isinstance(accepted, Accepted)
    assert accepted.offer.public_key == candidate.public_key
    assert accepted.offer.name == NAME
    side.check(accepted.answer, 1.0)
    assert side.is_right
    assert side.server_key == STORE_KEY


def test_a_code_counts_once() -> None:
    store = window()
    side = offered(store, device())
    assert isinstance(store.enter(side.codes.code, NOBODY, 0.0), Accepted)
    assert code_of(store.enter(side.codes.code, NOBODY, 0.0)) is ProblemCode.NOT_FOUND


def test_wrong_codes_are_counted_and_then_the_right_one_is_refused_too() -> None:
    store = window()
    side = offered(store, device())
    wrong = other_than(side.codes.code)
    for _ in range(MOST_WRONG - 1):
        assert code_of(store.enter(wrong, NOBODY, 0.0)) is ProblemCode.NOT_FOUND
    assert code_of(store.enter(wrong, NOBODY, 0.0)) is ProblemCode.FORBIDDEN
    assert code_of(store.enter(side.codes.code, NOBODY, 0.0)) is ProblemCode.NOT_FOUND


def test_the_right_code_after_a_wrong_one_pairs() -> None:
    store = window()
    side = offered(store, device())
    store.enter(other_than(side.codes.code), NOBODY, 0.0)
    assert isinstance(store.enter(side.codes.code, NOBODY, 0.0), Accepted)


@given(st.floats(min_value=0.001, max_value=LIVES_S))
def test_a_code_that_has_expired_is_refused(late_s: float) -> None:
    store = window()
    side = offered(store, device())
    assert code_of(store.enter(side.codes.code, NOBODY, LIVES_S + late_s)) is ProblemCode.NOT_FOUND


def test_when_the_window_has_closed_nothing_is_taken() -> None:
    store, candidate, late_s = window(), device(1), OPEN_S + 0.1
    side = offered(store, device(), OPEN_S - 1.0)
    assert code_of(store.enter(side.codes.code, NOBODY, late_s)) is ProblemCode.NOT_NOW
    assert code_of(store.take_offer(candidate.offer(), nonce(), late_s)) is ProblemCode.NOT_NOW
    assert code_of(store.take_opening(candidate.opening(), late_s)) is ProblemCode.NOT_NOW


def test_a_code_counts_only_after_its_nonce_was_shown() -> None:
    store, candidate = window(), device()
    taken = store.take_offer(candidate.offer(), nonce(), 0.0)
    assert isinstance(taken, OfferTaken)
    side = candidate.begin(taken, LIVES_S)
    assert code_of(store.enter(side.codes.code, NOBODY, 0.0)) is ProblemCode.NOT_FOUND


@given(st.binary(min_size=NONCE_BYTES, max_size=NONCE_BYTES))
def test_another_nonce_than_the_promised_one_ends_the_offer(other: bytes) -> None:
    store, candidate = window(), device()
    store.take_offer(candidate.offer(), nonce(), 0.0)
    opening = replace(candidate, nonce=other).opening()
    assert code_of(store.take_opening(opening, 0.0)) is ProblemCode.FORBIDDEN
    assert code_of(store.take_opening(candidate.opening(), 0.0)) is ProblemCode.NOT_NOW


def test_a_message_that_is_sent_again_gets_the_same_reply() -> None:
    store, candidate = window(), device()
    first = store.take_offer(candidate.offer(), nonce(), 0.0)
    assert store.take_offer(candidate.offer(), nonce(), 0.0) == first
    assert store.take_opening(candidate.opening(), 0.0) == store.take_opening(candidate.opening(), 0.0)
    assert len(store.waiting(0.0)) == 1


def test_an_exchange_that_is_replayed_later_has_another_code() -> None:
    store, candidate = window(), device()
    old = offered(store, candidate)
    replayed = offered(window(), candidate)
    assert old.codes != replayed.codes


def test_a_key_that_was_offered_is_not_taken_with_another_commitment() -> None:
    store, candidate = window(), device()
    offered(store, candidate)
    again = replace(candidate, nonce=nonce())
    assert code_of(store.take_offer(again.offer(), nonce(), 0.0)) is ProblemCode.ALREADY


def test_a_name_that_has_a_key_is_not_given_away() -> None:
    store = window()
    side = offered(store, device())
    answer = store.enter(side.codes.code, {NAME}, 0.0)
    assert code_of(answer) is ProblemCode.ALREADY
    assert isinstance(answer, Problem)
    assert NAME in answer.sentence


def test_a_window_takes_a_handful_of_offers_finished_or_not() -> None:
    store = window()
    for number in range(MOST_OFFERS):
        store.take_offer(device(number).offer(), nonce(), 0.0)
    assert code_of(store.take_offer(device(MOST_OFFERS).offer(), nonce(), 0.0)) is ProblemCode.BUSY
    # An offer that is over frees no place, or a stranger could try codes for as long as the window is open.
    assert code_of(store.take_offer(device(MOST_OFFERS).offer(), nonce(), LIVES_S + 1.0)) is ProblemCode.BUSY


def test_somebody_between_who_swaps_the_keys_gets_no_answer_and_is_not_believed() -> None:
    store, kiosk, stranger = window(), device(0), device(1)
    taken_by_stranger = OfferTaken(public_key=OTHER_STORE_KEY, nonce=nonce())
    screen = kiosk.begin(taken_by_stranger, LIVES_S)
    in_the_store = offered(store, stranger)
    assert screen.codes != in_the_store.codes
    if screen.codes.code != in_the_store.codes.code:
        assert code_of(store.enter(screen.codes.code, NOBODY, 0.0)) is ProblemCode.NOT_FOUND
    screen.check(in_the_store.codes.answer, 0.0)
    assert screen.is_right == (screen.codes.answer == in_the_store.codes.answer)


@given(st.integers(min_value=0, max_value=2**32))
@settings(max_examples=50)
def test_somebody_between_who_passes_the_nonces_on_but_swaps_one_key_is_found_out(seed: int) -> None:
    store, kiosk = window(), device(seed)
    # He must commit before he knows the store's nonce, so the best he has is the kiosk's own commitment: his key fails.
    forged = replace(kiosk, public_key="f" * 40)
    stolen = forged.offer()
    taken = store.take_offer(
        type(stolen)(role=stolen.role, place=stolen.place, public_key="f" * 40, commitment=kiosk.offer().commitment),
        nonce(),
        0.0,
    )
    assert isinstance(taken, OfferTaken)
    assert code_of(store.take_opening(forged.opening(), 0.0)) is ProblemCode.FORBIDDEN
    # And a store key that is swapped towards the kiosk changes what the kiosk shows.
    honest = kiosk.begin(taken, LIVES_S)
    swapped = kiosk.begin(OfferTaken(public_key=OTHER_STORE_KEY, nonce=taken.nonce), LIVES_S)
    assert honest.codes != swapped.codes


class ManyDevices(RuleBasedStateMachine):
    """Devices offer themselves, wait, expire, and staff type codes right and wrong, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.store, self.now_s, self.count = window(), 0.0, 0
        self.shown: dict[str, tuple[Codes, float]] = {}
        self.paired: list[str] = []
        self.wrong = 0

    def alive(self) -> list[str]:
        return [key for key, (_, offered_s) in self.shown.items() if self.now_s <= offered_s + LIVES_S]

    @rule(step_s=st.floats(min_value=0.0, max_value=LIVES_S / 2))
    def wait(self, step_s: float) -> None:
        self.now_s += step_s

    @rule()
    def offer(self) -> None:
        candidate = device(self.count)
        self.count += 1
        taken = self.store.take_offer(candidate.offer(), nonce(), self.now_s)
        is_taken = self.now_s <= OPEN_S and self.count <= MOST_OFFERS
        assert isinstance(taken, OfferTaken) == is_taken
        if isinstance(taken, OfferTaken):
            self.store.take_opening(candidate.opening(), self.now_s)
            side = candidate.begin(taken, self.now_s + LIVES_S)
            self.shown[candidate.public_key] = (side.codes, self.now_s)
        elif self.now_s > OPEN_S:
            # What came too late took no place.
            self.count -= 1

    @precondition(lambda self: self.shown)
    @rule(pick=st.integers(min_value=0))
    def type_a_code(self, pick: int) -> None:
        key = list(self.shown)[pick % len(self.shown)]
        is_alive, (codes, _) = key in self.alive(), self.shown[key]
        accepted = self.store.enter(codes.code, NOBODY, self.now_s)
        if is_alive and self.now_s <= OPEN_S:
            assert isinstance(accepted, Accepted)
            assert (accepted.offer.public_key, accepted.answer) == (key, codes.answer)
            self.paired.append(key)
            del self.shown[key]
        else:
            assert isinstance(accepted, Problem)
            self.note_wrong()

    @rule()
    def type_a_wrong_code(self) -> None:
        code = other_than(*(codes.code for codes, _ in self.shown.values()))
        assert isinstance(self.store.enter(code, NOBODY, self.now_s), Problem)
        self.note_wrong()

    def note_wrong(self) -> None:
        if self.now_s > OPEN_S or not self.alive():
            return
        self.wrong = (self.wrong + 1) % MOST_WRONG
        if self.wrong == 0:
            self.shown.clear()

    @invariant()
    def nobody_is_paired_twice_and_few_wait(self) -> None:
        assert len(set(self.paired)) == len(self.paired)
        assert {one.offer.public_key for one in self.store.waiting(self.now_s)} == set(self.alive())
        assert len(self.alive()) <= MOST_OFFERS


TestManyDevices = ManyDevices.TestCase
TestManyDevices.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
