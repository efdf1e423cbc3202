"""Build the reference firmware with make, and say how to start it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

from aisle_firmware_bridge.wheels import FirmwareParameters

SOURCES = Path(__file__).resolve().parent.parent / "firmware"


class FirmwarePaths(NamedTuple):
    """The process for live mode, and the shared library for lockstep."""

    executable: Path
    library: Path


class FirmwareBuildError(RuntimeError):
    """The firmware could not be built; the message says what is missing or what the compiler said."""


def build_firmware(build_dir: Path) -> FirmwarePaths:
    """Compile what has changed into a folder, which is made if needed. Raises FirmwareBuildError."""
    _run_make(build_dir, "all")
    return FirmwarePaths(build_dir / "aisle_firmware", build_dir / "libaisle_firmware.so")


def check_firmware(build_dir: Path) -> None:
    """Compile and run the firmware's own test with sanitizers. Raises FirmwareBuildError if it fails."""
    _run_make(build_dir, "check")


def firmware_command(executable: Path, link: Path, hardware: Path, parameters: FirmwareParameters) -> list[str]:
    """Return the command that runs the firmware on a pty at `link`, with its hardware at `hardware`."""
    return [
        str(executable),
        *("--link", str(link), "--hardware", str(hardware)),
        *("--ticks-per-turn", str(parameters.ticks_per_turn)),
        *("--forward-limit", repr(parameters.forward_limit_radps)),
        *("--turn-limit", repr(parameters.turn_limit_radps)),
        *("--forward-acceleration", repr(parameters.forward_acceleration_radps2)),
        *("--forward-braking", repr(parameters.forward_braking_radps2)),
        *("--turn-acceleration", repr(parameters.turn_acceleration_radps2)),
        *("--battery-minimum-mv", str(parameters.battery_minimum_mv)),
    ]


def _run_make(build_dir: Path, target: str) -> None:
    compiler = os.environ.get("CC", "cc")
    for tool in ("make", compiler):
        if shutil.which(tool) is None:
            raise FirmwareBuildError(
                f"'{tool}' not found; the firmware needs a C compiler and make: apt install build-essential"
            )
    if not SOURCES.is_dir():
        raise FirmwareBuildError(f"{SOURCES} is missing: the firmware is built from a checkout, not an installation")
    build_dir.mkdir(parents=True, exist_ok=True)
    command = [
        "make",
        "--silent",
        "-C",
        str(SOURCES),
        f"BUILD={build_dir.resolve()}",
        f"CC={compiler}",
        target,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise FirmwareBuildError(f"building the firmware in {SOURCES} failed:\n{done.stderr.strip()[-4000:]}")
