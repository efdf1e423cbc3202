"""The baselines with the settings that won on October, learnt from before 1 October."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Chosen:
    """One baseline with the settings that won some tasks; `october` are its figures there, in the order of the tasks.

    The figure is recall@10, on the shelf the hit rate@3.
    """

    name: str
    tasks: tuple[Task, ...]
    october: tuple[float, ...]
    learn: Callable[[Past], Score]


_NEXT, _NOVEL, _COMPLETION, _SHELF = (Task.NEXT_BASKET,), (Task.NOVEL,), (Task.COMPLETION,), (Task.SHELF,)

CHOSEN = (
    Chosen("popularity", _NEXT + _NOVEL, (0.0541, 0.0150), lambda past: popularity(past, PopularitySettings(14.0))),
    Chosen("popularity", _COMPLETION, (0.0514,), lambda past: popularity(past, PopularitySettings(180.0))),
    Chosen("popularity", _SHELF, (0.2501,), lambda past: popularity(past, PopularitySettings(28.0))),
    Chosen("personal frequency", _NEXT, (0.1489,), lambda past: personal_frequency(past, FrequencySettings(30))),
    Chosen("UP-CF@r", _NEXT, (0.1486,), lambda past: up_cf(past, UpCfSettings(25, 3.5, 0.5))),
    Chosen("UP-CF@r", _NOVEL, (0.0179,), lambda past: up_cf(past, UpCfSettings(25, 5.0, 0.75))),
    Chosen("TIFU-KNN", _NEXT, (0.1509,), lambda past: tifu_knn(past, TifuSettings(4, 0.9, 0.8, 100, 0.8))),
    Chosen("TIFU-KNN", _NOVEL, (0.0192,), lambda past: tifu_knn(past, TifuSettings(7, 0.9, 0.9, 300, 0.8))),
    Chosen("EASE households", _NEXT, (0.1446,), lambda past: ease_households(past, HouseholdEaseSettings(30.0))),
    Chosen("EASE households", _NOVEL, (0.0234,), lambda past: ease_households(past, HouseholdEaseSettings(10.0))),
    # All products are worth their minutes: with 13,000 instead of 22,000 it is .1079 and .3122.
    Chosen(
        "EASE trips", _COMPLETION + _SHELF, (0.1089, 0.3169), lambda past: ease_trips(past, TripEaseSettings(300.0, 5))
    ),
    Chosen("item kNN", _NEXT, (0.1429,), lambda past: item_knn(past, ItemKnnSettings(200, 10.0, itself=40.0))),
    Chosen("item kNN", _NOVEL, (0.0191,), lambda past: item_knn(past, ItemKnnSettings(200, 10.0))),
    Chosen("item kNN", _COMPLETION, (0.1056,), lambda past: item_knn(past, ItemKnnSettings(4000, 20.0, True))),
    Chosen("item kNN", _SHELF, (0.3304,), lambda past: item_knn(past, ItemKnnSettings(4000, 50.0, True))),
    Chosen("ALS", _NEXT + _NOVEL, (0.0806, 0.0224), lambda past: als(past, AlsSettings(128, 0.1, 1.0))),
    Chosen("ALS", _COMPLETION + _SHELF, (0.0852, 0.2728), lambda past: als(past, AlsSettings(256, 0.1, 20.0, True))),
    Chosen(
        "association, store popularity",
        _COMPLETION,
        (0.0870,),
        lambda past: association(past, AssociationSettings(10.0, 0.1, 100.0)),
    ),
    Chosen(
        "association, store popularity",
        _SHELF,
        (0.3487,),
        lambda past: association(past, AssociationSettings(10.0, 1.0, 100.0)),
    ),
)
