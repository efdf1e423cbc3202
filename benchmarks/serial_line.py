"""A firmware process on a pty for `aisle bench serial`: round trips over it, and the processor time of a busy line."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from aisle import config, paths
from aisle.geometry import Twist2
from aisle.robot_model import RobotModel
from aisle_firmware_bridge.bridge import Bridge
from aisle_firmware_bridge.driver import BaseDriver
from aisle_firmware_bridge.events import BaseReport
from aisle_firmware_bridge.firmware_build import FirmwareBuildError, build_firmware, firmware_command
from aisle_firmware_bridge.frames import DELIMITER, FrameParser
from aisle_firmware_bridge.link import SerialLink
from aisle_firmware_bridge.phase import Phase
from aisle_firmware_bridge.protocol import (
    PROTOCOL_VERSION,
    Arm,
    Hello,
    Mode,
    Parameter,
    SetParameter,
    TimeReply,
    TimeSync,
    WheelCommand,
    decode,
    encode,
)
from aisle_firmware_bridge.wheels import firmware_parameters
from benchmarks.rows import BenchmarkProblem

RATE_HZ = 200
ANSWER_WITHIN_S = 1.0
UP_WITHIN_S = 20.0
WARM_UP = 100
TURNS = 10


@contextmanager
def firmware_line(rate_hz: int) -> Iterator[str]:
    """Run firmware and world as processes, stepped at that rate; the device is there as long as the block runs."""
    robot = config.load(paths.reference_robot(), RobotModel)
    try:
        built = build_firmware(paths.REPOSITORY / "build" / "firmware")
    except FirmwareBuildError as problem:
        raise BenchmarkProblem(str(problem)) from problem
    with tempfile.TemporaryDirectory() as folder:
        device, socket = Path(folder) / "base", Path(folder) / "hardware"
        world = [sys.executable, "-m", "benchmarks.serial_world", str(socket), str(rate_hz)]
        command = firmware_command(built.executable, device, socket, firmware_parameters(robot))
        with (
            subprocess.Popen(world, cwd=paths.REPOSITORY, stderr=subprocess.DEVNULL) as world_process,
            subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as firmware_process,
        ):
            try:
                _wait_for(socket)
                _wait_for(device)
                yield str(device)
            finally:
                firmware_process.terminate()
                world_process.terminate()


def _wait_for(place: Path) -> None:
    ends_s = time.monotonic() + UP_WITHIN_S
    while not place.exists():
        if time.monotonic() > ends_s:
            raise BenchmarkProblem(f"firmware and world gave no {place.name} within {UP_WITHIN_S:.0f} s")
        time.sleep(0.01)


def round_trips_us(device: str, count: int) -> tuple[list[float], list[float]]:
    """Measure the link and the bare descriptor in turns, so that both meet the same machine; return both."""
    linked_us, raw_us = [], []
    for turn in range(TURNS):
        linked_us += _link_round_trips_us(device, count // TURNS, session=2 * turn + 1)
        raw_us += _raw_round_trips_us(device, count // TURNS, session=2 * turn + 2)
    return linked_us, raw_us


def _link_round_trips_us(device: str, count: int, session: int) -> list[float]:
    """Ask the firmware for its clock through link, parser and messages; return how long each answer took."""
    with SerialLink(device) as link:
        parser, sequence = FrameParser(), 1
        link.write(DELIMITER + encode(Hello(PROTOCOL_VERSION, session), sequence))
        taken_us = []
        for number in range(WARM_UP + count):
            sequence += 1
            asked_ns = time.perf_counter_ns()
            link.write(encode(TimeSync(number), sequence))
            _await_reply(link, parser, number)
            taken_us.append(1e-3 * (time.perf_counter_ns() - asked_ns))
    return taken_us[WARM_UP:]


def _await_reply(link: SerialLink, parser: FrameParser, number: int) -> None:
    ends_s = time.monotonic() + ANSWER_WITHIN_S
    while time.monotonic() < ends_s:
        for chunk in link.chunks(wait_s=ANSWER_WITHIN_S):
            for frame in parser.feed(chunk.content):
                message = decode(frame)
                if isinstance(message, TimeReply) and message.host_us == number:
                    return
    raise BenchmarkProblem(f"the firmware did not answer within {ANSWER_WITHIN_S:.0f} s")


def _raw_round_trips_us(device: str, count: int, session: int) -> list[float]:
    """Do the same on the bare descriptor: prepared bytes out, bytes in until the answer's delimiter is there."""
    line = os.open(device, os.O_RDWR | os.O_NOCTTY)
    try:
        _exchange(line, DELIMITER + encode(Hello(PROTOCOL_VERSION, session), 1))
        taken_us = []
        for number in range(WARM_UP + count):
            content = encode(TimeSync(number), number + 2)
            asked_ns = time.perf_counter_ns()
            _exchange(line, content)
            taken_us.append(1e-3 * (time.perf_counter_ns() - asked_ns))
    finally:
        os.close(line)
    return taken_us[WARM_UP:]


def _exchange(line: int, content: bytes) -> None:
    os.write(line, content)
    while not os.read(line, 4096).endswith(DELIMITER):
        pass


def link_share(device: str, duration_s: float) -> tuple[float, int]:
    """Command the base at RATE_HZ with link and messages alone; return the share of a core and the messages heard."""
    with SerialLink(device) as link:
        parser, heard = FrameParser(), 0
        period = SetParameter(1, int(Parameter.STATUS_PERIOD), 1e6 / RATE_HZ)
        link.write(DELIMITER + encode(Hello(PROTOCOL_VERSION, 0xBE7E), 1) + encode(period, 2) + encode(Arm(), 3))
        began_s, before_s = time.monotonic(), time.process_time()
        for tick in range(1, round(duration_s * RATE_HZ) + 1):
            frames = parser.feed(link.read())
            heard += sum(decode(frame) is not None for frame in frames)
            link.write(encode(WheelCommand(6.25, 6.25, 1 << 60), 3 + tick))
            time.sleep(max(0.0, began_s + tick / RATE_HZ - time.monotonic()))
        return (time.process_time() - before_s) / (time.monotonic() - began_s), heard


def busy_share(device: str, duration_s: float) -> tuple[float, int]:
    """Drive the base at RATE_HZ with statuses at RATE_HZ; return the share of a core that takes, and the statuses."""
    bridge = Bridge(config.load(paths.reference_robot(), RobotModel))
    driver, wish = BaseDriver(bridge, SerialLink(device)), Twist2(0.5, 0.1)
    _run_until(driver, lambda: bridge.phase is Phase.ONLINE, wish)
    bridge.ask(SetParameter(0, int(Parameter.STATUS_PERIOD), 1e6 / RATE_HZ))
    _run(driver, 1.0, wish)
    bridge.request_arm()
    _run_until(driver, lambda: bridge.status is not None and bridge.status.mode is Mode.DRIVING, wish)
    began_s, before_s = time.monotonic(), time.process_time()
    statuses = _run(driver, duration_s, wish)
    share = (time.process_time() - before_s) / (time.monotonic() - began_s)
    driver.close()
    return share, statuses


def _run_until(driver: BaseDriver, condition: Callable[[], bool], wish: Twist2) -> None:
    ends_s = time.monotonic() + UP_WITHIN_S
    while not condition():
        if time.monotonic() > ends_s:
            raise BenchmarkProblem(f"the base was not driving within {UP_WITHIN_S:.0f} s")
        _run(driver, 0.05, wish)


def _run(driver: BaseDriver, duration_s: float, wish: Twist2) -> int:
    """Tick at RATE_HZ for a time; return how many statuses came."""
    began_s, statuses = time.monotonic(), 0
    for tick in range(1, round(duration_s * RATE_HZ) + 1):
        statuses += sum(isinstance(event, BaseReport) for event in driver.tick(time.monotonic(), wish))
        time.sleep(max(0.0, began_s + tick / RATE_HZ - time.monotonic()))
    return statuses
