"""By what name a gateway takes the lease of its robot."""

from __future__ import annotations

import platform
import uuid

from aisle import channels

_LONGEST_NAME = 40


def owner_name() -> str:
    """Return a name that a restarted gateway has again and no gateway elsewhere has.

    Two on one machine have different ports; the second at one port does not even start. Raises PortProblem.
    """
    return f"{platform.node()[:_LONGEST_NAME]}-{uuid.getnode():012x}-{channels.port_base()}"
