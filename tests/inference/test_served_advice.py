"""The adviser of the demo store, as it was trained: its reasons hold, and no request changes it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
import pytest

from aisle import paths
from aisle.config import load
from aisle.messages.advice import Advice, Cause, OwnPurchase, Recommendation, Recommended, RecommendRequest
from aisle_inference.advice.adviser import Adviser
from aisle_inference.advice.carry import load_adviser
from aisle_inference.advice.rules import Rules
from aisle_inference.carried.signature import PUBLIC_KEY_FILE
from aisle_inference.purchases.table import Purchases
from aisle_inference.training.shop import demo_shop
from catalogue.replica import open_replica

pytestmark = pytest.mark.integration

CASES = 1000
HOSTILE = 10_000
KIT = paths.var_dir() / "models" / "adviser"
DAY_S = 86_400.0
NOW_D = 334.4


@pytest.fixture(scope="module")
def adviser() -> Adviser:
    """Return the adviser without its limits on how many of a category are shown, so that whole lists are seen."""
    with open_replica(paths.demo_store_dir() / "catalogue.sqlite") as replica:
        products = {product.product_id: product for product in replica.products()}
    rules = load(paths.config_dir() / "stores" / "demo" / "advice.yaml", Rules)
    wide = msgspec.structs.replace(rules, most_of_a_category=50)
    return Adviser(products, load_adviser(KIT, KIT.parent / PUBLIC_KEY_FILE).kit, wide)


@pytest.fixture(scope="module")
def purchases() -> Purchases:
    return demo_shop(paths.demo_store_dir()).purchases


def requests_of(purchases: Purchases, rng: np.random.Generator) -> Iterator[RecommendRequest]:
    """Yield what real households might ask: their last trips as a basket, the 200 purchases before as a history."""
    ids = purchases.product_ids
    while True:
        household = int(rng.integers(purchases.households))
        events = np.arange(*purchases.household_start[household : household + 2])[-200:]
        basket = np.unique(purchases.product[events[-8:]])
        history = tuple(
            OwnPurchase(
                product_id=int(ids[purchases.product[event]]),
                ago_s=max(0.0, (NOW_D - float(purchases.time_d[event])) * DAY_S),
                quantity=max(0.5, float(purchases.quantity[event])),
            )
            for event in events
        )
        advice = (Advice.COMPLETE, Advice.REMIND, Advice.DISCOVER)[int(rng.integers(3))]
        given = tuple(int(ids[product]) for product in basket) if advice is Advice.COMPLETE else ()
        yield RecommendRequest(advice=advice, given=given, history=history if not given else (), limit=50)


def without_cause(request: RecommendRequest, item: Recommendation) -> RecommendRequest:
    """Return the request without what was named."""
    match item.cause:
        case Cause.WHOLE_BASKET:
            return msgspec.structs.replace(request, given=())
        case Cause.BASKET:
            return msgspec.structs.replace(request, given=tuple(n for n in request.given if n not in item.because))
        case _:
            gone = item.because or (item.product_id,)
            history = tuple(purchase for purchase in request.history if purchase.product_id not in gone)
            return msgspec.structs.replace(request, history=history)


def test_without_its_named_cause_a_product_falls_in_the_list(adviser: Adviser, purchases: Purchases) -> None:
    fell = cases = 0
    for request in requests_of(purchases, np.random.default_rng(11)):
        answer = adviser.recommend(request, NOW_D)
        assert isinstance(answer, Recommended)
        for place, item in enumerate(answer.items[:5]):
            if item.cause in (Cause.STORE, Cause.NO_SINGLE):
                continue
            after = adviser.recommend(without_cause(request, item), NOW_D)
            assert isinstance(after, Recommended)
            order = [each.product_id for each in after.items]
            fell += item.product_id not in order[: place + 1]
            cases += 1
        if cases >= CASES:
            break
    assert fell / cases >= 0.95


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def hostile(rng: np.random.Generator, product_ids: list[int]) -> RecommendRequest:
    """Return a request that no shopper would make."""

    def some(most: int) -> tuple[int, ...]:
        return tuple(int(number) for number in rng.choice(product_ids, int(rng.integers(most))))

    history = tuple(
        OwnPurchase(
            product_id=number, ago_s=float(rng.exponential(1e6)) % 3e8, quantity=float(rng.choice([1e-9, 1, 999]))
        )
        for number in some(40)
    )
    words = ("milk", "'; DROP TABLE products", "\0", "x" * 40, "")
    return RecommendRequest(
        advice=list(Advice)[int(rng.integers(4))],
        given=some(40),
        history=history,
        category=str(rng.choice(["milk", "", "no such shelf", "../.."])),
        refused=some(40),
        avoid=tuple(str(word) for word in rng.choice(words, int(rng.integers(2)))),
        visit=str(rng.integers(9)),
        limit=int(rng.integers(1, 51)),
    )


def test_no_request_teaches_the_adviser_anything(adviser: Adviser, purchases: Purchases) -> None:
    files = digests(KIT)
    asking = requests_of(purchases, np.random.default_rng(12))
    probes = [next(asking) for _ in range(20)]
    before = [adviser.recommend(probe, NOW_D) for probe in probes]
    rng, ids = np.random.default_rng(13), purchases.product_ids.tolist()
    for _ in range(HOSTILE):
        adviser.recommend(hostile(rng, ids), float(rng.normal(0, 1e4)))
    assert [adviser.recommend(probe, NOW_D) for probe in probes] == before
    assert digests(KIT) == files
