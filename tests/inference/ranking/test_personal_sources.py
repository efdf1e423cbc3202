"""What must hold for the sources of remind and discover alike: what they may see, and whom they can answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest

from aisle_inference.harness.queries import UNKNOWN, Query, Task, own_history
from aisle_inference.purchases.past import Past
from aisle_inference.purchases.table import Purchases
from aisle_inference.ranking.candidates import Candidates
from aisle_inference.ranking.contexts import Contexts
from aisle_inference.ranking.lore import LearntLore
from aisle_inference.ranking.named import Features
from aisle_inference.ranking.novel_source import NovelSource
from aisle_inference.ranking.repeat_source import RepeatSource
from aisle_inference.ranking.source import Source
from tests.inference.baselines.worlds import household, past_of
from tests.inference.harness.worlds import bought_by, purchases_of

SOURCES: list[tuple[Task, Callable[[Past], Source]]] = [
    (Task.NEXT_BASKET, lambda past: RepeatSource.of(LearntLore(past))),
    (Task.NOVEL, lambda past: NovelSource.of(LearntLore(past))),
]
EARLIER = [
    bought_by(number, day, sorted({(3 * number + day * k) % 24 for k in range(1, 4)}), store=7 + number % 2)
    for number in range(8)
    for day in range(1, 29, 4)
]
LATER = [bought_by(number, 31 + number, [number, 20, 21, 22]) for number in range(8)]


def asked(purchases: Purchases, task: Task) -> tuple[Past, list[Query]]:
    past = past_of(purchases)
    return past, [household(past, number, task) for number in range(past.purchases.households)]


def table(source: Source, past: Past, queries: Sequence[Query]) -> tuple[Candidates, Features]:
    contexts = Contexts.of(past.purchases, queries)
    candidates = source.candidates(contexts)
    return candidates, source.features(contexts, candidates)


@pytest.mark.parametrize(("task", "of"), SOURCES)
def test_nothing_after_the_day_and_nothing_after_the_query_is_seen(task: Task, of: Callable[[Past], Source]) -> None:
    past, queries = asked(purchases_of(*EARLIER), task)
    candidates, features = table(of(past), past, queries)
    changed, queries_changed = asked(purchases_of(*EARLIER, *LATER), task)
    candidates_changed, features_changed = table(of(changed), changed, queries_changed)
    assert changed.purchases.trips > past.purchases.trips
    assert np.array_equal(candidates.product, candidates_changed.product)
    assert np.allclose(features, features_changed, rtol=1e-4, atol=1e-5, equal_nan=True)


@pytest.mark.parametrize(("task", "of"), SOURCES)
def test_what_the_household_bought_last_is_seen(task: Task, of: Callable[[Past], Source]) -> None:
    past, queries = asked(purchases_of(*EARLIER), task)
    source = of(past)
    candidates, features = table(source, past, queries)
    shorter = [replace(query, events_end=query.events_end - 2) for query in queries]
    changed = source.features(Contexts.of(past.purchases, shorter), candidates)
    assert not np.allclose(features, changed, equal_nan=True)


@pytest.mark.parametrize(("task", "of"), SOURCES)
def test_a_candidate_is_described_alike_beside_any_others(task: Task, of: Callable[[Past], Source]) -> None:
    past, queries = asked(purchases_of(*EARLIER), task)
    source = of(past)
    candidates, features = table(source, past, queries)
    kept = np.arange(len(candidates.product)) % 3 == 0
    few = source.features(Contexts.of(past.purchases, queries), candidates.only(kept))
    assert 0 < len(few) < len(features)
    assert np.allclose(few, features[kept], rtol=1e-4, atol=1e-5, equal_nan=True)


@pytest.mark.parametrize(("task", "of"), SOURCES)
def test_every_feature_has_one_name(task: Task, of: Callable[[Past], Source]) -> None:
    past, queries = asked(purchases_of(*EARLIER), task)
    source = of(past)
    _, features = table(source, past, queries)
    assert features.shape[1] == len(source.names) == len(set(source.names))
    assert features.dtype == np.float32
    assert not np.isinf(features).any()


def strangers(past: Past, task: Task) -> dict[str, Query]:
    known = household(past, 0, task)
    begin = int(past.purchases.household_start[0])
    return {
        "unknown household": replace(known, household=UNKNOWN, events_end=0),
        "unknown store": replace(known, store=UNKNOWN),
        "nothing before": replace(known, events_end=begin, time_d=-4000.0),
        "far future": replace(known, time_d=1e6),
    }


@pytest.mark.parametrize(("task", "of"), SOURCES)
@pytest.mark.parametrize("who", ["unknown household", "unknown store", "nothing before", "far future"])
def test_whoever_asks_has_candidates_with_features(task: Task, of: Callable[[Past], Source], who: str) -> None:
    past, _ = asked(purchases_of(*EARLIER), task)
    candidates, features = table(of(past), past, [strangers(past, task)[who]])
    assert len(candidates.product) > 0
    assert len(features) == len(candidates.product)
    assert not np.isinf(features).any()


@pytest.mark.parametrize(("task", "of"), SOURCES)
def test_no_queries_have_no_candidates(task: Task, of: Callable[[Past], Source]) -> None:
    past, _ = asked(purchases_of(*EARLIER), task)
    source = of(past)
    candidates, features = table(source, past, [])
    assert candidates.queries == 0
    assert features.shape == (0, len(source.names))


@pytest.mark.parametrize(("task", "of"), SOURCES)
def test_an_answer_does_not_depend_on_who_asks_beside(task: Task, of: Callable[[Past], Source]) -> None:
    past, queries = asked(purchases_of(*EARLIER), task)
    source = of(past)
    candidates, features = table(source, past, queries)
    for number, query in enumerate(queries):
        alone, features_alone = table(source, past, [query])
        rows = candidates.of_query(number)
        assert np.array_equal(candidates.product[rows], alone.product)
        assert np.allclose(features[rows], features_alone, rtol=1e-4, atol=1e-5, equal_nan=True)


def test_discover_offers_nothing_that_was_ever_bought() -> None:
    past, queries = asked(purchases_of(*EARLIER), Task.NOVEL)
    candidates = NovelSource.of(LearntLore(past)).candidates(Contexts.of(past.purchases, queries))
    for number, query in enumerate(queries):
        offered = candidates.product[candidates.of_query(number)]
        assert len(offered)
        assert not np.isin(offered, own_history(past.purchases, query)).any()


def test_remind_offers_all_that_was_bought_and_then_other_products() -> None:
    past, queries = asked(purchases_of(*EARLIER), Task.NEXT_BASKET)
    candidates = RepeatSource.of(LearntLore(past)).candidates(Contexts.of(past.purchases, queries))
    for number, query in enumerate(queries):
        offered = candidates.product[candidates.of_query(number)]
        own = np.unique(own_history(past.purchases, query))
        assert np.isin(own, offered).all()
        assert len(offered) > len(own)
