from __future__ import annotations

import numpy as np

from aisle_inference.advice.kit import CarriedLore, Kit
from aisle_inference.evaluation.still_hits import StillHits, newest_queries, still_hits
from aisle_inference.harness.bootstrap import Interval
from aisle_inference.harness.queries import Task
from aisle_inference.purchases.table import Floats
from aisle_inference.ranking.lore import LearntLore
from aisle_inference.ranking.named import Features
from tests.inference.evaluation.worlds import shop
from tests.inference.harness.worlds import bought_by, purchases_of
from tests.inference.purchases.rows import history


class InOrder:
    """Ranks candidates by their number."""

    def best(self, features: Features, limit: int) -> tuple[np.ndarray, Floats]:
        scores = -np.arange(len(features), dtype=np.float32)
        return np.arange(min(limit, len(features))), scores


LORE = CarriedLore.of(LearntLore(shop().past), shop().purchases.store_ids)
KIT = Kit.of(LORE, {Task.COMPLETION: InOrder()})
TRIPS = [row for number in range(40) for row in bought_by(number, 130 + number % 9, list(range(number % 3, 24, 3)))]


def test_the_kit_is_asked_about_the_newest_trips() -> None:
    found = still_hits(KIT, 0.5, history(TRIPS))
    assert found is not None
    assert found.queries == 40
    assert 0.0 < found.now.mean <= 1.0


def test_nothing_is_said_where_nothing_can_be() -> None:
    assert still_hits(KIT, None, history(TRIPS)) is None
    assert still_hits(KIT, 0.5, history(TRIPS[:80])) is None
    assert still_hits(Kit.of(LORE, {}), 0.5, history(TRIPS)) is None
    assert still_hits(KIT, 0.5, history([(1, 7, 24.0 * 130, 9999)])) is None


def test_newest_trips_come_last() -> None:
    times = [query.time_d for query in newest_queries(purchases_of(TRIPS))]
    assert times == sorted(times)


def test_a_loss_is_sure_when_the_upper_end_lost_too() -> None:
    hits = StillHits(Interval(0.4, 0.3, 0.45), when_learnt=0.5, queries=9)
    assert round(hits.lost_share, 6) == 0.2
    assert round(hits.surely_lost_share, 6) == 0.1
