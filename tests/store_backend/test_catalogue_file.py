from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from catalogue.replica import ReplicaError
from store_backend import catalogue_file
from store_backend.catalogue_file import open_catalogue
from store_model.planogram import PlanogramError
from tests.catalogue.samples import PRODUCTS


@pytest.fixture
def own_store(store_dir: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(store_dir, tmp_path / "store"))


def test_the_catalogue_knows_products_and_places(own_store: Path) -> None:
    catalogue = open_catalogue(own_store)
    assert tuple(catalogue.products.values()) == PRODUCTS
    assert catalogue.size_bytes == (own_store / "catalogue.sqlite").stat().st_size
    assert len(catalogue.planogram) == len(PRODUCTS) - 1


def test_a_store_without_catalogue_is_named(own_store: Path) -> None:
    (own_store / "catalogue.sqlite").unlink()
    with pytest.raises(ReplicaError, match="there is no catalogue; build the store"):
        open_catalogue(own_store)


def test_a_store_without_planogram_is_named(own_store: Path) -> None:
    (own_store / "planogram.csv").unlink()
    with pytest.raises(PlanogramError, match=r"planogram\.csv: cannot be read"):
        open_catalogue(own_store)


def test_a_catalogue_that_no_robot_would_copy_is_refused(own_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue_file, "MAX_REPLICA_BYTES", 1000)
    with pytest.raises(ReplicaError, match="robots copy at most 1000"):
        open_catalogue(own_store)
