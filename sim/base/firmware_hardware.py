"""The robot's firmware seen from the simulated hardware: in this process for lockstep, behind a socket live.

Both forms take the same readings and give the same motor command: wheel speed set points in rad/s for drives
with a speed loop of their own, and a brake flag (firmware_bridge/PROTOCOL.md, "Motor command").
"""

from __future__ import annotations

import ctypes
import select
import socket
import struct
from dataclasses import astuple, dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from aisle.robot_model import RobotModel
from aisle_firmware_bridge.wheels import firmware_parameters


@dataclass(frozen=True, slots=True)
class WheelInputs:
    """What the base's sensors read: encoder counts, yaw rate, battery, buttons.

    Counts of any size are taken; they reach the firmware as the int32 that an encoder counter holds.

    `bumpers` has one bit for each segment: 1 front left, 2 front right, 4 rear left, 8 rear right.
    """

    ticks_left: int
    ticks_right: int
    yaw_rate_radps: float
    bumpers: int = 0
    emergency_stop: bool = False
    battery_mv: int = 26_000
    battery_percent: int = 100


@dataclass(frozen=True, slots=True)
class MotorOutputs:
    """What the drives shall do until the next step; with `brake` both speeds are 0 and the drives hold."""

    left_radps: float
    right_radps: float
    brake: bool


class FirmwareError(RuntimeError):
    """The firmware cannot be used; the message says why."""


class _Config(ctypes.Structure):
    """fw_config of firmware/core.h; the fields of FirmwareParameters in the same order."""

    _fields_ = (
        ("ticks_per_turn", ctypes.c_uint32),
        ("forward_limit_radps", ctypes.c_float),
        ("turn_limit_radps", ctypes.c_float),
        ("forward_acceleration_radps2", ctypes.c_float),
        ("forward_braking_radps2", ctypes.c_float),
        ("turn_acceleration_radps2", ctypes.c_float),
        ("battery_minimum_mv", ctypes.c_uint32),
    )


class _Inputs(ctypes.Structure):
    _fields_ = (
        ("ticks_left", ctypes.c_int32),
        ("ticks_right", ctypes.c_int32),
        ("yaw_rate_radps", ctypes.c_float),
        ("battery_mv", ctypes.c_uint16),
        ("battery_percent", ctypes.c_uint8),
        ("bumpers", ctypes.c_uint8),
        ("emergency_stop", ctypes.c_uint8),
    )


class _Outputs(ctypes.Structure):
    _fields_ = (("left_radps", ctypes.c_float), ("right_radps", ctypes.c_float), ("brake", ctypes.c_uint8))


_LAYOUTS = (("fw_sizeof_config", _Config), ("fw_sizeof_inputs", _Inputs), ("fw_sizeof_outputs", _Outputs))
_TRANSMIT_BYTES = 1024


def _load(library_path: Path) -> ctypes.CDLL:
    library = ctypes.CDLL(str(library_path))
    for name, layout in _LAYOUTS:
        size = getattr(library, name, None)
        if size is None:
            raise FirmwareError(f"{library_path}: is no firmware library, it has no {name}")
        size.restype = ctypes.c_size_t
        if size() != ctypes.sizeof(layout):
            raise FirmwareError(f"{library_path}: {name} is {size()} bytes, expected {ctypes.sizeof(layout)}: rebuild")
    pointer, count = ctypes.c_void_p, ctypes.c_size_t
    library.fw_sizeof_state.restype = count
    library.fw_init.argtypes, library.fw_init.restype = (pointer, pointer), ctypes.c_bool
    library.fw_receive.argtypes, library.fw_receive.restype = (pointer, ctypes.c_char_p, count), None
    library.fw_step.argtypes, library.fw_step.restype = (pointer, ctypes.c_uint64, pointer, pointer), None
    library.fw_transmit.argtypes, library.fw_transmit.restype = (pointer, pointer, count), count
    return library


class LockstepFirmware:
    """The firmware core inside this process, stepped with the caller's clock: no threads, no waiting.

    Raises FirmwareError if the library does not fit or refuses the robot, OSError if it is absent.
    """

    def __init__(self, library_path: Path, robot: RobotModel) -> None:
        self._library = _load(library_path)
        self._state = ctypes.create_string_buffer(self._library.fw_sizeof_state() + 16)
        # The buffer is bytes; the state inside begins at an address that suits its 64-bit fields.
        self._address = (ctypes.addressof(self._state) + 15) & ~15
        self._outbox = ctypes.create_string_buffer(_TRANSMIT_BYTES)
        config = _Config(*astuple(firmware_parameters(robot)))
        if not self._library.fw_init(self._address, ctypes.byref(config)):
            raise FirmwareError(f"{library_path}: refuses the parameters of robot {robot.name}")

    def step(self, now_s: float, inputs: WheelInputs) -> MotorOutputs:
        """Advance the firmware to `now_s` with fresh readings."""
        readings = _Inputs(
            _wrap(inputs.ticks_left),
            _wrap(inputs.ticks_right),
            inputs.yaw_rate_radps,
            inputs.battery_mv,
            inputs.battery_percent,
            inputs.bumpers,
            int(inputs.emergency_stop),
        )
        out = _Outputs()
        self._library.fw_step(self._address, round(now_s * 1e6), ctypes.byref(readings), ctypes.byref(out))
        return MotorOutputs(out.left_radps, out.right_radps, bool(out.brake))

    def write(self, content: bytes) -> None:
        """Hand over bytes that the host sent."""
        self._library.fw_receive(self._address, content, len(content))

    def read(self) -> bytes:
        """Take what the firmware wants to send to the host."""
        count = self._library.fw_transmit(self._address, self._outbox, _TRANSMIT_BYTES)
        return self._outbox.raw[:count]


RECORD_VERSION = 1
_INPUT_RECORD = struct.Struct("<HxxfQiiHBBBxxx")
_OUTPUT_RECORD = struct.Struct("<QffBxxx")


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
            self._firmware.send(_input_record(clock_us, inputs))
            answer = self._firmware.recv(_OUTPUT_RECORD.size + 1)
        except TimeoutError as error:
            raise FirmwareError(f"{self._path}: no answer in {self._answer_within_s} s") from error
        except OSError as error:
            raise FirmwareError(f"{self._path}: the firmware has gone: {error.strerror}") from error
        if len(answer) != _OUTPUT_RECORD.size:
            raise FirmwareError(f"{self._path}: the firmware has gone")
        answered_us, left_radps, right_radps, brake = _OUTPUT_RECORD.unpack(answer)
        if answered_us != clock_us:
            raise FirmwareError(f"{self._path}: answer for {answered_us} us, expected {clock_us}")
        return MotorOutputs(left_radps, right_radps, bool(brake))


def _wrap(ticks: int) -> int:
    """Return a count as the int32 that an encoder counter holds."""
    return (ticks + 2**31) % 2**32 - 2**31


def _input_record(clock_us: int, inputs: WheelInputs) -> bytes:
    return _INPUT_RECORD.pack(
        RECORD_VERSION,
        inputs.yaw_rate_radps,
        clock_us,
        _wrap(inputs.ticks_left),
        _wrap(inputs.ticks_right),
        inputs.battery_mv,
        inputs.battery_percent,
        inputs.bumpers,
        int(inputs.emergency_stop),
    )
