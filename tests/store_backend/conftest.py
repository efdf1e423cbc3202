"""A tiny store, and backends over every database that a store may have."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.postgres import PostgresServer, postgres_server
from catalogue.database import write_catalogue
from store_backend.backend import Backend
from store_backend.catalogue_file import CatalogueFile, open_catalogue
from store_backend.database import open_database
from store_backend.key_file import create_missing_store_keys, open_store_keys
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


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    with postgres_server() as server:
        yield server


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.integration)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind; the file's folder is the test's own."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'backend.sqlite'}"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.new_database()


@pytest.fixture
def backend(database_url: str, catalogue: CatalogueFile, tmp_path: Path) -> Iterator[Backend]:
    yield from _backend(database_url, catalogue, tmp_path / "keys")


@pytest.fixture
def sqlite_backend(catalogue: CatalogueFile, tmp_path: Path) -> Iterator[Backend]:
    yield from _backend("sqlite://", catalogue, tmp_path / "keys")


def _backend(url: str, catalogue: CatalogueFile, keys_dir: Path) -> Iterator[Backend]:
    engine = open_database(url)
    create_missing_store_keys(keys_dir)
    yield Backend(engine, catalogue, lambda: NOW_S, open_store_keys(keys_dir))
    engine.dispose()
