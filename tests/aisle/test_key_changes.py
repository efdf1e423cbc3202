"""Keys that change while sockets are open: a server's own key, and a listener's that is taken away."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from aisle import bus, channels, clock, keys, server_keys
from aisle.messages import care, visit
from tests.store_backend.ports import free_port

OPEN = care.OpenSession(session_id="s1", robot_id="r1", language="en")
OPENED = care.SessionOpened(session_id="s1")
VIEW = visit.RobotView(
    visit=visit.VisitState.WAITING, x_m=1.0, y_m=2.0, yaw_rad=0.0, speed_mps=0.0, distance_left_m=None, sentence=""
)
PATIENCE_S = 10.0


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The folder of the store's own computer."""
    keys.create_missing_keys(tmp_path / "home")
    return tmp_path / "home"


@pytest.fixture
def away(home: Path, tmp_path: Path) -> Path:
    """The folder of a kiosk on another machine: its own pair, and public keys."""
    folder = tmp_path / "away"
    folder.mkdir()
    for name in ("kiosk_ui.key_secret", "kiosk_ui.key", "store_backend.key", "gateway.key"):
        shutil.copy(home / name, folder)
    return folder


@pytest.fixture(autouse=True)
def free_ports(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AISLE_PORT_BASE", str(free_port() - channels.BACKEND.port_offset))


@contextmanager
def serving(folder: Path) -> Iterator[list[str]]:
    """Answer requests and tell the servers' keys, in a thread; yield the requests that were carried out."""
    done: list[str] = []
    stop, ready = threading.Event(), threading.Event()

    def accept(_role: str, message: Any) -> care.SessionOpened:
        done.append(message.session_id)
        return OPENED

    def run() -> None:
        identity = bus.Identity("store_backend", folder)
        with (
            bus.serve_requests(channels.BACKEND, identity, accept) as requests,
            bus.serve_requests(
                channels.KEYS, identity, lambda _role, _message: server_keys.server_keys(folder)
            ) as told,
        ):
            ready.set()
            while not stop.is_set():
                requests.poll(0.01)
                told.poll(0.0)

    thread = threading.Thread(target=run)
    thread.start()
    assert ready.wait(PATIENCE_S)
    yield done
    stop.set()
    thread.join()


def has_changed(home: Path, folder: Path) -> None:
    """Wait until every socket of the server has its next key."""
    folder.mkdir()
    for name in ("admin.key_secret", "admin.key"):
        shutil.copy(home / name, folder)
    shutil.copy(home / "store_backend@next.key", folder / "store_backend.key")
    for channel in (channels.BACKEND, channels.KEYS):
        with bus.request_client(channel, bus.Identity("admin", folder)) as client:
            client.send(OPEN, "has changed", PATIENCE_S)
            while not client.is_connected:
                time.sleep(0.01)


SCREEN = visit.ScreenState(screen=visit.Screen.HOME, session_id="", idle_s=0.0)


def hears(
    out: bus.Publisher, listener: bus.Subscriber, message: msgspec.Struct = VIEW, patience_s: float = PATIENCE_S
) -> bool:
    until_s = clock.monotonic_s() + patience_s
    while clock.monotonic_s() < until_s:
        out.publish(message)
        if listener.update(0.02):
            return True
    return False


def test_a_server_changes_its_key_and_no_request_is_lost(home: Path, away: Path) -> None:
    new = bus.Identity("kiosk_ui", away)
    with serving(home) as done, bus.request_client(channels.BACKEND, new) as open_before:
        assert open_before.ask(OPEN) == OPENED
        keys.create_missing_keys(home, ("store_backend@next",))
        assert server_keys.fetch_server_keys(new) == ["store_backend@next"]
        old_key = keys.load_public_key(home, "store_backend")
        keys.change_to_next_key(home, "store_backend")
        # On the connection that is open, over new ones with either key first, and from the store's own folder.
        for folder in (away, home):
            for _ in range(10):
                assert open_before.ask(OPEN) == OPENED
                with bus.request_client(channels.BACKEND, bus.Identity("kiosk_ui", folder)) as client:
                    assert client.ask(OPEN) == OPENED
        has_changed(home, home / "next_only")
        keys.drop_last_key(home, "store_backend")
        assert server_keys.fetch_server_keys(new) == ["store_backend"]
        assert keys.accepted_keys(away, "store_backend") == keys.accepted_keys(home, "store_backend")
        assert old_key not in keys.accepted_keys(away, "store_backend")
        with bus.request_client(channels.BACKEND, new) as client:
            assert client.ask(OPEN) == OPENED
        assert len(done) >= 42


def test_a_client_that_was_not_told_of_the_next_key_refuses_the_server_in_words(home: Path, away: Path) -> None:
    with serving(home):
        keys.create_missing_keys(home, ("store_backend@next",))
        keys.change_to_next_key(home, "store_backend")
        told = bus.Identity("kiosk_ui", home)
        with bus.request_client(channels.BACKEND, told) as client:
            assert client.ask(OPEN) == OPENED
        has_changed(home, home / "next_only")
        keys.drop_last_key(home, "store_backend")
        with (
            bus.request_client(channels.BACKEND, bus.Identity("kiosk_ui", away)) as client,
            pytest.raises(bus.KeyRefused, match="is not store_backend"),
        ):
            client.ask(OPEN)


def test_a_stream_goes_on_when_its_server_changes_its_key(home: Path, away: Path) -> None:
    keys.create_missing_keys(home, ("gateway@next",))
    shutil.copy(home / "gateway@next.key", away)
    with (
        bus.publisher(channels.ROBOT_VIEW, bus.Identity("gateway", home)) as out,
        bus.subscriber(channels.ROBOT_VIEW, bus.Identity("kiosk_ui", away)) as listener,
    ):
        assert hears(out, listener)
        keys.change_to_next_key(home, "gateway")
        while listener.connection.is_open:
            out.publish(VIEW)
            listener.update()
        assert hears(out, listener)


def test_a_revoked_key_hears_nothing_more_of_an_open_stream_and_others_do(home: Path, away: Path) -> None:
    with (
        bus.publisher(channels.ROBOT_VIEW, bus.Identity("gateway", home)) as out,
        bus.subscriber(channels.ROBOT_VIEW, bus.Identity("kiosk_ui", away)) as revoked,
        bus.subscriber(channels.ROBOT_VIEW, bus.Identity("admin", home)) as kept,
    ):
        assert hears(out, revoked)
        assert hears(out, kept)
        (home / "kiosk_ui.key").rename(home / "kiosk_ui.gone")
        while not revoked.connection.refusal:
            out.publish(VIEW)
            revoked.update()
        # What was sent before still comes out of the buffers.
        while revoked.update(0.1) or kept.update(0.1):
            pass
        assert hears(out, kept)
        assert not hears(out, revoked, patience_s=0.2)
        assert "does not know the key of kiosk_ui" in revoked.connection.refusal
        (home / "kiosk_ui.gone").rename(home / "kiosk_ui.key")
        assert hears(out, revoked)


def test_a_new_key_ends_no_connection(home: Path, away: Path) -> None:
    with (
        bus.publisher(channels.ROBOT_VIEW, bus.Identity("gateway", home)) as out,
        bus.subscriber(channels.ROBOT_VIEW, bus.Identity("kiosk_ui", away)) as listener,
    ):
        assert hears(out, listener)
        keys.create_missing_keys(home, ("kiosk_ui@north",))
        while keys.load_public_key(home, "kiosk_ui@north") not in out.listener.ring.known():
            out.publish(VIEW)
        for _ in range(20):
            assert hears(out, listener)
            assert listener.connection.is_open
            time.sleep(0.01)


def test_keys_that_were_told_are_kept_and_a_next_key_that_is_none_any_more_goes(home: Path, away: Path) -> None:
    keys.create_missing_keys(home, ("store_backend@next", "gateway@next"))
    assert set(server_keys.keep_server_keys(away, server_keys.server_keys(home))) == {
        "store_backend@next", "gateway@next",
    }  # fmt: skip
    assert server_keys.keep_server_keys(away, server_keys.server_keys(home)) == []
    keys.change_to_next_key(home, "gateway")
    keys.drop_last_key(home, "gateway")
    assert server_keys.keep_server_keys(away, server_keys.server_keys(home)) == ["gateway"]
    assert not (away / "gateway@next.key").exists()
    assert (away / "store_backend@next.key").exists()


def test_where_a_server_has_its_secret_nobody_tells_its_keys(home: Path, away: Path) -> None:
    told = server_keys.server_keys(home)
    keys.create_missing_keys(home, ("store_backend@next",))
    keys.change_to_next_key(home, "store_backend")
    before = {path.name: path.read_bytes() for path in home.glob("*.key")}
    assert server_keys.keep_server_keys(home, told) == []
    assert {path.name: path.read_bytes() for path in home.glob("*.key")} == before


def test_a_change_of_key_that_was_interrupted_is_finished_by_doing_it_again(home: Path) -> None:
    keys.create_missing_keys(home, ("store_backend@next",))
    following = keys.load_public_key(home, "store_backend@next")
    for _ in range(2):
        keys.change_to_next_key(home, "store_backend")
    assert following in keys.accepted_keys(home, "store_backend")
    for _ in range(2):
        keys.drop_last_key(home, "store_backend")
    assert keys.accepted_keys(home, "store_backend") == (following,)
    assert (home / "store_backend.key_secret").stat().st_mode & 0o077 == 0
    with pytest.raises(keys.KeyProblem):
        keys.change_to_next_key(home, "store_backend")


def test_a_client_that_runs_fetches_the_next_key_by_itself_and_without_waiting(home: Path, away: Path) -> None:
    keys.create_missing_keys(home, ("store_backend@next",))
    with serving(home), server_keys.key_watch(bus.Identity("kiosk_ui", away)) as watch:
        now_s = 0.0
        while not (away / "store_backend@next.key").exists():
            watch.poll(now_s)
            now_s += 1.0
            time.sleep(0.01)
    assert len(keys.accepted_keys(away, "store_backend")) == 2


def test_a_watch_that_is_refused_says_so_once(home: Path, away: Path, caplog: pytest.LogCaptureFixture) -> None:
    (home / "kiosk_ui.key").unlink()
    with serving(home), server_keys.key_watch(bus.Identity("kiosk_ui", away)) as watch:
        for number in range(40):
            watch.poll(0.2 * number)
            time.sleep(0.01)
    assert [record.name for record in caplog.records] == ["aisle.server_keys"]


def test_a_folder_that_goes_away_for_a_while_ends_no_watch(home: Path, away: Path) -> None:
    keys.create_missing_keys(home, ("store_backend@next",))
    with serving(home), server_keys.key_watch(bus.Identity("kiosk_ui", away)) as watch:
        watch.poll(0.0)
        gone = away.rename(away.with_name("gone"))
        for number in range(40):
            watch.poll(60.0 * number)
            time.sleep(0.01)
        gone.rename(away)
        now_s = 10_000.0
        while not (away / "store_backend@next.key").exists():
            watch.poll(now_s)
            now_s += 60.0
            time.sleep(0.01)


def test_robots_alone_are_told_the_keys_of_paired_kiosks_and_forget_them_with_the_store(home: Path, away: Path) -> None:
    keys.write_public_key(home, "kiosk_ui@north", keys.new_key_pair().public)
    told = server_keys.server_keys(home, "gateway")
    assert "kiosk_ui@north" in {one.name for one in told.keys}
    assert "kiosk_ui@north" not in {one.name for one in server_keys.server_keys(home, "till").keys}
    (away / "kiosk_ui.key_secret").unlink()
    assert "kiosk_ui@north" in server_keys.keep_server_keys(away, told)
    (home / "kiosk_ui@north.key").unlink()
    server_keys.keep_server_keys(away, server_keys.server_keys(home, "gateway"))
    assert not (away / "kiosk_ui@north.key").exists()


def test_a_robot_hears_the_screen_of_a_kiosk_that_was_paired(home: Path, away: Path) -> None:
    pair = keys.new_key_pair()
    keys.write_key_pair(away, "kiosk_ui", pair)
    shutil.copy(home / "gateway.key", away)
    keys.write_public_key(home, "kiosk_ui@north", pair.public)
    with (
        bus.publisher(channels.SCREEN_STATE, bus.Identity("kiosk_ui", away)) as out,
        bus.subscriber(channels.SCREEN_STATE, bus.Identity("gateway", home)) as listener,
    ):
        assert hears(out, listener, SCREEN)


@pytest.mark.parametrize("role", ["till", "web", "robot", "kiosk_ui"])
def test_a_stream_lets_its_own_listeners_in_and_nobody_else(home: Path, role: str) -> None:
    with (
        bus.publisher(channels.SCREEN_STATE, bus.Identity("kiosk_ui", home)) as out,
        bus.subscriber(channels.SCREEN_STATE, bus.Identity(role, home)) as stranger,
    ):
        while not stranger.connection.refusal:
            stranger.update(0.05)
        assert "lets only admin, gateway and sim listen to screen_state" in stranger.connection.refusal
        assert not hears(out, stranger, SCREEN, patience_s=0.2)
