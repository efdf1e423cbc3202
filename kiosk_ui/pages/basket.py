"""The shopper's list, and the code with which it goes to a till or is fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aisle.messages.memory import Purpose
from catalogue.products import format_price
from kiosk_ui import basket, keeping, qr
from kiosk_ui.hand_off import LATE_S, UNDER_WAY, HandOff, Standing, Way
from kiosk_ui.pages import lists
from kiosk_ui.pages.product import reason
from kiosk_ui.view import BasketPage, CodePage, ListLine, Mood, Page
from kiosk_ui.visit import Visit
from kiosk_ui.words import Words

if TYPE_CHECKING:
    from kiosk_ui.state import Kiosk

_GROUP = 4


def page(kiosk: Kiosk, visit: Visit, table: Words, now_s: float) -> Page:
    """Return the list, or the code while it is on its way."""
    if visit.hand_off is not None:
        return _code(kiosk, visit.hand_off, table, now_s)
    shown = visit.basket.products[visit.first_line : visit.first_line + lists.ROWS]
    items = lists.completing_products(kiosk)
    is_empty = not visit.basket.units
    return BasketPage(
        lines=tuple(_line(kiosk, visit, index, product_id) for index, product_id in enumerate(shown)),
        more=table.more if len(visit.basket.products) > lists.ROWS else "",
        empty=(table.list_empty, table.list_empty_hint) if is_empty else ("", ""),
        wishes=_wishes(kiosk, visit, table),
        together=table.together,
        total=_money(kiosk, basket.total_cents(basket.priced(visit.basket, kiosk.shop))),
        ways=()
        if is_empty
        else (("to_till", table.to_till, table.to_till_hint), ("lay_ready", table.lay_ready, table.lay_ready_hint)),
        advice_title=table.goes_with_list if items else "",
        advice=lists.rows(
            kiosk, "completing", [item.product_id for item in items], [reason(kiosk, item, table) for item in items]
        ),
    )


def _wishes(kiosk: Kiosk, visit: Visit, table: Words) -> tuple[str, str]:
    """Return control and label for who has a wish list: take what is on it, or keep what is not."""
    if lists.open_wishes(kiosk):
        return "take_wishes", table.take_wishes
    kept = set(keeping.wishes(visit))
    is_new = Purpose.WISH_LIST in visit.remembering.usable and any(one not in kept for one in visit.basket.products)
    return ("keep_list", table.keep_list) if is_new else ("", "")


def _line(kiosk: Kiosk, visit: Visit, index: int, product_id: int) -> ListLine:
    product = kiosk.shop.product(product_id) if kiosk.shop else None
    count = visit.basket.count(product_id)
    if product is None:
        return ListLine(index, str(product_id), "", count, "")
    each = "" if count == 1 else f"{count} × {lists.price(kiosk, product)}"
    detail = "  ·  ".join(part for part in (product.size, each) if part)
    return ListLine(index, product.name, detail, count, _money(kiosk, count * product.price_cents))


def _money(kiosk: Kiosk, cents: int) -> str:
    return format_price(cents, kiosk.shop.currency if kiosk.shop else "USD", kiosk.language)


def _code(kiosk: Kiosk, hand_off: HandOff, table: Words, now_s: float) -> CodePage:
    is_good = hand_off.standing in UNDER_WAY
    title, text, mood = _words(hand_off, table, now_s)
    total = basket.total_cents(hand_off.lines)
    number = hand_off.number
    buttons: tuple[tuple[str, str], ...] = ()
    if hand_off.standing is Standing.DONE:
        buttons = (("i_am_done", table.that_is_all),)
    elif hand_off.can_be_taken_back or not hand_off.is_under_way:
        buttons = (("change_list", table.change_list),)
    return CodePage(
        title=title,
        text=text,
        mood=mood,
        code=qr.modules(number) if is_good else (),
        number_label=table.number if is_good else "",
        number=" ".join(number[at : at + _GROUP] for at in range(0, len(number), _GROUP)) if is_good else "",
        total=table.total_of.format(price=_money(kiosk, total)) if total and is_good else "",
        buttons=buttons,
    )


def _words(hand_off: HandOff, table: Words, now_s: float) -> tuple[str, str, Mood]:
    is_till = hand_off.way is Way.TILL
    match hand_off.standing:
        case Standing.SENDING if now_s - hand_off.since_s > LATE_S:
            return table.starting, table.code_late, "problem"
        case Standing.SENDING:
            return table.starting, "", "busy"
        case Standing.OPEN:
            return (table.till_open, table.till_open_hint, "good") if is_till else _ordered(table)
        case Standing.TAKEN:
            return (table.till_taken, table.till_taken_hint, "good") if is_till else _ordered(table, table.collecting)
        case Standing.READY:
            return table.order_ready, table.order_ready_hint, "good"
        case Standing.DONE:
            return (table.paid if is_till else table.fetched), table.thanks_hint, "good"
        case Standing.GIVEN_BACK:
            return table.given_back, table.nothing_charged, "problem"
        case Standing.ENDED:
            return table.code_ended, table.nothing_charged, "problem"
        case Standing.PRICES:
            return table.prices_changed, table.prices_changed_hint, "problem"
        case Standing.SOLD_OUT:
            return table.not_enough, table.not_enough_hint, "problem"
    return table.not_possible, table.nothing_charged, "problem"


def _ordered(table: Words, title: str = "") -> tuple[str, str, Mood]:
    return title or table.ordered, table.ordered_hint, "good"
