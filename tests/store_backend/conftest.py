"""A tiny store and a backend over an in-memory database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from catalogue.database import write_catalogue
from store_backend.backend import Backend
from store_backend.catalogue_file import CatalogueFile, open_catalogue
from store_backend.database import open_database
from store_model.planogram import write_planogram
from tests.catalogue.samples import CATEGORIES, PRODUCTS
from tests.store_backend.steps import NOW_S
from tests.store_model.small_store import PLACEMENTS


@pytest.fixture(scope="session")
def store_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the backend reads of a store; the last product stands on no shelf."""
    directory = tmp_path_factory.mktemp("store")
    write_catalogue(directory / "catalogue.sqlite", PRODUCTS, CATEGORIES)
    write_planogram(PLACEMENTS[:-1], directory)
    return directory


@pytest.fixture(scope="session")
def catalogue(store_dir: Path) -> CatalogueFile:
    return open_catalogue(store_dir)


@pytest.fixture
def backend(catalogue: CatalogueFile) -> Iterator[Backend]:
    engine = open_database("sqlite://")
    yield Backend(engine, catalogue, lambda: NOW_S)
    engine.dispose()
