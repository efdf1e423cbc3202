"""The catalogue file that the backend offers to robots, and single products from it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from aisle.messages.store import CHUNK_BYTES
from catalogue.products import Product
from catalogue.replica import open_replica
from store_model.planogram import Planogram, load_planogram


@dataclass(frozen=True, slots=True)
class CatalogueFile:
    """One version of the catalogue: its bytes on disk, their hash, its products and where they stand."""

    path: Path
    sha256: str
    size_bytes: int
    products: dict[int, Product]
    planogram: Planogram

    def chunk(self, offset: int) -> bytes:
        """Return the piece of the file at an offset; empty at its end."""
        with self.path.open("rb") as content:
            content.seek(offset)
            return content.read(CHUNK_BYTES)


def open_catalogue(store_dir: Path) -> CatalogueFile:
    """Read and hash the catalogue of a store directory. Raises ReplicaError or PlanogramError in plain words."""
    path = store_dir / "catalogue.sqlite"
    with open_replica(path) as replica:
        products = {product.product_id: product for product in replica.products()}
    content = path.read_bytes()
    return CatalogueFile(path, hashlib.sha256(content).hexdigest(), len(content), products, load_planogram(store_dir))
