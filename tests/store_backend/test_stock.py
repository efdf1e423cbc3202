from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from aisle.messages import ProblemCode, store
from catalogue.database import write_catalogue
from catalogue.replica import open_replica
from catalogue.sync import sync_replica
from store_backend import catalogue_file
from store_backend.backend import Backend
from store_backend.catalogue_file import CatalogueWatch, open_catalogue
from store_backend.database import open_database
from tests.catalogue.samples import BREAD, CATEGORIES, MILK, PRODUCTS, product
from tests.store_backend.steps import NOW_S, answer, refused


def fetcher(backend: Backend, offer: store.ReplicaOffer) -> Callable[[int], bytes]:
    """Fetch chunks of an offer as a robot does."""

    def fetch(offset: int) -> bytes:
        chunk = answer(backend, store.ReplicaChunkQuery(sha256=offer.sha256, offset=offset), "gateway")
        assert chunk.offset == offset
        return bytes(chunk.content)

    return fetch


def test_a_product_is_found_with_its_shelf(backend: Backend) -> None:
    assert answer(backend, store.ProductQuery(product_id=MILK)) == store.ProductFound(
        product_id=MILK, name="Milk", price_cents=199, bay_id="G1-W1", shelf=1
    )


def test_a_product_on_no_shelf_is_found_without_one(backend: Backend) -> None:
    found = answer(backend, store.ProductQuery(product_id=BREAD))
    assert (found.name, found.bay_id, found.shelf) == ("White sliced bread", None, None)


@pytest.mark.parametrize("product_id", [0, -1, 999, 2**63, -(2**63)])
def test_a_product_that_is_not_sold_is_named(backend: Backend, product_id: int) -> None:
    code, sentence = refused(backend, store.ProductQuery(product_id=product_id))
    assert code is ProblemCode.UNKNOWN_PRODUCT
    assert str(product_id) in sentence


@pytest.mark.parametrize("chunk_bytes", [1000, 4096, 10_000_000])
def test_the_chunks_of_an_offer_make_the_same_file(
    backend: Backend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk_bytes: int
) -> None:
    monkeypatch.setattr(catalogue_file, "CHUNK_BYTES", chunk_bytes)
    offer = answer(backend, store.ReplicaQuery(), "kiosk_ui")
    fetch = fetcher(backend, offer)
    assert sync_replica(tmp_path / "catalogue.sqlite", offer.sha256, offer.size_bytes, fetch)
    content = (tmp_path / "catalogue.sqlite").read_bytes()
    assert (hashlib.sha256(content).hexdigest(), len(content)) == (offer.sha256, offer.size_bytes)
    assert fetch(offer.size_bytes) == fetch(offer.size_bytes + 10**12) == b""
    with open_replica(tmp_path / "catalogue.sqlite") as replica:
        assert replica.products() == PRODUCTS


def test_a_chunk_of_another_catalogue_is_refused(backend: Backend) -> None:
    code, sentence = refused(backend, store.ReplicaChunkQuery(sha256="0" * 64, offset=0))
    assert code is ProblemCode.FAILED
    assert "ask for the new offer" in sentence


def test_a_store_that_is_built_again_does_not_mix_into_a_download(store_dir: Path, tmp_path: Path) -> None:
    directory = tmp_path / "store"
    shutil.copytree(store_dir, directory)
    engine = open_database("sqlite://")
    backend = Backend(engine, open_catalogue(directory), lambda: NOW_S)
    offer = answer(backend, store.ReplicaQuery())
    (directory / "catalogue.sqlite").unlink()
    write_catalogue(directory / "catalogue.sqlite", PRODUCTS[:2], CATEGORIES)
    assert sync_replica(tmp_path / "copy.sqlite", offer.sha256, offer.size_bytes, fetcher(backend, offer))
    engine.dispose()


def levels(backend: Backend, *product_ids: int) -> list[tuple[int, int | None, float | None, bool]]:
    told = answer(backend, store.StockQuery(product_ids=product_ids), "kiosk_ui")
    return [(one.product_id, one.count, one.age_s, one.is_demo) for one in told.levels]


def test_what_nobody_counted_is_the_catalogues_demo_figure_and_what_nobody_sells_is_unknown(backend: Backend) -> None:
    assert levels(backend, MILK, 999) == [(MILK, 7, None, True), (999, None, None, False)]


def test_a_count_is_told_with_its_age_and_the_newest_counts(catalogue: catalogue_file.CatalogueFile) -> None:
    engine, now_s = open_database("sqlite://"), NOW_S
    backend = Backend(engine, catalogue, lambda: now_s)
    for count in (5, 0):
        answer(backend, store.StockCounted(product_id=MILK, count=count))
        now_s += 60.0
    assert levels(backend, BREAD, MILK) == [(BREAD, 7, None, True), (MILK, 0, 60.0, False)]
    engine.dispose()


def test_a_count_from_a_clock_that_ran_ahead_is_not_older_than_now(catalogue: catalogue_file.CatalogueFile) -> None:
    engine, now_s = open_database("sqlite://"), NOW_S
    backend = Backend(engine, catalogue, lambda: now_s)
    answer(backend, store.StockCounted(product_id=MILK, count=5))
    now_s -= 10.0
    assert levels(backend, MILK) == [(MILK, 5, 0.0, False)]
    engine.dispose()


def test_a_count_of_a_product_that_is_not_sold_is_refused(backend: Backend) -> None:
    assert refused(backend, store.StockCounted(product_id=999, count=1))[0] is ProblemCode.UNKNOWN_PRODUCT


def test_a_figure_names_its_source_and_its_age(catalogue: catalogue_file.CatalogueFile) -> None:
    engine, now_s = open_database("sqlite://"), NOW_S
    backend = Backend(engine, catalogue, lambda: now_s)
    steps = (
        (store.StockCounted(product_id=MILK, count=5), "admin"),
        (store.StockDelivered(lines=(store.ProductLine(product_id=MILK, quantity=3),)), "admin"),
        (store.StockSold(lines=(store.ProductLine(product_id=MILK, quantity=2),)), "till"),
    )
    told = []
    for command, role in steps:
        answer(backend, command, role)
        now_s += 10.0
        told += answer(backend, store.StockQuery(product_ids=(MILK,))).levels
    assert [(one.count, one.source.value, one.age_s, one.counted_age_s) for one in told] == [
        (5, "count", 10.0, 10.0),
        (8, "delivery", 10.0, 20.0),
        (6, "sale", 10.0, 30.0),
    ]
    engine.dispose()


def test_more_than_was_counted_can_be_sold_and_leaves_nothing(backend: Backend) -> None:
    answer(backend, store.StockSold(lines=(store.ProductLine(product_id=MILK, quantity=9),)), "till")
    assert levels(backend, MILK) == [(MILK, 0, 0.0, True)]


def test_substitutes_are_asked_for_by_product(store_dir: Path, tmp_path: Path) -> None:
    directory = Path(shutil.copytree(store_dir, tmp_path / "store"))
    (directory / "catalogue.sqlite").unlink()
    kin = product(107, "Milk", "milk", price_cents=149, allergens=("milk",))
    write_catalogue(directory / "catalogue.sqlite", [*PRODUCTS, kin], CATEGORIES)
    engine = open_database("sqlite://")
    backend = Backend(engine, open_catalogue(directory), lambda: NOW_S)
    item = store.Substitute(product_id=107, name="Milk", price_cents=149, available=7)
    assert answer(backend, store.SubstitutesQuery(product_id=MILK), "kiosk_ui").items == (item,)
    assert answer(backend, store.SubstitutesQuery(product_id=MILK, quantity=8), "web").items == ()
    assert refused(backend, store.SubstitutesQuery(product_id=9))[0] is ProblemCode.UNKNOWN_PRODUCT
    engine.dispose()


def test_a_catalogue_that_was_exchanged_is_noticed_once(store_dir: Path, tmp_path: Path) -> None:
    directory = tmp_path / "store"
    shutil.copytree(store_dir, directory)
    watch = CatalogueWatch(directory, every_s=1.0)
    assert watch.newer(0.0) is None
    (directory / "catalogue.sqlite").unlink()
    write_catalogue(directory / "catalogue.sqlite", PRODUCTS[:1], CATEGORIES)
    assert watch.newer(0.5) is None
    newer = watch.newer(1.0)
    assert newer is not None
    assert set(newer.products) == {PRODUCTS[0].product_id}
    assert watch.newer(2.0) is None


def test_a_catalogue_that_cannot_be_read_changes_nothing(
    store_dir: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    directory = tmp_path / "store"
    shutil.copytree(store_dir, directory)
    watch = CatalogueWatch(directory)
    (directory / "catalogue.sqlite").write_bytes(b"no database")
    assert watch.newer(0.0) is None
    assert "the one before stays" in caplog.text
