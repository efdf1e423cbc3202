"""Who stands where: products spread over the bays of their department, so that categories stay together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from store_model.plan import Bay, StorePlan
from store_model.planogram import Placement


class ShelfSpaceError(ValueError):
    """More products than the shelves of a department can hold; the message says how many of each."""


@dataclass(frozen=True, slots=True)
class ShelfItem:
    """A product to be placed; items of a department come in the order in which they shall stand."""

    product_id: int
    department_id: str


def place_products(plan: StorePlan, items: Iterable[ShelfItem], facing_width_m: float) -> Iterator[Placement]:
    """Yield a placement for every item, department by department along the shelf walk.

    Every bay of a department is filled to the same degree, so neighbours in the order of `items` are neighbours in the
    store. Raises ShelfSpaceError when a department has too few shelves.
    """
    by_department: dict[str, list[int]] = {}
    for item in items:
        by_department.setdefault(item.department_id, []).append(item.product_id)
    walk = [plan.bays[bay_id] for bay_id in plan.shelf_walk]
    for department_id, product_ids in by_department.items():
        bays = [bay for bay in walk if bay.department_id == department_id]
        yield from _fill_department(department_id, product_ids, bays, facing_width_m)


def bay_capacity(bay: Bay, facing_width_m: float) -> int:
    """Return how many different products a bay holds."""
    return bay.shelf_count * _per_shelf(bay, facing_width_m)


def _per_shelf(bay: Bay, facing_width_m: float) -> int:
    return int(bay.width_m / facing_width_m + 1e-9)


def _fill_department(
    department_id: str, product_ids: Sequence[int], bays: Sequence[Bay], facing_width_m: float
) -> Iterator[Placement]:
    capacities = [bay_capacity(bay, facing_width_m) for bay in bays]
    total = sum(capacities)
    if len(product_ids) > total:
        raise ShelfSpaceError(
            f"department '{department_id}' has {len(product_ids)} products for {total} places in {len(bays)} bays; "
            "give it more bays in the plan or lower products_on_shelves in assortment.yaml"
        )
    start, room = 0, 0
    for bay, capacity in zip(bays, capacities, strict=True):
        room += capacity
        end = len(product_ids) * room // total
        yield from _fill_bay(bay, product_ids[start:end])
        start = end


def _fill_bay(bay: Bay, product_ids: Sequence[int]) -> Iterator[Placement]:
    """Spread products over the shelves of a bay, from the top shelf down and from left to right."""
    count, shelves = len(product_ids), bay.shelf_count
    for row in range(shelves):
        shelf = shelves - row
        for facing, product_id in enumerate(product_ids[count * row // shelves : count * (row + 1) // shelves], 1):
            yield Placement(product_id, bay.fixture_id, bay.bay_id, shelf, facing)
