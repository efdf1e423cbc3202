"""The scripted customer's hand: reads the screen as a person would and decides what to touch next.

It knows only what the screen lists as touchable, so it works the same on a real window and without one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from aisle.messages.visit import Control, Screen, ScreenState
from sim.people.customer import Phase
from sim.scoring import Recording
from sim.world import World

PAUSE_S = 0.5
READING_S = 2.5
SCORE = 9
MOST_ASKED = 3


@dataclass(slots=True)
class Hand:
    """What the customer wants, how far the typing got, and when the hand moves next."""

    wish: str
    typed: int = 0
    chosen_product: int | None = None
    gave_up: bool = False
    asked_to_be_led: int = 0
    _ready_s: float = 0.0
    _last: Screen | None = None

    def choose(self, state: ScreenState, phase: Phase, now_s: float) -> Control | None:
        """Return what to touch now, or None while reading, walking or done."""
        if state.product_id is not None and state.screen is Screen.GUIDING:
            self.chosen_product = state.product_id
        if state.screen is not self._last:
            self._last, self._ready_s = state.screen, now_s + READING_S
        if state.screen in (Screen.ATTRACT, Screen.HOME):
            self.typed, self.asked_to_be_led = 0, 0
        if phase not in (Phase.ASKING, Phase.AT_SHELF) or now_s < self._ready_s:
            return None
        wanted = "" if self.gave_up else self._wanted(state)
        control = next((one for one in state.controls if one.name == wanted), None)
        if control is not None:
            self._note(control.name, now_s)
        return control

    def _wanted(self, state: ScreenState) -> str:
        match state.screen:
            case Screen.ATTRACT:
                return "start"
            case Screen.HOME:
                return "buy"
            case Screen.SEARCH:
                return self._typing(state)
            case Screen.PRODUCT:
                return self._choosing(state)
            case Screen.ARRIVAL:
                return "found" if any(one.name == "found" for one in state.controls) else f"score:{SCORE}"
        return ""

    def _choosing(self, state: ScreenState) -> str:
        """Take what is offered instead of a product that is sold out; else be led; and call a person in the end."""
        if any(control.name == "alternative:0" for control in state.controls):
            return "alternative:0"
        return "take_me_there" if self.asked_to_be_led < MOST_ASKED else "call_person"

    def _typing(self, state: ScreenState) -> str:
        """Type on; then take the first result, or call a person where there is none."""
        if self.typed < len(self.wish):
            letter = self.wish[self.typed]
            return "key:space" if letter == " " else f"key:{letter}"
        found = any(control.name == "result:0" for control in state.controls)
        return "result:0" if found else "call_person"

    def _note(self, name: str, now_s: float) -> None:
        self.typed += name.startswith("key:")
        self.asked_to_be_led += name == "take_me_there"
        self.gave_up = name == "call_person"
        self._ready_s = now_s + (PAUSE_S if name.startswith("key:") else READING_S)


@dataclass(frozen=True, slots=True)
class Visitor:
    """The customer with eyes and perhaps a hand: sees the screen, walks by it, and touches it.

    Without a hand somebody else touches, such as a person at the demo's window, and the customer is their body.
    """

    hand: Hand | None
    press: Callable[[Control], None] = lambda _control: None

    def look(self, world: World, state: ScreenState, recording: Recording) -> None:
        """Take in the screen as it is now, and perhaps touch it; a second shopper does the same."""
        if world.customer is None:
            return
        world.customer.observe(state)
        control = self.hand.choose(state, world.customer.phase, world.now_s) if self.hand is not None else None
        if control is not None:
            recording.mark(f"touch {control.name}", world.now_s)
            self.press(control)
        stranger = world.second_shopper
        if stranger is not None and state.controls and stranger.takes_a_touch(world.now_s):
            control = state.controls[stranger.touched % len(state.controls)]
            recording.mark(f"second shopper touches {control.name}", world.now_s)
            self.press(control)
