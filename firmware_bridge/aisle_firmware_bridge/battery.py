"""How full the battery is, how long it lasts, and when the base must be switched off to save it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

import numpy as np

from aisle.robot_model import Battery
from aisle_firmware_bridge.messages import BatteryReport

# The voltage of one lithium-ion cell at rest by its charge: steep at both ends, flat between, as measured curves are
# (Plett, "Battery Management Systems, Volume I", Artech House 2015, chapter 2). The values are assumed.
REST_CHARGE = (0.0, 0.02, 0.05, 0.10, 0.20, 0.30, 0.40, 0.50, 0.60, 0.70, 0.80, 0.90, 1.0)
REST_CELL_MV = (2800, 3000, 3300, 3450, 3560, 3610, 3650, 3700, 3780, 3870, 3960, 4060, 4180)

_LARGEST_MA = 1e6
"""No pack of a robot gives a thousand amperes: a sensor that says so is broken, and counts as none."""


_GUESSED_SIGMA = 0.5


def rest_voltage_mv(charge: float, cells: int) -> float:
    """Return a pack's voltage at rest for a state of charge of 0 to 1."""
    return cells * float(np.interp(charge, REST_CHARGE, REST_CELL_MV))


def charge_at_rest(voltage_mv: float, cells: int) -> float:
    """Return the state of charge, 0 to 1, of a pack with that voltage at rest."""
    return float(np.interp(voltage_mv / cells, REST_CELL_MV, REST_CHARGE))


def design_capacity_ah(battery: Battery) -> float:
    """Return what a pack holds by design in ampere-hours: its energy over its mean voltage while it is emptied."""
    mean_cell_mv = float(np.trapezoid(REST_CELL_MV, REST_CHARGE))
    return 1e3 * battery.capacity_wh / (battery.cells * mean_cell_mv)


def _slope_mv(charge: float, cells: int) -> float:
    """Return how much the rest voltage changes from empty to full at the slope that it has at that charge."""
    low, high = max(0.0, charge - 0.02), min(1.0, charge + 0.02)
    return (rest_voltage_mv(high, cells) - rest_voltage_mv(low, cells)) / (high - low)


@dataclass(frozen=True, slots=True)
class BatteryReading:
    """What the base measures: the pack's voltage, its current (positive when it charges), and what it says of charging.

    `current_ma` is None when the base measures none; then the robot's usual draw at that speed is taken.
    """

    stamp_s: float
    voltage_mv: float
    current_ma: float | None = None
    is_charging: bool = False
    speed_share: float = 0.0


def reading_of(pack: BatteryReport, stamp_s: float) -> BatteryReading:
    """Return what the gauge needs of a pack's report that was measured at that time."""
    return BatteryReading(stamp_s, pack.pack_mv, pack.current_ma, pack.charging != 0)


class Level(Enum):
    """What the battery still allows."""

    GOOD = "good"
    LOW = "low"
    EMPTY = "empty"
    DEEP = "deep discharge"


@dataclass(frozen=True, slots=True)
class GaugeSettings:
    """How far sensors and models are off, and the limits; one standard deviation, shares of the capacity.

    Below `deep_cell_mv` for `deep_after_s` a cell takes harm, so everything must go off. 3.0 V is the usual cut-off of
    lithium-ion cells; a dip shorter than the time is a motor that starts.
    """

    low: float = 0.15
    empty: float = 0.03
    deep_cell_mv: float = 2950.0
    deep_after_s: float = 5.0
    rest_after_s: float = 30.0
    rest_share: float = 1.5
    current_error: float = 0.02
    guessed_error: float = 0.25
    voltage_error_mv: float = 15.0
    """Of one cell: what its curve, its age and its rest that is not long enough do to the rest voltage."""
    contradicted: float = 0.30
    """By which share of the charge the voltage must contradict what was counted, for `contradicted_after_s`, to be
    believed instead: more than curve, age and load can do, so the count or the pack itself is broken."""
    contradicted_after_s: float = 10.0
    power_time_s: float = 300.0
    longest_gap_s: float = 5.0


@dataclass(frozen=True, slots=True)
class BatteryState:
    """What the gauge believes: charge 0 to 1 with its standard deviation, power (positive drawn), time until empty.

    `remaining_s` is infinite while the battery charges.
    """

    charge: float
    sigma: float
    power_w: float
    remaining_s: float
    current_ma: float
    level: Level

    @property
    def known_charge(self) -> float:
        """The charge; NaN while no voltage has been seen, when half full is no more than a guess."""
        return self.charge if self.sigma < _GUESSED_SIGMA else math.nan


class BatteryGauge:
    """Counts what flows, and corrects itself by the voltage when little flows.

    A Kalman filter of one state, after Plett, "Extended Kalman filtering for battery management systems of LiPB-based
    HEV battery packs", Journal of Power Sources 134, 2004: counted charge drifts with the current sensor's error, the
    voltage tells the charge as well as its curve is steep there.
    """

    def __init__(self, battery: Battery, settings: GaugeSettings | None = None) -> None:
        self._battery = battery
        self._settings = settings or GaugeSettings()
        self._before: BatteryReading | None = None
        self._charge, self._variance = 0.5, 1.0
        self._power_w = battery.idle_w
        self._resting_s = 0.0
        self._starved_s = 0.0
        self._contradicted_s = 0.0
        self._is_deep = False

    def update(self, reading: BatteryReading) -> BatteryState:
        """Add one reading. One that is not newer, or whose voltage is none, changes nothing."""
        if not (math.isfinite(reading.voltage_mv) and reading.voltage_mv > 0.0):
            return self._state(self._current_ma(reading))
        before, current_ma = self._before, self._current_ma(reading)
        if before is not None and reading.stamp_s <= before.stamp_s:
            return self._state(current_ma)
        self._before = reading
        if before is None:
            self._see_rest_voltage(reading, current_ma)
            return self._state(current_ma)
        dt_s = min(reading.stamp_s - before.stamp_s, self._settings.longest_gap_s)
        self._count(reading, current_ma, dt_s)
        self._doubt(reading, current_ma, dt_s)
        self._starve(before, reading, dt_s)
        return self._state(current_ma)

    def _current_ma(self, reading: BatteryReading) -> float:
        if reading.current_ma is not None and abs(reading.current_ma) <= _LARGEST_MA:
            return reading.current_ma
        draw_w = self._battery.idle_w + min(1.0, reading.speed_share) * self._battery.drive_w
        gain_w = self._battery.charge_w if reading.is_charging else 0.0
        return 1e6 * (gain_w - draw_w) / max(reading.voltage_mv, 1.0)

    def _count(self, reading: BatteryReading, current_ma: float, dt_s: float) -> None:
        """Add what flowed, and see the voltage once little has flowed for a while."""
        settings, rest_mv = self._settings, self._rest_mv(reading, current_ma)
        power_w = -current_ma * rest_mv * 1e-6
        flowed = -power_w * dt_s / 3600.0 / self._battery.capacity_wh
        error = settings.guessed_error if reading.current_ma is None else settings.current_error
        self._charge = min(1.0, max(0.0, self._charge + flowed))
        # An error of the sensor stays the same: it adds up with what flows, not with its root.
        sigma = min(1.0, math.sqrt(self._variance) + error * abs(flowed))
        self._variance = sigma**2
        self._power_w += min(1.0, dt_s / settings.power_time_s) * (power_w - self._power_w)
        rests = not reading.is_charging and abs(power_w) <= settings.rest_share * self._battery.idle_w
        self._resting_s = self._resting_s + dt_s if rests else 0.0
        if self._resting_s >= settings.rest_after_s:
            self._resting_s = 0.0
            self._see_rest_voltage(reading, current_ma)

    def _doubt(self, reading: BatteryReading, current_ma: float, dt_s: float) -> None:
        """Begin anew with what the voltage says when it has contradicted the count for long."""
        seen = charge_at_rest(self._rest_mv(reading, current_ma), self._battery.cells)
        is_off = abs(seen - self._charge) > self._settings.contradicted
        self._contradicted_s = self._contradicted_s + dt_s if is_off else 0.0
        if self._contradicted_s >= self._settings.contradicted_after_s:
            self._contradicted_s, self._variance = 0.0, 1.0
            self._see_rest_voltage(reading, current_ma)

    def _rest_mv(self, reading: BatteryReading, current_ma: float) -> float:
        """Return what the voltage would be if nothing flowed."""
        return reading.voltage_mv - current_ma * self._battery.resistance_ohm

    def _see_rest_voltage(self, reading: BatteryReading, current_ma: float) -> None:
        cells = self._battery.cells
        seen = charge_at_rest(self._rest_mv(reading, current_ma), cells)
        around = 0.5 * (seen + self._charge) if self._variance < 0.01 else seen
        variance = (cells * self._settings.voltage_error_mv / _slope_mv(around, cells)) ** 2
        gain = self._variance / (self._variance + variance)
        self._charge += gain * (seen - self._charge)
        # The curve is off by the same amount every time: looking often does not make it truer.
        self._variance = max(self._variance * (1.0 - gain), min(self._variance, 0.5 * variance))

    def _starve(self, before: BatteryReading, reading: BatteryReading, dt_s: float) -> None:
        """Note how long the cells have been below what they bear. Only charging ends a deep discharge.

        A time counts when both its ends were below: of a gap nobody knows what was in it.
        """
        least_mv = self._battery.cells * self._settings.deep_cell_mv
        is_starving = reading.voltage_mv < least_mv
        self._starved_s = self._starved_s + dt_s if is_starving and before.voltage_mv < least_mv else 0.0
        self._is_deep = self._is_deep or self._starved_s >= self._settings.deep_after_s
        if reading.is_charging and not is_starving:
            self._is_deep = False

    def _level(self) -> Level:
        if self._is_deep:
            return Level.DEEP
        if self._charge <= self._settings.empty:
            return Level.EMPTY
        return Level.LOW if self._charge <= self._settings.low else Level.GOOD

    def _state(self, current_ma: float) -> BatteryState:
        left_wh = max(0.0, self._charge - self._settings.empty) * self._battery.capacity_wh
        remaining_s = 3600.0 * left_wh / self._power_w if self._power_w > 0.0 else math.inf
        return BatteryState(
            self._charge, math.sqrt(self._variance), self._power_w, remaining_s, current_ma, self._level()
        )
