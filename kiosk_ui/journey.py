"""The record of one visit: what each step cost the shopper, and the story for the person who is called."""

from __future__ import annotations

from dataclasses import dataclass, field

from aisle.messages.care import Channel, JourneyEvent, Stage

_LONGEST_STORY = 1900


@dataclass(slots=True)
class Journey:
    """Counts taps, seconds and metres since the last step; every step has a key that is made once.

    Keys begin with `key_stem`, which nobody can guess who knows the session.
    """

    session_id: str
    started_s: float
    key_stem: str
    taps: int = 0
    metres: float = 0.0
    steps: int = 0
    story: list[str] = field(default_factory=list)

    def step(
        self,
        now_s: float,
        stage: Stage,
        touch_point: str,
        outcome: str,
        product_id: int | None,
        happened_unix_s: float | None = None,
    ) -> JourneyEvent:
        """Return the event for what happened since the last one; its Unix time is None where nobody knows it."""
        event = JourneyEvent(
            event_key=self._new_key(),
            session_id=self.session_id,
            stage=stage,
            touch_point=touch_point,
            outcome=outcome,
            product_id=product_id,
            taps=min(self.taps, 10_000),
            seconds=round(max(0.0, now_s - self.started_s), 3),
            metres=round(self.metres, 3),
            channel=Channel.KIOSK,
            happened_unix_s=happened_unix_s,
        )
        self.taps, self.metres, self.started_s = 0, 0.0, now_s
        return event

    def mark(self, stage: Stage, touch_point: str, outcome: str) -> JourneyEvent:
        """Return an event that tells no time and no effort; what it cost the shopper counts for the next step."""
        return JourneyEvent(
            event_key=self._new_key(),
            session_id=self.session_id,
            stage=stage,
            touch_point=touch_point,
            outcome=outcome,
            channel=Channel.KIOSK,
        )

    def _new_key(self) -> str:
        self.steps += 1
        return f"{self.key_stem[:40]}-e{self.steps}"

    def tell(self, sentence: str) -> None:
        """Add a sentence to the story."""
        self.story.append(sentence)

    def story_so_far(self) -> str:
        """Return the story; of a very long one the end."""
        return " ".join(self.story)[-_LONGEST_STORY:]
