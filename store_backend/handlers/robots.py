"""Robots: where they are and how they do."""

from __future__ import annotations

import msgspec

from aisle.messages.care import Recorded
from aisle.messages.robot import RobotStatus
from store_backend.unit_of_work import UnitOfWork

_CLOCKS_AGREE_S = 5.0


def note_robot(command: RobotStatus, work: UnitOfWork) -> Recorded:
    """Keep the newest status of a robot; one that was overtaken on the way is dropped.

    A known status from the future was sent by a clock that ran ahead: it must not hide everything that follows.
    """
    row = {**msgspec.structs.asdict(command), "visit": command.visit.value}
    heard_unix_s = work.robots.robot_heard_unix_s(command.robot_id)
    if heard_unix_s is None:
        work.robots.add_robot(row)
    elif command.sent_unix_s > heard_unix_s or heard_unix_s > work.now_unix_s + _CLOCKS_AGREE_S:
        work.robots.replace_robot(command.robot_id, row)
    return Recorded(event_id=0)
