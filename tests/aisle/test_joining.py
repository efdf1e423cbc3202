"""A device that asks a store to take it: what it keeps, and what it says when it cannot."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest

from aisle import channels, envelope, joining, keys
from aisle.messages.pairing import NONCE_BYTES, OfferTaken, OpeningTaken, PairedRole
from aisle.pairing import Candidate
from tests.store_backend.ports import free_port


def offered(store_key: str) -> joining.Joining:
    pair = keys.new_key_pair()
    candidate = Candidate(PairedRole.TILL, "till-2", pair.public.decode(), bytes(NONCE_BYTES))
    side = candidate.begin(OfferTaken(public_key=store_key, nonce=bytes(NONCE_BYTES)), 100.0)
    return joining.Joining(candidate, pair, side)


def test_nothing_is_kept_before_the_answer_was_right(tmp_path: Path) -> None:
    joined = offered(keys.new_key_pair().public.decode())
    joined.side.check("000000" if joined.side.codes.answer != "000000" else "000001", 0.0)
    with pytest.raises(ValueError, match="only after its answer"):
        joined.keep(tmp_path / "keys")
    assert not (tmp_path / "keys").exists()


def test_after_the_right_answer_the_keys_are_there_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    store_key = keys.new_key_pair().public
    joined = offered(store_key.decode())
    joined.side.check(joined.side.codes.answer, 0.0)
    assert not joining.has_keys(tmp_path / "keys", "till")
    joined.keep(tmp_path / "keys")
    assert joining.has_keys(tmp_path / "keys", "till")
    assert keys.load_key_pair(tmp_path / "keys", "till") == joined.pair
    assert keys.accepted_keys(tmp_path / "keys", "store_backend") == (store_key,)
    assert (tmp_path / "keys").stat().st_mode & 0o077 == 0
    assert (tmp_path / "keys" / "till.key_secret").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("place", ["", "North", "a b", "../admin", "-x", "n" * 33, "north\n", "next"])
def test_a_name_that_no_key_may_have_is_refused_before_anything_is_sent(place: str) -> None:
    with pytest.raises(joining.PairingRefused, match="small letters"):
        joining.begin(PairedRole.TILL, place)


@pytest.mark.parametrize("host", ["Kiosk-North.store.example", "ÄÖÜ", "---", "x" * 80, "next"])
def test_the_name_of_any_machine_gives_a_name_for_its_key(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: host)
    place = joining.default_place()
    assert re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,31}", place)
    assert place != "next"


def test_where_nobody_pairs_the_device_says_what_staff_must_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AISLE_PORT_BASE", str(free_port() - channels.PAIRING.port_offset))
    with pytest.raises(joining.Unreachable, match="staff open pairing with `aisle pair`"):
        joining.begin(PairedRole.TILL, "till-2")


def test_a_device_that_is_hung_up_on_tries_again_until_it_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = OfferTaken(public_key=keys.new_key_pair().public.decode(), nonce=bytes(NONCE_BYTES))
    replies = [ConnectionResetError(), TimeoutError(), envelope.encode_body(answer)]
    replies.append(envelope.encode_body(OpeningTaken(lives_s=60.0)))

    def called(_content: bytes) -> bytes:
        reply = replies.pop(0)
        if isinstance(reply, OSError):
            raise reply
        return reply

    monkeypatch.setattr(joining, "_called", called)
    monkeypatch.setattr(joining, "_PAUSE_S", 0.0)
    assert joining.begin(PairedRole.TILL, "till-2").side.codes.code
    assert replies == []


def test_a_device_that_is_always_hung_up_on_gives_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def called(_content: bytes) -> bytes:
        raise ConnectionResetError

    monkeypatch.setattr(joining, "_called", called)
    monkeypatch.setattr(joining, "_PATIENCE_S", 0.0)
    monkeypatch.setattr(joining, "_PAUSE_S", 0.0)
    with pytest.raises(joining.Unreachable):
        joining.begin(PairedRole.TILL, "till-2")
