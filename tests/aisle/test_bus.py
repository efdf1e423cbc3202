"""The bus over real sockets with real CURVE keys; each test has a port of its own."""

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import zmq

from aisle import bus, channels, keys
from aisle.messages import MalformedMessage, Problem, ProblemCode, advice, care, memory, visit

Starter = Callable[[Callable[[str, Any], msgspec.Struct]], None]


@pytest.fixture
def keys_dir(tmp_path: Path) -> Path:
    keys.create_missing_keys(tmp_path / "keys")
    return tmp_path / "keys"


@pytest.fixture(autouse=True)
def free_ports(monkeypatch: pytest.MonkeyPatch) -> None:
    probe = zmq.Context()
    socket = probe.socket(zmq.REP)
    port = socket.bind_to_random_port("tcp://127.0.0.1", min_port=20_000, max_port=29_000)
    probe.destroy(linger=0)
    monkeypatch.setenv("AISLE_PORT_BASE", str(port - channels.BACKEND.port_offset))


@pytest.fixture
def serve(keys_dir: Path) -> Iterator[Starter]:
    stop, ready = threading.Event(), threading.Event()
    threads: list[threading.Thread] = []

    def run(handler: Callable[[str, Any], msgspec.Struct]) -> None:
        with bus.serve_requests(channels.BACKEND, bus.Identity("store_backend", keys_dir), handler) as server:
            ready.set()
            while not stop.is_set():
                server.poll(0.02)

    def start(handler: Callable[[str, Any], msgspec.Struct]) -> None:
        threads.append(threading.Thread(target=run, args=(handler,)))
        threads[0].start()
        assert ready.wait(5.0)

    yield start
    stop.set()
    for thread in threads:
        thread.join()


def accept(_role: str, message: care.OpenSession) -> care.SessionOpened:
    return care.SessionOpened(session_id=message.session_id)


OPEN = care.OpenSession(session_id="s1", robot_id="r1", language="en")


def test_a_request_is_answered_and_the_role_is_known(keys_dir: Path, serve: Starter) -> None:
    seen: list[str] = []

    def handler(role: str, message: care.OpenSession) -> care.SessionOpened:
        seen.append(role)
        return accept(role, message)

    serve(handler)
    with bus.request_client(channels.BACKEND, bus.Identity("kiosk_ui", keys_dir)) as client:
        assert client.ask(OPEN) == care.SessionOpened(session_id="s1")
    assert seen == ["kiosk_ui"]


def test_a_repeated_key_is_carried_out_once(keys_dir: Path, serve: Starter) -> None:
    calls: list[str] = []

    def handler(role: str, message: care.OpenSession) -> care.SessionOpened:
        calls.append(message.session_id)
        return accept(role, message)

    serve(handler)
    with bus.request_client(channels.BACKEND, bus.Identity("kiosk_ui", keys_dir)) as client:
        first = client.ask(OPEN, key="same")
        assert client.ask(OPEN, key="same") == first
    assert calls == ["s1"]


def test_a_malformed_message_gets_a_sentence_and_calls_no_handler(keys_dir: Path, serve: Starter) -> None:
    calls: list[object] = []

    def handler(_role: str, message: object) -> care.Recorded:
        calls.append(message)
        return care.Recorded(event_id=1)

    serve(handler)
    with bus.request_client(channels.BACKEND, bus.Identity("kiosk_ui", keys_dir)) as client:
        reply = client.ask(care.SessionOpened(session_id="not a request"))
        client.socket.send(b"\xc1garbage")
        assert client.socket.poll(2000)
    assert isinstance(reply, Problem)
    assert reply.code is ProblemCode.MALFORMED
    assert calls == []


def test_a_handler_that_fails_is_answered_and_the_next_request_is_served(
    keys_dir: Path, serve: Starter, caplog: pytest.LogCaptureFixture
) -> None:
    failures = [KeyError("a name that nobody knows")]

    def handler(role: str, message: care.OpenSession) -> care.SessionOpened:
        if failures:
            raise failures.pop()
        return accept(role, message)

    serve(handler)
    with bus.request_client(channels.BACKEND, bus.Identity("kiosk_ui", keys_dir)) as client:
        reply = client.ask(OPEN, key="same")
        again = client.ask(OPEN, key="same")
    assert isinstance(reply, Problem)
    assert reply.code is ProblemCode.FAILED
    assert "could not carry out OpenSession" in reply.sentence
    assert "a name that nobody knows" in caplog.text
    assert again == care.SessionOpened(session_id="s1")


def test_an_unknown_key_is_refused_in_words(keys_dir: Path, serve: Starter, tmp_path: Path) -> None:
    serve(accept)
    stranger = tmp_path / "stranger"
    keys.create_missing_keys(stranger)
    shutil.copy(keys_dir / "store_backend.key", stranger / "store_backend.key")
    with (
        bus.request_client(channels.BACKEND, bus.Identity("kiosk_ui", stranger)) as client,
        pytest.raises(bus.KeyRefused, match="does not know the key of kiosk_ui"),
    ):
        client.ask(OPEN)


def test_a_server_with_another_key_is_refused_in_words(keys_dir: Path, serve: Starter, tmp_path: Path) -> None:
    serve(accept)
    other = tmp_path / "other"
    keys.create_missing_keys(other)
    with (
        bus.request_client(channels.BACKEND, bus.Identity("kiosk_ui", other)) as client,
        pytest.raises(bus.KeyRefused, match="is not store_backend"),
    ):
        client.ask(OPEN)


def test_a_revoked_key_stops_at_once_and_works_again_when_it_is_back(keys_dir: Path, serve: Starter) -> None:
    calls: list[str] = []

    def handler(role: str, message: care.OpenSession) -> care.SessionOpened:
        calls.append(message.session_id)
        return accept(role, message)

    serve(handler)
    with bus.request_client(channels.BACKEND, bus.Identity("kiosk_ui", keys_dir)) as client:
        assert client.ask(OPEN) == care.SessionOpened(session_id="s1")
        (keys_dir / "kiosk_ui.key").rename(keys_dir / "kiosk_ui.gone")
        still_served, sentence = refused_after(lambda: client.ask(OPEN))
        assert "no longer knows this key" in sentence
        with pytest.raises(bus.KeyRefused):
            client.ask(OPEN)
        assert len(calls) == 1 + still_served
        (keys_dir / "kiosk_ui.gone").rename(keys_dir / "kiosk_ui.key")
        until_answered(lambda: client.ask(OPEN))


MANY = 50_000
MORE_THAN_ZEROMQ_HOLDS = 1_100


def refused_after(ask: Callable[[], object]) -> tuple[int, str]:
    """Ask until it is refused; return how often it was not, and the sentence."""
    for number in range(MANY):
        try:
            ask()
        except bus.KeyRefused as refused:
            return number, str(refused)
    raise AssertionError("it was never refused")


def until_answered(ask: Callable[[], object]) -> None:
    for _ in range(MANY):
        try:
            ask()
        except bus.KeyRefused:
            continue
        return
    raise AssertionError("it was refused for good")


def test_a_client_that_was_unknown_is_served_once_its_key_is_there(
    keys_dir: Path, serve: Starter, tmp_path: Path
) -> None:
    serve(accept)
    shutil.copytree(keys_dir, tmp_path / "kiosk")
    keys.create_missing_keys(tmp_path / "kiosk", ("kiosk_ui@north",))
    with bus.request_client(channels.BACKEND, bus.Identity("kiosk_ui@north", tmp_path / "kiosk")) as client:
        with pytest.raises(bus.KeyRefused, match="does not know the key of kiosk_ui@north"):
            client.ask(OPEN)
        shutil.copy(tmp_path / "kiosk" / "kiosk_ui@north.key", keys_dir)
        until_answered(lambda: client.ask(OPEN))


def test_what_was_refused_and_only_tells_is_let_in_once_its_key_is_known(keys_dir: Path, serve: Starter) -> None:
    (keys_dir / "gateway.key").rename(keys_dir / "gateway.gone")
    serve(accept)
    with bus.request_client(channels.BACKEND, bus.Identity("gateway", keys_dir)) as client:
        while not client.connection.refusal:
            assert not client.is_connected
        (keys_dir / "gateway.gone").rename(keys_dir / "gateway.key")
        for _ in range(MANY):
            client.tell(OPEN)
            if client.is_connected:
                return
            time.sleep(0.001)
    raise AssertionError("it stays out")


ADVICE = advice.Recommended(items=())
MEMORY = memory.Memory(shopper_id="a" * 32, consents=(), facts=(), accesses=(), told_unix_s=0.0)


@pytest.mark.parametrize(("reply", "times_asked"), [(care.SessionOpened(session_id="s1"), 1), (ADVICE, 2), (MEMORY, 2)])
def test_what_follows_from_what_a_shopper_told_is_not_kept_for_who_asks_again(
    keys_dir: Path, serve: Starter, reply: msgspec.Struct, times_asked: int
) -> None:
    calls: list[str] = []

    def handler(role: str, _message: care.OpenSession) -> msgspec.Struct:
        calls.append(role)
        return reply

    serve(handler)
    with bus.request_client(channels.BACKEND, bus.Identity("kiosk_ui", keys_dir)) as client:
        for _ in range(2):
            client.send(OPEN, "one key", 5.0)
            while not client.socket.poll(50):
                pass
            client.socket.recv()
    assert len(calls) == times_asked


def test_two_keys_of_one_role_are_served_side_by_side(keys_dir: Path, serve: Starter) -> None:
    keys.create_missing_keys(keys_dir, ("kiosk_ui@north",))
    seen: list[str] = []

    def handler(role: str, message: care.OpenSession) -> care.SessionOpened:
        seen.append(role)
        return accept(role, message)

    serve(handler)
    for name in ("kiosk_ui", "kiosk_ui@north"):
        with bus.request_client(channels.BACKEND, bus.Identity(name, keys_dir)) as client:
            assert client.ask(OPEN) == care.SessionOpened(session_id="s1")
    assert seen == ["kiosk_ui", "kiosk_ui"]


def test_an_oversized_message_is_refused_in_words_before_it_is_sent(keys_dir: Path) -> None:
    events = care.JourneyEvents(
        events=tuple(
            care.JourneyEvent(
                event_key="e", session_id="s", stage=care.Stage.CARE, touch_point="t", outcome="o" * 2_000_000
            )
            for _ in range(1)
        )
    )
    with (
        bus.request_client(channels.BACKEND, bus.Identity("kiosk_ui", keys_dir)) as client,
        pytest.raises(MalformedMessage, match="at most 1000000 are sent"),
    ):
        client.ask(events)


def test_frames_too_large_or_too_many_reach_no_handler_and_the_next_client_is_served(
    keys_dir: Path, serve: Starter
) -> None:
    calls: list[object] = []

    def handler(role: str, message: care.OpenSession) -> care.SessionOpened:
        calls.append(message)
        return accept(role, message)

    serve(handler)
    with bus.request_client(channels.BACKEND, bus.Identity("kiosk_ui", keys_dir)) as bad:
        bad.socket.send_multipart([b"one", b"two", b"three"])
        bad.socket.send(bytes(3_000_000))
        with bus.request_client(channels.BACKEND, bus.Identity("kiosk_ui", keys_dir)) as good:
            assert good.ask(OPEN) == care.SessionOpened(session_id="s1")
    assert calls == [OPEN]


def test_the_client_knows_whether_the_other_side_is_there(keys_dir: Path, serve: Starter) -> None:
    with bus.request_client(channels.BACKEND, bus.Identity("kiosk_ui", keys_dir)) as client:
        assert not client.is_connected
        serve(accept)
        client.ask(OPEN)
        assert client.is_connected


def test_a_server_that_is_down_is_named(keys_dir: Path) -> None:
    with (
        bus.request_client(channels.BACKEND, bus.Identity("kiosk_ui", keys_dir)) as client,
        pytest.raises(bus.Unreachable, match="store_backend did not answer"),
    ):
        client.ask(OPEN, timeout_s=0.3)


def test_a_server_that_is_away_for_hours_holds_nobody_up_and_is_asked_when_it_is_back(
    keys_dir: Path, serve: Starter
) -> None:
    with bus.request_client(channels.BACKEND, bus.Identity("kiosk_ui", keys_dir)) as client:
        for number in range(MORE_THAN_ZEROMQ_HOLDS):
            client.send(OPEN, f"k{number}", 0.01)
        with pytest.raises(bus.Unreachable):
            client.ask(OPEN, timeout_s=0.3)
        serve(accept)
        assert client.ask(OPEN, timeout_s=30.0, tries=10) == care.SessionOpened(session_id="s1")


def test_a_missing_key_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(keys.KeyProblem, match="run `aisle keys`"):
        keys.load_key_pair(tmp_path, "kiosk_ui")


def test_a_taken_port_is_named(keys_dir: Path, serve: Starter) -> None:
    serve(accept)
    identity = bus.Identity("store_backend", keys_dir)
    with pytest.raises(bus.BusError, match="AISLE_PORT_BASE"), bus.serve_requests(channels.BACKEND, identity, accept):
        pass


def test_a_stream_is_stale_until_something_comes(keys_dir: Path) -> None:
    view = visit.RobotView(
        visit=visit.VisitState.WAITING, x_m=1.0, y_m=2.0, yaw_rad=0.0, speed_mps=0.0, distance_left_m=None, sentence=""
    )
    with (
        bus.publisher(channels.ROBOT_VIEW, bus.Identity("gateway", keys_dir)) as out,
        bus.subscriber(channels.ROBOT_VIEW, bus.Identity("kiosk_ui", keys_dir)) as listener,
    ):
        assert listener.latest() is None
        for _ in range(100):
            out.publish(view)
            if listener.update(0.05):
                break
        assert listener.latest() == view


def test_secret_keys_can_be_read_by_their_owner_only(keys_dir: Path) -> None:
    assert (keys_dir / "gateway.key_secret").stat().st_mode & 0o077 == 0
    assert keys.create_missing_keys(keys_dir) == []
