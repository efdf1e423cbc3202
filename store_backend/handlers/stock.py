"""Products and the catalogue replica."""

from __future__ import annotations

from aisle.messages import Problem, ProblemCode
from aisle.messages.store import (
    ProductFound,
    ProductQuery,
    ReplicaChunk,
    ReplicaChunkQuery,
    ReplicaOffer,
    ReplicaQuery,
)
from store_backend.unit_of_work import UnitOfWork


def find_product(command: ProductQuery, work: UnitOfWork) -> ProductFound | Problem:
    """Return one product, or say that the catalogue does not have it."""
    product = work.catalogue.products.get(command.product_id)
    if product is None:
        sentence = f"the catalogue has no product {command.product_id}"
        return Problem(code=ProblemCode.UNKNOWN_PRODUCT, sentence=sentence)
    placement = work.catalogue.planogram.placement(command.product_id)
    return ProductFound(
        product_id=product.product_id,
        name=product.name,
        price_cents=product.price_cents,
        bay_id=placement.bay_id if placement else None,
        shelf=placement.shelf if placement else None,
    )


def offer_replica(_command: ReplicaQuery, work: UnitOfWork) -> ReplicaOffer:
    """Say which catalogue file is on offer."""
    return ReplicaOffer(sha256=work.catalogue.sha256, size_bytes=work.catalogue.size_bytes)


def send_chunk(command: ReplicaChunkQuery, work: UnitOfWork) -> ReplicaChunk | Problem:
    """Return a piece of the file, if it is still the one that was offered."""
    if command.sha256 != work.catalogue.sha256:
        return Problem(code=ProblemCode.FAILED, sentence="the catalogue has changed; ask for the new offer")
    return ReplicaChunk(offset=command.offset, content=work.catalogue.chunk(command.offset))
