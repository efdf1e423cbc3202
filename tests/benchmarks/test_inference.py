from __future__ import annotations

import math
from functools import cache
from pathlib import Path

import msgspec
import numpy as np
import pytest

from aisle.messages.advice import Advice
from aisle_inference.harness.queries import ANY_CATEGORY, UNKNOWN, Query, Task
from aisle_inference.purchases.past import Past
from aisle_inference.ranking.basket_source import BasketSource
from aisle_inference.ranking.contexts import Contexts
from aisle_inference.ranking.lore import LearntLore
from aisle_inference.ranking.ranker import SETTINGS
from aisle_inference.training.shop import Shop
from aisle_inference.training.train import Places
from benchmarks import inference_ros
from benchmarks.inference import Kept
from benchmarks.inference_calls import Answered, Calls
from benchmarks.inference_graph import graph_candidates, padded
from benchmarks.inference_kit import BenchedStore, benched_shop, course
from benchmarks.inference_peers import floor, item_to_item
from benchmarks.inference_requests import BASKET, HISTORY, asked, large_trips
from benchmarks.inference_ros import RosProblem, mixed_requests, ros_rows, rows_of
from benchmarks.inference_times import Stages, Times, stages_of, times_of
from benchmarks.rows import BenchmarkProblem, Row
from tests.inference.harness.worlds import SECOND_MONTH, assortment, bought_by, purchases_of, random_purchases
from tests.inference.purchases.rows import history, product_table


@cache
def shop() -> Shop:
    """Return a shop in which every other household has a long history."""
    rng = np.random.default_rng(3)
    trips = [
        bought_by(household, day, rng.choice(24, 10, replace=False).tolist())
        for household in range(4)
        for day in range(30 if household % 2 else 5)
    ]
    return Shop(purchases_of(*trips), assortment(), SECOND_MONTH.end_d)


@cache
def past() -> Past:
    return Past.of(random_purchases(5), assortment(), SECOND_MONTH.start_d)


@pytest.fixture
def store(tmp_path: Path) -> BenchedStore:
    rows = history((household, 7, 24.0, product) for household in range(5) for product in (100, 101, 102))
    table = product_table({100: ("GROCERY", "PASTA"), 101: ("DELI", "CHEESE"), 102: ("GROCERY", "CHEESE")})
    made, products = benched_shop(rows, table)
    return BenchedStore(made, products, places(tmp_path))


def places(folder: Path) -> Places:
    return Places(folder / "models" / "adviser", folder / "keys", folder / "training")


@pytest.mark.parametrize("advice", Advice)
def test_every_request_has_a_whole_basket_and_a_whole_history_before_its_time(advice: Advice) -> None:
    for one in asked(shop(), advice, 20, seed=1):
        assert len(set(one.request.given)) == (1 if advice is Advice.WITH else BASKET)
        assert len(one.request.history) == HISTORY
        assert all(bought.ago_s > 0.0 for bought in one.request.history)
        assert bool(one.request.category) == (advice is Advice.HERE)


def test_the_same_seed_asks_the_same() -> None:
    assert asked(shop(), Advice.REMIND, 5, seed=1) == asked(shop(), Advice.REMIND, 5, seed=1)
    assert asked(shop(), Advice.REMIND, 5, seed=1) != asked(shop(), Advice.REMIND, 5, seed=2)


def test_only_households_of_a_long_history_ask() -> None:
    bought = shop().purchases
    assert set(bought.household_ids[bought.trip_household[large_trips(bought)]].tolist()) == {1, 3}


def test_a_shop_without_such_a_trip_cannot_be_benched() -> None:
    small = Shop(random_purchases(1), assortment(), SECOND_MONTH.end_d)
    with pytest.raises(BenchmarkProblem, match="no trip has 9 products after 200 purchases"):
        asked(small, Advice.REMIND, 1, seed=1)


def test_the_catalogue_has_every_counted_product_in_stock(store: BenchedStore) -> None:
    assert {number: product.category_id for number, product in store.products.items()} == {
        100: "PASTA",
        101: "CHEESE",
        102: "CHEESE",
    }
    assert {(product.stock, product.purchases) for product in store.products.values()} == {(5, 5)}
    assert [category.category_id for category in store.categories()] == ["CHEESE", "PASTA"]


def test_the_kit_has_as_many_trees_as_the_real_one_from_fewer_questions() -> None:
    for task, settings in course().settings.items():
        assert (settings.forest, settings.seeds) == (SETTINGS[task].forest, SETTINGS[task].seeds)
        assert settings.windows.windows == 1
        assert settings.windows.most_queries < SETTINGS[task].windows.most_queries


def test_each_question_is_timed_once_after_warming_up() -> None:
    heard: list[int] = []
    times = times_of(heard.append, list(range(40)))
    assert heard == [*range(30), *range(40)]
    assert len(times.wall_ms) == len(times.processor_ms) == 40


def test_percentiles_are_those_of_each_clock() -> None:
    times = Times(wall_ms=[1.0, 2.0, 3.0], processor_ms=[0.0, 0.5, 1.0])
    assert (times.wall(50), times.processor(100)) == (2.0, 1.0)


class Cook:
    def chop(self) -> str:
        return "chopped"

    def cook(self) -> str:
        return f"{self.chop()} and cooked"


def test_what_one_stage_calls_of_another_counts_for_the_first_begun() -> None:
    plain = Cook.chop
    with stages_of({"chopping": [(Cook, "chop")], "cooking": [(Cook, "cook")]}) as stages:
        assert Cook().cook() == "chopped and cooked"
        assert stages.spent_ms.keys() == {"cooking"}
        Cook().chop()
        assert stages.spent_ms.keys() == {"cooking", "chopping"}
    assert Cook.chop is plain


def test_a_stage_that_fails_is_over() -> None:
    stages = Stages()
    with pytest.raises(ZeroDivisionError):
        stages.timed("dividing", lambda: 1 / 0)()
    stages.timed("adding", lambda: 1 + 1)()
    assert stages.spent_ms.keys() == {"dividing", "adding"}


def test_the_floor_finds_the_ten_best_of_the_product() -> None:
    peer = floor(500)
    vector = peer.question(asked(shop(), Advice.COMPLETE, 1, seed=1)[0])
    matrix = np.random.default_rng(1).standard_normal((500, 64), dtype=np.float32)
    assert list(peer.answer(vector)) == np.argsort(-(matrix @ vector))[:10].tolist()  # type: ignore[call-overload]


def test_the_peer_is_asked_with_the_basket_of_the_request() -> None:
    (one,) = asked(shop(), Advice.COMPLETE, 1, seed=1)
    peer = item_to_item(past())
    row = peer.question(one)
    assert past().assortment.product_ids[row.indices].tolist() == sorted(one.request.given)
    products = peer.answer(row)[0]  # type: ignore[index]
    assert not set(products) & set(row.indices)


@pytest.mark.parametrize("basket", [[0], [3, 5], list(range(8)), []])
def test_the_graph_chooses_what_the_compiled_candidates_are(basket: list[int]) -> None:
    source = BasketSource.of(LearntLore(past()))
    given = np.array(basket, dtype=np.int32)
    query = Query(Task.COMPLETION, UNKNOWN, UNKNOWN, SECOND_MONTH.start_d, 0, given, ANY_CATEGORY, given)
    compiled = source.candidates(Contexts.of(past().purchases, [query]))
    assert graph_candidates(source, 200)(given).tolist() == compiled.product.tolist()


def test_what_has_fewer_links_is_filled_with_nothing_to_itself() -> None:
    links = LearntLore(past()).links.cosine
    neighbours, weights = padded(links, 30)
    empty = weights[0] == 0.0
    assert empty.sum() == 30 - links[0].nnz
    assert set(neighbours[0][empty].tolist()) == {0}
    assert (np.diff(weights, axis=1) <= 0.0).all()


def test_a_resumed_run_measures_only_what_is_missing(tmp_path: Path) -> None:
    rows = [Row("made", 1.0, "ms")]
    Kept(tmp_path / "parts.json", is_resumed=False).part("core", lambda: rows)
    again = Kept(tmp_path / "parts.json", is_resumed=True)
    assert again.part("core", lambda: pytest.fail("measured twice")) == rows
    again.close()
    assert Kept(tmp_path / "parts.json", is_resumed=True).part("core", list) == []


def test_a_new_run_measures_everything(tmp_path: Path) -> None:
    Kept(tmp_path / "parts.json", is_resumed=False).part("core", lambda: [Row("made", 1.0, "ms")])
    assert Kept(tmp_path / "parts.json", is_resumed=False).part("core", list) == []


def test_parts_that_cannot_be_read_are_measured_again(tmp_path: Path) -> None:
    (tmp_path / "parts.json").write_text("{")
    assert Kept(tmp_path / "parts.json", is_resumed=True).part("core", list) == []


def test_rows_over_ros_say_what_was_not_the_ranking() -> None:
    rows = rows_of(
        Answered(3.0, [0.5], [9.0, 1.0, 1.0], [30.0, 2.0, 2.0], fallbacks=2, problems=["too late"]), idle_s=60.0
    )
    by_key = {row.key: row for row in rows}
    assert by_key["ros_p50_ms"].value == 1.0
    assert by_key["ros_idle_p99_ms"].value == pytest.approx(29.44)
    assert "the first 9.0 ms; too late; 2 answers by popularity" in by_key["ros_p50_ms"].note


def test_without_ros_the_figure_is_missing_and_says_why(store: BenchedStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_given: object) -> Answered:
        raise RosProblem("there is no rclpy")

    monkeypatch.setattr(inference_ros, "_answered", fail)
    (row,) = ros_rows(store, 10.0)
    assert math.isnan(row.value)
    assert row.note == "not measured: there is no rclpy"


def test_all_kinds_are_asked_over_ros_in_turn() -> None:
    store = BenchedStore(shop(), {}, places(Path("nowhere")))
    assert [request.advice for request in mixed_requests(store, 6)] == [*Advice, Advice.REMIND]


def test_calls_come_back_as_they_were_sent() -> None:
    calls = Calls([one.request for one in asked(shop(), Advice.HERE, 2, seed=1)], idle_s=10.0)
    assert msgspec.json.decode(msgspec.json.encode(calls), type=Calls) == calls
