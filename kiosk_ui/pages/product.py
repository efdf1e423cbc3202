"""The page of one product."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aisle.messages import Problem, ProblemCode
from aisle.messages.visit import Recommendation, Recommended
from catalogue.products import Product
from kiosk_ui import places
from kiosk_ui.outbox import Answer
from kiosk_ui.pages import lists
from kiosk_ui.view import Fact, ProductPage, Row
from kiosk_ui.visit import Visit
from kiosk_ui.words import Words, words

if TYPE_CHECKING:
    from kiosk_ui.state import Kiosk

ROBOT_SILENT_S = 2.0


def product_page(kiosk: Kiosk, visit: Visit, table: Words, now_s: float) -> ProductPage:
    """Return everything about a product, and honest sentences where something is not known."""
    product = lists.shown(kiosk, visit)
    place = places.place(kiosk.shop, visit.product_id, kiosk.language) if product else None
    title, pairings, text = _pairings(kiosk, visit, table)
    is_starting = visit.tour is not None and visit.tour.accepted_s is None
    problem = (table.no_shelf, table.no_shelf_hint) if place is None else ("", "")
    return ProductPage(
        name=product.name if product else "",
        detail=lists.detail(kiosk, product) if product else "",
        price=lists.price(kiosk, product) if product else "",
        place=place,
        problem=problem if product else (table.unknown_product, ""),
        facts=_facts(product, table) if product else (),
        pairings_title=title,
        pairings=pairings,
        pairings_text=text,
        take_me_there=(table.starting if is_starting else table.take_me_there) if product and place else "",
        is_starting=is_starting,
        notice=visit.notice or (table.robot_away if kiosk.robot.silent_s(now_s) > ROBOT_SILENT_S and place else ""),
        map=places.map_sight(kiosk.shop, kiosk.language, visit.product_id, kiosk.robot.last, with_path=False)
        if place
        else None,
    )


def _facts(product: Product, table: Words) -> tuple[Fact, ...]:
    def mark(field: str) -> str:
        return table.demo_data if product.is_demo(field) else ""

    stars = product.stars
    mean = f"{stars:.1f}".replace(".", table.decimal_point) if stars else ""
    text = table.review_count.format(stars=mean, count=len(product.reviews)) if stars else table.no_reviews
    stock = table.in_stock.format(count=product.stock) if product.stock > 0 else table.sold_out
    return (
        Fact(table.allergens, _allergens(product, table), mark("allergens")),
        Fact(table.reviews, text, mark("reviews")),
        Fact(table.stock, stock, mark("stock")),
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
    details = [_reason(kiosk, item, table) for item in items]
    title = table.often_bought if visit.advice.answer.fallback else table.goes_with
    return title, lists.rows(kiosk, "pairing", [item.product_id for item in items], details), ""


def _reason(kiosk: Kiosk, item: Recommendation, table: Words) -> str:
    """Say the cause in the shopper's language; the causes are the adviser's own."""
    assert kiosk.shop is not None
    causes = [kiosk.shop.products[cause].name for cause in item.because if cause in kiosk.shop.products]
    return table.because.format(names=", ".join(causes)) if causes else table.also_bought


def refusal(answer: Answer, language: str) -> str:
    """Return a plain sentence for a tour that did not start."""
    table = words(language)
    if not isinstance(answer, Problem):
        return table.robot_away
    by_code = {ProblemCode.UNKNOWN_PRODUCT: table.unknown_product, ProblemCode.NO_SHELF: table.no_shelf}
    if answer.code is ProblemCode.BUSY and language == "en":
        return answer.sentence
    return by_code.get(answer.code, table.cannot_drive)
