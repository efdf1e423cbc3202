"""How fast the adviser answers: 23,000 products, a basket of 8, a history of 200, one thread.

Measured in the core with its stages, beside the floor and `implicit` in the same minute, and through ROS. The kit is
made once (minutes) and kept under `var/cache`.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import msgspec
import numpy as np
from threadpoolctl import threadpool_limits

from aisle.messages.advice import Advice
from aisle_inference.advice.carry import load_adviser
from aisle_inference.advice.kit import Kit
from aisle_inference.advice.question import Question
from aisle_inference.carried.problem import ModelProblem
from aisle_inference.harness.queries import UNKNOWN, Task
from aisle_inference.ranking.basket_source import BasketSource
from benchmarks.inference_core import SEED, core_rows
from benchmarks.inference_graph import graph_candidates
from benchmarks.inference_kit import BenchedStore, benched_store, make_kit
from benchmarks.inference_requests import Asked, asked
from benchmarks.inference_ros import ros_rows
from benchmarks.inference_times import times_of
from benchmarks.rows import BenchmarkProblem, Request, Row
from catalogue.source import SourceError

_REQUESTS, _QUICK_REQUESTS = 2000, 300
_IDLE_S, _QUICK_IDLE_S = 60.0, 10.0
_LINKS = 200


def run(request: Request) -> list[Row]:
    """Measure every part. With `--resume` those that an interrupted run finished are not measured again.

    Raises BenchmarkProblem without the demo data.
    """
    try:
        store = benched_store()
        load_s, kit = _loaded(store)
    except (SourceError, ModelProblem) as error:
        raise BenchmarkProblem(str(error)) from error
    count, idle_s = (_QUICK_REQUESTS, _QUICK_IDLE_S) if request.quick else (_REQUESTS, _IDLE_S)
    kept = Kept(store.places.kit.parent / f"parts-{count}.json", request.resume)
    rows = [
        Row("kit: check, compile and hold against ONNX Runtime", load_s, "s"),
        *kept.part("core", partial(core_rows, store, kit, count)),
        *kept.part("candidates", partial(candidate_rows, store, kit, count)),
        *kept.part("ros", partial(ros_rows, store, idle_s)),
    ]
    kept.close()
    return rows


@dataclass(slots=True)
class Kept:
    """The parts that a run has finished, on disk until it has finished all."""

    path: Path
    is_resumed: bool
    _parts: dict[str, list[Row]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Take up what an interrupted run left; what cannot be read is measured again."""
        if self.is_resumed and self.path.is_file():
            try:
                self._parts = msgspec.json.decode(self.path.read_bytes(), type=dict[str, list[Row]])
            except msgspec.DecodeError:
                self.path.unlink()

    def part(self, name: str, measure: Callable[[], list[Row]]) -> list[Row]:
        """Return the rows of a part, measured unless they are there."""
        if name not in self._parts:
            self._parts[name] = measure()
            self.path.write_bytes(msgspec.json.encode(self._parts))
        return self._parts[name]

    def close(self) -> None:
        """Forget the parts."""
        self.path.unlink(missing_ok=True)


def candidate_rows(store: BenchedStore, kit: Kit, count: int) -> list[Row]:
    """Compare the candidates of the completion task with the same ones chosen by one ONNX graph."""
    source, products = BasketSource.of(kit.lore), len(store.products)
    baskets = [_question(kit, one) for one in asked(store.shop, Advice.COMPLETE, count, SEED)]
    graph = graph_candidates(source, _LINKS)
    with threadpool_limits(limits=1):
        compiled = times_of(source.candidates, [one.contexts(products) for one in baskets])
        in_graph = times_of(lambda one: graph(one.given), baskets)
    same = f"three kinds of {_LINKS} links, the best of each and of what is sold"
    return [
        Row("candidates: compiled", compiled.wall(50), "ms", note=f"{same}; p99 {compiled.wall(99):.2f} ms"),
        Row("candidates: as an ONNX graph", in_graph.wall(50), "ms", note=f"the same; p99 {in_graph.wall(99):.2f} ms"),
        Row("candidates: graph over compiled", in_graph.wall(50) / compiled.wall(50), "x", note="of the two p50"),
    ]


def _question(kit: Kit, one: Asked) -> Question:
    given = sorted(kit.place_of[product] for product in one.request.given)
    return Question(Task.COMPLETION, one.time_d, UNKNOWN, np.array(given, dtype=np.int32))


def _loaded(store: BenchedStore) -> tuple[float, Kit]:
    """Load the kit and return the seconds that it took; one of another program is made anew."""
    began_s = time.perf_counter()
    try:
        kit = load_adviser(store.places.kit, store.places.public_key).kit
    except ModelProblem:
        shutil.rmtree(store.places.kit)
        make_kit(store)
        return _loaded(store)
    return time.perf_counter() - began_s, kit
