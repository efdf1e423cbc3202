"""The simplest battery: energy that is drawn, and a voltage that falls with it."""

from __future__ import annotations

from aisle import robot_model

FULL_MV, EMPTY_MV = 29_400, 22_400


class Battery:
    """A battery that starts full and never goes below empty."""

    def __init__(self, battery: robot_model.Battery) -> None:
        self._battery = battery
        self._left_wh = battery.capacity_wh

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

    def drain(self, speed_fraction: float, dt_s: float) -> None:
        """Draw what standing and driving at that share of full speed cost in `dt_s`."""
        power_w = self._battery.idle_w + min(1.0, speed_fraction) * self._battery.drive_w
        self._left_wh = max(0.0, self._left_wh - power_w * dt_s / 3600.0)
