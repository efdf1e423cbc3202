"""Where things are, as the screen shows it: in words, on the map and on the shelf."""

from __future__ import annotations

from aisle.messages.visit import RobotView, VisitState
from kiosk_ui.shop import Shop
from kiosk_ui.view import MapSight, Place, ShelfSight
from kiosk_ui.words import words
from store_model.drawing import bay_band
from store_model.places import place_text


def place(shop: Shop | None, product_id: int | None, language: str) -> Place | None:
    """Return where a product stands in words; None when nobody knows."""
    placement = shop.placement(product_id) if shop is not None and product_id is not None else None
    if shop is None or placement is None:
        return None
    table, bay = words(language), shop.plan.bays[placement.bay_id]
    aisle = shop.plan.aisle(bay.aisle_id).name
    parts = (
        (table.place_aisle, aisle.get(language, aisle["en"]).removeprefix(table.place_aisle).strip()),
        (table.place_bay, bay.bay_id),
        (table.place_shelf, shelf_words(placement.shelf, bay.shelf_count, language)),
    )
    return Place(place_text(shop.plan, placement, language), parts)


def shelf_words(shelf: int, shelf_count: int, language: str) -> str:
    """Return for example "2nd shelf from the bottom"; the lowest and the top one have names."""
    table = words(language)
    if shelf == 1:
        return table.lowest_shelf
    if shelf == shelf_count:
        return table.top_shelf
    ordinal = table.ordinals[shelf - 1] if shelf <= len(table.ordinals) else str(shelf)
    return table.shelf_from_bottom.format(ordinal=ordinal)


def map_sight(
    shop: Shop | None, language: str, product_id: int | None, robot: RobotView | None, *, with_path: bool = True
) -> MapSight | None:
    """Return the map with the product's bay, the robot and its path; None without a store plan.

    A robot that does not know where it is stands nowhere on the map.
    """
    if shop is None:
        return None
    if robot is not None and robot.visit is VisitState.ASTRAY:
        robot = None
    placement = shop.placement(product_id) if product_id is not None else None
    bay = shop.plan.bays[placement.bay_id] if placement is not None else None
    return MapSight(
        language=language,
        size_m=shop.plan.size_m,
        target=(bay.front_x_m, bay.front_y_m) if bay else None,
        bay=bay_band(bay, 0.5) if bay else (),
        robot=(round(robot.x_m, 1), round(robot.y_m, 1), round(robot.yaw_rad, 1)) if robot else None,
        path=robot.path if robot and with_path else (),
    )


def shelf_sight(shop: Shop | None, product_id: int | None) -> ShelfSight | None:
    """Return the bay of a product from the front; None when it is on no shelf."""
    placement = shop.placement(product_id) if shop is not None and product_id is not None else None
    if shop is None or placement is None:
        return None
    counts = [0] * shop.plan.bays[placement.bay_id].shelf_count
    for other in shop.bays[placement.bay_id]:
        if other.shelf <= len(counts):
            counts[other.shelf - 1] = max(counts[other.shelf - 1], other.facing)
    return ShelfSight(tuple(counts), placement.shelf, placement.facing)
