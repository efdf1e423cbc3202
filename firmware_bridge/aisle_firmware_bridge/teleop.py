"""Driving by keys with a deadman: the robot moves only while keys keep coming."""

from __future__ import annotations

from dataclasses import dataclass

from aisle.geometry import STOP, Twist2

# What each key wants: the share of the speed ahead, and of the turn to the left.
KEYS: dict[str, tuple[float, float]] = {
    "w": (1.0, 0.0),
    "s": (-0.5, 0.0),
    "a": (0.0, 1.0),
    "d": (0.0, -1.0),
    "q": (1.0, 0.5),
    "e": (1.0, -0.5),
}
FREES = " "


@dataclass(frozen=True, slots=True)
class TeleopSettings:
    """A walking person's half speed; a key counts for `deadman_s`, a little more than keyboards wait to repeat one."""

    speed_mps: float = 0.3
    turn_radps: float = 0.6
    deadman_s: float = 0.6


def in_words(settings: TeleopSettings) -> str:
    """Return what the keys do, and how fast."""
    return (
        "space frees the keys, none moves the robot before; then w ahead, s back, a and d turn, q and e curve, any"
        f" other key stops; at most {settings.speed_mps:g} m/s and {settings.turn_radps:g} rad/s"
    )


class KeyDrive:
    """Turns pressed keys into twists.

    Held at first, so that neither the first key nor one that was typed too early moves the robot: the key that frees
    the others means no motion itself.
    """

    def __init__(self, settings: TeleopSettings) -> None:
        self._settings = settings
        self._twist = STOP
        self._pressed_s: float | None = None
        self._is_free = False

    def hold(self) -> None:
        """Stop, and let no key move the robot until they are freed again."""
        self._twist, self._is_free = STOP, False

    def press(self, key: str, now_s: float) -> None:
        """Take a key; one that means no motion stops at once."""
        self._is_free = self._is_free or key == FREES
        ahead, left = KEYS.get(key.lower(), (0.0, 0.0)) if self._is_free else (0.0, 0.0)
        self._twist = Twist2(ahead * self._settings.speed_mps, left * self._settings.turn_radps)
        self._pressed_s = now_s

    def twist(self, now_s: float) -> Twist2:
        """Return what to drive now; a stop when no key came in time, or when the clock was set back."""
        if self._pressed_s is None or not 0.0 <= now_s - self._pressed_s <= self._settings.deadman_s:
            return STOP
        return self._twist
