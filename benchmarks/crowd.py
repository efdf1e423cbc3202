"""Crossing a crowd that does not see the robot: the production controller beside ORCA and going straight on."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

import numpy as np

from aisle_navigation.control.profiles import OPEN, STORE, Profile
from aisle_navigation.control.scene import Drive
from benchmarks.crowd_episode import End, Episode, cross
from benchmarks.crowd_policies import ControllerPolicy, OrcaPolicy, Policy, StraightOn
from benchmarks.crowd_results import Results, results_file
from benchmarks.crowd_summary import Goals, row_without_goals, rows_with_goals, tally
from benchmarks.crowd_world import Scene, circle_scene, square_scene
from benchmarks.rows import Request, Row

SEEDS, OTHER_SEEDS, QUICK_SEEDS, QUICK_OTHER_SEEDS = 2000, 200, 200, 20
"""Reporting uses the seeds from 0 up; the controller was tuned on those from 100,000 up, and on no others."""
_PEOPLE = (5, 10)
_GOALS = {5: Goals(success=0.99, time_s=10.5), 10: Goals(success=0.985, time_s=14.0)}
_PERCEPTION_STREAM, _REPORTS = 1, 10


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the table: who crosses what, and how it sees."""

    name: str
    people: int
    policy: Callable[[], Policy]
    scene: Callable[[int, np.random.Generator], Scene] = circle_scene
    noisy: bool = False
    goals: Goals | None = None
    key: str = ""

    @property
    def title(self) -> str:
        return f"{self.name}, {self.people} people"

    def play(self, seed: int) -> Episode:
        """Play one crossing; the seed decides where people start and what noise there is."""
        scene = self.scene(self.people, np.random.default_rng((seed, self.people)))
        perception = np.random.default_rng((seed, self.people, _PERCEPTION_STREAM)) if self.noisy else None
        return cross(self.policy(), scene, perception)


def run(request: Request) -> list[Row]:
    """Play all cells. With `--resume` what is on disk is not played again."""
    results = Results(results_file())
    if request.resume:
        results.load()
    rows: list[Row] = []
    for cell in cells():
        counted = tally(_play(cell, _seeds(cell, request.quick), results))
        if cell.goals is not None:
            rows += rows_with_goals(cell.title, counted, cell.goals, cell.key)
        else:
            rows.append(row_without_goals(cell.title, counted))
    return rows


def cells() -> list[Cell]:
    """Return the table: the two cells with goals first, then variations of them one by one, then the peers."""
    return [
        *(Cell("circle", n, _controller(OPEN), goals=_GOALS[n], key=f"circle_{n}") for n in _PEOPLE),
        *(Cell("square", n, _controller(OPEN), square_scene) for n in _PEOPLE),
        *(Cell("circle, differential drive", n, _controller(OPEN, Drive.DIFFERENTIAL)) for n in _PEOPLE),
        *(Cell("square, differential drive", n, _controller(OPEN, Drive.DIFFERENTIAL), square_scene) for n in _PEOPLE),
        *(Cell("circle, noisy perception", n, _controller(OPEN), noisy=True) for n in _PEOPLE),
        *(Cell("circle, profile store", n, _controller(STORE)) for n in _PEOPLE),
        *(
            Cell(f"circle, ORCA with a margin of {margin_m:g} m", n, _orca(margin_m))
            for margin_m, n in product((0.0, 0.15), _PEOPLE)
        ),
        *(Cell("circle, straight on", n, StraightOn) for n in _PEOPLE),
    ]


def _controller(profile: Profile, drive: Drive = Drive.HOLONOMIC) -> Callable[[], Policy]:
    return lambda: ControllerPolicy(profile, drive, seed=1)


def _orca(margin_m: float) -> Callable[[], Policy]:
    return lambda: OrcaPolicy(margin_m)


def _seeds(cell: Cell, quick: bool) -> range:
    if cell.goals is not None:
        return range(QUICK_SEEDS if quick else SEEDS)
    return range(QUICK_OTHER_SEEDS if quick else OTHER_SEEDS)


def _play(cell: Cell, seeds: range, results: Results) -> list[Episode]:
    episodes: list[Episode] = []
    for seed in seeds:
        episode = results.get(cell.title, seed)
        if episode is None:
            episode = cell.play(seed)
            results.add(cell.title, seed, episode)
        episodes.append(episode)
        if len(episodes) % max(1, len(seeds) // _REPORTS) == 0:
            _report(cell, episodes, len(seeds))
    return episodes


def _report(cell: Cell, episodes: list[Episode], of: int) -> None:
    successes = sum(episode.end is End.SUCCESS for episode in episodes)
    share = successes / len(episodes)
    print(f"{cell.title}: {len(episodes)} of {of}, success so far {share:.3f}", file=sys.stderr)
