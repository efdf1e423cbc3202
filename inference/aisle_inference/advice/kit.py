"""The kit: everything that a robot carries to advise. Arrays and forests, and nobody's purchases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from aisle_inference.advice.ranking import Scorer, ServedRanking
from aisle_inference.harness.queries import Task
from aisle_inference.purchases.products import Assortment
from aisle_inference.purchases.table import Indices
from aisle_inference.ranking.hazard import Hazards
from aisle_inference.ranking.kinds import KindLinks
from aisle_inference.ranking.links import Links
from aisle_inference.ranking.lore import Lore
from aisle_inference.ranking.newcomers import BorrowedLore
from aisle_inference.ranking.novelty import Novelty
from aisle_inference.ranking.promoted import Promoted
from aisle_inference.ranking.sales import Sales
from aisle_inference.ranking.sources import SOURCES
from aisle_inference.ranking.tastes import Tastes


@dataclass(frozen=True, slots=True)
class CarriedLore:
    """Lore as a robot carries it; `store_ids` (S,) ascending are the stores that it counts by.

    Of products that `is_new` (P,), because nobody bought them yet, it has what is known of their kin.
    """

    assortment: Assortment
    before_d: float
    sales: Sales
    links: Links
    kinds: KindLinks
    categories: KindLinks
    hazards: Hazards
    novelty: Novelty
    tastes: Tastes
    promoted: Promoted
    maker_and_kind: Indices
    store_ids: npt.NDArray[np.int64]
    is_new: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, lore: Lore, store_ids: npt.NDArray[np.int64]) -> CarriedLore:
        """Take every part of the lore, and fill in what is not known of new products."""
        whole = BorrowedLore(lore, lore.is_new)
        return cls(
            assortment=whole.assortment,
            before_d=whole.before_d,
            sales=whole.sales,
            links=whole.links,
            kinds=whole.kinds,
            categories=whole.categories,
            hazards=whole.hazards,
            novelty=whole.novelty,
            tastes=whole.tastes,
            promoted=whole.promoted,
            maker_and_kind=whole.maker_and_kind,
            store_ids=store_ids,
            is_new=whole.is_new,
        )

    def store_of(self, store_id: int | None) -> int:
        """Return the number of a store; -1 for one that nobody knows."""
        place = -1 if store_id is None else int(np.searchsorted(self.store_ids, store_id))
        return place if 0 <= place < len(self.store_ids) and self.store_ids[place] == store_id else -1


@dataclass(frozen=True, slots=True)
class Kit:
    """The lore, and the ranking of each task that was learnt; `place_of` finds a product by its number."""

    lore: CarriedLore
    rankings: Mapping[Task, ServedRanking]
    place_of: Mapping[int, int]

    @classmethod
    def of(cls, lore: CarriedLore, scorers: Mapping[Task, Scorer]) -> Kit:
        """Put the parts together."""
        rankings = {task: ServedRanking.of(SOURCES[task](lore), scorer) for task, scorer in scorers.items()}
        place_of = {int(number): place for place, number in enumerate(lore.assortment.product_ids)}
        return cls(lore, rankings, place_of)
