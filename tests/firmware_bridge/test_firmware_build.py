from __future__ import annotations

from pathlib import Path

import pytest

from aisle.robot_model import RobotModel
from aisle_firmware_bridge.firmware_build import (
    FirmwareBuildError,
    build_firmware,
    check_firmware,
    firmware_command,
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


@pytest.mark.integration
def test_the_firmware_passes_its_own_check_with_sanitizers(tmp_path: Path) -> None:
    check_firmware(tmp_path)
