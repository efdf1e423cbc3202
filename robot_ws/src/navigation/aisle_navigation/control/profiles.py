"""Profiles of the controller: what it samples, what it foresees, what each thing costs, and how fast it may go."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from aisle_navigation.control.personal_space import PersonalSpace
from aisle_navigation.control.scene import Costs


@dataclass(frozen=True, slots=True)
class Sampling:
    """What is drawn: times in seconds; deviations are those of the first and the second control.

    Noise is smooth: `knots` random values, joined by straight lines. Each rollout draws its own share of the
    deviations, from `least_share` to 1, so that fine corrections are tried beside bold ones.
    """

    rollouts: int = 1000
    steps: int = 36
    step_s: float = 0.1
    knots: int = 5
    first_stddev: float = 0.40
    second_stddev: float = 0.90
    least_share: float = 0.15


@dataclass(frozen=True, slots=True)
class Foresight:
    """How people are expected to walk on: straight, and the longer ahead, the less surely.

    The spread of a walking person grows by `spread_m_per_m` for every metre they are expected to walk, and by
    `spread_mps` while anybody may start to walk. People farther off than `notice_m` do not matter yet.
    """

    notice_m: float = 8.0
    most_people: int = 32
    spread_mps: float = 0.01
    spread_m_per_m: float = 0.10


@dataclass(frozen=True, slots=True)
class Companionship:
    """Who counts as one group: near one another and equally fast for a while. `within_m` is from centre to centre."""

    within_m: float = 1.5
    difference_mps: float = 0.35
    after_s: float = 1.0


@dataclass(frozen=True, slots=True)
class Pace:
    """Speeds in m/s, distances in metres from surface to surface; only people ahead count."""

    cruise_mps: float = math.inf
    near_people_mps: float = math.inf
    crowd_mps: float = math.inf
    near_people_m: float = 1.2
    close_m: float = 0.6
    crowd_within_m: float = 2.0
    crowd_people: int = 3


@dataclass(frozen=True, slots=True)
class Approach:
    """How fast, in m/s, the robot may come towards somebody within their personal space."""

    strangers_mps: float = 0.05
    served_mps: float = 0.20


@dataclass(frozen=True, slots=True)
class Profile:
    """Everything that decides how the robot drives, beside the robot itself."""

    name: str
    costs: Costs
    sampling: Sampling = field(default_factory=Sampling)
    foresight: Foresight = field(default_factory=Foresight)
    companionship: Companionship | None = None
    """None where groups do not count."""
    pace: Pace = field(default_factory=Pace)
    approach: Approach = field(default_factory=Approach)
    space: PersonalSpace | None = None
    """None where the robot may come as near as it likes."""
    reverse_mps: float = 0.0


STORE = Profile(
    name="store",
    costs=Costs(
        goal_end=2.0,
        goal_run=0.5,
        contact=120.0,
        contact_margin_m=0.15,
        contact_step_m=0.2,
        closeness=9.0,
        closeness_m=1.5,
        intrusion=40.0,
        intrusion_m=0.5,
        between=20.0,
        between_m=0.45,
        standing_share=0.25,
        far_fade=3.0,
        wall=0.6,
        wall_margin_m=0.05,
        wall_soft_m=0.25,
        turn=0.02,
        change=0.02,
        temperature=0.25,
    ),
    companionship=Companionship(),
    space=PersonalSpace(),
    pace=Pace(cruise_mps=1.0, near_people_mps=0.5, crowd_mps=0.3),
)
"""Among shoppers: slow near them, out of their personal space, around groups; rather standing than squeezing."""

OPEN = Profile(
    name="open",
    costs=Costs(
        goal_end=1.0,
        goal_run=0.3,
        contact=60.0,
        contact_margin_m=0.05,
        contact_step_m=0.2,
        closeness=10.0,
        closeness_m=0.25,
        intrusion=0.0,
        intrusion_m=0.5,
        between=0.0,
        between_m=0.5,
        standing_share=1.0,
        far_fade=1.0,
        wall=0.6,
        wall_margin_m=0.05,
        wall_soft_m=0.25,
        turn=0.02,
        change=0.02,
        temperature=0.1,
    ),
    foresight=Foresight(spread_mps=0.005, spread_m_per_m=0.05),
)
"""The limits of the base only: touches nobody, but knows no personal space, no groups and no slow driving."""
