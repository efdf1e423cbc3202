"""Promotions in the ranking: what they add, and that they change nothing where there are none."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import polars as pl
import pytest

from aisle_inference.advice.kit import CarriedLore
from aisle_inference.carried.arrays import packed, unpacked
from aisle_inference.harness.queries import Month, Query, Task, all_queries
from aisle_inference.purchases.past import Past
from aisle_inference.purchases.promotions import Promotions
from aisle_inference.purchases.weeks import Weeks
from aisle_inference.ranking.basket_source import BasketSettings, BasketSource
from aisle_inference.ranking.candidates import Candidates
from aisle_inference.ranking.contexts import Contexts
from aisle_inference.ranking.lore import LearntLore
from aisle_inference.ranking.novel_source import NovelSettings, NovelSource
from aisle_inference.ranking.promoted import Promoted
from aisle_inference.ranking.promoted_source import (
    PromotedSettings,
    of_kinds_bought,
    of_kinds_linked,
    with_promotions,
)
from aisle_inference.ranking.source import Source
from aisle_inference.ranking.sources import SOURCES
from tests.inference.harness.worlds import DAY, assortment, bought_by, purchases_of

# Store 7 promotes product 0 in every even week, and it sells five times as well then; product 23 is on display there
# in the last week alone, as 4 and 9 are in the mailer. Store 8 promotes nothing that anybody knows of. Products whose
# numbers differ by three are of one kind.
WEEKS = Weeks(DAY)
LAST_WEEK = 9
NOW_D = DAY + 7 * LAST_WEEK + 1.2
PURCHASES = purchases_of(
    *(
        bought_by(household, 7 * week + day, [0, 3] if week % 2 == 0 or (household, day) == (0, 0) else [3, 6])
        for week in range(LAST_WEEK)
        for household in range(3)
        for day in (0, 3)
    ),
    bought_by(2, 20, [3, 4, 9], store=8),
    bought_by(0, 7 * LAST_WEEK + 1, [3, 23]),
    bought_by(4, 7 * LAST_WEEK + 1, [4, 5], store=8),
)
ROWS = [(100, 7, "0", "D", week) for week in range(0, LAST_WEEK + 1, 2)] + [
    (123, 7, "3", "0", LAST_WEEK),
    (103, 7, "0", "A", LAST_WEEK),
    (104, 7, "0", "A", LAST_WEEK),
    (109, 7, "0", "A", LAST_WEEK),
]


def promotions() -> Promotions:
    names = ("product_id", "store_id", "display_location", "mailer_location", "week")
    return Promotions.of(pl.LazyFrame(ROWS, schema=list(names), orient="row"), PURCHASES, WEEKS)


PAST = Past.of(PURCHASES, assortment(), DAY + 7 * LAST_WEEK, promotions())
LORE = LearntLore(PAST)
PLAIN = LearntLore(Past.of(PURCHASES, assortment(), DAY + 7 * LAST_WEEK))
PROMOTED_TASKS = (Task.NOVEL, Task.COMPLETION, Task.SHELF)


def asked(task: Task = Task.COMPLETION, store: int = 0, time_d: float = NOW_D, household: int = -1) -> Contexts:
    """Return one question with product 3 in the basket, and the history of a household."""
    nothing = np.empty(0, dtype=np.int32)
    given = nothing if household >= 0 else np.array([3], dtype=np.int32)
    end = PURCHASES.events_before(max(0, household), DAY + 7 * LAST_WEEK)
    return Contexts.of(PURCHASES, [Query(task, household, store, time_d, end, given, -1, nothing)])


def column(name: str, product: int, lore: LearntLore = LORE, asked_: Contexts | None = None) -> float:
    source = SOURCES[Task.COMPLETION](lore)
    context = asked_ if asked_ is not None else asked()
    some = Candidates.of([np.array([product], dtype=np.int32)])
    return float(source.features(context, some)[0, source.names.index(name)])


def only_promoted(task: Task, candidates: int) -> Source:
    """Return the source of a task whose candidates are so many promoted products and no others."""
    if task is Task.NOVEL:
        plain_of = partial(NovelSource.of, settings=NovelSettings(0, 0, 0))
        return with_promotions(plain_of, of_kinds_bought, PromotedSettings(candidates))(LORE)
    nothing = partial(BasketSource.of, settings=BasketSettings(0, 0, 0))
    return with_promotions(nothing, of_kinds_linked, PromotedSettings(candidates))(LORE)


def test_a_place_that_made_products_sell_has_a_pull() -> None:
    assert column("promoted in mailer", 0, asked_=asked(time_d=NOW_D - 7)) > 0.3
    assert column("promoted pull", 0) > 0.3
    assert column("promoted usually", 0) == pytest.approx(1.0)


def test_a_place_that_nothing_was_bought_in_before_moves_nothing() -> None:
    assert column("promoted on display", 23) == 0.0
    assert column("promoted pull", 23) == 0.0
    assert column("promoted in share of stores", 23) == 1.0


def test_what_was_promoted_the_week_before_is_told_from_what_is_now() -> None:
    assert column("promoted in mailer", 0) == 0.0
    assert column("promoted in mailer before", 0) > 0.3
    assert column("promoted in share of stores", 0) == 0.0


@pytest.mark.parametrize("where", [{"store": 1}, {"store": -1}, {"time_d": NOW_D + 28}])
def test_where_no_promotion_is_known_nothing_is_said(where: dict[str, float]) -> None:
    context = asked(**where)  # type: ignore[arg-type]
    assert np.isnan(column("promoted in mailer", 0, asked_=context))
    assert np.isnan(column("promoted in share of stores", 0, asked_=context))
    assert column("promoted usually", 0, asked_=context) == pytest.approx(1.0)


def test_purchases_and_promotions_after_the_day_teach_nothing() -> None:
    earlier = LearntLore(PAST.earlier(DAY + 7 * 4))
    rows = np.flatnonzero(PURCHASES.time_d < DAY + 7 * 4)
    assert len(rows) < len(PURCHASES.time_d)
    before = promotions()
    kept = before.week < 4
    only = before.only_products(np.ones(24, dtype=np.bool_))._only(kept, before.product[kept], 24)
    alone = LearntLore(Past.of(PURCHASES, assortment(), DAY + 7 * 4, only))
    assert earlier.promoted.pull.tolist() == alone.promoted.pull.tolist()
    assert earlier.promoted.usual.tolist() == alone.promoted.usual.tolist()


@pytest.mark.parametrize("task", list(Task))
def test_a_shop_without_promotions_is_ranked_by_what_it_was_ranked_by(task: Task) -> None:
    assert not [name for name in SOURCES[task](PLAIN).names if name.startswith("promoted")]


@pytest.mark.parametrize("task", PROMOTED_TASKS)
def test_promotions_add_columns_and_leave_the_others_as_they_are(task: Task) -> None:
    queries = all_queries(PURCHASES, assortment(), Month(DAY + 20, DAY + 60), 1)[task]
    context = Contexts.of(PURCHASES, queries)
    source, plain = SOURCES[task](LORE), SOURCES[task](PLAIN)
    candidates = source.candidates(context)
    features = source.features(context, candidates)
    assert len([name for name in source.names if name.startswith("promoted")]) == 7
    assert source.names[: len(plain.names)] == plain.names
    np.testing.assert_array_equal(features[:, : len(plain.names)], plain.features(context, candidates))


def test_the_promoted_of_a_linked_kind_become_candidates_of_a_basket() -> None:
    assert only_promoted(Task.COMPLETION, 5).candidates(asked()).product.tolist() == [4]


def test_on_a_shelf_the_promoted_become_no_candidates_because_all_of_it_are() -> None:
    context = replace(asked(Task.SHELF), category=np.array([1], dtype=np.int32))
    assert not len(only_promoted(Task.SHELF, 5).candidates(context).product)


def test_the_promoted_of_a_kind_that_is_bought_become_candidates_of_what_is_new() -> None:
    assert only_promoted(Task.NOVEL, 5).candidates(asked(Task.NOVEL, household=1)).product.tolist() == [9]
    assert not len(only_promoted(Task.NOVEL, 5).candidates(asked(Task.NOVEL, household=2)).product)


@pytest.mark.parametrize("task", PROMOTED_TASKS)
def test_without_room_for_them_the_promoted_become_no_candidates(task: Task) -> None:
    assert not len(only_promoted(task, 0).candidates(asked(task)).product)


def test_a_robot_carries_only_the_week_before_and_what_comes() -> None:
    carried = CarriedLore.of(LORE, PURCHASES.store_ids)
    read = unpacked("lore", packed(carried), CarriedLore)
    assert set(read.promoted.promotions.week.tolist()) == {LAST_WEEK - 1, LAST_WEEK}
    candidates = SOURCES[Task.COMPLETION](LORE).candidates(asked())
    here, learnt = (lore.promoted.columns(asked(), candidates) for lore in (read, LORE))
    assert {name: values.tolist() for name, values in here.items()} == {
        name: values.tolist() for name, values in learnt.items()
    }


def test_who_pays_for_a_place_is_no_field() -> None:
    """The white-pattern audit: a promotion says where shoppers see a product, and nothing of what a store earns."""
    fields = {*Promotions.__dataclass_fields__, *Promoted.__dataclass_fields__}
    assert not {name for name in fields if any(word in name for word in ("margin", "sponsor", "boost", "fee", "paid"))}


def test_names_of_places_change_no_rank() -> None:
    """A place counts by what shoppers bought there: calling it otherwise moves nothing."""
    renamed = replace(promotions(), display_names=("0", "gold"), mailer_names=("0", "platinum", "sponsored"))
    lore = LearntLore(Past.of(PURCHASES, assortment(), DAY + 7 * LAST_WEEK, renamed))
    source, same = SOURCES[Task.COMPLETION](LORE), SOURCES[Task.COMPLETION](lore)
    candidates = source.candidates(asked())
    np.testing.assert_array_equal(source.features(asked(), candidates), same.features(asked(), candidates))
