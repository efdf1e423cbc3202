"""Products, how many there are, what stands in for them, and the catalogue replica."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from aisle.messages import Problem, ProblemCode
from aisle.messages.care import Recorded
from aisle.messages.store import (
    ProductFound,
    ProductLine,
    ProductQuery,
    ReplicaChunk,
    ReplicaChunkQuery,
    ReplicaOffer,
    ReplicaQuery,
    StockCounted,
    StockDelivered,
    StockLevel,
    StockLevels,
    StockQuery,
    StockSold,
    StockSource,
    Substitute,
    Substitutes,
    SubstitutesQuery,
)
from catalogue.products import Product
from store_backend.records.stock import KeptStock, StockRow
from store_backend.reservation import gathered
from store_backend.substitutes import of_the_same_kind, substitutes_for
from store_backend.unit_of_work import UnitOfWork

# One query of the stock takes so many.
_MOST_KIN = 64


def find_product(command: ProductQuery, work: UnitOfWork) -> ProductFound | Problem:
    """Return one product, or say that the catalogue does not have it."""
    product = work.catalogue.products.get(command.product_id)
    if product is None:
        return unknown_product(command.product_id)
    placement = work.catalogue.planogram.placement(command.product_id)
    return ProductFound(
        product_id=product.product_id,
        name=product.name,
        price_cents=product.price_cents,
        bay_id=placement.bay_id if placement else None,
        shelf=placement.shelf if placement else None,
    )


def tell_levels(command: StockQuery, work: UnitOfWork) -> StockLevels:
    """Return what is known of each product; where nobody has counted, what the catalogue says, else unknown."""
    known = [product_id for product_id in command.product_ids if product_id in work.catalogue.products]
    kept = work.stock.kept_of(known, work.now_unix_s)
    return StockLevels(levels=tuple(_level(one, kept.get(one), work) for one in command.product_ids))


def _level(product_id: int, kept: KeptStock | None, work: UnitOfWork) -> StockLevel:
    product = work.catalogue.products.get(product_id)
    if product is None:
        return StockLevel(product_id=product_id, count=None)
    if kept is None:
        untouched = StockRow(product.stock, 0, StockSource.ESTIMATE, work.now_unix_s, None)
        kept = KeptStock(untouched, product.stock)
    row = kept.row
    is_estimate = row.source is StockSource.ESTIMATE
    return StockLevel(
        product_id=product_id,
        count=row.count,
        age_s=None if is_estimate else _age_s(row.changed_unix_s, work),
        is_demo=row.counted_unix_s is None and product.is_demo("stock"),
        available=max(0, kept.free),
        source=row.source,
        counted_age_s=None if row.counted_unix_s is None else _age_s(row.counted_unix_s, work),
    )


def _age_s(unix_s: float, work: UnitOfWork) -> float:
    return max(0.0, work.now_unix_s - unix_s)


def note_count(command: StockCounted, work: UnitOfWork) -> Recorded | Problem:
    """Keep how many somebody has just counted."""
    if command.product_id not in work.catalogue.products:
        return unknown_product(command.product_id)
    begin_to_keep([command.product_id], work)
    work.stock.keep_count(command.product_id, command.count, work.now_unix_s)
    return Recorded(event_id=0)


def note_delivery(command: StockDelivered, work: UnitOfWork) -> Recorded | Problem:
    """Add what was put on the shelves."""
    return _change(command.lines, work.stock.deliver, work)


def note_sale(command: StockSold, work: UnitOfWork) -> Recorded | Problem:
    """Take off what a till has sold."""
    return _change(command.lines, work.stock.sell, work)


def _change(
    lines: Iterable[ProductLine], change: Callable[[int, int, float], None], work: UnitOfWork
) -> Recorded | Problem:
    units = gathered(lines)
    unknown = next((one for one in units if one not in work.catalogue.products), None)
    if unknown is not None:
        return unknown_product(unknown)
    begin_to_keep(list(units), work)
    for product_id, quantity in units.items():
        change(product_id, quantity, work.now_unix_s)
    return Recorded(event_id=0)


def begin_to_keep(product_ids: Sequence[int], work: UnitOfWork) -> None:
    """Take over the catalogue's estimate of products that nobody has touched yet."""
    work.stock.alone()
    present = work.stock.rows_of(product_ids)
    missing = {one: work.catalogue.products[one].stock for one in product_ids if one not in present}
    work.stock.add_estimates(missing, work.now_unix_s)


def find_substitutes(command: SubstitutesQuery, work: UnitOfWork) -> Substitutes | Problem:
    """Return what can stand in for a product."""
    product = work.catalogue.products.get(command.product_id)
    if product is None:
        return unknown_product(command.product_id)
    kin = of_the_same_kind(product, work.catalogue.products.values())[:_MOST_KIN]
    levels = tell_levels(StockQuery(product_ids=tuple(one.product_id for one in kin)), work).levels
    available = {level.product_id: level.available or 0 for level in levels}
    found = substitutes_for(product, kin, available, command.quantity, command.avoid)[: command.limit]
    return Substitutes(items=tuple(_substitute(one, available[one.product_id]) for one in found))


def _substitute(product: Product, available: int) -> Substitute:
    return Substitute(
        product_id=product.product_id, name=product.name, price_cents=product.price_cents, available=available
    )


def unknown_product(product_id: int) -> Problem:
    """Say that a product is not sold here."""
    return Problem(code=ProblemCode.UNKNOWN_PRODUCT, sentence=f"the catalogue has no product {product_id}")


def offer_replica(_command: ReplicaQuery, work: UnitOfWork) -> ReplicaOffer:
    """Say which catalogue file is on offer."""
    return ReplicaOffer(sha256=work.catalogue.sha256, size_bytes=work.catalogue.size_bytes)


def send_chunk(command: ReplicaChunkQuery, work: UnitOfWork) -> ReplicaChunk | Problem:
    """Return a piece of the file, if it is still the one that was offered."""
    if command.sha256 != work.catalogue.sha256:
        return Problem(code=ProblemCode.FAILED, sentence="the catalogue has changed; ask for the new offer")
    return ReplicaChunk(offset=command.offset, content=work.catalogue.chunk(command.offset))
