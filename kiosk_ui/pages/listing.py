"""The two buttons by which other pages reach the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk_ui import keeping
from kiosk_ui.visit import Visit
from kiosk_ui.words import Words

if TYPE_CHECKING:
    from kiosk_ui.state import Kiosk


def put_on_list(kiosk: Kiosk, visit: Visit, table: Words) -> str:
    """Return what the button says that puts the product on the list; nothing while the list is handed over."""
    if kiosk.shop is None or (visit.hand_off is not None and visit.hand_off.is_under_way):
        return ""
    count = visit.basket.count(visit.product_id)
    return table.on_list.format(count=count) if count else table.put_on_list


def button(visit: Visit, table: Words) -> str:
    """Return what the button says that shows the list; nothing while there is nothing to show."""
    if visit.hand_off is not None and visit.hand_off.is_under_way:
        return table.my_code
    has_something = visit.basket.units or keeping.wishes(visit)
    return table.my_list.format(count=visit.basket.units) if has_something else ""
