"""Where people will be: straight on with the velocity they have, and the farther ahead, the less surely.

`docs/controller.md` compares this with forecasts that let people avoid one another.
"""

from __future__ import annotations

import math
from collections.abc import Set

import numpy as np

from aisle.sensing import Person
from aisle_navigation.control.companions import Pair
from aisle_navigation.control.profiles import Foresight
from aisle_navigation.control.scene import Crowd

NO_PAIRS: frozenset[Pair] = frozenset()


def noticed(people: tuple[Person, ...], x_m: float, y_m: float, settings: Foresight) -> tuple[Person, ...]:
    """Return the people near enough to matter, the nearest ones first; whoever has no finite place does not count."""
    known = (p for p in people if all(map(math.isfinite, (p.x_m, p.y_m, p.vx_mps, p.vy_mps, p.radius_m))))
    near = sorted((math.hypot(p.x_m - x_m, p.y_m - y_m), p.track_id, p) for p in known)
    return tuple(person for apart_m, _, person in near if apart_m <= settings.notice_m)[: settings.most_people]


def foresee(
    people: tuple[Person, ...],
    robot_radius_m: float,
    free_mps: dict[int, float] | float,
    pairs: Set[Pair],
    steps: int,
    step_s: float,
    settings: Foresight,
) -> Crowd:
    """Return the people at every step up to the horizon.

    `free_mps` is how fast the robot may come towards everybody, or towards each by track id. `pairs` are those who
    belong together; pairs of people who are not there are left out.
    """
    state = np.array([(p.x_m, p.y_m, p.vx_mps, p.vy_mps, p.radius_m) for p in people], dtype=np.float64).reshape(-1, 5)
    times_s = step_s * np.arange(steps + 1, dtype=np.float64)
    places = state[:, 0:2].T[None] + times_s[:, None, None] * state[:, 2:4].T[None]
    growth_mps = settings.spread_mps + settings.spread_m_per_m * np.hypot(state[:, 2], state[:, 3])
    free = [free_mps if isinstance(free_mps, float) else free_mps[p.track_id] for p in people]
    index = {person.track_id: at for at, person in enumerate(people)}
    there = [(index[a], index[b]) for a, b in sorted(pairs) if a in index and b in index]
    return Crowd(
        places=np.ascontiguousarray(places, dtype=np.float32),
        spread_m=np.ascontiguousarray(times_s[:, None] * growth_mps[None], dtype=np.float32),
        reach_m=(state[:, 4] + robot_radius_m).astype(np.float32),
        free_mps=np.array(free, dtype=np.float32),
        pairs=np.array(there, dtype=np.int64).reshape(-1, 2),
    )
