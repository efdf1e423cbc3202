"""What a built store directory holds, and what it says about itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import yaml
from msgspec import Meta

from aisle.config import Settings, load
from store_model.plan import PLAN_FILE
from store_model.planogram import PLANOGRAM_FILE

STORE_FILE = "store.yaml"
CATALOGUE_FILE = "catalogue.sqlite"
MAP_FILE = "map.yaml"
MAP_PICTURE = "map.png"
STORE_FILES = (PLAN_FILE, PLANOGRAM_FILE, CATALOGUE_FILE, MAP_FILE, "map.pgm", MAP_PICTURE, STORE_FILE)


class StoreManifest(Settings, frozen=True):
    """store.yaml: what a built store is made of; `stamp` changes with anything it was built from."""

    store_id: str
    name: str
    currency: str
    source: str
    stamp: str
    product_count: Annotated[int, Meta(ge=0)]
    bay_count: Annotated[int, Meta(ge=0)]
    demo_seed: Annotated[int, Meta(ge=0)]


def read_manifest(store_dir: Path) -> StoreManifest:
    """Read store.yaml of a built store. Raises ConfigError."""
    return load(store_dir / STORE_FILE, StoreManifest)


def write_manifest(manifest: StoreManifest, store_dir: Path) -> None:
    """Write store.yaml into a store directory."""
    fields = {name: getattr(manifest, name) for name in manifest.__struct_fields__}
    (store_dir / STORE_FILE).write_text(yaml.safe_dump(fields, sort_keys=False), encoding="utf-8")
