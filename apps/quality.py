"""`aisle check` and `aisle test`: the project's own checks, the same here and in continuous integration."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from rich.console import Console

from aisle.paths import REPOSITORY
from apps.processes import environment

_BIN = Path(sys.executable).parent
_TEST_PORTS = 9200
STAGES = (
    ("not integration", "--numprocesses", "2", "--dist", "loadfile"),
    # One after the other: a whole store wants the machine for itself.
    ("integration",),
)
CHECKS = (
    ("style", [str(_BIN / "ruff"), "check", "."]),
    ("format", [str(_BIN / "ruff"), "format", "--check", "."]),
    ("types", [str(_BIN / "mypy")]),
    ("imports", [str(_BIN / "lint-imports")]),
    ("world files", [str(_BIN / "aisle"), "sim", "lint"]),
)


def run_checks(console: Console) -> int:
    """Run every check, also after a failure, and return the number that failed."""
    failed = 0
    for name, command in CHECKS:
        console.rule(name)
        failed += subprocess.run(command, cwd=REPOSITORY, check=False).returncode != 0
    console.print(f"{failed} of {len(CHECKS)} checks failed" if failed else "all checks passed")
    return failed


def run_tests(console: Console, only_unit: bool, arguments: list[str]) -> int:
    """Run the unit tests, then (unless they failed) the integration tests; return pytest's exit code."""
    for stage in STAGES[:1] if only_unit else STAGES:
        console.rule(f"tests: {stage[0]}")
        command = [sys.executable, "-m", "pytest", "-m", *stage, *arguments]
        done = subprocess.run(command, cwd=REPOSITORY, env=environment(_TEST_PORTS), check=False)
        if done.returncode:
            return done.returncode
    return 0
