"""Pairing, a change of key and a revoked key against the real backend process over real sockets."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec
import pytest

from aisle import bus, channels, clock, envelope, joining, keys, pairing, server_keys
from aisle.messages import Problem, ProblemCode, operation
from aisle.messages.pairing import (
    MOST_OFFERS,
    ClosePairing,
    EnterCode,
    OpenPairing,
    Paired,
    PairedRole,
    PairingQuery,
    PairingState,
    ServerKeysQuery,
)
from aisle.pairing import Candidate, Verdict
from apps import key_verbs
from store_backend.key_desk import KeyDesk
from store_backend.key_file import create_missing_store_keys
from tests.store_backend.ports import free_port

START_S, PATIENCE_S = 20.0, 10.0
HEALTH = operation.HealthQuery()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The store's own folder of keys, and ports of its own."""
    monkeypatch.setenv("AISLE_PORT_BASE", str(free_port() - channels.BACKEND.port_offset))
    keys.create_missing_keys(tmp_path / "keys")
    create_missing_store_keys(tmp_path / "keys")
    return tmp_path / "keys"


@contextmanager
def running(store_dir: Path, home: Path) -> Iterator[bus.RequestClient]:
    """Run the backend; yield what asks its key desk as staff."""
    command = [sys.executable, "-m", "store_backend.service", "--store", str(store_dir), "--keys", str(home)]
    command += ["--database", f"sqlite:///{home.parent / 'backend.sqlite'}"]
    with (
        subprocess.Popen(command, stderr=subprocess.DEVNULL) as process,
        bus.request_client(channels.KEYS, bus.Identity("admin", home)) as staff,
    ):
        try:
            assert isinstance(staff.ask(PairingQuery(), timeout_s=START_S), PairingState)
            yield staff
        finally:
            process.kill()


def called(content: bytes, of: str = "127.0.0.1") -> bytes:
    """Say something to the pairing port from an address; return "no message" when that was the reply."""
    with socket.create_connection(channels.PAIRING.address(), timeout=PATIENCE_S, source_address=(of, 0)) as line:
        try:
            line.sendall(content)
            line.shutdown(socket.SHUT_WR)
            reply = line.recv(4096)
        except ConnectionError:
            return b""
    return b"no message" if b"this is no message of pairing" in reply else reply


def code_of(answer: object) -> ProblemCode:
    assert isinstance(answer, Problem)
    return answer.code


@pytest.mark.integration
def test_a_kiosk_on_another_machine_is_paired_by_its_code_and_served_at_once(
    store_dir: Path, home: Path, tmp_path: Path
) -> None:
    away = tmp_path / "away"
    with running(store_dir, home) as staff:
        staff.ask(OpenPairing(minutes=1.0))
        offered = joining.begin(PairedRole.KIOSK_UI, "north")
        assert [one.name for one in staff.ask(PairingQuery()).devices] == ["kiosk_ui@north"]
        wrong = "000000" if offered.side.codes.code != "000000" else "000001"
        assert code_of(staff.ask(EnterCode(code=wrong))) is ProblemCode.NOT_FOUND
        paired = staff.ask(EnterCode(code=offered.side.codes.code))
        assert isinstance(paired, Paired)
        assert offered.side.check(paired.answer, clock.monotonic_s()) is Verdict.RIGHT
        offered.keep(away)
        identity = bus.Identity("kiosk_ui", away)
        with bus.request_client(channels.BACKEND, identity) as kiosk:
            assert isinstance(served(kiosk), operation.Health)
        # What the kiosk talks to besides comes over the connection that is authenticated now.
        with bus.request_client(channels.KEYS, identity) as kiosk:
            served(kiosk, ServerKeysQuery())
        assert server_keys.fetch_server_keys(identity) == ["gateway"]
        assert keys.load_public_key(away, "gateway") == keys.load_public_key(home, "gateway")
        with bus.request_client(channels.KEYS, identity) as kiosk:
            assert code_of(kiosk.ask(EnterCode(code=wrong))) is ProblemCode.FORBIDDEN
        (home / "kiosk_ui@north.key").unlink()
        with bus.request_client(channels.BACKEND, identity) as kiosk:
            assert "key" in refused(kiosk)


def served(client: bus.RequestClient, message: msgspec.Struct = HEALTH) -> object:
    """Ask until the folder of keys has been looked at."""
    until_s = clock.monotonic_s() + PATIENCE_S
    while clock.monotonic_s() < until_s:
        try:
            return client.ask(message)
        except bus.KeyRefused:
            continue
    raise AssertionError("it was refused for good")


def refused(client: bus.RequestClient) -> str:
    """Ask until the folder of keys has been looked at; return the sentence."""
    until_s = clock.monotonic_s() + PATIENCE_S
    while clock.monotonic_s() < until_s:
        try:
            client.ask(HEALTH)
        except bus.KeyRefused as problem:
            return str(problem)
    raise AssertionError("it was never refused")


@pytest.mark.integration
def test_without_staff_nobody_pairs_and_no_port_is_open(store_dir: Path, home: Path) -> None:
    with running(store_dir, home) as staff:
        for _ in range(2):
            with pytest.raises(bus.Unreachable, match="nobody pairs devices"):
                joining.begin(PairedRole.KIOSK_UI, "north")
            staff.ask(OpenPairing())
            assert staff.ask(ClosePairing()).open_until_unix_s == 0.0
        assert code_of(staff.ask(EnterCode(code="123456"))) is ProblemCode.NOT_NOW


@pytest.mark.integration
def test_strangers_who_flood_the_pairing_port_are_refused_and_the_others_are_served(
    store_dir: Path, home: Path
) -> None:
    with running(store_dir, home) as staff, ExitStack() as stack:
        staff.ask(OpenPairing())
        # A message of staff means nothing here, nor does one that is too large or none at all.
        for content in (envelope.encode_body(OpenPairing(minutes=60.0)), bytes(100_000), b"", b"\xc1" * 1000):
            assert called(content) in (b"", b"no message")
        # Many who say nothing, and never hang up, are let go after a while.
        for _ in range(40):
            stack.enter_context(socket.create_connection(channels.PAIRING.address()))
        for number in range(4):
            joining.begin(PairedRole.TILL, f"till-{number}")
        with pytest.raises(joining.PairingRefused, match="asked 4 times already"):
            joining.begin(PairedRole.KIOSK_UI, "north")
        # Several machines together may fill the window, and then staff open it anew.
        for number in range(4, MOST_OFFERS):
            pair = keys.new_key_pair()
            candidate = Candidate(PairedRole.TILL, f"till-{number}", pair.public.decode(), pairing.new_nonce())
            assert called(envelope.encode_body(candidate.offer()), "127.0.0.2")
            assert called(envelope.encode_body(candidate.opening()), "127.0.0.2")
        kiosk_north = Candidate(PairedRole.KIOSK_UI, "north", keys.new_key_pair().public.decode(), pairing.new_nonce())
        assert b"more are not taken" in called(envelope.encode_body(kiosk_north.offer()), "127.0.0.3")
        assert len(staff.ask(PairingQuery()).devices) == MOST_OFFERS
        with bus.request_client(channels.BACKEND, bus.Identity("kiosk_ui", home)) as kiosk:
            assert isinstance(kiosk.ask(HEALTH), operation.Health)
        # Opened anew, the window is empty.
        assert staff.ask(OpenPairing()).devices == ()
        assert joining.begin(PairedRole.KIOSK_UI, "north").side.codes.code


@pytest.mark.integration
def test_the_backends_key_changes_while_a_client_asks_on_and_no_request_is_lost(
    store_dir: Path, home: Path, tmp_path: Path
) -> None:
    away = tmp_path / "away"
    keys.write_key_pair(away, "kiosk_ui", keys.load_key_pair(home, "kiosk_ui"))
    keys.write_public_key(away, "store_backend", keys.load_public_key(home, "store_backend"))
    identity, old = bus.Identity("kiosk_ui", away), keys.load_public_key(home, "store_backend")
    rotation = aisle("rotate", "--keys", str(home))
    with running(store_dir, home), bus.request_client(channels.BACKEND, identity) as kept:
        assert subprocess.run(rotation, check=False).returncode == 0
        assert "store_backend@next" in server_keys.fetch_server_keys(identity)
        answered = 0
        with subprocess.Popen([*rotation, "--now"]) as change:
            while change.poll() is None:
                # One client whose connection is open, and a new one each time; a lost request would raise.
                kept.ask(HEALTH)
                with bus.request_client(channels.BACKEND, identity) as fresh:
                    fresh.ask(HEALTH)
                answered += 2
        assert change.returncode == 0
        assert answered >= 20
        assert server_keys.fetch_server_keys(identity) == ["store_backend"]
        assert keys.accepted_keys(away, "store_backend") == keys.accepted_keys(home, "store_backend") != (old,)
        with bus.request_client(channels.BACKEND, identity) as fresh:
            assert isinstance(fresh.ask(HEALTH), operation.Health)


@pytest.mark.integration
def test_a_revoked_key_hears_no_more_of_the_board_of_staff(store_dir: Path, home: Path) -> None:
    keys.create_missing_keys(home, ("admin@tablet",))
    with (
        running(store_dir, home),
        bus.subscriber(channels.CARE_BOARD, bus.Identity("admin@tablet", home)) as tablet,
        bus.subscriber(channels.CARE_BOARD, bus.Identity("admin", home)) as console,
    ):
        assert tablet.update(PATIENCE_S)
        (home / "admin@tablet.key").unlink()
        until_s = clock.monotonic_s() + PATIENCE_S
        while not tablet.connection.refusal and clock.monotonic_s() < until_s:
            tablet.update(0.05)
        assert "does not know the key of admin@tablet" in tablet.connection.refusal
        while tablet.update():
            pass
        console.update()
        assert console.update(PATIENCE_S)
        assert not tablet.update()


@pytest.mark.integration
def test_the_verbs_pair_a_till_from_two_terminals(store_dir: Path, home: Path, tmp_path: Path) -> None:
    away = tmp_path / "away"
    join = aisle("join", "127.0.0.1", "--as", "till", "--name", "till-2", "--keys", str(away))
    with running(store_dir, home):
        refused = subprocess.run(join, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
        assert refused.returncode == 1
        assert "staff open pairing" in refused.stdout
        assert "pairing is open for 10 minutes" in told(home)
        with subprocess.Popen(join, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as device:
            assert device.stdout is not None
            code = "".join(letter for letter in device.stdout.readline() if letter.isdigit())
            assert "till@till-2" in told(home, "--show")
            answer = told(home, code).rpartition(":")[2].strip()
            output, _ = device.communicate(f"1 2 3\n{answer}\n", timeout=PATIENCE_S)
        assert device.returncode == 0, output
        assert "this is not the answer" in output
        assert "pairing is closed" in told(home, "--close")
        with bus.request_client(channels.BACKEND, bus.Identity("till", away)) as till:
            assert "may not send" in till.ask(HEALTH).sentence


def aisle(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "apps.cli", *arguments]


def told(home: Path, *arguments: str) -> str:
    """Return what `aisle pair` prints."""
    command = aisle("pair", *arguments, "--keys", str(home))
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_pairing_is_for_staff_alone_and_every_role_hears_the_servers_keys(home: Path) -> None:
    desk = KeyDesk(home)
    for role in ("kiosk_ui", "web", "till", "gateway", "robot"):
        for command in (OpenPairing(), ClosePairing(), PairingQuery(), EnterCode(code="123456")):
            assert code_of(desk.answer(role, command)) is ProblemCode.FORBIDDEN
        assert desk.answer(role, ServerKeysQuery()) == server_keys.server_keys(home)


def test_only_devices_of_the_shop_floor_can_be_paired() -> None:
    assert set(PairedRole) == {"kiosk_ui", "robot", "till", "web"}
    assert not {"admin", "store_backend", "gateway", "sim"} & set(PairedRole)


def test_a_window_that_is_over_closes_its_port(home: Path) -> None:
    desk = KeyDesk(home)
    assert isinstance(desk.answer("admin", OpenPairing(minutes=1.0)), PairingState)
    assert code_of(KeyDesk(home).answer("admin", OpenPairing())) is ProblemCode.FAILED
    desk.turn(clock.monotonic_s() + 61.0)
    assert desk.answer("admin", PairingQuery()) == PairingState(open_until_unix_s=0.0, devices=())
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(channels.PAIRING.address())


@pytest.mark.parametrize("typed", ["482913", "482 913", "482-913"])
def test_a_code_may_be_typed_in_groups(typed: str) -> None:
    assert key_verbs._digits(typed) == "482913"
