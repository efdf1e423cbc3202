"""The robot as the desk sees it, reached through ROS services from another thread."""

from __future__ import annotations

import threading
from typing import Any

from aisle_interfaces.srv import EndTour, Recommend, StartTour
from rclpy.client import Client
from rclpy.lifecycle import LifecycleNode

from aisle.messages import Problem, ProblemCode
from aisle.messages.advice import Recommended, RecommendRequest
from aisle_gateway import translate
from aisle_gateway.desk import ShelfPlace, TourEnd

_PATIENCE_S = 0.7
"""The I/O thread waits this long; the robot's view, which it also sends, counts as stale after 1.0 s."""


class RosRobot:
    """Calls behaviour and the adviser; a service that does not answer in time is a sentence, not an exception."""

    def __init__(self, node: LifecycleNode) -> None:
        self._start: Client = node.create_client(StartTour, "/behaviour/start_tour")
        self._end: Client = node.create_client(EndTour, "/behaviour/end_tour")
        self._recommend: Client = node.create_client(Recommend, "/recommend")

    def start_tour(self, session_id: str, product_id: int, place: ShelfPlace) -> str | None:
        response = _call(self._start, translate.tour_request(session_id, product_id, place))
        if response is None or not (response.accepted or response.sentence):
            # Neither yes nor why not: behaviour is still asking for the length of the way.
            return None
        return str(response.sentence)

    def end_tour(self, session_id: str) -> TourEnd:
        response = _call(self._end, EndTour.Request(session_id=session_id))
        if response is None:
            return TourEnd.NO_ANSWER
        return TourEnd.ENDED if response.ended else TourEnd.NO_SUCH_TOUR

    def recommend(self, request: RecommendRequest) -> Recommended | Problem:
        response = _call(self._recommend, translate.recommend_request(request))
        if response is None:
            return Problem(code=ProblemCode.NOT_READY, sentence="the adviser does not answer")
        return translate.recommended(response)


def _call(client: Client, request: Any) -> Any | None:
    """Call a service that another thread's executor spins; None when nobody answers in time."""
    if not client.service_is_ready():
        return None
    done = threading.Event()
    future = client.call_async(request)
    future.add_done_callback(lambda _future: done.set())
    if not done.wait(_PATIENCE_S):
        client.remove_pending_request(future)
        return None
    return future.result()
