"""Messages about products and the catalogue replica."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from aisle.messages.base import Identifier, Message, Text

CHUNK_BYTES = 512 * 1024
MOST_OF_ONE = 100_000

Quantity = Annotated[int, Meta(ge=1, le=MOST_OF_ONE)]


class StockSource(StrEnum):
    """Where the newest figure of a stock comes from; ESTIMATE is the catalogue's, which nobody has counted."""

    COUNT = "count"
    DELIVERY = "delivery"
    SALE = "sale"
    ESTIMATE = "estimate"


class ProductLine(Message, frozen=True, tag=False):
    """So many of one product."""

    product_id: int
    quantity: Quantity


ProductLines = Annotated[tuple[ProductLine, ...], Meta(min_length=1, max_length=200)]


class ProductQuery(Message, frozen=True):
    """Ask for one product by its number."""

    product_id: int


class ProductFound(Message, frozen=True):
    """One product as it is sold today; `bay_id` is None when it stands on no shelf."""

    product_id: int
    name: Text
    price_cents: Annotated[int, Meta(ge=0)]
    bay_id: str | None
    shelf: int | None


class StockQuery(Message, frozen=True):
    """Ask how many of some products are on their shelves."""

    product_ids: Annotated[tuple[int, ...], Meta(max_length=64)]


class StockLevel(Message, frozen=True, tag=False):
    """What is known of one product: `count` None is unknown; `age_s` is how old the figure is, None unknown.

    `available` is what is not promised to others, `source` where the figure comes from, and `counted_age_s` how long
    ago a person counted, None if nobody has. `is_demo` marks a generated figure.
    """

    product_id: int
    count: Annotated[int, Meta(ge=0)] | None
    age_s: Annotated[float, Meta(ge=0.0)] | None = None
    is_demo: bool = False
    available: Annotated[int, Meta(ge=0)] | None = None
    source: StockSource | None = None
    counted_age_s: Annotated[float, Meta(ge=0.0)] | None = None


class StockLevels(Message, frozen=True):
    """One level for each product that was asked for, in that order."""

    levels: tuple[StockLevel, ...]


class StockCounted(Message, frozen=True):
    """Somebody has counted a product on its shelf."""

    product_id: int
    count: Annotated[int, Meta(ge=0, le=100_000)]


class StockDelivered(Message, frozen=True):
    """A delivery was put on the shelves."""

    lines: ProductLines


class StockSold(Message, frozen=True):
    """A till has sold these, outside of any hand-off."""

    lines: ProductLines


class SubstitutesQuery(Message, frozen=True):
    """Ask what can stand in for a product; `avoid` are allergens that it must be known to be free of."""

    product_id: int
    quantity: Quantity = 1
    avoid: Annotated[tuple[Annotated[str, Meta(max_length=40)], ...], Meta(max_length=20)] = ()
    limit: Annotated[int, Meta(ge=1, le=20)] = 5


class Substitute(Message, frozen=True, tag=False):
    """A product of the same kind that is there."""

    product_id: int
    name: Text
    price_cents: Annotated[int, Meta(ge=0)]
    available: Annotated[int, Meta(ge=0)]


class Substitutes(Message, frozen=True):
    """What can stand in, nearest first; empty when nothing can."""

    items: tuple[Substitute, ...]


class ReplicaQuery(Message, frozen=True):
    """Ask which catalogue the backend holds."""


class ReplicaOffer(Message, frozen=True):
    """The catalogue file on offer: fetch it in chunks and check its SHA-256."""

    sha256: Identifier
    size_bytes: Annotated[int, Meta(ge=0)]


class ReplicaChunkQuery(Message, frozen=True):
    """Ask for one piece of the catalogue file, which must still be the one that was offered."""

    sha256: Identifier
    offset: Annotated[int, Meta(ge=0)]


class ReplicaChunk(Message, frozen=True):
    """A piece of the catalogue file; empty at its end."""

    offset: int
    content: Annotated[bytes, Meta(max_length=CHUNK_BYTES)]
