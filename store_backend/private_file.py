"""Files that their owner alone may read: databases, copies of them, and what a shopper takes home."""

from __future__ import annotations

import os
from pathlib import Path

_OTHERS = 0o077


def create(path: Path) -> None:
    """Make an empty file. Raises OSError, also when there is one."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def write(path: Path, content: bytes) -> None:
    """Write a file in place of one that may be there. Raises OSError."""
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)


def narrow(path: Path) -> None:
    """Take the rights of others from a file, if it is there and ours. Raises OSError."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return
    if path.is_file() and status.st_uid == os.geteuid() and status.st_mode & _OTHERS:
        path.chmod(status.st_mode & ~_OTHERS & 0o7777)


def create_or_narrow_database(path: Path) -> None:
    """Make the file of a SQLite database, or narrow it with those beside it; new ones get its rights from SQLite.

    Raises OSError.
    """
    try:
        create(path)
    except FileExistsError:
        for suffix in ("", "-wal", "-shm", "-journal"):
            narrow(path.with_name(f"{path.name}{suffix}"))
