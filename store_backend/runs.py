"""Which writes of a group are carried out together: those of one kind, so that one statement serves all of them.

The commands of a group all wait at the same time, so any order is one in which they may have come; only what one peer
has sent stays in its order.
"""

from __future__ import annotations

from collections.abc import Container, Hashable, Sequence

from aisle.bus import Asked
from store_backend.routing import ROUTES

Named = tuple[str, str]
"""The role and the key of a request."""


def runs(group: Sequence[Asked], answered: Container[Named]) -> list[list[Asked]]:
    """Return the commands of a group in lists to be carried out one after the other, each list together.

    What was answered before, and a key that comes a second time, stands alone.
    """
    made: list[list[Asked]] = []
    growing: dict[type, int] = {}
    newest_of: dict[Hashable, int] = {}
    for asked in group:
        name, kind = name_of(asked), type(asked.body)
        is_new = name not in answered and name not in newest_of
        place = growing.get(kind, -1) if is_new else -1
        if place < newest_of.get(asked.peer, 0):
            place = len(made)
            made.append([])
            if is_new and ROUTES[kind].together is not None:
                growing[kind] = place
        made[place].append(asked)
        newest_of[asked.peer] = newest_of[name] = place
    return made


def name_of(asked: Asked) -> Named:
    """Return under which role and key a request is known."""
    return asked.role, asked.key
