"""The settings that each baseline is tried with: grids of about equal size, around the papers' own values."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import TypeVar

from aisle_inference.baselines.als import AlsSettings, als
from aisle_inference.baselines.association import AssociationSettings, association
from aisle_inference.baselines.baseline import Score
from aisle_inference.baselines.ease import HouseholdEaseSettings, TripEaseSettings, ease_households, ease_trips
from aisle_inference.baselines.item_knn import ItemKnnSettings, item_knn
from aisle_inference.baselines.popularity import FrequencySettings, PopularitySettings, personal_frequency, popularity
from aisle_inference.baselines.tifu_knn import TifuSettings, tifu_knn
from aisle_inference.baselines.up_cf import UpCfSettings, up_cf
from aisle_inference.harness.queries import Task
from aisle_inference.purchases.past import Past

KNOWN = (Task.NEXT_BASKET, Task.NOVEL)
ANONYMOUS = (Task.COMPLETION, Task.SHELF)


@dataclass(frozen=True, slots=True)
class Trial:
    """One baseline with one choice of settings."""

    settings: object
    learn: Callable[[Past], Score]


@dataclass(frozen=True, slots=True)
class Grid:
    """One baseline, the tasks it answers, and the settings to try."""

    name: str
    tasks: tuple[Task, ...]
    trials: tuple[Trial, ...]


Settings = TypeVar("Settings")


def _grid(
    name: str,
    tasks: tuple[Task, ...],
    learn: Callable[[Past, Settings], Score],
    choices: Iterable[Settings],
) -> Grid:
    # Bound by position: the learning functions name their second argument alike, but their types differ.
    return Grid(name, tasks, tuple(Trial(choice, partial(_learnt, learn, choice)) for choice in choices))


def _learnt(learn: Callable[[Past, Settings], Score], settings: Settings, past: Past) -> Score:
    return learn(past, settings)


GRIDS = (
    _grid(
        "popularity",
        (*KNOWN, *ANONYMOUS),
        popularity,
        (PopularitySettings(window_d) for window_d in (14.0, 28.0, 60.0, 90.0, 180.0, 365.0)),
    ),
    _grid(
        "personal frequency",
        (Task.NEXT_BASKET,),
        personal_frequency,
        (FrequencySettings(last) for last in (5, 10, 20, 30, 50, 75, 100, 1000)),
    ),
    _grid(
        "UP-CF@r",
        KNOWN,
        up_cf,
        (
            *(UpCfSettings(recency, locality, 0.5) for recency, locality in product((15, 25, 50), (2.0, 5.0, 10.0))),
            UpCfSettings(25, 3.5, 0.5),
            UpCfSettings(25, 5.0, 0.25),
            UpCfSettings(25, 5.0, 0.75),
        ),
    ),
    _grid(
        "TIFU-KNN",
        KNOWN,
        tifu_knn,
        (
            TifuSettings(7, 0.9, 0.7, 300, 0.7),
            TifuSettings(7, 0.9, 0.7, 100, 0.7),
            TifuSettings(7, 0.9, 0.7, 100, 0.9),
            TifuSettings(7, 0.9, 0.5, 100, 0.7),
            TifuSettings(7, 0.9, 0.6, 100, 0.8),
            TifuSettings(7, 0.95, 0.6, 100, 0.8),
            TifuSettings(7, 0.9, 0.9, 100, 0.8),
            TifuSettings(10, 0.95, 0.8, 300, 0.7),
            TifuSettings(10, 0.95, 0.6, 100, 0.8),
            TifuSettings(4, 0.9, 0.8, 100, 0.8),
            TifuSettings(20, 1.0, 0.9, 300, 0.9),
        ),
    ),
    _grid(
        "EASE households",
        KNOWN,
        ease_households,
        (
            HouseholdEaseSettings(ridge, log_counts)
            for ridge, log_counts in product((10.0, 30.0, 100.0, 1000.0), (True, False))
        ),
    ),
    _grid(
        "EASE trips",
        ANONYMOUS,
        ease_trips,
        (TripEaseSettings(ridge, least) for ridge, least in product((100.0, 300.0, 1000.0), (30, 15, 5))),
    ),
    _grid(
        "item kNN households",
        KNOWN,
        item_knn,
        (
            ItemKnnSettings(neighbours, 10.0, over_trips=False, itself=itself)
            for neighbours, itself in product((50, 200, 1000), (0.0, 10.0, 40.0))
        ),
    ),
    _grid(
        "item kNN trips",
        ANONYMOUS,
        item_knn,
        (
            ItemKnnSettings(neighbours, shrink, over_trips=True)
            for neighbours, shrink in product((200, 1000, 4000), (10.0, 50.0, 200.0))
        ),
    ),
    _grid(
        "ALS households",
        KNOWN,
        als,
        (AlsSettings(factors, 0.1, weight) for factors, weight in product((32, 64, 128), (0.3, 1.0, 5.0))),
    ),
    _grid(
        "ALS trips",
        ANONYMOUS,
        als,
        (
            AlsSettings(factors, 0.1, weight, over_trips=True)
            for factors, weight in product((64, 128, 256), (5.0, 20.0, 80.0))
        ),
    ),
    _grid(
        "association, store popularity",
        ANONYMOUS,
        association,
        (
            *(
                AssociationSettings(shrink, weight, 100.0)
                for shrink, weight in product((1.0, 10.0, 100.0), (0.1, 0.4, 1.0))
            ),
            AssociationSettings(10.0, 0.4, 1000.0),
            AssociationSettings(10.0, 0.4, 100.0, window_d=365.0),
            AssociationSettings(10.0, 0.4, 100.0, window_d=45.0),
        ),
    ),
)
