from __future__ import annotations

import dataclasses
import re
import shutil
from pathlib import Path

import pytest

from aisle.robot_model import RobotModel
from aisle_firmware_bridge.firmware_build import (
    SOURCES,
    FirmwareBuildError,
    FuzzReport,
    build_firmware,
    check_firmware,
    firmware_command,
    fuzz_firmware,
    fuzz_report,
    weigh_firmware,
)
from aisle_firmware_bridge.wheels import firmware_parameters


def test_a_missing_compiler_is_named_with_the_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CC", "no-such-compiler")
    with pytest.raises(FirmwareBuildError, match=r"'no-such-compiler' not found.*build-essential"):
        build_firmware(tmp_path)


def test_what_the_compiler_said_is_passed_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CC", "false")
    with pytest.raises(FirmwareBuildError, match=r"building the firmware in .* failed"):
        build_firmware(tmp_path)


def test_the_command_carries_the_whole_robot(robot: RobotModel) -> None:
    command = firmware_command(Path("fw"), Path("base"), Path("hw.sock"), firmware_parameters(robot))
    assert command[0] == "fw"
    options = dict(zip(command[1::2], command[2::2], strict=True))
    assert options["--ticks-per-turn"] == "4096"
    assert float(options["--forward-limit"]) == 12.5
    assert len(options) == 9


def test_the_boards_own_limits_are_those_of_the_reference_robot(robot: RobotModel) -> None:
    text = (SOURCES / "board" / "main.c").read_text(encoding="utf-8")
    on_board = {name: float(value) for name, value in re.findall(r"\.(\w+) = ([\d.]+)", text)}
    assert on_board == pytest.approx(dataclasses.asdict(firmware_parameters(robot)))


def test_a_fuzzer_that_did_not_come_to_its_end_is_an_error() -> None:
    assert fuzz_report("...\nDone 5000 runs in 2 second(s)\n") == FuzzReport(5000, 2.0)
    with pytest.raises(FirmwareBuildError, match="ended early"):
        fuzz_report("==1==ERROR: AddressSanitizer: heap-buffer-overflow")


@pytest.mark.integration
@pytest.mark.skipif(
    shutil.which("clang") is None, reason="the fuzzer needs clang: apt install clang libclang-rt-14-dev"
)
def test_a_short_fuzz_finds_nothing(tmp_path: Path) -> None:
    assert fuzz_firmware(tmp_path, runs=20_000).inputs == 20_000


@pytest.mark.integration
@pytest.mark.skipif(
    shutil.which("arm-none-eabi-gcc") is None,
    reason="the image needs a cross compiler: apt install gcc-arm-none-eabi libnewlib-arm-none-eabi",
)
def test_the_firmware_fits_a_small_cortex_m(tmp_path: Path) -> None:
    size = weigh_firmware(tmp_path)
    assert size.code_bytes + size.data_bytes < 64 * 1024
    assert size.data_bytes + size.zeroed_bytes < 16 * 1024


@pytest.mark.integration
def test_the_firmware_passes_its_own_check_with_sanitizers(tmp_path: Path) -> None:
    check_firmware(tmp_path)
