"""The names under which Nav2 clients ask whether navigation is there: each answers with the state of our node."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lifecycle_msgs.msg import State
from lifecycle_msgs.srv import GetState
from std_srvs.srv import Trigger

from aisle_ros.node import ManagedNode


def answer_as(node: ManagedNode, nav2_nodes: tuple[str, ...], is_active: Callable[[], bool]) -> None:
    """Serve `/<name>/get_state` for Nav2's node names."""

    def state(_request: Any, response: Any) -> Any:
        active = is_active()
        response.current_state = State(
            id=State.PRIMARY_STATE_ACTIVE if active else State.PRIMARY_STATE_INACTIVE,
            label="active" if active else "inactive",
        )
        return response

    for name in nav2_nodes:
        node.create_service(GetState, f"/{name}/get_state", state)


def answer_is_active(node: ManagedNode, managers: tuple[str, ...], is_active: Callable[[], bool]) -> None:
    """Serve `/<name>/is_active`, which RViz's panel asks of Nav2's lifecycle managers."""

    def answer(_request: Any, response: Any) -> Any:
        response.success = is_active()
        return response

    for name in managers:
        node.create_service(Trigger, f"/{name}/is_active", answer)
