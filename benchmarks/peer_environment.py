"""Environments of their own for the peers of a benchmark, so that the project does not depend on them.

They are installed once, with pinned versions, below `var/bench`; a peer is a program in `benchmarks/peers` that reads
its task from standard input and prints its answer.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from aisle import paths

INSTALL_WITHIN_S, RUN_WITHIN_S = 300.0, 300.0


class PeerProblem(RuntimeError):
    """A peer that cannot be installed or run; the sentence says why."""


def installed(folder: Path, requirements: Sequence[str]) -> Path:
    """Install packages into an environment once and return its Python. Raises PeerProblem."""
    python, mark, wanted = folder / "bin" / "python", folder / "installed.txt", "\n".join(requirements)
    if mark.is_file() and mark.read_text() == wanted and python.exists():
        return python
    uv = shutil.which("uv") or shutil.which("uv", path=str(paths.REPOSITORY / ".venv-tools" / "bin"))
    if uv is None:
        raise PeerProblem("uv is not installed, so the peers cannot be")
    run_program([uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(folder)], b"", INSTALL_WITHIN_S)
    run_program([uv, "pip", "install", "--quiet", "--python", str(python), *requirements], b"", INSTALL_WITHIN_S)
    mark.write_text(wanted)
    return python


def peer_program(name: str) -> str:
    """Return the path of a peer's program."""
    return str(Path(__file__).parent / "peers" / name)


def run_program(command: list[str], given: bytes, within_s: float = RUN_WITHIN_S) -> bytes:
    """Return what a program prints. Raises PeerProblem with its last words when it fails or takes too long."""
    try:
        done = subprocess.run(command, input=given, capture_output=True, timeout=within_s, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PeerProblem(f"{Path(command[0]).name}: {error}") from error
    if done.returncode:
        last = (done.stderr.decode(errors="replace").strip().splitlines() or ["no message"])[-1]
        raise PeerProblem(f"{Path(command[0]).name} ended with {done.returncode}: {last[:200]}")
    return done.stdout
