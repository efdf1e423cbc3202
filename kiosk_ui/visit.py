"""What the kiosk remembers of the shopper at its screen; all of it is forgotten when the visit ends."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Literal

from aisle.messages.advice import Recommended
from aisle.messages.care import OpenSession
from aisle.messages.visit import RobotView, VisitState
from catalogue.search import Hit
from kiosk_ui.basket import Basket
from kiosk_ui.flow import Event
from kiosk_ui.hand_off import HandOff
from kiosk_ui.journey import Journey
from kiosk_ui.lanes import Answer
from kiosk_ui.questions import Take
from kiosk_ui.remembering import Remembering

Topic = Literal["know", "go", "buy", "do"]
TOPICS: tuple[Topic, ...] = ("know", "go", "buy", "do")


class Ending(Enum):
    """The steps at the shelf."""

    LOOKING = "looking"
    SORRY = "sorry"
    SCORING = "scoring"
    THANKS = "thanks"


class CallStatus(Enum):
    """How far the call for a person got."""

    SENDING = "sending"
    LATE = "late"
    ARRIVED = "arrived"
    REFUSED = "refused"
    CLAIMED = "claimed"
    HANDED_BACK = "handed_back"
    ENDED = "ended"


CALL_OVER = (CallStatus.REFUSED, CallStatus.HANDED_BACK, CallStatus.ENDED)
"""The shopper may call again."""


@dataclass(slots=True)
class Call:
    """A call for a person; `note` is what staff said when they handed the shopper back."""

    key: str
    status: CallStatus = CallStatus.SENDING
    waiting_before: int = 0
    is_open: bool = True
    shown_s: float = 0.0
    note: str = ""
    claimed_s: float | None = None
    asked_s: float = 0.0
    token: int | None = None


class Prompt(Enum):
    """A question that the screen asks back, over the page."""

    STOP = "stop"
    SOMEBODY_ELSE = "somebody_else"
    STILL_THERE = "still_there"
    ERASE = "erase"


OF_TOURS = (Prompt.STOP, Prompt.SOMEBODY_ELSE)
"""Asked on a tour alone; the others are asked everywhere else."""


@dataclass(slots=True)
class Tour:
    """A tour that was asked for. `token` is that of the request while it is under way.

    `lost_s` is since when the robot is not on it although it was accepted, and `repeats` how often it was asked for
    again; `stuck_s` is since when the robot cannot go on, and `stuck_metres` how far the tour had come then.
    """

    product_id: int
    token: int | None
    accepted_s: float | None = None
    was_seen: bool = False
    was_thanked: bool = False
    lost_s: float | None = None
    stuck_s: float | None = None
    stuck_metres: float = 0.0
    repeats: int = 0
    moved_s: float = 0.0
    position: tuple[float, float] | None = None
    called: bool = False


@dataclass(slots=True)
class Advice:
    """What goes with a product; without an answer it is still on its way."""

    product_id: int
    token: int
    answer: Answer | None = None


@dataclass(slots=True)
class Visit:
    """One shopper's visit at the screen."""

    opening: OpenSession
    journey: Journey
    topic: Topic = "buy"
    query: str = ""
    pick: str = ""
    first_row: int = 0
    hits: tuple[Hit, ...] = ()
    product_id: int | None = None
    trail: list[int] = field(default_factory=list)
    came_from_search: bool = False
    advice: Advice | None = None
    notice: str = ""
    tour: Tour | None = None
    requests: int = 0
    ending: Ending = Ending.LOOKING
    thanked_s: float | None = None
    call: Call | None = None
    call_of_other: Call | None = None
    prompt: Prompt | None = None
    prompted_s: float = 0.0
    basket: Basket = field(default_factory=Basket)
    before_list: Event = Event.BACK
    first_line: int = 0
    completing: Recommended | None = None
    hand_off: HandOff | None = None
    remembering: Remembering = field(default_factory=Remembering)
    waiting: dict[int, Take] = field(default_factory=dict)
    reminders: Recommended | None = None
    discoveries: Recommended | None = None
    nearby: Recommended | None = None

    @property
    def session_id(self) -> str:
        return self.opening.session_id

    @property
    def is_asking(self) -> bool:
        """Tell whether enough was typed to say what was found; two letters that fit nothing are just a beginning."""
        return bool(self.hits) or len(self.query.strip()) > 2

    @property
    def open_call(self) -> Call | None:
        """Return the call whose answer is shown, None when there is none."""
        return next((call for call in (self.call_of_other, self.call) if call is not None and call.is_open), None)

    def story(self) -> str:
        """Return what happened so far, for the person who comes."""
        typed = f" Typed: {self.query.strip()}." if self.query.strip() else ""
        return self.journey.story_so_far() + typed


@dataclass(slots=True)
class Robot:
    """What was last heard of the robot, and when; `now` is None while it is silent."""

    now: RobotView | None = None
    last: RobotView | None = None
    heard_s: float | None = None
    caption: str = ""
    captioned_s: float = float("-inf")

    def hear(self, view: RobotView | None, now_s: float) -> None:
        """Take what the robot tells, None for silence."""
        self.now = view
        if self.heard_s is None:
            self.heard_s = now_s
        if view is not None:
            self.last, self.heard_s = view, now_s
            if view.sentence:
                self.caption, self.captioned_s = view.sentence, now_s

    @property
    def doing(self) -> VisitState | None:
        """Return what it is doing; None while it is silent."""
        return self.now.visit if self.now is not None else None

    def silent_s(self, now_s: float) -> float:
        """Return for how long nothing was heard; 0 before anybody listened."""
        return 0.0 if self.now is not None or self.heard_s is None else now_s - self.heard_s
