"""Crossings on disk, so that a long benchmark can be done in pieces: one line of JSON for each."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

import msgspec

import aisle_navigation.control
from aisle import paths
from benchmarks import crowd_episode, crowd_policies, crowd_world
from benchmarks.crowd_episode import Episode
from benchmarks.rows import BenchmarkProblem


class Line(msgspec.Struct, frozen=True):
    """One crossing: of which cell of the table, with which seed, by which code."""

    cell: str
    seed: int
    code: str
    episode: Episode


class Results:
    """Crossings by cell and seed. Those of other code are left in the file, but do not count."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._code = fingerprint(_sources())
        self._episodes: dict[tuple[str, int], Episode] = {}

    def load(self) -> None:
        """Read what is there. Raises BenchmarkProblem for a file that holds something else."""
        if not self._path.exists():
            return
        try:
            lines = [msgspec.json.decode(line, type=Line) for line in self._path.read_bytes().splitlines()]
        except msgspec.DecodeError as error:
            raise BenchmarkProblem(f"{self._path} holds no crossings ({error}); delete it to begin anew") from error
        self._episodes = {(line.cell, line.seed): line.episode for line in lines if line.code == self._code}

    def get(self, cell: str, seed: int) -> Episode | None:
        """Return a crossing, None when it has not been done."""
        return self._episodes.get((cell, seed))

    def add(self, cell: str, seed: int, episode: Episode) -> None:
        """Keep a crossing."""
        self._episodes[cell, seed] = episode
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("ab") as lines:
            lines.write(msgspec.json.encode(Line(cell, seed, self._code, episode)) + b"\n")


def results_file() -> Path:
    """Return where the crossings are kept."""
    return paths.var_dir() / "bench" / "crowd.jsonl"


def fingerprint(sources: Iterable[Path]) -> str:
    """Return a short name for what is in some files: results of one are not mixed with those of another."""
    digest = hashlib.sha256()
    for path in sorted(sources):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _sources() -> list[Path]:
    folders = [Path(folder) for folder in aisle_navigation.control.__path__]
    control = [path for folder in folders for path in folder.glob("*.py")]
    modules = (crowd_world, crowd_policies, crowd_episode)
    return control + [Path(module.__file__) for module in modules if module.__file__ is not None]
