"""A kiosk without keys: what it shows, what it takes, and its real window."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image

from aisle import channels, clock, joining, keys
from aisle.messages.pairing import NONCE_BYTES, OfferTaken, PairedRole
from aisle.pairing import MOST_WRONG, Candidate, DeviceSide
from kiosk_ui.design import LEAST_TOUCH_PX
from kiosk_ui.layout import controls
from kiosk_ui.pairing import PairingScreen, Step
from kiosk_ui.scene import HEIGHT_PX, WIDTH_PX, Scene, Text, Touch
from kiosk_ui.screens.pairing import pairing
from kiosk_ui.words import LANGUAGES
from sim.people.touch_rig import TouchRig
from store_backend.pairing import PairingWindow
from store_backend.pairing_door import pairing_door
from tests.store_backend.ports import free_port

UNTIL_S = 300.0
PATIENCE_S = 60.0
STORE_KEY = "s" * 40


def side() -> DeviceSide:
    candidate = Candidate(PairedRole.KIOSK_UI, "north", "k" * 40, bytes(range(NONCE_BYTES)))
    return candidate.begin(OfferTaken(public_key=STORE_KEY, nonce=bytes(NONCE_BYTES)), UNTIL_S)


def showing(language: str = "en") -> PairingScreen:
    screen = PairingScreen(language)
    screen.show(side())
    return screen


def typed(screen: PairingScreen, digits: str, now_s: float = 0.0) -> PairingScreen:
    for digit in digits:
        screen.touch(f"digit:{digit}", now_s)
    return screen


def steps(language: str) -> Iterator[tuple[str, Scene]]:
    screen = PairingScreen(language)
    yield "asking", pairing(screen.page())
    screen.refuse("nobody pairs devices at tcp://192.168.100.200:7605; staff open pairing with `aisle pair`")
    yield "refused", pairing(screen.page())
    screen = typed(showing(language), "12")
    yield "showing", pairing(screen.page())
    yield "wrong", pairing(typed(screen, "3456").page())
    screen.tick(UNTIL_S + 1.0)
    yield "over", pairing(screen.page())
    yield "done", pairing(typed(showing(language), side().codes.answer).page())


def test_the_code_is_shown_large_and_the_answer_pairs() -> None:
    screen = showing()
    code = screen.page().code
    assert code.replace(" ", "") == side().codes.code
    largest = max((item for item in pairing(screen.page()) if isinstance(item, Text)), key=lambda item: item.size)
    assert largest.text == code
    assert typed(screen, side().codes.answer).step is Step.DONE


def test_a_wrong_answer_is_said_and_cleared_and_the_right_one_still_pairs() -> None:
    screen = typed(showing(), "000000")
    assert screen.step is Step.SHOWING
    assert screen.page().text
    assert screen.page().typed == ""
    assert typed(screen, "9").page().text == ""
    screen.touch("erase", 0.0)
    assert typed(screen, side().codes.answer).step is Step.DONE


def test_after_too_many_wrong_answers_only_a_person_begins_again() -> None:
    screen = typed(showing(), "000000" * MOST_WRONG)
    assert screen.step is Step.OVER
    typed(screen, side().codes.answer)
    screen.tick(0.0)
    assert screen.step is Step.OVER
    screen.touch("again", 0.0)
    assert screen.step is Step.ASKING


def test_a_code_that_has_grown_too_old_is_taken_from_the_screen() -> None:
    screen = showing()
    screen.tick(UNTIL_S + 0.1)
    assert screen.step is Step.OVER
    assert screen.page().code == ""


def test_what_the_store_said_is_shown_when_it_refuses() -> None:
    screen = PairingScreen("de")
    screen.refuse("pairing is closed")
    assert "pairing is closed" in screen.page().text
    assert screen.page().again


def test_the_language_can_be_changed_while_the_code_is_shown() -> None:
    screen = showing()
    for language, table in LANGUAGES.items():
        screen.touch(f"language:{language}", 0.0)
        assert screen.page().title == table.pair_title
        assert screen.step is Step.SHOWING


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_lies_on_the_screen_apart_and_large_enough(language: str) -> None:
    for name, scene in steps(language):
        touches = [item for item in scene if isinstance(item, Touch)]
        for touch in touches:
            assert min(touch.box.width, touch.box.height) >= LEAST_TOUCH_PX, (name, touch)
            assert touch.box.x >= 0, (name, touch)
            assert touch.box.y >= 0, (name, touch)
            assert touch.box.right <= WIDTH_PX, (name, touch)
            assert touch.box.bottom <= HEIGHT_PX, (name, touch)
        pairs = ((one, other) for index, one in enumerate(touches) for other in touches[index + 1 :])
        assert not any(one.box.overlaps(other.box) for one, other in pairs), name


class Store:
    """The store's end on the real socket; its codes are known to whoever stands at its console."""

    def __init__(self, public_key: str) -> None:
        self.window = PairingWindow(public_key, float("inf"))
        self._stop = threading.Event()

    @contextmanager
    def running(self) -> Iterator[Store]:
        thread = threading.Thread(target=self._run)
        thread.start()
        yield self
        self._stop.set()
        thread.join()

    def _run(self) -> None:
        with pairing_door(self.window) as door:
            while not self._stop.wait(0.02):
                door.turn(clock.monotonic_s())

    def answer(self) -> str:
        """Wait until a device shows its code, and type it."""
        until_s = time.monotonic() + PATIENCE_S
        while time.monotonic() < until_s:
            for one in self.window.waiting(clock.monotonic_s()):
                if one.codes is not None:
                    return one.codes.answer
            time.sleep(0.05)
        raise AssertionError("no device came")


@pytest.mark.integration
def test_the_real_window_shows_the_code_takes_the_answer_and_keeps_the_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AISLE_PORT_BASE", str(free_port() - channels.PAIRING.port_offset))
    store_key, touch_port, folder = keys.new_key_pair().public, free_port(), tmp_path / "keys"
    command = [sys.executable, "-m", "kiosk_ui.pairing_app", "--keys", str(folder), "--place", "north"]
    command += ["--screenshots", str(tmp_path / "screens"), "--touch-port", str(touch_port)]
    environment = {**os.environ, "SDL_VIDEODRIVER": "offscreen", "KIVY_HOME": str(tmp_path / "kivy")}
    with (
        Store(store_key.decode()).running() as store,
        subprocess.Popen(command, env=environment, stderr=subprocess.PIPE) as process,
    ):
        answer = store.answer()
        places = {one.name: one for one in controls(pairing(showing().page()))}
        shown = tmp_path / "screens" / "02_pairing_showing.png"
        wait_for(shown)
        with TouchRig(touch_port) as rig:
            for number, digit in enumerate(answer, start=3):
                rig.press(places[f"digit:{digit}"])
                wait_for(next_picture(tmp_path / "screens", number))
        assert process.wait(PATIENCE_S) == 0
    assert joining.has_keys(folder, "kiosk_ui")
    assert keys.load_public_key(folder, "store_backend") == store_key
    assert (folder / "kiosk_ui.key_secret").stat().st_mode & 0o077 == 0
    colours = Image.open(shown).convert("L").getcolors()
    assert colours is not None
    assert len(colours) > 20


def next_picture(folder: Path, number: int) -> Path:
    is_last = number == 8
    return folder / f"{number:02d}_pairing_{'done' if is_last else 'showing'}.png"


def wait_for(path: Path) -> None:
    until_s = time.monotonic() + PATIENCE_S
    while not path.exists():
        assert time.monotonic() < until_s, f"{path.name} was never shown"
        time.sleep(0.02)
