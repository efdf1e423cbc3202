"""The simulated base goes on without its firmware: the wheels brake until the firmware is back."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from sim.base.firmware_hardware import FirmwareError, HardwareLink, MotorOutputs, WheelInputs

logger = logging.getLogger(__name__)

BACK_WITHIN_S = 30.0
_BRAKING = MotorOutputs(0.0, 0.0, brake=True)


class PatientHardware:
    """A HardwareLink whose firmware may be restarted: a base without its controller brakes, as its drives do."""

    def __init__(self, link: HardwareLink, wall_s: Callable[[], float] = time.monotonic) -> None:
        self._link = link
        self._wall_s = wall_s
        self._gone_since_s: float | None = None

    def step(self, now_s: float, inputs: WheelInputs) -> MotorOutputs:
        """Exchange with the firmware, or brake while there is none. Raises FirmwareError after BACK_WITHIN_S."""
        if self._gone_since_s is not None and not self._is_back(self._gone_since_s):
            return _BRAKING
        try:
            return self._link.step(now_s, inputs)
        except FirmwareError as error:
            logger.warning("%s: the wheels brake until it is back", error)
            self._gone_since_s = self._wall_s()
            # A firmware that was only slow notices, and connects again.
            self._link.hang_up()
            return _BRAKING

    def _is_back(self, since_s: float) -> bool:
        if self._link.accept_waiting():
            logger.info("the firmware is back")
            self._gone_since_s = None
            return True
        if self._wall_s() - since_s > BACK_WITHIN_S:
            raise FirmwareError(f"the firmware did not come back within {BACK_WITHIN_S:.0f} s")
        return False
