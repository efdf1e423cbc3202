"""Who is in the store and how they behave: the settings of `config/sim/people.yaml`.

The defaults here and in that file are the same; the file says where each figure comes from.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta

from aisle import paths
from aisle.config import Settings, load

Share = Annotated[float, Meta(ge=0.0, le=1.0)]
Speed = Annotated[float, Meta(ge=0.05, le=3.0)]
Seconds = Annotated[float, Meta(ge=0.0, le=86_400.0)]
Factor = Annotated[float, Meta(gt=0.0, le=5.0)]


class Range(Settings, frozen=True):
    """A span of seconds from which durations are drawn evenly."""

    least: Seconds
    most: Seconds

    def __post_init__(self) -> None:
        if self.most < self.least:
            raise ValueError(f"most ({self.most}) must not be below least ({self.least})")


class Pace(Settings, frozen=True):
    """Walking speeds in m/s: a normal distribution, cut off at two standard deviations."""

    mean_mps: Speed
    sd_mps: Annotated[float, Meta(ge=0.0, le=1.0)]


class Paces(Settings, frozen=True):
    """How fast people walk; what somebody pushes makes them slower by a factor."""

    adult: Pace = Pace(mean_mps=1.16, sd_mps=0.16)
    old: Pace = Pace(mean_mps=0.90, sd_mps=0.15)
    child: Pace = Pace(mean_mps=1.20, sd_mps=0.15)
    wheelchair: Pace = Pace(mean_mps=0.79, sd_mps=0.15)
    trolley_factor: Factor = 0.9
    pram_factor: Factor = 0.9
    pallet_truck_factor: Factor = 0.7


class Mix(Settings, frozen=True):
    """What share of the people in the store is what. Parties and roles are drawn one after the other, in this order."""

    staff: Share = 0.05
    blocker: Share = 0.04
    robot_follower: Share = 0.06
    couple: Share = 0.10
    parent_with_child: Share = 0.08
    wheelchair: Share = 0.03
    pram: Share = 0.03
    trolley: Share = 0.30
    basket: Share = 0.30
    old: Share = 0.20
    heavy: Share = 0.15
    slim: Share = 0.25


class Robots(Settings, frozen=True):
    """How people take the robot. Only people who ignore it may walk into it, and only if `contact_possible`."""

    ignoring: Share = 0.10
    contact_possible: bool = False
    excuse_after_s: Seconds = 1.5
    staff_excuse_after_s: Seconds = 8.0
    blocker_stands_s: Range = Range(least=6.0, most=15.0)
    blocker_rests_s: Range = Range(least=45.0, most=120.0)
    follower_follows_s: Range = Range(least=8.0, most=25.0)
    follower_rests_s: Range = Range(least=40.0, most=90.0)


class CustomerScript(Settings, frozen=True):
    """What the scripted customer does besides following. `None` means never.

    `walks_away_after_s` and `stops_after_s` count from the start of the tour. Somebody who walks away leaves the store,
    or comes back to the robot after `stays_away_s`.
    """

    walks_away_after_s: Seconds | None = None
    stays_away_s: Seconds | None = None
    stops_after_s: Seconds | None = None
    stops_for_s: Seconds = 10.0
    pace_factor: Factor = 1.0


class SecondShopper(Settings, frozen=True):
    """Somebody who comes to the screen while the customer is served, `after_s` into that phase, and touches it."""

    during: Literal["approaching", "asking", "following", "at_shelf"] = "asking"
    after_s: Seconds = 5.0
    touches: Annotated[int, Meta(ge=0, le=20)] = 2


class PeopleSettings(Settings, frozen=True):
    """Everything about the people of a run."""

    paces: Paces = Paces()
    mix: Mix = Mix()
    robot: Robots = Robots()
    browsing_s: Range = Range(least=4.0, most=15.0)
    paying_s: Range = Range(least=8.0, most=20.0)
    parked_s: Range = Range(least=60.0, most=180.0)
    customer: CustomerScript = CustomerScript()
    second_shopper: SecondShopper | None = None


def people_file() -> Path:
    """Return where the default mix stands."""
    return paths.config_dir() / "sim" / "people.yaml"


def load_people(path: Path) -> PeopleSettings:
    """Read a mix of people. Raises ConfigError that names file, key, value and limit."""
    return load(path, PeopleSettings)
