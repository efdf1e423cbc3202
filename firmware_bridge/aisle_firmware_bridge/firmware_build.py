"""Build the reference firmware with make, and say how to start it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

from aisle_firmware_bridge.wheels import FirmwareParameters

SOURCES = Path(__file__).resolve().parent.parent / "firmware"
ARM = "arm-none-eabi-"


class FirmwarePaths(NamedTuple):
    """The process for live mode, and the shared library for lockstep."""

    executable: Path
    library: Path


class FirmwareSize(NamedTuple):
    """What an image takes: code and constants in flash, variables in RAM (with and without a first value)."""

    code_bytes: int
    data_bytes: int
    zeroed_bytes: int


class FuzzReport(NamedTuple):
    """How many inputs a fuzzer tried, and for how long."""

    inputs: int
    duration_s: float


class FirmwareBuildError(RuntimeError):
    """The firmware could not be built; the message says what is missing or what the compiler said."""


class ToolMissing(FirmwareBuildError):
    """A program that is needed is not installed; the message says which, and what to install."""


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


def weigh_firmware(build_dir: Path) -> FirmwareSize:
    """Cross-compile an image for a Cortex-M4F and return its size. Raises FirmwareBuildError."""
    _need(f"{ARM}gcc", "gcc-arm-none-eabi libnewlib-arm-none-eabi", "the image for a Cortex-M needs a cross compiler")
    numbers = _run_make(build_dir, "arm").splitlines()[-1].split()
    return FirmwareSize(int(numbers[0]), int(numbers[1]), int(numbers[2]))


def fuzz_firmware(build_dir: Path, runs: int, seed: int = 1) -> FuzzReport:
    """Give the firmware this many inputs that look for new paths in it. Raises FirmwareBuildError if one breaks it."""
    _need("clang", "clang libclang-rt-14-dev", "the fuzzer needs libFuzzer")
    return fuzz_report(_run_make(build_dir, "fuzz", f"RUNS={runs}", f"SEED={seed}"))


def fuzz_report(printed: str) -> FuzzReport:
    """Read what libFuzzer prints at its end. Raises FirmwareBuildError if it did not come to its end."""
    done = re.search(r"Done (\d+) runs in (\d+) second", printed)
    if done is None:
        raise FirmwareBuildError(f"the fuzzer ended early:\n{printed.strip()[-4000:]}")
    return FuzzReport(int(done[1]), float(done[2]))


def _need(tool: str, packages: str, why: str) -> None:
    if shutil.which(tool) is None:
        raise ToolMissing(f"'{tool}' not found; {why}: apt install {packages}")


def _run_make(build_dir: Path, target: str, *variables: str) -> str:
    """Return what make prints, both streams."""
    compiler = os.environ.get("CC", "cc")
    for tool in ("make", compiler):
        _need(tool, "build-essential", "the firmware needs a C compiler and make")
    if not SOURCES.is_dir():
        raise FirmwareBuildError(f"{SOURCES} is missing: the firmware is built from a checkout, not an installation")
    build_dir.mkdir(parents=True, exist_ok=True)
    settings = (f"BUILD={build_dir.resolve()}", f"CC={compiler}", *variables)
    command = ["make", "--silent", "-C", str(SOURCES), *settings, target]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    if done.returncode != 0:
        raise FirmwareBuildError(f"building the firmware in {SOURCES} failed:\n{done.stderr.strip()[-4000:]}")
    return done.stdout + done.stderr
