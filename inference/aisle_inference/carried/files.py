"""Files read and written whole."""

from __future__ import annotations

import os
from pathlib import Path

from aisle_inference.carried.problem import ModelProblem

AGAIN = "run `aisle train`"


def read_whole(path: Path, most_bytes: int) -> bytes:
    """Return the content of a file. Raises ModelProblem when it cannot be read or is too large."""
    try:
        size = path.stat().st_size
        if size > most_bytes:
            raise ModelProblem(f"{path}: has {size} bytes, at most {most_bytes} are read; {AGAIN}")
        return path.read_bytes()
    except OSError as error:
        raise ModelProblem(f"{path}: cannot be read ({error.strerror}); {AGAIN}") from error


def write_whole(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Create a file through to the disk, so that a power cut after a later move finds it whole.

    Raises FileExistsError.
    """
    number = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode)
    with os.fdopen(number, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
