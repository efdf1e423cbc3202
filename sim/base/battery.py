"""The simulated battery: energy that is drawn, a voltage that follows what is left, and falls under load."""

from __future__ import annotations

from aisle import robot_model
from aisle_firmware_bridge.battery import rest_voltage_mv


class Battery:
    """A battery that starts full, or as full as it is told, and never goes below empty."""

    def __init__(self, battery: robot_model.Battery, fraction: float = 1.0) -> None:
        self._battery = battery
        self._left_wh = fraction * battery.capacity_wh
        self._power_w = 0.0
        self._is_charging = False

    @property
    def fraction(self) -> float:
        """Return the share of the energy that is left, 0 to 1."""
        return self._left_wh / self._battery.capacity_wh

    @property
    def percent(self) -> int:
        return round(100 * self.fraction)

    @property
    def current_ma(self) -> int:
        """Return what flows into the pack, negative while it is drawn from."""
        return round(-1e6 * self._power_w / rest_voltage_mv(self.fraction, self._battery.cells))

    @property
    def voltage_mv(self) -> int:
        """Return the voltage at the terminals; in the last two percent the base has too little to drive."""
        rest_mv = rest_voltage_mv(self.fraction, self._battery.cells)
        return round(rest_mv + self.current_ma * self._battery.resistance_ohm)

    @property
    def is_charging(self) -> bool:
        return self._is_charging

    def run_down(self, fraction: float) -> None:
        """Lose energy at once, so that at most that fraction is left."""
        self._left_wh = min(self._left_wh, fraction * self._battery.capacity_wh)

    def charge(self, dt_s: float) -> None:
        """Take what the dock gives in `dt_s`, on top of what the robot draws."""
        gained_wh = self._battery.charge_w * dt_s / 3600.0
        self._is_charging = self._left_wh < self._battery.capacity_wh
        # A full pack takes nothing: the dock then carries what the robot draws.
        self._power_w = self._power_w - self._battery.charge_w if self._is_charging else 0.0
        self._left_wh = min(self._battery.capacity_wh, self._left_wh + gained_wh)

    def drain(self, speed_fraction: float, dt_s: float) -> None:
        """Draw what standing and driving at that share of full speed cost in `dt_s`."""
        self._is_charging = False
        self._power_w = self._battery.idle_w + min(1.0, speed_fraction) * self._battery.drive_w
        self._left_wh = max(0.0, self._left_wh - self._power_w * dt_s / 3600.0)
