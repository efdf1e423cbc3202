"""Fewer of a shop's purchases or products, with everything that counts into them counted anew."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from aisle_inference.purchases.products import Assortment
from aisle_inference.purchases.table import Indices, Purchases

Mask = npt.NDArray[np.bool_]


def only_events(bought: Purchases, kept: Mask) -> Purchases:
    """Return the purchases with the events (E,) that are kept; trips left without one are gone, households stay."""
    trips = np.unique(bought.trip[kept])
    trip = np.searchsorted(trips, bought.trip[kept]).astype(np.int32)
    household, trip_household = bought.household[kept], bought.trip_household[trips]
    households = np.arange(bought.households + 1)
    return replace(
        bought,
        household=household,
        store=bought.store[kept],
        product=bought.product[kept],
        time_d=bought.time_d[kept],
        trip=trip,
        quantity=bought.quantity[kept],
        paid=bought.paid[kept],
        discount=bought.discount[kept],
        household_start=np.searchsorted(household, households).astype(np.int64),
        trip_household=trip_household,
        trip_store=bought.trip_store[trips],
        trip_time_d=bought.trip_time_d[trips],
        trip_start=np.searchsorted(trip, np.arange(len(trips) + 1)).astype(np.int64),
        household_trip_start=np.searchsorted(trip_household, households).astype(np.int64),
    )


def only_products(bought: Purchases, kept: Mask) -> Purchases:
    """Return the purchases of the products (P,) that are kept, which are numbered anew."""
    fewer = only_events(bought, kept[bought.product])
    number = (np.cumsum(kept) - 1).astype(np.int32)
    return replace(fewer, product_ids=bought.product_ids[kept], product=number[fewer.product])


def only_wares(assortment: Assortment, kept: Mask) -> Assortment:
    """Return what is known of the products (P,) that are kept; codes are numbered anew, with the names still used."""
    department, department_names = _renumbered(assortment.department[kept], assortment.department_names)
    category, category_names = _renumbered(assortment.category[kept], assortment.category_names)
    kind, kind_names = _renumbered(assortment.kind[kept], assortment.kind_names)
    package, package_names = _renumbered(assortment.package[kept], assortment.package_names)
    return Assortment(
        product_ids=assortment.product_ids[kept],
        department=department,
        category=category,
        kind=kind,
        manufacturer=_renumbered(assortment.manufacturer[kept])[0],
        package=package,
        label=_renumbered(assortment.label[kept])[0],
        brand_private=assortment.brand_private[kept],
        variants=assortment.variants[kept],
        department_names=department_names,
        category_names=category_names,
        kind_names=kind_names,
        package_names=package_names,
    )


def _renumbered(codes: Indices, names: tuple[str, ...] = ()) -> tuple[Indices, tuple[str, ...]]:
    used, code = np.unique(codes, return_inverse=True)
    return code.astype(np.int32), tuple(names[one] for one in used) if names else ()
