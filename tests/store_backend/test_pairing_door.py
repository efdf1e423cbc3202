"""The port that strangers can reach: whatever they say, for as long as they like, costs next to nothing."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable, Iterator

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from aisle import channels, envelope
from aisle.messages import MalformedMessage, Problem, ProblemCode
from aisle.messages.pairing import MOST_PAIRING_BYTES, NONCE_BYTES, OfferTaken, PairedRole
from aisle.pairing import Candidate
from store_backend.pairing import PairingWindow
from store_backend.pairing_door import PairingDoor, pairing_door
from tests.store_backend.ports import free_port

OFFER = Candidate(PairedRole.KIOSK_UI, "north", "k" * 40, bytes(NONCE_BYTES)).offer()
WAIT_S = 5.0


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Iterator[PairingDoor]:
    monkeypatch.setenv("AISLE_PORT_BASE", str(free_port() - channels.PAIRING.port_offset))
    with pairing_door(PairingWindow("s" * 40, 600.0)) as door:
        yield door


def call(of: str = "127.0.0.1") -> socket.socket:
    return socket.create_connection(channels.PAIRING.address(), timeout=WAIT_S, source_address=(of, 0))


def reply_to(door: PairingDoor, content: bytes, of: str = "127.0.0.1") -> bytes:
    """Say something from an address, hang up, and return the reply."""
    with call(of) as line:
        line.sendall(content)
        line.shutdown(socket.SHUT_WR)
        line.setblocking(False)
        return heard(line, lambda: door.turn(0.0))


def heard(line: socket.socket, turn: Callable[[], None]) -> bytes:
    for _ in range(100_000):
        turn()
        try:
            return line.recv(4096)
        except BlockingIOError:
            continue
        except ConnectionError:
            return b""
    raise AssertionError("the door neither answers nor hangs up")


@given(st.binary(max_size=MOST_PAIRING_BYTES))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
def test_whatever_is_no_message_gets_one_sentence_that_repeats_nothing(door: PairingDoor, content: bytes) -> None:
    try:
        envelope.decode_body(content, channels.PAIRING.request)
    except MalformedMessage:
        answer = envelope.decode_body(reply_to(door, content), channels.PAIRING.reply)
        assert answer == Problem(code=ProblemCode.MALFORMED, sentence="this is no message of pairing")
        assert door.window.waiting(0.0) == []


def test_an_offer_is_taken_and_one_byte_too_many_hangs_up(door: PairingDoor) -> None:
    answer = envelope.decode_body(reply_to(door, envelope.encode_body(OFFER)), channels.PAIRING.reply)
    assert isinstance(answer, OfferTaken)
    assert reply_to(door, bytes(MOST_PAIRING_BYTES + 1)) == b""


def test_who_says_nothing_is_let_go_after_a_while_and_keeps_nobody_out(door: PairingDoor) -> None:
    silent = []
    for _ in range(40):
        silent.append(call())
        door.turn(0.0)
    door.turn(1.0)
    silent[0].setblocking(False)
    with pytest.raises(BlockingIOError):
        silent[0].recv(1)
    now_s = iter(range(10, 10_000))
    assert heard(silent[0], lambda: door.turn(float(next(now_s)))) == b""
    assert isinstance(
        envelope.decode_body(reply_to(door, envelope.encode_body(OFFER)), channels.PAIRING.reply), OfferTaken
    )
    for line in silent:
        line.close()


def test_who_hangs_up_in_the_middle_disturbs_nobody(door: PairingDoor) -> None:
    for _ in range(20):
        with call() as line:
            line.sendall(b"\x85half")
        door.turn(0.0)
    assert isinstance(
        envelope.decode_body(reply_to(door, envelope.encode_body(OFFER)), channels.PAIRING.reply), OfferTaken
    )


def offer(number: int) -> bytes:
    return envelope.encode_body(
        Candidate(PairedRole.KIOSK_UI, f"place-{number}", f"{number:040}", bytes(NONCE_BYTES)).offer()
    )


def test_who_says_a_byte_now_and_then_is_let_go_as_well(door: PairingDoor) -> None:
    with call() as line:
        line.setblocking(False)
        for tenth in range(40):
            with contextlib.suppress(ConnectionError):
                line.sendall(b"x")
            door.turn(tenth / 10)
        assert heard(line, lambda: door.turn(4.0)) == b""


def test_one_machine_that_calls_without_end_keeps_no_other_out(door: PairingDoor) -> None:
    lines = []
    for _ in range(40):
        lines.append(call())
        door.turn(0.0)
    answer = envelope.decode_body(reply_to(door, offer(1), "127.0.0.2"), channels.PAIRING.reply)
    assert isinstance(answer, OfferTaken)
    for line in lines:
        line.close()


def test_one_machine_that_offers_itself_without_end_leaves_room_for_others(door: PairingDoor) -> None:
    answers = [envelope.decode_body(reply_to(door, offer(one)), channels.PAIRING.reply) for one in range(10)]
    assert [isinstance(answer, OfferTaken) for answer in answers] == [True] * 4 + [False] * 6
    again = envelope.decode_body(reply_to(door, offer(0)), channels.PAIRING.reply)
    assert again == answers[0]
    other = envelope.decode_body(reply_to(door, offer(11), "127.0.0.2"), channels.PAIRING.reply)
    assert isinstance(other, OfferTaken)
