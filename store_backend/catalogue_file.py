"""The catalogue file that the backend offers to robots, and single products from it."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass, field
from pathlib import Path

from aisle.messages.store import CHUNK_BYTES
from catalogue.products import Product
from catalogue.replica import ReplicaError, open_replica
from catalogue.sync import MAX_REPLICA_BYTES
from store_model.planogram import PLANOGRAM_FILE, Planogram, PlanogramError, load_planogram

log = logging.getLogger(__name__)
_CATALOGUE = "catalogue.sqlite"


@dataclass(frozen=True, slots=True)
class CatalogueFile:
    """One version of the catalogue: its bytes, their hash, its products and where they stand.

    The bytes are kept, so that a store that is built again meanwhile cannot mix two versions in one download.
    """

    path: Path
    content: bytes = field(repr=False)
    sha256: str
    products: dict[int, Product] = field(repr=False)
    planogram: Planogram = field(repr=False)

    @property
    def size_bytes(self) -> int:
        """Return the length of the file."""
        return len(self.content)

    def chunk(self, offset: int) -> bytes:
        """Return the piece of the file at an offset; empty at its end."""
        return self.content[offset : offset + CHUNK_BYTES]


def open_catalogue(store_dir: Path) -> CatalogueFile:
    """Read and hash the catalogue of a store directory. Raises ReplicaError or PlanogramError in plain words."""
    path = store_dir / _CATALOGUE
    with open_replica(path) as replica:
        products = {product.product_id: product for product in replica.products()}
    size_bytes = path.stat().st_size
    if size_bytes > MAX_REPLICA_BYTES:
        raise ReplicaError(f"{path}: has {size_bytes} bytes, robots copy at most {MAX_REPLICA_BYTES}")
    content = path.read_bytes()
    return CatalogueFile(path, content, hashlib.sha256(content).hexdigest(), products, load_planogram(store_dir))


@dataclass(slots=True)
class CatalogueWatch:
    """Looks now and then whether a store directory has changed since it was last opened; make it before that."""

    store_dir: Path
    every_s: float = 1.0
    _looked_s: float = float("-inf")
    _seen: tuple[tuple[int, int, int], ...] = field(init=False)

    def __post_init__(self) -> None:
        self._seen = self._marks()

    def newer(self, now_s: float) -> CatalogueFile | None:
        """Open what has changed; None without a change, and, with an error in the log, for what cannot be read."""
        if now_s - self._looked_s < self.every_s:
            return None
        self._looked_s = now_s
        marks = self._marks()
        if marks == self._seen or not marks:
            return None
        self._seen = marks
        return self._opened()

    def _opened(self) -> CatalogueFile | None:
        try:
            return open_catalogue(self.store_dir)
        except (ReplicaError, PlanogramError) as error:
            log.error("the catalogue has changed and cannot be read, the one before stays: %s", error)
            return None

    def _marks(self) -> tuple[tuple[int, int, int], ...]:
        """Return what changes with the files; nothing while a file is missing."""
        try:
            found = [(self.store_dir / name).stat() for name in (_CATALOGUE, PLANOGRAM_FILE)]
        except FileNotFoundError:
            return ()
        return tuple((one.st_ino, one.st_size, one.st_mtime_ns) for one in found)
