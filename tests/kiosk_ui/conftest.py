"""A little shop on the disk, and a play in which the real backend keeps it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from catalogue.database import write_catalogue
from store_backend.catalogue_file import open_catalogue
from store_backend.key_file import create_missing_store_keys, open_store_keys
from store_model.planogram import write_planogram
from tests.kiosk_ui.play import little_shop
from tests.kiosk_ui.store_play import StorePlay


@pytest.fixture(scope="session")
def little_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a backend reads of the little shop, with the key of its vault."""
    shop, folder = little_shop(), tmp_path_factory.mktemp("little_store")
    write_catalogue(folder / "catalogue.sqlite", tuple(shop.products.values()), shop.categories.values())
    write_planogram(shop.planogram.by_product.values(), folder)
    create_missing_store_keys(folder)
    return folder


@pytest.fixture
def store(little_store: Path) -> Iterator[StorePlay]:
    """A visit at a screen with a real backend behind it."""
    play = StorePlay(catalogue=open_catalogue(little_store), keys=open_store_keys(little_store))
    yield play
    play.backend.engine.dispose()
