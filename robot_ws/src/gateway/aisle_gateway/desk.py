"""What the kiosk may ask of the robot, answered without knowing how the robot is reached."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol

from aisle.geometry import Pose2
from aisle.messages import Problem, ProblemCode
from aisle.messages.advice import Recommended, RecommendRequest
from aisle.messages.memory import ForgetCopy, Memory, RecallShopper
from aisle.messages.visit import Noted, TourAccepted, TourCancel, TourRequest

_ALLOWED_ROLES = ("kiosk_ui", "admin")


@dataclass(frozen=True, slots=True)
class ShelfPlace:
    """Where a product stands, and where the robot stands to show it (in the map frame)."""

    bay_id: str
    shelf: int
    stand_map: Pose2


class TourEnd(Enum):
    """What became of the wish to end a tour."""

    ENDED = "ended"
    NO_SUCH_TOUR = "no such tour"
    NO_ANSWER = "no answer"


class Shelves(Protocol):
    """The catalogue's and planogram's answer to "where is it?"."""

    def knows(self, product_id: int) -> bool: ...

    def place_of(self, product_id: int) -> ShelfPlace | None: ...


class Robot(Protocol):
    """The robot behind the gateway: over ROS live, the cores themselves in lockstep."""

    def start_tour(self, session_id: str, product_id: int, place: ShelfPlace) -> str | None:
        """Return an empty string when the robot goes, a sentence that says why not, or None when it did not answer.

        Asked again for the tour under way it starts nothing anew.
        """
        ...

    def end_tour(self, session_id: str) -> TourEnd: ...

    def recommend(self, request: RecommendRequest) -> Recommended | Problem: ...


class Store(Protocol):
    """What the desk asks about the store."""

    def refuses_tour(self, session_id: str) -> str:
        """Return why no tour may begin, else an empty sentence."""
        ...

    def recall(self, session_id: str, shopper_id: str) -> Memory | Problem: ...

    def forget(self, shopper_id: str) -> None: ...


class Desk:
    """Answers one request at a time; unknown products and products without a shelf get an honest sentence."""

    def __init__(self, shelves: Shelves, robot: Robot, store: Store) -> None:
        self._shelves = shelves
        self._robot = robot
        self._store = store

    def answer(self, role: str, request: Any) -> TourAccepted | Recommended | Noted | Memory | Problem:
        """Return the reply to a request of the gateway channel."""
        if role not in _ALLOWED_ROLES:
            return Problem(code=ProblemCode.FORBIDDEN, sentence=f"the role {role} may not command the robot")
        match request:
            case TourRequest():
                return self._start(request)
            case TourCancel():
                return self._end(request)
            case RecommendRequest():
                return self._robot.recommend(request)
            case RecallShopper():
                return self._store.recall(request.session_id, request.shopper_id)
            case ForgetCopy():
                self._store.forget(request.shopper_id)
                return Noted()
        return Problem(code=ProblemCode.MALFORMED, sentence=f"{type(request).__name__} is nothing the robot can do")

    def _end(self, request: TourCancel) -> Noted | Problem:
        """A tour that is over already is as good as ended; only silence is a problem, so that the screen asks again."""
        if self._robot.end_tour(request.session_id) is TourEnd.NO_ANSWER:
            sentence = "the robot did not answer, it may still be on the tour; ask again"
            return Problem(code=ProblemCode.NOT_READY, sentence=sentence)
        return Noted()

    def _start(self, request: TourRequest) -> TourAccepted | Problem:
        if not self._shelves.knows(request.product_id):
            sentence = f"The catalogue has no product {request.product_id}. I can call somebody who knows."
            return Problem(code=ProblemCode.UNKNOWN_PRODUCT, sentence=sentence)
        place = self._shelves.place_of(request.product_id)
        if place is None:
            sentence = "I do not know where this product stands. I can call somebody who knows."
            return Problem(code=ProblemCode.NO_SHELF, sentence=sentence)
        refused = self._store.refuses_tour(request.session_id)
        if refused:
            return Problem(code=ProblemCode.BUSY, sentence=refused)
        refusal = self._robot.start_tour(request.session_id, request.product_id, place)
        if refusal is None:
            # It may start all the same; asking again is harmless, and the robot's view shows what became of it.
            return Problem(code=ProblemCode.NOT_READY, sentence="the robot did not answer; ask again")
        if refusal:
            return Problem(code=ProblemCode.BUSY, sentence=refusal)
        return TourAccepted(bay_id=place.bay_id, shelf=place.shelf)
