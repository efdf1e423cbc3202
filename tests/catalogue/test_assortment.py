from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from aisle.config import ConfigError
from catalogue.assortment import AssortmentError, build_categories, build_products
from catalogue.ean import is_valid_ean
from catalogue.products import DEMO_FIELDS, Product
from catalogue.settings import LANGUAGES, load_abbreviations, load_assortment, load_categories
from tests.catalogue.samples import APPLES, BREAD, CHEESE, COOKIES, LABELS, MILK, SOFT_DRINK, label, write_configuration
from tests.catalogue.test_signs import DEMO_CONFIG


@pytest.fixture
def config_dir(tmp_path: Path) -> Path:
    write_configuration(tmp_path)
    return tmp_path


def _products(config_dir: Path, labels: tuple[object, ...] = LABELS) -> list[Product]:
    return build_products(
        list(labels),  # type: ignore[arg-type]
        load_categories(config_dir),
        load_abbreviations(config_dir),
        load_assortment(config_dir),
    )


def test_the_best_sellers_are_taken_in_shelf_order(config_dir: Path) -> None:
    products = _products(config_dir)
    assert [p.product_id for p in products] == [MILK, CHEESE, SOFT_DRINK, COOKIES, BREAD]
    assert APPLES not in [p.product_id for p in products], "five fit, it is the sixth"
    assert [p.name for p in products] == [
        "Milk",
        "Shredded cheese",
        "Soft drinks",
        "Chocolate chip cookies",
        "White bread",
    ]


def test_a_product_keeps_its_variants_price_and_brand_kind(config_dir: Path) -> None:
    bread = next(p for p in _products(config_dir) if p.product_id == BREAD)
    assert bread.variant_ids == (BREAD, BREAD + 9000)
    assert (bread.price_cents, bread.brand_kind, bread.department_id) == (250, "private", "dry")


def test_generated_fields_are_marked_as_demo_data(config_dir: Path) -> None:
    for product in _products(config_dir):
        assert product.demo_fields == DEMO_FIELDS == ("ean", "allergens", "reviews", "stock")
        assert product.is_demo("ean")
        assert not product.is_demo("price_cents")
        assert is_valid_ean(product.ean)
        assert product.stock >= 0


def test_the_same_seed_gives_the_same_products_and_another_does_not(config_dir: Path) -> None:
    first = _products(config_dir)
    assert _products(config_dir) == first
    path = config_dir / "assortment.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("demo_seed: 3", "demo_seed: 4"), encoding="utf-8")
    assert [(p.stock, p.reviews) for p in _products(config_dir)] != [(p.stock, p.reviews) for p in first]


def test_facts_of_a_product_do_not_depend_on_the_others(config_dir: Path) -> None:
    alone = {product.product_id: product for product in _products(config_dir)}
    with_another = _products(config_dir, (label(999, "MILK", "BUTTERMILK", 990), *LABELS))
    common = [product for product in with_another if product.product_id in alone]
    assert len(common) == 4
    assert all(product == alone[product.product_id] for product in common)


def test_a_category_without_an_entry_is_named(config_dir: Path) -> None:
    labels = (label(999, "SPACE FOOD", "ROCKET SALAD", 990), *LABELS)
    with pytest.raises(AssortmentError, match=r"categories.yaml: no category has these in 'from': SPACE FOOD"):
        _products(config_dir, labels)


def test_a_source_department_can_have_its_own_category(config_dir: Path) -> None:
    path = config_dir / "categories.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("from: [MILK]", "from: [MILK, NUTRITION/BREAD]"), encoding="utf-8"
    )
    natural = dataclasses.replace(label(999, "BREAD", "WHITE BRD", 990), department="NUTRITION")
    by_id = {p.product_id: p.category_id for p in _products(config_dir, (natural, *LABELS))}
    assert (by_id[999], by_id[BREAD]) == ("milk", "food")


def test_too_few_labels_are_refused(config_dir: Path) -> None:
    with pytest.raises(AssortmentError, match="products_on_shelves is 5, the data has 2 labels"):
        _products(config_dir, LABELS[:2])


def test_an_unknown_department_is_named(config_dir: Path) -> None:
    path = config_dir / "categories.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("department: dry, from: [DRINKS]", "department: bar, from: [DRINKS]")
    )
    with pytest.raises(AssortmentError, match="category 'soft_drinks' has the unknown department 'bar'"):
        build_categories(load_categories(config_dir))


def test_a_misspelt_key_of_the_configuration_is_named(config_dir: Path) -> None:
    path = config_dir / "assortment.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("demo_seed", "demo_sed"), encoding="utf-8")
    with pytest.raises(ConfigError, match=r"assortment.yaml.*demo_sed"):
        load_assortment(config_dir)


def test_the_demo_categories_are_named_in_four_languages_and_claim_no_source_twice() -> None:
    settings = load_categories(DEMO_CONFIG)
    sources = [source for entry in settings.categories.values() for source in entry.sources]
    assert len(sources) == len(set(sources))
    assert not set(sources) & set(settings.not_on_shelves)
    for category in build_categories(settings):
        assert set(category.names) == set(category.department_names) == set(LANGUAGES)
