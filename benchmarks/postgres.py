"""A real PostgreSQL for tests and benchmarks, from Debian's package: durable, and on a socket of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import psycopg

from benchmarks.rows import BenchmarkProblem

_INSTALLED = Path("/usr/lib/postgresql")
_USER = "postgres"


@dataclass
class PostgresServer:
    """A running server; every database that it makes is empty."""

    folder: Path
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def new_database(self) -> str:
        """Make a database and return its URL."""
        name = f"store{next(self._numbers)}"
        with psycopg.connect(f"host={self.folder} user={_USER} dbname=postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return f"postgresql://{_USER}@/{name}?host={self.folder}"


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """Run a server as long as the block. Raises BenchmarkProblem where PostgreSQL is missing or does not start."""
    installed = programs()
    # Not pytest's folder: the user postgres may not look into that, and a socket's path is at most 107 bytes long.
    folder = Path(tempfile.mkdtemp(prefix="aisle-postgres-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, _USER)
        data = folder / "data"
        _run(installed / "initdb", "-D", str(data), "-U", _USER, "--auth=trust", "--encoding=UTF8", "--no-sync")
        options = f"-c listen_addresses='' -c unix_socket_directories={folder}"
        _run(installed / "pg_ctl", "-D", str(data), "-l", str(folder / "log"), "-o", options, "-w", "start")
        try:
            yield PostgresServer(folder)
        finally:
            _run(installed / "pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder)


def programs() -> Path:
    """Return the folder of PostgreSQL's own programs."""
    found = sorted(_INSTALLED.glob("*/bin/initdb"))
    if not found:
        raise BenchmarkProblem(
            f"there is no PostgreSQL in {_INSTALLED}: apt install postgresql (`./run test` does so as root)"
        )
    return found[-1].parent


def _run(program: Path, *arguments: str) -> None:
    # PostgreSQL refuses to run as root.
    as_user = ["runuser", "-u", _USER, "--"] if os.geteuid() == 0 else []
    command = [*as_user, str(program), *arguments]
    done = subprocess.run(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        cwd="/",
        stdin=subprocess.DEVNULL,
    )
    if done.returncode != 0:
        raise BenchmarkProblem(f"{program.name} failed: {done.stdout}")
