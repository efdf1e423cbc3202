"""What each baseline computes, beside its paper's formula written out on small tables."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from aisle_inference.baselines.als import AlsSettings, als
from aisle_inference.baselines.association import AssociationSettings, association, store_shares
from aisle_inference.baselines.baseline import Score
from aisle_inference.baselines.ease import HouseholdEaseSettings, TripEaseSettings, ease_households, ease_trips
from aisle_inference.baselines.item_knn import ItemKnnSettings, item_knn, nearest_products
from aisle_inference.baselines.popularity import FrequencySettings, PopularitySettings, personal_frequency, popularity
from aisle_inference.baselines.tifu_knn import TifuSettings, decayed, tifu_knn
from aisle_inference.baselines.up_cf import UpCfSettings, up_cf
from aisle_inference.harness.queries import Task
from aisle_inference.purchases.past import Past
from tests.inference.baselines.worlds import basket, ease_of, household, past_of, ranked
from tests.inference.harness.worlds import bought_by, purchases_of, random_purchases

# 0 and 1 are always bought together, and so are 2 and 3; 8 everywhere.
PAIRS = past_of(
    purchases_of(
        *(bought_by(number, 1 + number, [0, 1, 8], store=1) for number in range(6)),
        *(bought_by(10 + number, 1 + number, [2, 3, 8], store=2) for number in range(6)),
    )
)


def test_popularity_counts_the_last_days_only() -> None:
    past = past_of(purchases_of(bought_by(1, 1, [0]), bought_by(2, 1, [0]), bought_by(3, 25, [1])))
    assert ranked(past, popularity(past, PopularitySettings(window_d=10.0)), basket(), limit=1) == [1]
    assert ranked(past, popularity(past, PopularitySettings(window_d=40.0)), basket(), limit=1) == [0]


def test_personal_frequency_counts_the_last_trips_only() -> None:
    past = past_of(purchases_of(bought_by(1, 1, [0]), bought_by(1, 2, [0]), bought_by(1, 3, [1]), bought_by(2, 3, [9])))
    assert ranked(past, personal_frequency(past, FrequencySettings()), household(past, 0), limit=2) == [0, 1]
    assert ranked(past, personal_frequency(past, FrequencySettings(1)), household(past, 0), limit=1) == [1]


def test_groups_of_trips_fade_as_in_the_paper() -> None:
    # Five trips in groups of two: the oldest group holds one trip.
    weights = decayed(TifuSettings(group_trips=2, decay_within=0.5, decay_between=0.1))(np.arange(5), np.full(5, 5))
    newest, middle, oldest = [1 / 2, 0.5 / 2], [0.1 / 2, 0.05 / 2], [0.01]
    assert weights.tolist() == pytest.approx([weight / 3 for weight in (*newest, *middle, *oldest)])


def test_tifu_mixes_in_the_nearest_households() -> None:
    past = past_of(purchases_of(bought_by(1, 1, [0, 1]), bought_by(2, 1, [0, 1, 2]), bought_by(3, 1, [7, 6])))
    settings = TifuSettings(neighbours=1, own_share=0.5)
    scores = tifu_knn(past, settings)([household(past, 0)])[0]
    assert scores[[0, 1, 2, 6, 7]].tolist() == pytest.approx([1.0, 1.0, 0.5, 0.0, 0.0])


def test_up_cf_adds_recent_shares_of_households_alike() -> None:
    # The other household holds two products, one of them common, bought in one of its last two trips.
    past = past_of(purchases_of(bought_by(1, 1, [0]), bought_by(2, 1, [4]), bought_by(2, 2, [0]), bought_by(2, 3, [5])))
    settings = UpCfSettings(recency=2, locality=2.0, asymmetry=0.5)
    scores = up_cf(past, settings)([household(past, 0)])[0]
    alike = (1 / np.sqrt(1 * 3)) ** 2
    assert scores[[0, 4, 5]].tolist() == pytest.approx([1.0 + alike / 2, 0.0, alike / 2])


@pytest.mark.parametrize("log_counts", [True, False])
def test_ease_over_households_is_the_closed_form(log_counts: bool) -> None:
    past = past_of(random_purchases(3))
    counts = past.households.toarray().astype(np.float64)
    rows = np.log1p(counts) if log_counts else (counts > 0).astype(np.float64)
    score = ease_households(past, HouseholdEaseSettings(ridge=5.0, log_counts=log_counts))
    scores = score([household(past, number) for number in range(past.purchases.households)])
    assert np.allclose(scores, rows @ ease_of(rows, 5.0), atol=1e-4)


def test_ease_over_trips_is_the_closed_form_among_products_bought_often_enough() -> None:
    past = past_of(random_purchases(3))
    least = int(np.sort(past.popularity)[5])
    kept = np.flatnonzero(past.popularity >= least)
    weights = ease_of(past.trips.toarray()[:, kept].astype(np.float64), 2.0)
    given = kept[[0, 3]]
    scores = ease_trips(past, TripEaseSettings(ridge=2.0, least_trips=least))([basket(*given)])[0]
    assert len(kept) < len(past.popularity)
    assert np.allclose(scores[kept], weights[0] + weights[3], atol=1e-5)
    assert not scores[np.setdiff1d(np.arange(24), kept)].any()


def test_likeness_is_the_cosine_of_the_nearest_columns() -> None:
    trips = PAIRS.trips
    likeness = nearest_products(trips, neighbours=2, shrink=0.0).toarray()
    assert likeness[0, 1] == pytest.approx(1.0)
    assert likeness[0, 8] == pytest.approx(6 / np.sqrt(6 * 12))
    assert np.count_nonzero(likeness[8]) == 2
    assert nearest_products(trips, 2, shrink=6.0)[0, 1] == pytest.approx(0.5)


def test_blocks_of_products_give_the_same_likeness(monkeypatch: pytest.MonkeyPatch) -> None:
    trips = past_of(random_purchases(3)).trips
    whole = nearest_products(trips, 5, 1.0).toarray()
    monkeypatch.setattr("aisle_inference.baselines.item_knn._BLOCK", 7)
    assert np.array_equal(nearest_products(trips, 5, 1.0).toarray(), whole)


def test_association_is_the_mean_chance_given_a_product_plus_the_share_of_the_store() -> None:
    settings = AssociationSettings(shrink=6.0, store_weight=0.5, store_prior=9.0)
    scores = association(PAIRS, settings)([basket(0, 2, store=0)])[0]
    shares = store_shares(PAIRS, settings.window_d, settings.store_prior)[0]
    assert scores[8] == pytest.approx(0.5 * (6 / 12 + 6 / 12) + 0.5 * shares[8])
    assert scores[1] == pytest.approx(0.5 * 6 / 12 + 0.5 * shares[1])


def test_store_shares_lie_between_the_store_and_the_chain() -> None:
    shares = store_shares(PAIRS, 120.0, 18.0)
    # Three products a trip: in store 0 six of 18 purchases are of product 1, in the chain six of 36.
    assert shares[0, 1] == pytest.approx(3 * (6 + 18 * 6 / 36) / (18 + 18))
    assert shares[-1, 1] == pytest.approx(3 * 6 / 36)


def test_an_unknown_store_has_the_shares_of_the_chain() -> None:
    score = association(PAIRS, AssociationSettings())
    assert ranked(PAIRS, score, basket(store=-1), limit=1) == [8]


LEARN: dict[str, Callable[[Past], Score]] = {
    "popularity": lambda past: popularity(past, PopularitySettings()),
    "personal frequency": lambda past: personal_frequency(past, FrequencySettings()),
    "UP-CF@r": lambda past: up_cf(past, UpCfSettings()),
    "TIFU-KNN": lambda past: tifu_knn(past, TifuSettings(neighbours=3)),
    "EASE households": lambda past: ease_households(past, HouseholdEaseSettings(ridge=1.0)),
    "EASE trips": lambda past: ease_trips(past, TripEaseSettings(ridge=1.0, least_trips=1)),
    "item kNN": lambda past: item_knn(past, ItemKnnSettings()),
    "item kNN trips": lambda past: item_knn(past, ItemKnnSettings(over_trips=True)),
    "ALS": lambda past: als(past, AlsSettings(factors=4)),
    "ALS trips": lambda past: als(past, AlsSettings(factors=4, over_trips=True)),
    "association": lambda past: association(past, AssociationSettings()),
}
ANONYMOUS = ("EASE trips", "item kNN", "item kNN trips", "ALS", "ALS trips", "association")
KNOWN = ("UP-CF@r", "TIFU-KNN", "EASE households", "item kNN", "ALS")


@pytest.mark.parametrize("name", ANONYMOUS)
def test_a_basket_asks_for_what_goes_with_it(name: str) -> None:
    score = LEARN[name](PAIRS)
    assert 1 in ranked(PAIRS, score, basket(0), limit=2)
    assert ranked(PAIRS, score, basket(3, 8), limit=1) == [2]


@pytest.mark.parametrize("name", KNOWN)
def test_a_household_is_shown_what_households_alike_buy(name: str) -> None:
    alike = [bought_by(number, 1, [0, 1, 2]) for number in range(2, 6)]
    others = [bought_by(number, 1, [6, 7, 9]) for number in range(6, 12)]
    past = past_of(purchases_of(bought_by(1, 1, [0, 1]), *alike, *others))
    assert ranked(past, LEARN[name](past), household(past, 0, Task.NOVEL), limit=1) == [2]


@pytest.mark.parametrize("name", list(LEARN))
def test_nothing_after_the_day_is_learnt(name: str) -> None:
    trips = [bought_by(number, 1 + number, [number, number + 1, number + 3]) for number in range(8)]
    later = [bought_by(number, 35, [20, 21, 22, 0]) for number in range(8)]
    before, after = past_of(purchases_of(*trips)), past_of(purchases_of(*trips, *later))
    score_before, score_after = LEARN[name](before), LEARN[name](after)
    for asked in (lambda past: household(past, 3), lambda _: basket(3, 4)):
        assert ranked(before, score_before, asked(before)) == ranked(after, score_after, asked(after))


def test_item_knn_shows_what_was_bought_before_when_products_count_for_themselves() -> None:
    past = past_of(purchases_of(bought_by(1, 1, [0]), *(bought_by(number, 1, [0, 1]) for number in range(2, 6))))
    assert ranked(past, item_knn(past, ItemKnnSettings(shrink=0.0)), household(past, 0), limit=1) == [1]
    assert ranked(past, item_knn(past, ItemKnnSettings(shrink=0.0, itself=5.0)), household(past, 0), limit=1) == [0]
