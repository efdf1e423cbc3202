"""What the battery must still hold before the robot drives somewhere: the way there, and the way to the charger."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

from aisle.geometry import Pose2
from aisle.robot_model import Battery


@dataclass(frozen=True, slots=True)
class EnergyBudget:
    """What driving and standing cost, as shares of a full battery, and how much longer ways are than a straight line.

    The defaults are those of the reference robot (config/robots/reference.yaml), driving at half of its full speed:
    among people it is no faster. Among shelves a way is longer than the straight line: by root 2 at most where aisles
    cross at right angles, and by a detour around an aisle that is blocked. `reserve` is for what nobody foresees.
    """

    capacity_wh: float = 480.0
    idle_w: float = 45.0
    drive_w: float = 60.0
    usual_mps: float = 0.5
    way_factor: float = 2.0
    reserve: float = 0.03

    def drive_share(self, *stops_map: Pose2) -> float:
        """Return the share of a full battery that a way over these places takes."""
        straight_m = sum(a.distance_to(b) for a, b in pairwise(stops_map))
        return self._share((self.idle_w + self.drive_w) * self.way_factor * straight_m / self.usual_mps)

    def stand_share(self, duration_s: float) -> float:
        """Return the share of a full battery that standing takes."""
        return self._share(self.idle_w * duration_s)

    def _share(self, work_j: float) -> float:
        return work_j / 3600.0 / self.capacity_wh


REFERENCE_BUDGET = EnergyBudget()


def budget_of(battery: Battery) -> EnergyBudget:
    """Return the budget of a robot with that battery."""
    return EnergyBudget(battery.capacity_wh, battery.idle_w, battery.drive_w)


@dataclass(frozen=True, slots=True)
class TourCost:
    """What a tour takes of a full battery, and what must be left at its end to reach the charger."""

    tour: float
    to_charger: float

    @property
    def needed(self) -> float:
        return self.tour + self.to_charger


def must_leave_at(budget: EnergyBudget, here_map: Pose2, dock_map: Pose2, empty: float, low: float) -> float:
    """Return the charge at which the robot must go to the charger from here: `low`, or more where the way is long."""
    return max(low, empty + budget.reserve + budget.drive_share(here_map, dock_map))


def tour_cost(
    budget: EnergyBudget, here_map: Pose2, shelf_map: Pose2, dock_map: Pose2, stay_s: float, empty: float
) -> TourCost:
    """Return what a tour to a shelf takes, with the stay there and the way to the charger afterwards."""
    tour = budget.drive_share(here_map, shelf_map) + budget.stand_share(stay_s)
    return TourCost(tour, empty + budget.reserve + budget.drive_share(shelf_map, dock_map))


def can_finish(charge: float, cost: TourCost) -> bool:
    """Tell whether a charge is enough for a tour and the way to the charger; a charge that is not known is not."""
    return math.isfinite(charge) and charge >= cost.needed
