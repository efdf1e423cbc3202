"""What the battery must still hold before the robot drives somewhere: the way there, and the way to the charger.

A charge that is not known is NaN. What that means is decided once: it starts no new tour (`can_finish`), it does not
end what is under way (`is_empty`), and when it lasts the robot goes to the charger, where somebody looks after it
(`must_charge` of the mission).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from aisle.geometry import Pose2
from aisle.robot_model import Battery
from aisle_behaviour.ways import WAY_FACTOR, WayLength


@dataclass(frozen=True, slots=True)
class EnergyBudget:
    """What driving and standing cost, as shares of a full battery.

    The defaults are those of the reference robot (config/robots/reference.yaml), driving at half of its full speed:
    among people it is no faster. `reserve` is for what nobody foresees, such as a detour around a blocked aisle.
    `way_factor` is for a way that no planner has measured: how much longer than the straight line it is taken to be.
    """

    capacity_wh: float = 480.0
    idle_w: float = 45.0
    drive_w: float = 60.0
    usual_mps: float = 0.5
    way_factor: float = WAY_FACTOR
    reserve: float = 0.03

    def way_m(self, start_map: Pose2, goal_map: Pose2, length: WayLength) -> float:
        """Return how long a way is: as planned, else the straight line times `way_factor`."""
        straight_m, planned_m = start_map.distance_to(goal_map), length(start_map, goal_map)
        if planned_m is None or not math.isfinite(planned_m):
            return self.way_factor * straight_m
        return max(straight_m, planned_m)

    def drive_share(self, way_m: float) -> float:
        """Return the share of a full battery that driving a way takes."""
        return self._share((self.idle_w + self.drive_w) * way_m / self.usual_mps)

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


def must_leave_at(budget: EnergyBudget, to_charger_m: float, empty: float, low: float) -> float:
    """Return the charge at which the robot must go to the charger: `low`, or more where the way is long."""
    return max(low, empty + budget.reserve + budget.drive_share(to_charger_m))


def tour_cost(budget: EnergyBudget, to_shelf_m: float, to_charger_m: float, stay_s: float, empty: float) -> TourCost:
    """Return what a tour to a shelf takes, with the stay there and the way to the charger afterwards."""
    tour = budget.drive_share(to_shelf_m) + budget.stand_share(stay_s)
    return TourCost(tour, empty + budget.reserve + budget.drive_share(to_charger_m))


def is_known(charge: float) -> bool:
    """Tell whether a charge is known."""
    return math.isfinite(charge)


def can_finish(charge: float, cost: TourCost) -> bool:
    """Tell whether a charge is enough for a tour and the way to the charger; a charge that is not known is not."""
    return is_known(charge) and charge >= cost.needed


def is_empty(charge: float, empty: float) -> bool:
    """Tell whether the robot shall drive no more. Not for a charge that is not known: the base has its own limit."""
    return is_known(charge) and charge <= empty
