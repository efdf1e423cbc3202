from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from catalogue.database import SCHEMA_VERSION, write_catalogue
from catalogue.products import format_price
from catalogue.replica import Replica, ReplicaError, open_replica
from tests.catalogue.samples import BREAD, CATEGORIES, CHEESE, COOKIES, MILK, PRODUCTS, SYNONYMS


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "catalogue.sqlite"
    write_catalogue(path, PRODUCTS, CATEGORIES, SYNONYMS, {"currency": "EUR"})
    return path


def _open(path: Path) -> Replica:
    return open_replica(path)


def test_products_come_back_as_they_were_written_and_in_shelf_order(path: Path) -> None:
    with open_replica(path) as replica:
        assert replica.products() == PRODUCTS
        assert replica.product(MILK) == PRODUCTS[0]
        assert replica.product(4711) is None
        assert replica.categories() == CATEGORIES
        assert replica.synonyms() == SYNONYMS
        assert replica.meta == {"currency": "EUR"}


def test_unknown_allergens_stay_unknown_and_are_not_none_declared(path: Path) -> None:
    with open_replica(path) as replica:
        allergens = {product.product_id: product.allergens for product in replica.products()}
    assert (allergens[BREAD], allergens[CHEESE], allergens[MILK]) == (None, (), ("milk",))


def test_every_variant_leads_to_its_product(path: Path) -> None:
    with open_replica(path) as replica:
        assert replica.product_of_variant(MILK + 9000) == MILK
        assert replica.product_of_variant(4711) is None
        assert len(replica.product_of_variants()) == 2 * len(PRODUCTS)


def test_category_names_fall_back_to_english(path: Path) -> None:
    with open_replica(path) as replica:
        assert replica.category_names("de")["milk"] == "Milch"
        assert replica.category_names("it")["milk"] == "Milk"


def test_stars_are_the_mean_of_the_reviews(path: Path) -> None:
    with open_replica(path) as replica:
        stars = {product.product_id: product.stars for product in replica.products()}
    assert stars[MILK] == 3.5
    assert stars[COOKIES] is None


def test_the_file_cannot_be_written_through_the_replica(path: Path) -> None:
    with open_replica(path) as replica, pytest.raises(sqlite3.OperationalError, match="readonly"):
        replica._database.execute("DELETE FROM products")


def test_the_same_content_gives_the_same_bytes(path: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.sqlite"
    write_catalogue(again, PRODUCTS, CATEGORIES, SYNONYMS, {"currency": "EUR"})
    assert again.read_bytes() == path.read_bytes()


def test_an_existing_catalogue_is_not_overwritten(path: Path) -> None:
    with pytest.raises(FileExistsError, match="written anew"):
        write_catalogue(path, PRODUCTS, CATEGORIES)


def test_a_missing_file_is_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(
        ReplicaError, match=r"none.sqlite: there is no catalogue; build the store with 'aisle store build'"
    ):
        open_replica(tmp_path / "none.sqlite")


@pytest.mark.parametrize("content", [b"", b"not a database at all", b"SQLite format 3\0" + b"\xff" * 500])
def test_what_is_no_catalogue_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.sqlite"
    path.write_bytes(content)
    with pytest.raises(ReplicaError, match=r"bad\.sqlite: "):
        open_replica(path)


def test_a_foreign_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "foreign.sqlite"
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE something (x)")
    with pytest.raises(ReplicaError, match="but no catalogue"):
        open_replica(path)


def test_another_schema_version_is_refused(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    with pytest.raises(
        ReplicaError, match=f"has schema version {SCHEMA_VERSION + 1}, this program reads {SCHEMA_VERSION}"
    ):
        open_replica(path)


def test_a_truncated_file_is_refused(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(ReplicaError, match="damaged"), open_replica(path) as replica:
        replica.products()


@pytest.mark.parametrize("damage", ["reviews = 'rubbish'", "price_cents = 'cheap'", "category_id = 'gone'"])
def test_a_damaged_row_is_a_replica_error(path: Path, damage: str) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(f"UPDATE products SET {damage} WHERE product_id = {MILK}")
    with open_replica(path) as replica, pytest.raises(ReplicaError, match="damaged"):
        replica.products()


def test_prices_read_as_people_write_them() -> None:
    assert format_price(199) == "$1.99"
    assert format_price(5, "EUR", "de") == "0,05\N{NO-BREAK SPACE}€"
    assert format_price(-100, "CHF") == "-CHF1.00"
