"""What is said about how many there are, how old that is, and what could be bought instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk_ui import places, stocks
from kiosk_ui.pages import lists
from kiosk_ui.stocks import Level
from kiosk_ui.view import Fact, Row
from kiosk_ui.words import Words

if TYPE_CHECKING:
    from kiosk_ui.state import Kiosk

_HOUR_S, _DAY_S = 3600.0, 86_400.0


def fact(level: Level, table: Words, now_s: float) -> Fact:
    """Return the line of the product's page."""
    text = table.stock_unknown
    if level.count is not None:
        text = table.in_stock.format(count=level.count) if level.count > 0 else table.sold_out
    if level.counted_s is not None:
        text = f"{text}, {table.counted.format(age=age(now_s - level.counted_s, table))}"
    return Fact(table.stock, text, table.demo_data if level.is_demo else "")


def sold_out(level: Level, table: Words, now_s: float) -> str:
    """Return the sentence for a product that is sold out, with how old that knowledge is; empty for any other."""
    if not level.is_sold_out:
        return ""
    if level.counted_s is None:
        return f"{table.sold_out_unsure} ({table.demo_data})" if level.is_demo else table.sold_out_unsure
    return table.sold_out_since.format(age=age(now_s - level.counted_s, table))


def age(age_s: float, table: Words) -> str:
    """Return how long ago something was, in the largest unit that fits."""
    if age_s < 90.0:
        return table.just_now
    if age_s < 1.5 * _HOUR_S:
        return table.minutes_ago.format(count=round(age_s / 60.0))
    if age_s < 1.5 * _DAY_S:
        return table.hours_ago.format(count=round(age_s / _HOUR_S))
    return table.days_ago.format(count=round(age_s / _DAY_S))


def level_of(kiosk: Kiosk, product_id: int | None) -> Level:
    """Return the newest that is known of a product."""
    return stocks.level(kiosk.shop, kiosk.told, product_id)


def alternatives(kiosk: Kiosk, table: Words) -> tuple[str, tuple[Row, ...], str]:
    """Return title, rows with their places and, when there are none, a sentence that says so."""
    instead = lists.alternative_products(kiosk)
    spots = [places.place(kiosk.shop, one, kiosk.language) for one in instead]
    details = ["  ·  ".join(value for _, value in spot.parts) if spot else "" for spot in spots]
    aisle = f"{table.place_aisle} "
    rows = lists.rows(kiosk, "alternative", instead, [aisle + one if one else "" for one in details])
    return table.instead, rows, "" if rows else table.no_alternative
