"""The real window without a display: touched over TUIO, with the real bus to a store that answers from a script."""

from __future__ import annotations

import hashlib
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PIL import Image

from aisle import bus, channels, keys, paths
from aisle.messages import advice, care, store, visit
from kiosk_ui.kept import NOTHING_KEPT
from kiosk_ui.state_file import open_state
from sim.people.touch_rig import TouchRig

pytestmark = pytest.mark.integration

_STORE = paths.demo_store_dir()
_PATIENCE_S = 60.0


class FakeStore:
    """A backend and a robot on the real bus: every tour arrives after `tour_s` seconds."""

    def __init__(self, keys_dir: Path, tour_s: float = 1.0) -> None:
        self.seen: list[msgspec.Struct] = []
        self.toured_s: float | None = None
        self.tour_s = tour_s
        self.tour: visit.TourRequest | None = None
        self._catalogue = (_STORE / "catalogue.sqlite").read_bytes()
        self._keys_dir, self._stop = keys_dir, threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> FakeStore:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(5.0)

    def _run(self) -> None:
        backend, gateway = (bus.Identity(role, self._keys_dir) for role in ("store_backend", "gateway"))
        with (
            bus.serve_requests(channels.BACKEND, backend, self._answer) as requests,
            bus.serve_requests(channels.GATEWAY, gateway, self._answer) as orders,
            bus.publisher(channels.ROBOT_VIEW, gateway) as views,
        ):
            while not self._stop.is_set():
                requests.poll(0.02)
                orders.poll(0.02)
                views.publish(self._view())

    def _view(self) -> visit.RobotView:
        toured_s = None if self.toured_s is None else time.monotonic() - self.toured_s
        state = (
            visit.VisitState.SERVING
            if toured_s is None
            else (visit.VisitState.GUIDING if toured_s < self.tour_s else visit.VisitState.ARRIVED)
        )
        return visit.RobotView(
            visit=state,
            x_m=6.2,
            y_m=3.6,
            yaw_rad=0.5,
            speed_mps=0.0,
            distance_left_m=8.0,
            sentence="",
            session_id=self.tour.session_id if self.tour else "",
            product_id=self.tour.product_id if self.tour else None,
        )

    def _answer(self, role: str, message: Any) -> msgspec.Struct:
        assert role == "kiosk_ui"
        match message:
            case store.ReplicaQuery():
                digest = hashlib.sha256(self._catalogue).hexdigest()
                return store.ReplicaOffer(sha256=digest, size_bytes=len(self._catalogue))
            case store.ReplicaChunkQuery():
                content = self._catalogue[message.offset : message.offset + store.CHUNK_BYTES]
                return store.ReplicaChunk(offset=message.offset, content=content)
        self.seen.append(message)
        match message:
            case care.OpenSession():
                return care.SessionOpened(session_id=message.session_id)
            case store.StockQuery():
                return store.StockLevels(levels=())
            case visit.TourRequest():
                self.toured_s, self.tour = time.monotonic(), message
                return visit.TourAccepted(bay_id="bay", shelf=1)
            case visit.TourCancel():
                self.toured_s = self.tour = None
                return visit.Noted()
            case advice.RecommendRequest():
                return advice.Recommended(items=(), fallback=True)
        return care.Recorded(event_id=len(self.seen))


class Shopper:
    """Looks at the screen state and touches what it sees."""

    def __init__(self, screens: bus.Subscriber, rig: TouchRig) -> None:
        self._screens, self._rig = screens, rig

    def see(self, condition: Callable[[visit.ScreenState], bool]) -> visit.ScreenState:
        until_s = time.monotonic() + _PATIENCE_S
        state: visit.ScreenState | None = None
        while time.monotonic() < until_s:
            self._screens.update(0.1)
            state = self._screens.latest()
            if state is not None and condition(state):
                return state
        pytest.fail(f"waited {_PATIENCE_S:.0f} s in vain; the screen was {state}")

    def touch(self, name: str) -> None:
        state = self.see(lambda state: any(one.name == name for one in state.controls))
        self._rig.press(next(one for one in state.controls if one.name == name))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def keys_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AISLE_PORT_BASE", str(_free_port()))
    keys.create_missing_keys(tmp_path / "keys")
    return tmp_path / "keys"


@pytest.fixture
def window(tmp_path: Path, keys_dir: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    if not _STORE.is_dir():
        pytest.skip("the demo store is not built; run 'aisle store build'")
    with opened(tmp_path, keys_dir) as window:
        yield window


@contextmanager
def opened(tmp_path: Path, keys_dir: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Open the kiosk's window; yield its process and the port that takes touches."""
    port = _free_port()
    folders = {
        "--store": _STORE,
        "--keys": keys_dir,
        "--replica": tmp_path / "replica",
        "--screenshots": tmp_path / "screens",
    }
    given = [part for option, folder in folders.items() for part in (option, str(folder))]
    command = [sys.executable, "-m", "kiosk_ui.app", *given, "--touch-port", str(port)]
    environment = {**os.environ, "SDL_VIDEODRIVER": "offscreen", "KIVY_HOME": str(tmp_path / "kivy")}
    with (tmp_path / "kiosk.log").open("ab") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)
        yield process, port
        if process.poll() is None:
            process.kill()
        process.wait(10.0)


def test_a_touch_visit_goes_from_attract_to_the_shelf(
    tmp_path: Path, keys_dir: Path, window: tuple[subprocess.Popen[bytes], int]
) -> None:
    process, port = window
    with (
        FakeStore(keys_dir) as fake,
        bus.subscriber(channels.SCREEN_STATE, bus.Identity("gateway", keys_dir)) as screens,
        TouchRig(port) as rig,
    ):
        shopper = Shopper(screens, rig)
        shopper.touch("start")
        # A suggestion on the home screen shows that the catalogue has been fetched.
        shopper.see(lambda state: any(one.name == "suggestion:0" for one in state.controls))
        for name in ("buy", "key:m", "key:l", "key:i", "key:k", "result:0"):
            _touch_and_wait(shopper, name)
        shopper.touch("take_me_there")
        shopper.see(lambda state: state.screen is visit.Screen.ARRIVAL)
        shopper.touch("found")
        shopper.touch("score:8")
        shopper.see(lambda state: state.screen is visit.Screen.ATTRACT)
        process.terminate()
        assert process.wait(20.0) == 0
    assert [type(one) for one in fake.seen if type(one) in (visit.TourRequest, visit.TourCancel)] == [
        visit.TourRequest,
        visit.TourCancel,
    ]
    outcomes = [message.outcome for message in fake.seen if isinstance(message, care.JourneyEvent)]
    assert outcomes == ["started", "asked_buy", "chosen", "tour_started", "arrived", "found", "scored"]
    assert any(isinstance(message, care.Feedback) and message.score == 8 for message in fake.seen)
    _check_pictures(
        tmp_path / "screens",
        {"attract", "home", "search", "product", "guiding", "arrival", "arrival_score", "arrival_thanks"},
    )


def test_a_kiosk_that_is_killed_on_a_tour_shows_it_again_and_loses_nothing(
    tmp_path: Path, keys_dir: Path, window: tuple[subprocess.Popen[bytes], int]
) -> None:
    process, port = window
    with (
        FakeStore(keys_dir, tour_s=_PATIENCE_S) as fake,
        bus.subscriber(channels.SCREEN_STATE, bus.Identity("gateway", keys_dir)) as screens,
    ):
        with TouchRig(port) as rig:
            shopper = Shopper(screens, rig)
            for name in ("language:de", "suggestion:0"):
                shopper.touch(name)
            shopper.touch("take_me_there")
            before = shopper.see(lambda state: state.screen is visit.Screen.GUIDING)
        process.kill()
        process.wait(10.0)
        with opened(tmp_path, keys_dir) as (process, port), TouchRig(port) as rig:
            shopper = Shopper(screens, rig)
            # The last state of the process that was killed is seen for a while: wait for what the new one sends.
            after = shopper.see(lambda state: state.screen is visit.Screen.GUIDING and "resumed" in outcomes_of(fake))
            assert (after.session_id, after.product_id) == (before.session_id, before.product_id)
            fake.tour_s = 0.0
            shopper.touch("found")
            shopper.touch("score:7")
            shopper.see(lambda state: state.screen is visit.Screen.ATTRACT)
            process.terminate()
            assert process.wait(20.0) == 0
    assert outcomes_of(fake) == ["chosen", "tour_started", "resumed", "arrived", "found", "scored"]
    assert {message.session_id for message in fake.seen if isinstance(message, care.JourneyEvent)} == {
        before.session_id
    }
    assert len([message for message in fake.seen if isinstance(message, visit.TourRequest)]) == 1
    with open_state(tmp_path / "kiosk_state") as state:
        assert state.read() == NOTHING_KEPT
    _check_pictures(tmp_path / "screens", {"guiding", "arrival", "arrival_score"})


def outcomes_of(fake: FakeStore) -> list[str]:
    """Return the steps that have arrived, each once."""
    events = [message for message in fake.seen if isinstance(message, care.JourneyEvent)]
    return list({event.event_key: event.outcome for event in events}.values())


def _touch_and_wait(shopper: Shopper, name: str) -> None:
    """Touch, and wait until the screen has taken it: its idle time begins anew."""
    shopper.see(lambda state: state.idle_s > 0.4)
    shopper.touch(name)
    shopper.see(lambda state: state.idle_s < 0.4)


def _check_pictures(directory: Path, wanted: set[str]) -> None:
    pictures = sorted(directory.glob("*.png"))
    names = {path.stem.partition("_")[2] for path in pictures}
    assert names >= wanted
    for path in pictures:
        with Image.open(path) as picture:
            assert picture.size == (1920, 1080)
            assert len(picture.convert("RGB").quantize(64).getcolors() or []) > 5, path.name
