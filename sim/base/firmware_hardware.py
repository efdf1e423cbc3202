"""The robot's firmware seen from the simulated hardware: in this process for lockstep, behind a socket live.

Both forms take the same readings and give the same motor command: wheel speed set points in rad/s for drives
with a speed loop of their own, and a brake flag (firmware_bridge/PROTOCOL.md, "Motor command").
"""

from __future__ import annotations

import ctypes
import functools
import select
import socket
import struct
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from aisle.robot_model import RobotModel
from aisle_firmware_bridge.wheels import firmware_parameters

_CELLS = 7
_BOTH_CHANNELS, _DRIVES_POWERED = 3, 4


@dataclass(frozen=True, slots=True)
class WheelInputs:
    """What the base's sensors read: encoder counts, yaw rate, battery, buttons.

    Counts of any size are taken; they reach the firmware as the int32 that an encoder counter holds.

    `bumpers` and `cliffs` have one bit for each corner: 1 front left, 2 front right, 4 rear left, 8 rear right.
    `contacts`: 1 left wheel lifted, 2 right wheel lifted, 4 charger. The emergency stop opens both channels of its
    chain; `stuck_channels` are those that stay open or, with `emergency_stop`, closed. `relay_stuck` is what the
    relay's contact does whatever it is told; None when it obeys. Battery current is positive into the battery.
    """

    ticks_left: int
    ticks_right: int
    yaw_rate_radps: float
    bumpers: int = 0
    emergency_stop: bool = False
    battery_mv: int = 26_000
    battery_percent: int = 100
    cliffs: int = 0
    contacts: int = 0
    stuck_channels: int = 0
    relay_stuck: bool | None = None
    motor_faults: int = 0
    motor_ma: tuple[int, int] = (0, 0)
    acceleration_mps2: tuple[float, float, float] = (0.0, 0.0, 9.81)
    tilt_rates_radps: tuple[float, float] = (0.0, 0.0)
    battery_ma: int = 0
    battery_dc: int = 250
    charging: int = 0

    def stop_chain(self, relay: bool) -> int:
        """Return the chain's bits: both channels, and whether the drives have their supply."""
        channels = (_BOTH_CHANNELS if self.emergency_stop else 0) ^ self.stuck_channels
        powered = relay and channels == 0 if self.relay_stuck is None else self.relay_stuck
        return channels | (_DRIVES_POWERED if powered else 0)


@dataclass(frozen=True, slots=True)
class MotorOutputs:
    """What the drives shall do until the next step; with `brake` both speeds are 0 and the drives hold.

    Two commands are equal when wheels do the same: duties (for boards without drives of their own), the relay of the
    drives' supply and the lights are left out.
    """

    left_radps: float
    right_radps: float
    brake: bool
    relay: bool = field(default=False, compare=False)
    duties: tuple[float, float] = field(default=(0.0, 0.0), compare=False)
    lights: tuple[int, int, int, int] = field(default=(0, 0, 0, 0), compare=False)


class FirmwareError(RuntimeError):
    """The firmware cannot be used; the message says why."""


class _Config(ctypes.Structure):
    """fw_config of firmware/core.h."""

    _fields_ = (
        ("ticks_per_turn", ctypes.c_uint32),
        ("forward_limit_radps", ctypes.c_float),
        ("turn_limit_radps", ctypes.c_float),
        ("forward_acceleration_radps2", ctypes.c_float),
        ("forward_braking_radps2", ctypes.c_float),
        ("turn_acceleration_radps2", ctypes.c_float),
        ("battery_minimum_mv", ctypes.c_float),
        ("reset_cause", ctypes.c_uint32),
        ("board_id", ctypes.c_uint64),
    )


# fw_inputs and fw_outputs of firmware/core.h; the records of the socket carry the same fields.
_INPUT_FIELDS, _OUTPUT_FIELDS = "ii6fiHh8H2h7Bx", "4fBB4Bxx"
_INPUTS, _OUTPUTS = struct.Struct("=" + _INPUT_FIELDS), struct.Struct("=" + _OUTPUT_FIELDS)
_SIZES = (
    ("fw_sizeof_config", ctypes.sizeof(_Config)),
    ("fw_sizeof_inputs", _INPUTS.size),
    ("fw_sizeof_outputs", _OUTPUTS.size),
)
_TRANSMIT_BYTES = 1024


def _load(library_path: Path) -> ctypes.CDLL:
    library = ctypes.CDLL(str(library_path))
    for name, expected in _SIZES:
        size = getattr(library, name, None)
        if size is None:
            raise FirmwareError(f"{library_path}: is no firmware library, it has no {name}")
        size.restype = ctypes.c_size_t
        if size() != expected:
            raise FirmwareError(f"{library_path}: {name} is {size()} bytes, expected {expected}: rebuild")
    pointer, count = ctypes.c_void_p, ctypes.c_size_t
    library.fw_sizeof_state.restype = count
    library.fw_init.argtypes, library.fw_init.restype = (pointer, pointer), ctypes.c_bool
    library.fw_receive.argtypes = (pointer, ctypes.c_uint64, ctypes.c_char_p, count)
    library.fw_receive.restype = None
    library.fw_step.argtypes, library.fw_step.restype = (pointer, ctypes.c_uint64, pointer, pointer), None
    library.fw_transmit.argtypes, library.fw_transmit.restype = (pointer, pointer, count), count
    return library


class LockstepFirmware:
    """The firmware core inside this process, stepped with the caller's clock: no threads, no waiting.

    Raises FirmwareError if the library does not fit or refuses the robot, OSError if it is absent.
    """

    def __init__(self, library_path: Path, robot: RobotModel, board_id: int = 1, reset_cause: int = 0) -> None:
        self._library = _load(library_path)
        self._state = ctypes.create_string_buffer(self._library.fw_sizeof_state() + 16)
        # The buffer is bytes; the state inside begins at an address that suits its 64-bit fields.
        self._address = (ctypes.addressof(self._state) + 15) & ~15
        self._outbox = ctypes.create_string_buffer(_TRANSMIT_BYTES)
        self._inputs = ctypes.create_string_buffer(_INPUTS.size)
        self._outputs = ctypes.create_string_buffer(_OUTPUTS.size)
        self._clock_us = 0
        self._relay = False
        config = _config(robot, board_id, reset_cause)
        if not self._library.fw_init(self._address, ctypes.byref(config)):
            raise FirmwareError(f"{library_path}: refuses the parameters of robot {robot.name}")

    def step(self, now_s: float, inputs: WheelInputs) -> MotorOutputs:
        """Advance the firmware to `now_s` with fresh readings."""
        _INPUTS.pack_into(self._inputs, 0, *_input_fields(inputs, self._relay))
        self._clock_us = round(now_s * 1e6)
        self._library.fw_step(self._address, self._clock_us, self._inputs, self._outputs)
        outputs = _motor_outputs(_OUTPUTS.unpack_from(self._outputs))
        self._relay = outputs.relay
        return outputs

    def write(self, content: bytes) -> None:
        """Hand over bytes that the host sent."""
        self._library.fw_receive(self._address, self._clock_us, content, len(content))

    def read(self) -> bytes:
        """Take what the firmware wants to send to the host."""
        count = self._library.fw_transmit(self._address, self._outbox, _TRANSMIT_BYTES)
        return self._outbox.raw[:count]


def _config(robot: RobotModel, board_id: int, reset_cause: int) -> _Config:
    wanted = firmware_parameters(robot)
    return _Config(
        wanted.ticks_per_turn,
        wanted.forward_limit_radps,
        wanted.turn_limit_radps,
        wanted.forward_acceleration_radps2,
        wanted.forward_braking_radps2,
        wanted.turn_acceleration_radps2,
        wanted.battery_minimum_mv,
        reset_cause,
        board_id,
    )


def _input_fields(inputs: WheelInputs, relay: bool) -> tuple[float, ...]:
    """Return readings in the order of fw_inputs."""
    return (
        _wrap(inputs.ticks_left),
        _wrap(inputs.ticks_right),
        *inputs.acceleration_mps2,
        *inputs.tilt_rates_radps,
        inputs.yaw_rate_radps,
        inputs.battery_ma,
        inputs.battery_mv,
        inputs.battery_dc,
        *_cells_mv(inputs.battery_mv),
        *inputs.motor_ma,
        inputs.battery_percent,
        inputs.charging,
        inputs.bumpers,
        inputs.cliffs,
        inputs.contacts,
        inputs.stop_chain(relay),
        inputs.motor_faults,
    )


def _motor_outputs(fields: tuple[float, ...]) -> MotorOutputs:
    """Return the motor command from the fields of fw_outputs."""
    left_radps, right_radps, left_duty, right_duty, brake, relay, pattern, red, green, blue = fields
    lights = (int(pattern), int(red), int(green), int(blue))
    return MotorOutputs(left_radps, right_radps, bool(brake), bool(relay), (left_duty, right_duty), lights)


@functools.lru_cache(maxsize=64)
def _cells_mv(battery_mv: int) -> tuple[int, ...]:
    """Return the voltages of eight cells, of which the reference pack has seven."""
    each, over = divmod(battery_mv, _CELLS)
    return (*(each + (cell < over) for cell in range(_CELLS)), 0)


RECORD_VERSION = 2
_INPUT_RECORD = struct.Struct("<HxxQ" + _INPUT_FIELDS)
_OUTPUT_RECORD = struct.Struct("<Q" + _OUTPUT_FIELDS)


class HardwareLink:
    """The world's end of the socket to a firmware process; a context manager.

    `accept` waits for the firmware to connect, `step` exchanges one record each way. Both raise
    FirmwareError when the firmware does not answer in time or has gone.
    """

    def __init__(self, path: Path, answer_within_s: float = 2.0) -> None:
        self._path = path
        self._answer_within_s = answer_within_s
        self._listener: socket.socket | None = None
        self._firmware: socket.socket | None = None
        self._relay = False

    def __enter__(self) -> Self:
        self._path.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        listener.bind(str(self._path))
        listener.listen(1)
        self._listener = listener
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for end in (self._firmware, self._listener):
            if end is not None:
                end.close()
        self._firmware, self._listener = None, None
        self._path.unlink(missing_ok=True)

    def accept(self, timeout_s: float) -> None:
        """Wait until the firmware has connected; a second call takes the next firmware, after a restart."""
        if self._listener is None:
            raise FirmwareError(f"{self._path}: is not listening, use it in a with statement")
        self._listener.settimeout(timeout_s)
        try:
            firmware, _ = self._listener.accept()
        except TimeoutError as error:
            raise FirmwareError(f"{self._path}: no firmware connected within {timeout_s:.0f} s") from error
        if self._firmware is not None:
            self._firmware.close()
        firmware.settimeout(self._answer_within_s)
        self._firmware = firmware

    def hang_up(self) -> None:
        """Close the line to the firmware, if there is one."""
        if self._firmware is not None:
            self._firmware.close()
            self._firmware = None

    def accept_waiting(self) -> bool:
        """Take the next firmware if one is knocking; never waits."""
        if self._listener is None or not select.select([self._listener], [], [], 0.0)[0]:
            return False
        self.accept(self._answer_within_s)
        return True

    def step(self, now_s: float, inputs: WheelInputs) -> MotorOutputs:
        """Give the firmware fresh readings at `now_s` and take its motor command."""
        if self._firmware is None:
            raise FirmwareError(f"{self._path}: no firmware has connected yet")
        clock_us = round(now_s * 1e6)
        try:
            self._firmware.send(_input_record(clock_us, inputs, self._relay))
            answer = self._firmware.recv(_OUTPUT_RECORD.size + 1)
        except TimeoutError as error:
            raise FirmwareError(f"{self._path}: no answer in {self._answer_within_s} s") from error
        except OSError as error:
            raise FirmwareError(f"{self._path}: the firmware has gone: {error.strerror}") from error
        if len(answer) != _OUTPUT_RECORD.size:
            raise FirmwareError(f"{self._path}: the firmware has gone")
        answered_us, *fields = _OUTPUT_RECORD.unpack(answer)
        if answered_us != clock_us:
            raise FirmwareError(f"{self._path}: answer for {answered_us} us, expected {clock_us}")
        outputs = _motor_outputs(tuple(fields))
        self._relay = outputs.relay
        return outputs


def _wrap(ticks: int) -> int:
    """Return a count as the int32 that an encoder counter holds."""
    return (ticks + 2**31) % 2**32 - 2**31


def _input_record(clock_us: int, inputs: WheelInputs, relay: bool) -> bytes:
    return _INPUT_RECORD.pack(RECORD_VERSION, clock_us, *_input_fields(inputs, relay))
