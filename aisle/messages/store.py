"""Messages about products and the catalogue replica."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from aisle.messages.base import Identifier, Message, Text

CHUNK_BYTES = 512 * 1024


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
    """What is known of one product: `count` None is unknown; `age_s` is how long ago it was counted, None unknown.

    `is_demo` marks a generated figure.
    """

    product_id: int
    count: Annotated[int, Meta(ge=0)] | None
    age_s: Annotated[float, Meta(ge=0.0)] | None = None
    is_demo: bool = False


class StockLevels(Message, frozen=True):
    """One level for each product that was asked for, in that order."""

    levels: tuple[StockLevel, ...]


class StockCounted(Message, frozen=True):
    """Somebody has counted a product on its shelf."""

    product_id: int
    count: Annotated[int, Meta(ge=0, le=100_000)]


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
