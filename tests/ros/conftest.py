"""A listener on a ROS domain of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.ros.live_nodes import Listener


@pytest.fixture
def listener(monkeypatch: pytest.MonkeyPatch) -> Iterator[Listener]:
    pytest.importorskip("rclpy")
    pytest.importorskip("aisle_interfaces.msg")
    from tests.ros.live_nodes import listening, ros_environment

    for name, value in ros_environment().items():
        monkeypatch.setenv(name, value)
    with listening() as opened:
        yield opened
