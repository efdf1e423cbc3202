"""Messages of a visit between the kiosk screen and the robot's gateway."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from aisle.messages.base import Identifier, Message, Text


class VisitState(StrEnum):
    """What the robot is doing; behaviour owns it.

    ASTRAY is a robot that does not know where it is, ERRAND one that does a task of the store while nobody needs it.
    """

    WAITING = "waiting"
    NOTICED = "noticed"
    GREETING = "greeting"
    SERVING = "serving"
    GUIDING = "guiding"
    PAUSED = "paused"
    ARRIVED = "arrived"
    THANKING = "thanking"
    RETURNING = "returning"
    CALLING = "calling"
    STOPPED = "stopped"
    ASTRAY = "astray"
    CHARGING = "charging"
    ERRAND = "errand"


IDLE_STATES = (
    VisitState.WAITING,
    VisitState.NOTICED,
    VisitState.RETURNING,
    VisitState.CHARGING,
    VisitState.ERRAND,
)
"""What a robot does that may be sent somewhere: whoever has a shopper before it is not."""


class Screen(StrEnum):
    """The screens of the kiosk."""

    ATTRACT = "attract"
    HOME = "home"
    SEARCH = "search"
    PRODUCT = "product"
    GUIDING = "guiding"
    ARRIVAL = "arrival"
    BASKET = "basket"
    MEMORY = "memory"


class Control(Message, frozen=True, tag=False):
    """One thing that can be touched, as an accessibility tree would list it; the box is in fractions of the screen
    with the origin at the lower left."""

    name: Identifier
    x: float
    y: float
    width: float
    height: float


class ScreenState(Message, frozen=True):
    """What is on the screen; the kiosk publishes it on every change and at least once a second."""

    screen: Screen
    session_id: Annotated[str, Meta(max_length=64)]
    idle_s: Annotated[float, Meta(ge=0.0)]
    product_id: int | None = None
    controls: Annotated[tuple[Control, ...], Meta(max_length=200)] = ()


class Noted(Message, frozen=True):
    """The request was taken."""


class TourRequest(Message, frozen=True):
    """Lead the shopper of this session to the shelf of a product.

    Session and product together are its idempotency key: asked again while that tour is under way it starts nothing
    anew, it only says that the shopper stands at the screen.
    """

    session_id: Identifier
    product_id: int


class TourAccepted(Message, frozen=True):
    """The robot is going; `bay_id` and `shelf` are where the product stands."""

    bay_id: Identifier
    shelf: int


class TourCancel(Message, frozen=True):
    """End the tour of this session; also sent when the shopper is done at the shelf."""

    session_id: Identifier


class RobotView(Message, frozen=True):
    """What the robot tells its screen, ten times a second; positions in the map frame.

    `session_id` and `product_id` are those of the tour under way; "" and None when there is none.
    """

    visit: VisitState
    x_m: float
    y_m: float
    yaw_rad: float
    speed_mps: float
    distance_left_m: float | None
    sentence: Text
    path: Annotated[tuple[tuple[float, float], ...], Meta(max_length=400)] = ()
    session_id: Annotated[str, Meta(max_length=64)] = ""
    product_id: int | None = None
