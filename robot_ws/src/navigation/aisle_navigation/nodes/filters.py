"""Keep-out and speed filters, as Nav2's servers publish them: an information message names the topic of a mask."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from nav2_msgs.msg import CostmapFilterInfo
from nav_msgs.msg import OccupancyGrid

from aisle_navigation.driving.filters import FilterKind, FilterMask, FilterMeaning
from aisle_ros.node import LATCHED_QOS, ManagedNode
from store_model.clearance import ClearanceMap

TOPICS = ("/keepout_costmap_filter_info", "/speed_costmap_filter_info")
MAX_CELLS = 50_000_000


class Filters:
    """Listens to both filters; `changed` is called whenever a mask, or what it means, is new."""

    def __init__(self, node: ManagedNode, changed: Callable[[], None]) -> None:
        self._node = node
        self._changed = changed
        self._meanings: dict[str, FilterMeaning] = {}
        self._masks: dict[str, FilterMask] = {}
        self._heard: dict[str, Any] = {}
        for topic in TOPICS:
            node.create_subscription(CostmapFilterInfo, topic, self._taker(topic), LATCHED_QOS)

    def known(self) -> list[tuple[FilterMask, FilterMeaning]]:
        """Return the masks that have come, with their meanings."""
        return [(self._masks[topic], self._meanings[topic]) for topic in TOPICS if topic in self._masks]

    def _taker(self, topic: str) -> Callable[[CostmapFilterInfo], None]:
        def take(message: CostmapFilterInfo) -> None:
            if message.type not in iter(FilterKind):
                self._node.get_logger().warning(f"{topic}: filters of type {message.type} are not understood")
                return
            self._meanings[topic] = FilterMeaning(FilterKind(message.type), message.base, message.multiplier)
            self._listen(topic, message.filter_mask_topic)

        return take

    def _listen(self, topic: str, mask_topic: str) -> None:
        before = self._heard.pop(topic, None)
        if before is not None:
            self._node.destroy_subscription(before)
        self._masks.pop(topic, None)

        def take(message: OccupancyGrid) -> None:
            mask = _mask(message)
            if mask is None:
                self._node.get_logger().warning(f"{mask_topic}: is no mask that can be used; the old rules hold")
                return
            self._masks[topic] = mask
            self._node.get_logger().info(f"{mask_topic}: {self._meanings[topic].kind.name.lower()} zones")
            self._changed()

        self._heard[topic] = self._node.create_subscription(OccupancyGrid, mask_topic, take, LATCHED_QOS)


def _mask(message: OccupancyGrid) -> FilterMask | None:
    """Return the mask of a message; None for one of wrong size or in another frame than the map's."""
    info, cells = message.info, len(message.data)
    is_sized = 0 < cells == info.height * info.width <= MAX_CELLS and info.resolution > 0.0
    if not is_sized or message.header.frame_id not in ("map", ""):
        return None
    values = np.asarray(message.data, dtype=np.float32).reshape(info.height, info.width)
    origin = info.origin.position
    return FilterMask(values, ClearanceMap(np.zeros_like(values), float(info.resolution), origin.x, origin.y))
