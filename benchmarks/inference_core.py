"""The core of the adviser: a whole request, from the message to products with their reasons, and its stages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from threadpoolctl import threadpool_limits

from aisle.messages.advice import Advice
from aisle_inference.advice import adviser as adviser_module
from aisle_inference.advice.adviser import TASKS, Adviser
from aisle_inference.advice.kit import Kit
from aisle_inference.advice.question import Question
from aisle_inference.advice.rules import Shelves
from aisle_inference.carried.scorer import CheckedForest
from aisle_inference.purchases.past import Past
from benchmarks.inference_kit import BenchedStore
from benchmarks.inference_peers import Peer, als, floor, item_to_item
from benchmarks.inference_requests import BASKET, HISTORY, Asked, asked
from benchmarks.inference_times import Place, Stages, Times, stages_of, times_of
from benchmarks.rows import Row

SEED = 20_171
_P50_MS, _P99_MS = 2.0, 10.0
_STAGES = ("question", "filters", "candidates", "features", "forest", "reasons")
# Which of the peers answers the same kind of question.
_ALIKE = {
    Advice.REMIND: "implicit's ALS",
    Advice.DISCOVER: "implicit's ALS",
    Advice.COMPLETE: "implicit's item to item",
    Advice.WITH: "implicit's item to item",
    Advice.HERE: "implicit's item to item",
}


@dataclass(frozen=True, slots=True)
class Measured:
    """One kind of advice: the times of whole requests, and the mean milliseconds of each stage."""

    times: Times
    stages_ms: Mapping[str, float]
    fallbacks: int


def core_rows(store: BenchedStore, kit: Kit, count: int) -> list[Row]:
    """Measure every kind of advice and, in the same minute, the peers; all on one thread."""
    adviser = Adviser(store.products, kit)
    with threadpool_limits(limits=1):
        ours = {advice: measured(adviser, kit, asked(store.shop, advice, count, SEED), advice) for advice in Advice}
        peers = {peer.name: peer_times(peer, store, count) for peer in _peers(store.shop.past)}
    return [*_our_rows(ours, len(store.products)), *_peer_rows(ours, peers)]


def measured(adviser: Adviser, kit: Kit, questions: list[Asked], advice: Advice) -> Measured:
    """Ask everything twice, once for the times of the whole and once for those of the stages."""

    def answer(one: Asked) -> object:
        return adviser.recommend(one.request, one.time_d)

    times = times_of(answer, questions)
    with stages_of(_places(kit, advice)) as stages:
        answers = [answer(one) for one in questions]
    fallbacks = sum(getattr(one, "fallback", True) for one in answers)
    return Measured(times, _means(stages, len(questions)), fallbacks)


def peer_times(peer: Peer, store: BenchedStore, count: int) -> Times:
    """Return how long a peer takes for the baskets of the same shoppers."""
    questions = [peer.question(one) for one in asked(store.shop, Advice.COMPLETE, count, SEED)]
    return times_of(peer.answer, questions)


def _peers(past: Past) -> Iterator[Peer]:
    yield floor(len(past.assortment.product_ids))
    yield als(past)
    yield item_to_item(past)


def _places(kit: Kit, advice: Advice) -> dict[str, list[Place]]:
    source = type(kit.rankings[TASKS[advice]].source)
    places: list[list[Place]] = [
        [(Adviser, "_question"), (Question, "contexts")],
        [(Shelves, "allowed")],
        [(source, "candidates")],
        [(source, "features")],
        [(CheckedForest, "best")],
        [(adviser_module, "causes_of"), (adviser_module, "companions")],
    ]
    return dict(zip(_STAGES, places, strict=True))


def _means(stages: Stages, count: int) -> dict[str, float]:
    return {stage: stages.spent_ms.get(stage, 0.0) / count for stage in _STAGES}


def _our_rows(ours: Mapping[Advice, Measured], products: int) -> Iterator[Row]:
    for advice, each in ours.items():
        for percent, aim_ms in ((50, _P50_MS), (99, _P99_MS)):
            note = f"processor alone {each.times.processor(percent):.2f} ms; {_counted(each, products)}"
            yield Row(
                f"{advice.value}: p{percent}",
                each.times.wall(percent),
                "ms",
                f"at most {aim_ms:g}",
                note,
                f"{advice.value}_p{percent}_ms",
            )
        shown = ", ".join(f"{stage} {spent_ms:.2f}" for stage, spent_ms in each.stages_ms.items())
        yield Row(f"{advice.value}: stages", sum(each.stages_ms.values()), "ms", note=f"of the processor: {shown}")
        listed_ms = sum(spent_ms for stage, spent_ms in each.stages_ms.items() if stage != "reasons")
        yield Row(f"{advice.value}: the list alone", listed_ms, "ms", note="of the stages, without the reasons")


def _counted(each: Measured, products: int) -> str:
    asked_for = f"{len(each.times.wall_ms)} requests, {products:,} products, basket {BASKET}, history {HISTORY}"
    return f"{asked_for}; {each.fallbacks} by popularity" if each.fallbacks else asked_for


def _peer_rows(ours: Mapping[Advice, Measured], peers: Mapping[str, Times]) -> Iterator[Row]:
    for name, times in peers.items():
        yield Row(f"{name}: p50", times.wall(50), "ms", note=f"p99 {times.wall(99):.2f} ms, without any reason")
    bottom = next(iter(peers.values()))
    for advice, each in ours.items():
        alike = _ALIKE[advice]
        for name, times in (("the floor", bottom), (alike, peers[alike])):
            yield Row(f"{advice.value} over {name}", _ratio(each.times, times, Times.wall), "x", note="of the two p50")


def _ratio(ours: Times, theirs: Times, percentile: Callable[[Times, float], float]) -> float:
    return percentile(ours, 50) / percentile(theirs, 50)
