"""What a shop may give beside its purchases and products: promotions and stores."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from aisle_inference.purchases.promotions import read_promotions
from aisle_inference.purchases.stores import Stores, read_stores

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Further:
    """The files, and the mappings of their columns; None for what the shop does not give."""

    promotions: Path | None = None
    promotions_names: Path | None = None
    stores: Path | None = None
    stores_names: Path | None = None

    def read_promotions(self) -> pl.LazyFrame | None:
        """Return the checked promotions, still to be collected; None without a file. Raises PromotionProblem."""
        return None if self.promotions is None else read_promotions(self.promotions, self.promotions_names)

    def stores_of(self, rows: pl.DataFrame) -> Stores:
        """Return the stores of purchases, those of the file where there is one, and name in the log which are idle.

        Raises StoreProblem.
        """
        if self.stores is None:
            return Stores.of(rows)
        stores = Stores.of(rows, read_stores(self.stores, self.stores_names))
        _LOG.log(logging.WARNING if len(stores.unvisited) else logging.INFO, "%s: %s", self.stores, stores.sentence)
        return stores


NOTHING_FURTHER = Further()
