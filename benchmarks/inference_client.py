"""Asks the inference node over ROS from a process of its own, and prints how long each answer took.

Reads `Calls` from standard input and prints `Answered`.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec
import rclpy
from aisle_interfaces.srv import Recommend
from lifecycle_msgs.msg import Transition
from lifecycle_msgs.srv import ChangeState
from rclpy.executors import SingleThreadedExecutor

from aisle.messages.advice import RecommendRequest
from aisle_gateway.translate import recommend_request
from benchmarks.inference_calls import Answered, Calls

_START_S, _ANSWER_S = 120.0, 10.0
_NODE = "inference"
_NOTHING = -1


class Silent(RuntimeError):
    """The node did not answer in time."""


class Client:
    """Calls services of the inference node one after another, while another thread spins, as in the gateway."""

    def __init__(self, node: Any) -> None:
        self._node = node
        self._recommend = node.create_client(Recommend, "/recommend")
        self.answers: list[Any] = []

    def change(self, transition: int) -> None:
        """Ask for a lifecycle transition. Raises Silent when it is refused or takes too long."""
        client = self._node.create_client(ChangeState, f"/{_NODE}/change_state")
        if not client.wait_for_service(timeout_sec=_START_S):
            raise Silent(f"the node {_NODE} did not start within {_START_S:.0f} s")
        request = ChangeState.Request()
        request.transition.id = transition
        if not self._call(client, request, _START_S).success:
            raise Silent(f"the node {_NODE} refused to start; see its own words")

    def times_ms(self, requests: Sequence[Any]) -> list[float]:
        """Ask one after another and return the milliseconds until each answer was here."""
        if not self._recommend.wait_for_service(timeout_sec=_START_S):
            raise Silent("there is no service /recommend")
        return [self._timed_ms(request) for request in requests]

    def _timed_ms(self, request: Any) -> float:
        began_s = time.perf_counter()
        answer = self._call(self._recommend, request, _ANSWER_S)
        took_ms = 1e3 * (time.perf_counter() - began_s)
        self.answers.append(answer)
        return took_ms

    def _call(self, client: Any, request: Any, within_s: float) -> Any:
        done = threading.Event()
        answer = client.call_async(request)
        answer.add_done_callback(lambda _answer: done.set())
        if not done.wait(within_s):
            raise Silent(f"no answer within {within_s:.0f} s")
        return answer.result()


def main() -> None:
    """Make the calls that are asked for."""
    calls = msgspec.json.decode(sys.stdin.buffer.read(), type=Calls)
    requests = [recommend_request(request) for request in calls.requests]
    with _client() as client:
        began_s = time.perf_counter()
        client.change(Transition.TRANSITION_CONFIGURE)
        client.change(Transition.TRANSITION_ACTIVATE)
        ready_s = time.perf_counter() - began_s
        refused_ms = client.times_ms([_refused(request) for request in calls.requests])
        client.answers.clear()
        busy_ms = client.times_ms(requests)
        time.sleep(calls.idle_s)
        idle_ms = client.times_ms(requests)
    problems = sorted({answer.problem for answer in client.answers if answer.problem})
    fallbacks = sum(bool(answer.fallback) for answer in client.answers)
    sys.stdout.buffer.write(msgspec.json.encode(Answered(ready_s, refused_ms, busy_ms, idle_ms, fallbacks, problems)))


def _refused(request: RecommendRequest) -> Any:
    """Return a request as large as this one with a product that no catalogue has."""
    return recommend_request(msgspec.structs.replace(request, given=(*request.given[1:], _NOTHING)))


@contextmanager
def _client() -> Iterator[Client]:
    rclpy.init()
    node: Any = rclpy.create_node("inference_benchmark")
    executor = SingleThreadedExecutor()
    executor.add_node(node)
    spinning = threading.Thread(target=executor.spin, name="ros")
    spinning.start()
    try:
        yield Client(node)
    finally:
        executor.shutdown()
        spinning.join()
        node.destroy_node()
        rclpy.try_shutdown()


if __name__ == "__main__":
    main()
