from __future__ import annotations

import hashlib
import os
from itertools import groupby
from pathlib import Path

import pytest

from catalogue import build
from catalogue.build import BuildReport, NotAStoreError, build_store, content_stamp
from catalogue.checks import check_store
from catalogue.ean import is_valid_ean
from catalogue.replica import open_replica
from catalogue.search import SearchIndex
from store_model.manifest import CATALOGUE_FILE, STORE_FILES, read_manifest
from store_model.plan import load_plan
from store_model.planogram import load_planogram
from tests.catalogue.samples import LABELS, write_configuration
from tests.catalogue.test_signs import DEMO_CONFIG
from tests.store_model.small_store import write_plan


@pytest.fixture
def config_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    directory = tmp_path / "config"
    directory.mkdir()
    write_configuration(directory)
    write_plan(directory)
    monkeypatch.setattr(build, "MAP_PICTURE_PX", 160)
    monkeypatch.setattr(build, "source_files", lambda: ())
    monkeypatch.setattr(build, "_read_source", lambda _directory: LABELS)
    return directory


def _hashes(directory: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in directory.iterdir()}


def test_a_build_makes_a_store_without_a_fault(config_dir: Path, tmp_path: Path) -> None:
    steps: list[tuple[float, str]] = []
    report = build_store(config_dir, tmp_path / "out", lambda share, what: steps.append((share, what)))
    assert not report.was_current
    assert check_store(tmp_path / "out") == []
    assert sorted(_hashes(tmp_path / "out")) == sorted(STORE_FILES)
    assert [share for share, _ in steps] == sorted(share for share, _ in steps)
    assert steps[-1] == (1.0, "done")


def test_an_unchanged_store_is_not_built_again(config_dir: Path, tmp_path: Path) -> None:
    first = build_store(config_dir, tmp_path / "out")
    again = build_store(config_dir, tmp_path / "out")
    assert again == BuildReport(first.directory, first.manifest, was_current=True)
    assert not build_store(config_dir, tmp_path / "out", force=True).was_current


def test_the_stamp_does_not_depend_on_how_the_directory_is_named(
    config_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    absolute = content_stamp(config_dir, ())
    monkeypatch.chdir(config_dir.parent)
    assert content_stamp(Path(config_dir.name), ()) == absolute


@pytest.mark.parametrize("name", ["synonyms.yaml", "plan.geojson"])
def test_a_changed_configuration_is_built_again(config_dir: Path, tmp_path: Path, name: str) -> None:
    build_store(config_dir, tmp_path / "out")
    with (config_dir / name).open("a", encoding="utf-8") as file:
        file.write("\n")
    assert not build_store(config_dir, tmp_path / "out").was_current


def test_a_lost_file_is_built_again(config_dir: Path, tmp_path: Path) -> None:
    build_store(config_dir, tmp_path / "out")
    (tmp_path / "out" / "map.pgm").unlink()
    assert not build_store(config_dir, tmp_path / "out").was_current
    assert check_store(tmp_path / "out") == []


def test_two_builds_are_the_same_byte_for_byte(config_dir: Path, tmp_path: Path) -> None:
    build_store(config_dir, tmp_path / "one")
    build_store(config_dir, tmp_path / "two")
    assert _hashes(tmp_path / "one") == _hashes(tmp_path / "two")


def test_a_failed_build_leaves_the_old_store_and_no_rubbish(config_dir: Path, tmp_path: Path) -> None:
    build_store(config_dir, tmp_path / "out")
    before = _hashes(tmp_path / "out")
    (config_dir / "assortment.yaml").write_text(
        "{store_id: s, currency: EUR, products_on_shelves: 900, facing_width_m: 0.2, demo_seed: 1}\n", encoding="utf-8"
    )
    with pytest.raises(ValueError, match="products_on_shelves is 900"):
        build_store(config_dir, tmp_path / "out")
    assert _hashes(tmp_path / "out") == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["config", "out"]


def test_a_move_that_fails_puts_the_old_store_back(
    config_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_store(config_dir, tmp_path / "out")
    before = _hashes(tmp_path / "out")
    rename = os.rename

    def failing(source: Path, target: Path) -> None:
        if target.name == "out" and not source.name.endswith(".old"):
            raise OSError("disk is gone")
        rename(source, target)

    monkeypatch.setattr(os, "rename", failing)
    with pytest.raises(OSError, match="disk is gone"):
        build_store(config_dir, tmp_path / "out", force=True)
    assert _hashes(tmp_path / "out") == before


def test_a_directory_with_something_else_is_not_replaced(config_dir: Path, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "letter.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(NotAStoreError, match=r"home: is not empty and holds no store\.yaml"):
        build_store(config_dir, tmp_path / "home")
    assert (tmp_path / "home" / "letter.txt").is_file()


@pytest.fixture(scope="module")
def demo_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("store") / "demo"
    build_store(DEMO_CONFIG, directory)
    return directory


@pytest.mark.integration
def test_the_demo_store_has_no_fault_and_at_least_five_thousand_products(demo_store: Path) -> None:
    assert check_store(demo_store) == []
    assert read_manifest(demo_store).product_count >= 5000
    assert len(load_planogram(demo_store)) == read_manifest(demo_store).product_count


@pytest.mark.integration
def test_categories_of_the_demo_store_stand_together(demo_store: Path) -> None:
    plan, planogram = load_plan(demo_store), load_planogram(demo_store)
    with open_replica(demo_store / CATALOGUE_FILE) as replica:
        products = replica.products()
    walk = {bay_id: place for place, bay_id in enumerate(plan.shelf_walk)}
    placed = [(walk[planogram.by_product[p.product_id].bay_id], p) for p in products]
    assert all(plan.bays[plan.shelf_walk[place]].department_id == p.department_id for place, p in placed)
    for department in plan.departments:
        row = sorted(
            (pair for pair in placed if pair[1].department_id == department.department_id), key=lambda pair: pair[0]
        )
        blocks = [category for category, _ in groupby(product.category_id for _, product in row)]
        assert len(blocks) == len(set(blocks)), department.department_id


@pytest.mark.integration
def test_products_of_the_demo_store_are_sound(demo_store: Path) -> None:
    with open_replica(demo_store / CATALOGUE_FILE) as replica:
        products, variants = replica.products(), replica.product_of_variants()
    assert len({product.ean for product in products}) == len(products)
    assert all(is_valid_ean(product.ean) and product.price_cents >= 1 for product in products)
    assert all(product.product_id in product.variant_ids for product in products)
    assert sum(len(product.variant_ids) for product in products) == len(variants)
    unknown = sum(product.allergens is None for product in products) / len(products)
    assert 0.5 < unknown < 0.9
    assert not any(product.name.isupper() or "/" in product.name for product in products)


@pytest.mark.integration
@pytest.mark.parametrize(
    ("question", "language", "name"),
    [
        ("soda", "en", "Soft drink"),
        ("klopapier", "de", "Toilet paper"),
        ("zumo de naranja", "es", "Orange juice"),
        ("pain", "fr", "White sliced bread"),
        ("pain", "en", "Pain relief"),
        ("strawbery", "en", "Strawberries"),
    ],
)
def test_questions_find_their_products_in_the_demo_store(
    demo_index: SearchIndex, question: str, language: str, name: str
) -> None:
    assert demo_index.find(question, language)[0].product.name.startswith(name)


@pytest.fixture(scope="module")
def demo_index(demo_store: Path) -> SearchIndex:
    with open_replica(demo_store / CATALOGUE_FILE) as replica:
        return SearchIndex(replica.products(), replica.categories(), replica.synonyms())
