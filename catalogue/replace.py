"""Put an imported catalogue and planogram into a store directory's place, and back again. The rest of it stays."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from pathlib import Path

import msgspec

from aisle.config import ConfigError
from catalogue.checks import check_store
from catalogue.database import write_catalogue
from catalogue.incoming import Incoming, IncomingProblem
from catalogue.replica import open_replica
from store_model.manifest import CATALOGUE_FILE, read_manifest, write_manifest
from store_model.planogram import write_planogram


def version_before(store_dir: Path) -> Path:
    """Return where the version before the last import lies."""
    return store_dir.with_name(f"{store_dir.name}.before")


def put_into_place(store_dir: Path, incoming: Incoming) -> None:
    """Make a new store directory beside the old one, check it, and exchange the two; the old one is kept.

    Raises IncomingProblem for every fault that `aisle store check` would find; nothing has changed then.
    """
    part = Path(tempfile.mkdtemp(prefix=f".{store_dir.name}.", dir=store_dir.parent))
    try:
        shutil.copytree(store_dir, part, dirs_exist_ok=True)
        _write(part, incoming)
        faults = check_store(part)
        if faults:
            named = "\n".join(str(fault).replace(str(part), str(store_dir)) for fault in faults[:50])
            raise IncomingProblem(f"{named}\n{len(faults)} faults, nothing was changed")
        # A temporary folder is its maker's alone; a store is read by others.
        part.chmod(store_dir.stat().st_mode)
        _exchange(store_dir, part)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def exchange_with_version_before(store_dir: Path) -> None:
    """Exchange a store with its version before the last import. Raises IncomingProblem when there is none."""
    before, aside = version_before(store_dir), store_dir.with_name(f".{store_dir.name}.aside")
    if not before.is_dir():
        raise IncomingProblem(f"{before}: there is no version before the last import")
    os.rename(store_dir, aside)
    os.rename(before, store_dir)
    os.rename(aside, before)


def _exchange(store_dir: Path, part: Path) -> None:
    """Move the new directory into the store's place and keep the old one as the version before."""
    before = version_before(store_dir)
    shutil.rmtree(before, ignore_errors=True)
    os.rename(store_dir, before)
    try:
        os.rename(part, store_dir)
    except OSError:
        os.rename(before, store_dir)
        raise


def _write(directory: Path, incoming: Incoming) -> None:
    catalogue = directory / CATALOGUE_FILE
    with open_replica(catalogue) as replica:
        synonyms, meta = replica.synonyms(), replica.meta
    catalogue.unlink()
    write_catalogue(catalogue, incoming.products, incoming.categories, synonyms, meta)
    write_planogram(incoming.placements, directory)
    try:
        manifest = read_manifest(directory)
    except ConfigError as error:
        raise IncomingProblem(str(error)) from error
    # A store that was imported is no longer what its configuration would build.
    stamp = hashlib.sha256(catalogue.read_bytes()).hexdigest()
    count = len(incoming.products)
    write_manifest(msgspec.structs.replace(manifest, product_count=count, source="import", stamp=stamp), directory)
