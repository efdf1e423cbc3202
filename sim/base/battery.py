"""The simplest battery: energy that is drawn, and a voltage that falls with it."""

from __future__ import annotations

from aisle import robot_model

# Seven lithium-ion cells in series: 4.2 V full; the last two percent are under the 3.0 V at which the base gives up.
FULL_MV, EMPTY_MV = 29_400, 20_800


class Battery:
    """A battery that starts full, or as full as it is told, and never goes below empty."""

    def __init__(self, battery: robot_model.Battery, fraction: float = 1.0) -> None:
        self._battery = battery
        self._left_wh = fraction * battery.capacity_wh

    @property
    def fraction(self) -> float:
        """Return the share of the energy that is left, 0 to 1."""
        return self._left_wh / self._battery.capacity_wh

    @property
    def percent(self) -> int:
        return round(100 * self.fraction)

    @property
    def voltage_mv(self) -> int:
        return round(EMPTY_MV + self.fraction * (FULL_MV - EMPTY_MV))

    def run_down(self, fraction: float) -> None:
        """Lose energy at once, so that at most that fraction is left."""
        self._left_wh = min(self._left_wh, fraction * self._battery.capacity_wh)

    def charge(self, dt_s: float) -> None:
        """Take what the dock gives in `dt_s`, on top of what the robot draws."""
        gained_wh = self._battery.charge_w * dt_s / 3600.0
        self._left_wh = min(self._battery.capacity_wh, self._left_wh + gained_wh)

    def drain(self, speed_fraction: float, dt_s: float) -> None:
        """Draw what standing and driving at that share of full speed cost in `dt_s`."""
        power_w = self._battery.idle_w + min(1.0, speed_fraction) * self._battery.drive_w
        self._left_wh = max(0.0, self._left_wh - power_w * dt_s / 3600.0)
