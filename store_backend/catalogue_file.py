"""The catalogue file that the backend offers to robots, and single products from it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from aisle.messages.store import CHUNK_BYTES
from catalogue.products import Product
from catalogue.replica import ReplicaError, open_replica
from catalogue.sync import MAX_REPLICA_BYTES
from store_model.planogram import Planogram, load_planogram


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
    path = store_dir / "catalogue.sqlite"
    with open_replica(path) as replica:
        products = {product.product_id: product for product in replica.products()}
    size_bytes = path.stat().st_size
    if size_bytes > MAX_REPLICA_BYTES:
        raise ReplicaError(f"{path}: has {size_bytes} bytes, robots copy at most {MAX_REPLICA_BYTES}")
    content = path.read_bytes()
    return CatalogueFile(path, content, hashlib.sha256(content).hexdigest(), products, load_planogram(store_dir))
