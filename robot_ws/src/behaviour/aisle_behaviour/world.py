"""What the mission knows (`World`), what it remembers (`Memory`) and what it wants (`Orders`)."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import Enum

from aisle.geometry import Pose2
from aisle.messages.visit import Screen, VisitState
from aisle_behaviour.energy import REFERENCE_BUDGET, EnergyBudget


class Travel(Enum):
    """How the present navigation goal stands."""

    IDLE = "idle"
    DRIVING = "driving"
    WAITING = "waiting"
    ARRIVED = "arrived"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Tour:
    """A shopper to be led to a pose in front of a shelf."""

    session_id: str
    product_id: int
    bay_id: str
    shelf_pose_map: Pose2


@dataclass(frozen=True, slots=True)
class ScreenView:
    """What the touchscreen shows, and how long nobody has touched it."""

    screen: Screen
    session_id: str
    idle_s: float


@dataclass(frozen=True, slots=True)
class World:
    """Everything the mission decides by, at one instant. None means stale or not known."""

    now_s: float
    pose_map: Pose2 | None
    localized: bool
    stopped: bool
    travel: Travel
    screen: ScreenView | None
    battery_fraction: float
    """From 0 to 1; NaN while it is not known."""
    nearest_person_m: float = math.inf
    engaged_id: int | None = None
    follower_m: float = math.inf
    needs_staff: bool = False
    """Localization has given up: only a person can tell the robot where it is."""
    stopped_by_store: bool = False
    """The store's staff hold the robot; `stopped` is true then too."""


@dataclass(frozen=True, slots=True)
class Orders:
    """What the mission wants now. A goal of None means stand still."""

    visit: VisitState
    goal_map: Pose2 | None = None
    sentence: str = ""
    tour: Tour | None = None


@dataclass(frozen=True, slots=True)
class MissionSettings:
    """Distances in metres, times in seconds and shares of the battery that shape a visit.

    Below `battery_low`, or earlier where the dock is far (`energy`), the robot finishes what it does and goes to the
    dock, where it stays until `battery_enough`; at `battery_empty` it drives no more. Having refused a tour it charges
    for that one too, up to `battery_full`. A charge that is not known for `charge_unknown_s` sends it to the dock as
    well. A tour that found its way blocked is taken up again after `tour_retry_s`, while the colleague who was called
    is on the way. Called to a shopper it waits `visit_stay_s` to be touched; on patrol it stands `patrol_stay_s`.
    """

    home_map: Pose2
    dock_map: Pose2
    battery_low: float = 0.15
    battery_enough: float = 0.30
    battery_full: float = 0.95
    battery_empty: float = 0.03
    charge_unknown_s: float = 30.0
    notice_m: float = 4.0
    follower_lost_m: float = 3.2
    follower_back_m: float = 2.2
    follower_grace_s: float = 1.5
    abandon_after_s: float = 90.0
    tour_retry_s: float = 15.0
    shelf_stay_s: float = 60.0
    thank_s: float = 4.0
    visit_stay_s: float = 60.0
    patrol_stay_s: float = 5.0
    screen_in_use_s: float = 45.0
    home_tolerance_m: float = 0.5
    dock_tolerance_m: float = 0.2
    dock_retry_s: float = 30.0
    energy: EnergyBudget = REFERENCE_BUDGET


@dataclass(slots=True)
class Memory:
    """What outlives a tick; only the tree's leaves change it."""

    settings: MissionSettings
    world: World
    orders: Orders = field(default_factory=lambda: Orders(VisitState.WAITING))
    tour: Tour | None = None
    arrived_s: float | None = None
    follower_seen_s: float = -math.inf
    paused_s: float | None = None
    thanks_until_s: float = -math.inf
    failed_s: float | None = None
    homeward: bool = False
    charging: bool = False
    wanted_charge: float = 0.0
    """What the tour that was refused would have needed; 0 when none was."""
    refused_session: str = ""
    charge_known_s: float | None = None
    dock_failed_s: float = -math.inf
