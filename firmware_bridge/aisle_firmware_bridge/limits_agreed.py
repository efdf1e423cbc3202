"""The limits that host and base must agree on before the base is armed. Pure."""

from __future__ import annotations

import math

from aisle.robot_model import RobotModel
from aisle_firmware_bridge.dictionary import parameter_unit
from aisle_firmware_bridge.events import LimitReduced, LimitRefused
from aisle_firmware_bridge.greeting import settings
from aisle_firmware_bridge.limiter import ROUNDING
from aisle_firmware_bridge.messages import Parameter, Result, SetParameter
from aisle_firmware_bridge.requests import Answer
from aisle_firmware_bridge.wheels import WheelLimits

# Of these the base must hold at least what the host counts on; of all others at most.
_AT_LEAST = (Parameter.FORWARD_BRAKING, Parameter.BATTERY_MINIMUM)


class AgreedLimits:
    """Knows which of the robot's limits the base has in force.

    A base that is more careful than the robot's file is driven, and what it takes away is told. One that is less
    careful, does not know the limit or does not answer is not: the collision guard counts on these numbers.
    """

    def __init__(self, robot: RobotModel) -> None:
        self._wanted = {setting.parameter: setting.value for setting in settings(robot)}
        self._in_force: dict[int, float] = {}
        self._refusals: dict[int, str] = {}

    @property
    def requests(self) -> list[SetParameter]:
        """What to ask the base for."""
        return [SetParameter(0, parameter, value) for parameter, value in self._wanted.items()]

    @property
    def are_agreed(self) -> bool:
        """Whether the base has confirmed every limit."""
        return self._in_force.keys() == self._wanted.keys()

    @property
    def complaint(self) -> str:
        """Say which limits the base refused; empty if none so far."""
        return "; ".join(self._refusals.values())

    @property
    def of_wheels(self) -> WheelLimits:
        """What the base allows its wheels, as far as it has said so."""
        forward, turn = int(Parameter.FORWARD_LIMIT), int(Parameter.TURN_LIMIT)
        return WheelLimits(
            self._in_force.get(forward, self._wanted[forward]), self._in_force.get(turn, self._wanted[turn])
        )

    def hear(self, answer: Answer) -> LimitReduced | LimitRefused | None:
        """Take the base's answer to one of the requests; return what is worth telling about it."""
        request = answer.request
        if not isinstance(request, SetParameter) or request.parameter not in self._wanted:
            return None
        number, wanted, given = request.parameter, self._wanted[request.parameter], answer.value
        self._in_force.pop(number, None)
        self._refusals.pop(number, None)
        if reason := _objection(answer, number, wanted):
            self._refusals[number] = reason
            return LimitRefused(reason)
        self._in_force[number] = given
        if abs(given - wanted) <= (ROUNDING - 1.0) * wanted:
            return None
        return LimitReduced(
            f"the base keeps {_named(number, given)}, {_quantity(number, wanted)} was asked:"
            " it is more careful than the robot's file"
        )


def _objection(answer: Answer, number: int, wanted: float) -> str:
    """Say why the base must not be driven after this answer; empty if it may be."""
    at_least = number in _AT_LEAST
    asked = f"{'at least' if at_least else 'at most'} {_quantity(number, wanted)} is needed; it stays disarmed"
    if answer.result is None:
        return f"the base did not confirm {_named(number, wanted)}, {asked}: is the line overloaded?"
    if answer.result is Result.UNKNOWN:
        return f"the base has no {Parameter(number).name.lower()}, {asked}: flash the firmware that fits this host"
    is_careful = answer.value * ROUNDING >= wanted if at_least else 0.0 < answer.value <= wanted * ROUNDING
    if math.isfinite(answer.value) and is_careful:
        return ""
    return (
        f"the base keeps {_named(number, answer.value)} ({_words(answer)}), {asked}: flash the firmware that was built"
        " for this robot, or correct the robot's file"
    )


def _words(answer: Answer) -> str:
    return answer.result.name.lower().replace("_", " ") if answer.result is not None else "no answer"


def _named(number: int, value: float) -> str:
    return f"{Parameter(number).name.lower()} {_quantity(number, value)}"


def _quantity(number: int, value: float) -> str:
    return f"{value:g} {parameter_unit(number)}"
