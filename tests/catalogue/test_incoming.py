from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from catalogue.checks import check_store
from catalogue.ean import check_digit
from catalogue.incoming import Incoming, IncomingProblem, difference, read_incoming
from catalogue.replace import exchange_with_version_before, put_into_place
from catalogue.replica import open_replica
from store_model.planogram import load_planogram
from tests.catalogue.samples import APPLES, BREAD, MILK, PRODUCTS
from tests.store_model.small_store import write_store

HEADER = "product_id,name,category_id,price,ean,allergens,stock"


def ean(number: int) -> str:
    return f"{number:012d}{check_digit(f'{number:012d}')}"


def row(product_id: int, name: str = "Milk", category: str = "milk", price: str = "1.99", **changes: str) -> str:
    cells = {"ean": ean(product_id), "allergens": "milk;soy", "stock": "4", **changes}
    return ",".join([str(product_id), name, category, price, *cells.values()])


@pytest.fixture
def store(tmp_path: Path) -> Path:
    directory = tmp_path / "store"
    directory.mkdir()
    write_store(directory)
    return directory


def file_of(folder: Path, *rows: str, header: str = HEADER, name: str = "products.csv") -> Path:
    path = folder / name
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def read(store: Path, *rows: str) -> Incoming:
    return read_incoming(store, file_of(store.parent, *rows), None, None)


def refusal(store: Path, *rows: str) -> str:
    with pytest.raises(IncomingProblem) as caught:
        read(store, *rows)
    return str(caught.value)


def test_a_product_keeps_what_the_file_does_not_know(store: Path) -> None:
    (milk,) = read(store, row(MILK, "Fresh milk", price="2.5")).products
    assert (milk.name, milk.price_cents, milk.allergens, milk.stock) == ("Fresh milk", 250, ("milk", "soy"), 4)
    assert (milk.purchases, milk.reviews, milk.department_id) == (900, PRODUCTS[0].reviews, "dairy")
    assert milk.demo_fields == ("reviews",)


@pytest.mark.parametrize(("text", "allergens"), [("", None), ("none", ()), ("soy; milk;", ("milk", "soy"))])
def test_what_nobody_says_of_allergens_stays_unknown(store: Path, text: str, allergens: tuple[str, ...] | None) -> None:
    assert read(store, row(MILK, allergens=text)).products[0].allergens == allergens


def test_every_bad_row_is_named(store: Path) -> None:
    said = refusal(
        store, row(1), row(2, price="cheap"), row(3, price="1.999"), row(4), row(5), row(6), row(7), row(8),
        "x" + row(9), row(10, name=""),
    )  # fmt: skip
    assert [line.partition(": ")[0].partition(", ")[2] for line in said.splitlines()[:-1]] == [
        "row 3", "row 4", "row 10", "row 11"
    ]  # fmt: skip
    assert said.splitlines()[-1] == "4 bad rows; mend or remove them, nothing was changed"


def test_what_only_the_whole_file_shows_is_named_by_row_too(store: Path) -> None:
    said = refusal(
        store, row(1), row(4, category="toys"), row(5, ean="4006381333930"), row(6, ean="73513536"),
        row(1, ean=ean(77)), row(8, ean=ean(1)), row(9, ean="73513537"),
    ).splitlines()  # fmt: skip
    assert [line.partition("products.csv, ")[2] for line in said[:-1]] == [
        "row 3: category_id: the store has no category 'toys'",
        "row 4: ean: '4006381333930' is no EAN-8 or EAN-13, or its check digit is wrong",
        "row 5: ean: '73513536' is no EAN-8 or EAN-13, or its check digit is wrong",
        "row 6: product_id: 1 stands in an earlier row too",
        f"row 7: ean: {ean(1)} stands in an earlier row too",
    ]


def test_a_parquet_file_with_other_names_is_read_by_a_mapping(store: Path) -> None:
    table = {"Nr": [MILK], "Label": ["Milk"], "category_id": ["milk"], "price": [1.5], "GTIN": [ean(MILK)]}
    pl.DataFrame(table).write_parquet(store.parent / "p.parquet")
    names = store.parent / "names.yaml"
    names.write_text("products: {product_id: Nr, name: Label, ean: GTIN}\n")
    incoming = read_incoming(store, store.parent / "p.parquet", None, names)
    assert [(one.product_id, one.price_cents) for one in incoming.products] == [(MILK, 150)]
    assert [one.product_id for one in incoming.placements] == [MILK]


@pytest.mark.parametrize(("content", "words"), [
    ("product_id,name\n1,Milk\n", "has no column for category_id, price, ean; name it in the mapping file"),
    ("", "is no readable .csv or .parquet file"),
])  # fmt: skip
def test_a_file_that_is_not_what_it_should_be_is_named(store: Path, content: str, words: str) -> None:
    path = store.parent / "bad.csv"
    path.write_text(content)
    with pytest.raises(IncomingProblem, match=words):
        read_incoming(store, path, None, None)


def whole(**changes: str) -> list[str]:
    """Return rows for every product of the store, with those changed that are named."""
    names = {"milk": MILK, "apples": APPLES, "bread": BREAD}
    prices = {names[name]: price for name, price in changes.items()}
    return [row(one.product_id, one.name.replace(",", ""), one.category_id, prices.get(one.product_id, "1.99"))
            for one in PRODUCTS]  # fmt: skip


def planogram(folder: Path, *places: str) -> Path:
    return file_of(folder, *places, header="product_id,fixture_id,bay_id,shelf,facing", name="places.csv")


def test_the_difference_names_what_is_new_gone_changed_and_moved(store: Path) -> None:
    products = file_of(store.parent, row(MILK, price="9.99"), row(APPLES, "Gala apples", "apples"), row(500))
    places = planogram(store.parent, f"{MILK},G1,G1-W1,1,1", f"{APPLES},G2,G2-E2,1,1", "500,G1,G1-W1,1,2")
    found = difference(store, read_incoming(store, products, places, None))
    gone = {one.product_id for one in PRODUCTS} - {MILK, APPLES}
    assert (found.added, set(found.removed), found.moved) == ((500,), gone, (APPLES,))
    assert "price_cents 199 -> 999" in found.changed[MILK]
    assert next(found.lines()) == "1 products new, 4 gone, 2 changed, 1 on another place"


@pytest.mark.parametrize(("place", "words"), [
    ("999,G1,G1-W1,1,1", "row 2: product_id: 999 is not among the products"),
    (f"{MILK},G1,G1-W1,0,1", "row 2: shelf: Expected `int` >= 1"),
])  # fmt: skip
def test_a_bad_place_is_named_by_row(store: Path, place: str, words: str) -> None:
    with pytest.raises(IncomingProblem, match=words):
        read_incoming(store, file_of(store.parent, row(MILK)), planogram(store.parent, place), None)


def prices(store: Path) -> dict[int, int]:
    with open_replica(store / "catalogue.sqlite") as replica:
        return {one.product_id: one.price_cents for one in replica.products()}


def test_an_import_changes_the_store_and_a_roll_back_undoes_it(store: Path) -> None:
    before = prices(store)
    put_into_place(store, read(store, *whole(milk="2.49")))
    assert prices(store) == before | {MILK: 249}
    assert check_store(store) == []
    assert len(load_planogram(store)) == len(PRODUCTS)
    exchange_with_version_before(store)
    assert prices(store) == before
    exchange_with_version_before(store)
    assert prices(store)[MILK] == 249


def test_an_import_that_would_spoil_the_store_changes_nothing(store: Path) -> None:
    products = file_of(store.parent, *whole())
    places = planogram(store.parent, f"{MILK},G9,G9-W1,1,1")
    before = (store / "planogram.csv").read_bytes()
    with pytest.raises(IncomingProblem, match=r"G9.*\n.*nothing was changed"):
        put_into_place(store, read_incoming(store, products, places, None))
    assert (store / "planogram.csv").read_bytes() == before
    assert sorted(path.name for path in store.parent.iterdir()) == ["places.csv", "products.csv", "store"]


def test_there_is_no_way_back_before_the_first_import(store: Path) -> None:
    with pytest.raises(IncomingProblem, match="there is no version before"):
        exchange_with_version_before(store)
