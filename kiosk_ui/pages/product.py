"""The page of one product."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aisle.messages import Problem, ProblemCode
from aisle.messages.advice import Cause, Recommendation, Recommended
from aisle.messages.visit import VisitState
from catalogue.products import Product
from kiosk_ui import places
from kiosk_ui.lanes import Answer
from kiosk_ui.pages import listing, lists, stock
from kiosk_ui.view import Fact, ProductPage, Row
from kiosk_ui.visit import Robot, Visit
from kiosk_ui.words import Words, words

if TYPE_CHECKING:
    from kiosk_ui.state import Kiosk

ROBOT_SILENT_S = 4.0
"""A gateway that is started again is silent for a while; a shopper need not hear of every moment of it."""
NOT_DRIVING = (VisitState.STOPPED, VisitState.ASTRAY)


def product_page(kiosk: Kiosk, visit: Visit, table: Words, now_s: float) -> ProductPage:
    """Return everything about a product, and honest sentences where something is not known."""
    product = lists.shown(kiosk, visit)
    place = places.place(kiosk.shop, visit.product_id, kiosk.language) if product else None
    level = stock.level_of(kiosk, visit.product_id)
    sold_out = stock.sold_out(level, table, now_s) if product else ""
    title, rows, text = stock.alternatives(kiosk, table) if sold_out else _pairings(kiosk, visit, table)
    is_starting = visit.tour is not None and visit.tour.accepted_s is None
    problem = (table.no_shelf, table.no_shelf_hint) if place is None else ("", "")
    return ProductPage(
        name=product.name if product else "",
        detail=lists.detail(kiosk, product) if product else "",
        price=lists.price(kiosk, product) if product else "",
        place=place,
        problem=problem if product else (table.unknown_product, ""),
        facts=_facts(product, stock.fact(level, table, now_s), table) if product else (),
        pairings_title=title,
        pairings=rows,
        pairings_text=text,
        sold_out=sold_out,
        take_me_there=_wish(kiosk, table, is_starting, bool(sold_out)) if product and place else "",
        put_on_list="" if sold_out or not product else listing.put_on_list(kiosk, visit, table),
        is_starting=is_starting,
        notice=visit.notice or (standing(kiosk.robot, table, now_s) if place else ""),
        map=places.map_sight(kiosk.shop, kiosk.language, visit.product_id, kiosk.robot.last, with_path=False)
        if place
        else None,
    )


def _wish(kiosk: Kiosk, table: Words, is_starting: bool, is_sold_out: bool) -> str:
    """Return what the button for a tour says; none is offered while the robot charges."""
    if kiosk.robot.doing is VisitState.CHARGING:
        return ""
    if is_starting:
        return table.starting
    return table.show_shelf if is_sold_out else table.take_me_there


def standing(robot: Robot, table: Words, now_s: float) -> str:
    """Return why the robot cannot drive now, or an empty sentence."""
    if robot.doing is VisitState.CHARGING:
        return table.must_charge
    is_away = robot.silent_s(now_s) > ROBOT_SILENT_S or robot.doing in NOT_DRIVING
    return table.robot_away if is_away else ""


def _facts(product: Product, stock_fact: Fact, table: Words) -> tuple[Fact, ...]:
    def mark(field: str) -> str:
        return table.demo_data if product.is_demo(field) else ""

    stars = product.stars
    mean = f"{stars:.1f}".replace(".", table.decimal_point) if stars else ""
    text = table.review_count.format(stars=mean, count=len(product.reviews)) if stars else table.no_reviews
    return (
        Fact(table.allergens, _allergens(product, table), mark("allergens")),
        Fact(table.reviews, text, mark("reviews")),
        stock_fact,
        Fact(table.ean, product.ean, mark("ean")),
    )


def _allergens(product: Product, table: Words) -> str:
    """Return the declared allergens; nothing known is "unknown", never "none"."""
    if product.allergens is None:
        return table.allergens_unknown
    return ", ".join(table.allergen_names.get(one, one) for one in product.allergens) or table.allergens_none


def _pairings(kiosk: Kiosk, visit: Visit, table: Words) -> tuple[str, tuple[Row, ...], str]:
    """Return title, rows and, when there are none, a sentence that says why."""
    if visit.advice is None or lists.shown(kiosk, visit) is None:
        return "", (), ""
    if visit.advice.answer is None:
        return table.goes_with, (), table.advice_coming
    items = lists.paired_products(kiosk)
    if not items or not isinstance(visit.advice.answer, Recommended):
        return table.goes_with, (), table.advice_missing
    details = [reason(kiosk, item, table) for item in items]
    title = table.often_bought if visit.advice.answer.fallback else table.goes_with
    return title, lists.rows(kiosk, "pairing", [item.product_id for item in items], details), ""


def reason(kiosk: Kiosk, item: Recommendation, table: Words) -> str:
    """Say the cause in the shopper's language; the causes are the adviser's own."""
    assert kiosk.shop is not None
    names = ", ".join(kiosk.shop.products[cause].name for cause in item.because if cause in kiosk.shop.products)
    match item.cause:
        case Cause.BASKET if names:
            return table.because.format(names=names)
        case Cause.TASTE if names:
            return table.taste.format(names=names)
        case Cause.WHOLE_BASKET:
            return table.whole_basket
        case Cause.OWN:
            return table.bought_every.format(days=item.every_days) if item.every_days else table.bought_before
        case Cause.STORE:
            return table.also_bought
        case Cause.NEW:
            return table.new_with.format(names=names) if names else table.new_kind
    return table.small_reasons


def refusal(answer: Answer, language: str) -> str:
    """Return a plain sentence for a tour that did not start."""
    table = words(language)
    if not isinstance(answer, Problem):
        return table.robot_away
    by_code = {
        ProblemCode.UNKNOWN_PRODUCT: table.unknown_product,
        ProblemCode.NO_SHELF: table.no_shelf,
        ProblemCode.NOT_READY: table.robot_away,
    }
    if answer.code is ProblemCode.BUSY:
        return answer.sentence if language == "en" else table.spoken.get(answer.sentence, table.cannot_drive)
    return by_code.get(answer.code, table.cannot_drive)
