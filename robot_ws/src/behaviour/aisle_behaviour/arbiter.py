"""When the robot may speak unasked: once a shopper, and never twice the same. One arbiter for all sentences."""

from __future__ import annotations

from dataclasses import dataclass, field

GREETING = "Hello! Touch the screen if you are looking for something."
FOLLOW = "Please follow me. I will show you the way."
WAITING_FOR_YOU = "I am waiting for you."
EXCUSE_ME = "Excuse me, may I pass, please?"
ARRIVED = "Here we are."
CANNOT_PASS = "I cannot get through. I am calling a colleague for you."  # noqa: S105 - a sentence, no password
BATTERY_EMPTY = "My battery is empty, I cannot drive. I am calling a colleague for you."
HAVE_TO_CHARGE = "I have to charge first."
CHARGE_UNKNOWN = "I do not know how full my battery is, so I cannot lead you."
CANNOT_LEAD = "My battery does not let me lead you. I am calling a colleague for you."
ASTRAY = "I do not know where I am. I am calling a colleague who shows me."
STOPPED_BY_STAFF = "The staff have stopped me. I go on as soon as they let me."
GOODBYE = "Thank you, and enjoy your shopping!"


@dataclass(slots=True)
class Arbiter:
    """Remembers who was greeted and what was said in the present visit."""

    _greeted: set[int] = field(default_factory=set)
    _said: set[str] = field(default_factory=set)
    _silent_until_s: float = 0.0

    def greet(self, person_id: int, now_s: float, pause_s: float = 20.0) -> str:
        """Return the greeting for somebody who was not greeted yet, else an empty sentence."""
        if person_id in self._greeted or now_s < self._silent_until_s:
            return ""
        self._greeted.add(person_id)
        self._silent_until_s = now_s + pause_s
        return GREETING

    def once(self, sentence: str) -> str:
        """Return the sentence the first time in this visit, else an empty one."""
        if sentence in self._said:
            return ""
        self._said.add(sentence)
        return sentence

    def may_repeat(self, sentence: str) -> None:
        """Allow a sentence again, because what it was about happened anew."""
        self._said.discard(sentence)

    def end_visit(self) -> None:
        """Forget what was said; who was greeted stays known, so that nobody is asked twice."""
        self._said.clear()
