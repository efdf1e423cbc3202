"""Products and the catalogue replica."""

from __future__ import annotations

from aisle.messages import Problem, ProblemCode
from aisle.messages.care import Recorded
from aisle.messages.store import (
    ProductFound,
    ProductQuery,
    ReplicaChunk,
    ReplicaChunkQuery,
    ReplicaOffer,
    ReplicaQuery,
    StockCounted,
    StockLevel,
    StockLevels,
    StockQuery,
)
from store_backend.unit_of_work import UnitOfWork


def find_product(command: ProductQuery, work: UnitOfWork) -> ProductFound | Problem:
    """Return one product, or say that the catalogue does not have it."""
    product = work.catalogue.products.get(command.product_id)
    if product is None:
        return _unknown_product(command.product_id)
    placement = work.catalogue.planogram.placement(command.product_id)
    return ProductFound(
        product_id=product.product_id,
        name=product.name,
        price_cents=product.price_cents,
        bay_id=placement.bay_id if placement else None,
        shelf=placement.shelf if placement else None,
    )


def tell_levels(command: StockQuery, work: UnitOfWork) -> StockLevels:
    """Return the newest counts; where nobody has counted, what the catalogue says, else unknown."""
    known = [product_id for product_id in command.product_ids if product_id in work.catalogue.products]
    counts = work.stock.counts_of(known)
    return StockLevels(levels=tuple(_level(one, counts.get(one), work) for one in command.product_ids))


def _level(product_id: int, counted: tuple[int, float] | None, work: UnitOfWork) -> StockLevel:
    if counted is not None:
        count, counted_unix_s = counted
        return StockLevel(product_id=product_id, count=count, age_s=max(0.0, work.now_unix_s - counted_unix_s))
    product = work.catalogue.products.get(product_id)
    if product is None:
        return StockLevel(product_id=product_id, count=None)
    return StockLevel(product_id=product_id, count=product.stock, is_demo=product.is_demo("stock"))


def note_count(command: StockCounted, work: UnitOfWork) -> Recorded | Problem:
    """Keep how many somebody has just counted."""
    if command.product_id not in work.catalogue.products:
        return _unknown_product(command.product_id)
    work.stock.keep_count(command.product_id, command.count, work.now_unix_s)
    return Recorded(event_id=0)


def _unknown_product(product_id: int) -> Problem:
    return Problem(code=ProblemCode.UNKNOWN_PRODUCT, sentence=f"the catalogue has no product {product_id}")


def offer_replica(_command: ReplicaQuery, work: UnitOfWork) -> ReplicaOffer:
    """Say which catalogue file is on offer."""
    return ReplicaOffer(sha256=work.catalogue.sha256, size_bytes=work.catalogue.size_bytes)


def send_chunk(command: ReplicaChunkQuery, work: UnitOfWork) -> ReplicaChunk | Problem:
    """Return a piece of the file, if it is still the one that was offered."""
    if command.sha256 != work.catalogue.sha256:
        return Problem(code=ProblemCode.FAILED, sentence="the catalogue has changed; ask for the new offer")
    return ReplicaChunk(offset=command.offset, content=work.catalogue.chunk(command.offset))
