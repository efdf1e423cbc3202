"""`aisle bench fuzz`: both parsers of the base protocol under coverage-guided fuzzers."""

from __future__ import annotations

import math
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from aisle import paths
from aisle_firmware_bridge import firmware_build
from aisle_firmware_bridge.firmware_build import (
    FirmwareBuildError,
    FuzzReport,
    ToolMissing,
    fuzz_firmware,
    fuzz_report,
)
from benchmarks.peer_environment import PeerProblem, installed, peer_program
from benchmarks.rows import BenchmarkProblem, Request, Row

REQUIREMENTS = ("atheris==3.0.0", "cobs==1.2.2", "fastcrc==0.5.0")
INPUTS, QUICK_INPUTS = 10_000_000, 200_000
LONGEST_BYTES = 600
_AIM = "10,000,000 inputs, no crash, no hang"


def run(request: Request) -> list[Row]:
    """Fuzz the firmware and the host's codec; a broken invariant is a BenchmarkProblem with the fuzzer's words."""
    inputs = request.count("--inputs", QUICK_INPUTS if request.quick else INPUTS)
    return [
        _row("firmware (libFuzzer, address and undefined sanitizers)", "fuzz_firmware", lambda: _fuzz_firmware(inputs)),
        _row("host codec (atheris)", "fuzz_host", lambda: _fuzz_host(inputs)),
    ]


def _row(name: str, key: str, fuzz: Callable[[], FuzzReport]) -> Row:
    try:
        report = fuzz()
    except (PeerProblem, ToolMissing) as problem:
        return Row(name, math.nan, "inputs", _AIM, f"not run: {problem}", key=key)
    except FirmwareBuildError as problem:
        raise BenchmarkProblem(f"{name} broke: {problem}") from problem
    return Row(name, report.inputs, "inputs", _AIM, f"in {report.duration_s:.0f} s, nothing broke", key=key)


def _fuzz_firmware(inputs: int) -> FuzzReport:
    return fuzz_firmware(paths.REPOSITORY / "build" / "firmware", inputs)


def _fuzz_host(inputs: int) -> FuzzReport:
    python = installed(paths.var_dir() / "bench" / "fuzz", REQUIREMENTS)
    sources = str(Path(firmware_build.__file__).parent.parent)
    with tempfile.TemporaryDirectory() as folder:
        options = [f"-runs={inputs}", "-seed=1", f"-max_len={LONGEST_BYTES}", "-timeout=5", "-verbosity=1"]
        command = [str(python), peer_program("fuzz_task.py"), sources, *options, folder]
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", cwd=folder, check=False)
    return fuzz_report(done.stdout + done.stderr)
