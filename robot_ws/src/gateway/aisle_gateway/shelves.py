"""The shelves of one store, read once from its directory."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from aisle_gateway.desk import ShelfPlace
from store_model.maps import shelf_pose
from store_model.plan import StorePlan, load_plan
from store_model.planogram import PLANOGRAM_FILE, Planogram, PlanogramError, load_planogram


@dataclass(frozen=True, slots=True)
class StoreShelves:
    """Placements of the planogram with the poses that the plan gives them."""

    plan: StorePlan
    planogram: Planogram
    products: frozenset[int]

    def knows(self, product_id: int) -> bool:
        """Tell whether the catalogue sells the product."""
        return product_id in self.products

    def place_of(self, product_id: int) -> ShelfPlace | None:
        """Return where the product stands; None when it is on no shelf."""
        placement = self.planogram.placement(product_id)
        if placement is None:
            return None
        return ShelfPlace(placement.bay_id, placement.shelf, shelf_pose(self.plan, placement.bay_id))


def load_shelves(store_dir: Path) -> StoreShelves:
    """Read plan, planogram and the product numbers of a store directory.

    Raises PlanError, PlanogramError (also for a product in a bay that the plan does not have) or ReplicaError.
    """
    from catalogue.replica import open_replica

    with open_replica(store_dir / "catalogue.sqlite") as replica:
        products = frozenset(product.product_id for product in replica.products())
    plan, planogram = load_plan(store_dir), load_planogram(store_dir)
    for placement in planogram.by_product.values():
        if placement.bay_id not in plan.bays:
            raise PlanogramError(
                f"{store_dir / PLANOGRAM_FILE}: product {placement.product_id} stands in bay '{placement.bay_id}', "
                f"which the plan '{plan.name}' does not have; run 'aisle store check {store_dir}'"
            )
    return StoreShelves(plan, planogram, products)
