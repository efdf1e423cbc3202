"""From what the kiosk knows to what it shows: one function a screen, all sentences from the word tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from aisle.messages import Problem, ProblemCode
from aisle.messages.visit import Recommendation, Recommended, Screen, VisitState
from catalogue.products import Product, format_price
from kiosk_ui import places
from kiosk_ui.ideas import IDEAS
from kiosk_ui.outbox import Answer
from kiosk_ui.view import (
    ArrivalPage,
    AttractPage,
    CallPanel,
    Fact,
    GuidingPage,
    HomePage,
    MapSight,
    Page,
    ProductPage,
    Question,
    Row,
    ScorePage,
    SearchPage,
    ThanksPage,
    View,
)
from kiosk_ui.visit import TOPICS, Call, CallStatus, Ending, Visit
from kiosk_ui.words import LANGUAGES, Words, words

if TYPE_CHECKING:
    from kiosk_ui.state import Kiosk

ROWS = 5
SUGGESTIONS = 3
BEST_SELLERS = 20
CAPTION_S = 6.0
ROBOT_SILENT_S = 2.0
ROBOT_STANDS_S = 4.0


def view(kiosk: Kiosk, now_s: float) -> View:
    """Return everything that is to be shown at this instant."""
    table, visit = words(kiosk.language), kiosk.visit
    call = visit.call if visit else None
    return View(
        screen=kiosk.screen,
        page=_page(kiosk, table, now_s),
        title=_title(kiosk, table),
        language=kiosk.language,
        languages=tuple((code, one.name) for code, one in LANGUAGES.items()),
        back=table.back if kiosk.screen in (Screen.SEARCH, Screen.PRODUCT) else "",
        home=table.home if kiosk.screen in (Screen.SEARCH, Screen.PRODUCT, Screen.ARRIVAL) and not _thanks(visit) else "",
        call=table.person_called if call is not None and call.status is CallStatus.ARRIVED else table.call_person,
        is_called=call is not None and call.status is CallStatus.ARRIVED,
        panel=_panel(call, table) if call is not None and call.is_open else None,
        offline=table.offline if kiosk.backend_is_lost else "",
        caption=_caption(kiosk, table, now_s),
    )


def _thanks(visit: Visit | None) -> bool:
    return visit is not None and visit.thanked_s is not None


def _title(kiosk: Kiosk, table: Words) -> str:
    visit = kiosk.visit
    if kiosk.screen is Screen.HOME:
        return table.home_title
    if kiosk.screen is Screen.SEARCH and visit is not None:
        return {"know": table.ask_know, "go": table.ask_go, "buy": table.ask_buy, "do": table.ask_do}[visit.topic]
    return ""


def _caption(kiosk: Kiosk, table: Words, now_s: float) -> str:
    """Return what the robot said aloud a moment ago, for those who did not hear it."""
    robot = kiosk.robot
    if kiosk.screen is not Screen.ATTRACT or now_s - robot.captioned_s > CAPTION_S:
        return ""
    return table.spoken.get(robot.caption, robot.caption)


def _page(kiosk: Kiosk, table: Words, now_s: float) -> Page:
    visit = kiosk.visit
    if visit is None or kiosk.screen is Screen.ATTRACT:
        return _attract(kiosk, table)
    match kiosk.screen:
        case Screen.SEARCH:
            return _search(kiosk, visit, table)
        case Screen.PRODUCT:
            return _product(kiosk, visit, table, now_s)
        case Screen.GUIDING:
            return _guiding(kiosk, visit, table, now_s)
        case Screen.ARRIVAL:
            return _arrival(kiosk, visit, table)
    return _home(kiosk, table)


def _attract(kiosk: Kiosk, table: Words) -> AttractPage:
    return AttractPage(
        title=table.attract_title, text=table.attract_text, start=table.attract_start, notice=table.machine_notice,
        map=places.map_sight(kiosk.shop, kiosk.language, None, kiosk.robot.last, with_path=False),
    )


# Home


def suggested_products(kiosk: Kiosk) -> tuple[int, ...]:
    """Return the products that the home screen suggests."""
    return kiosk.shop.best_sellers(SUGGESTIONS) if kiosk.shop else ()


def _home(kiosk: Kiosk, table: Words) -> HomePage:
    titles = (table.know, table.go, table.buy, table.do)
    hints = (table.know_hint, table.go_hint, table.buy_hint, table.do_hint)
    return HomePage(
        questions=tuple(Question(*one) for one in zip(TOPICS, titles, hints, strict=True)),
        suggestions_title=table.often_bought,
        suggestions=_rows(kiosk, "suggestion", suggested_products(kiosk)),
        problem="" if kiosk.shop else table.no_catalogue,
    )


def _rows(kiosk: Kiosk, control: str, products: Sequence[int], details: Sequence[str] = ()) -> tuple[Row, ...]:
    assert kiosk.shop is not None or not products
    rows = []
    for index, product_id in enumerate(products):
        product = kiosk.shop.product(product_id) if kiosk.shop else None
        if product is not None:
            detail = details[index] if details and details[index] else _detail(kiosk, product)
            rows.append(Row(f"{control}:{index}", product.name, detail, _price(kiosk, product)))
    return tuple(rows)


def _detail(kiosk: Kiosk, product: Product) -> str:
    table = words(kiosk.language)
    brand = table.store_brand if product.brand_kind == "private" else table.national_brand
    return f"{product.size}  ·  {brand}" if product.size else brand


def _price(kiosk: Kiosk, product: Product) -> str:
    return format_price(product.price_cents, kiosk.shop.currency if kiosk.shop else "USD", kiosk.language)


# Search


def picks(kiosk: Kiosk) -> tuple[str, ...]:
    """Return the departments or ideas to pick from; empty while something is typed or picked, or for other topics."""
    visit, shop = kiosk.visit, kiosk.shop
    if visit is None or shop is None or visit.query.strip() or visit.pick:
        return ()
    if visit.topic == "go":
        return tuple(one.department_id for one in shop.plan.departments if shop.department_categories(one.department_id))
    if visit.topic == "do":
        return tuple(key for key, categories in IDEAS.items() if shop.best_sellers(1, categories))
    return ()


def listed_products(kiosk: Kiosk) -> tuple[int, ...]:
    """Return the products that the search screen lists, over all its pages."""
    visit, shop = kiosk.visit, kiosk.shop
    if visit is None or shop is None or picks(kiosk):
        return ()
    if visit.is_asking:
        return tuple(hit.product.product_id for hit in visit.hits)
    if not visit.pick:
        return shop.best_sellers(BEST_SELLERS)
    categories = IDEAS.get(visit.pick) or shop.department_categories(visit.pick)
    return shop.best_sellers(BEST_SELLERS, categories)


def next_first_row(kiosk: Kiosk) -> int:
    """Return where the next page of the list begins; the first page comes after the last."""
    assert kiosk.visit is not None
    following = kiosk.visit.first_row + ROWS
    return following if following < len(picks(kiosk) or listed_products(kiosk)) else 0


def _search(kiosk: Kiosk, visit: Visit, table: Words) -> SearchPage:
    chosen, listed, first = picks(kiosk), listed_products(kiosk), visit.first_row
    rows = _pick_rows(kiosk, chosen[first : first + ROWS]) if chosen else _found_rows(kiosk, visit, listed, table)
    return SearchPage(
        query=visit.query,
        placeholder=table.type_here,
        rows_title=_rows_title(kiosk, visit, table) if rows else "",
        rows=rows,
        more=table.more if len(chosen or listed) > ROWS else "",
        empty=("", "") if rows else _nothing(kiosk, visit, table),
        keyboard=table.keyboard,
        space=table.space,
    )


def _pick_rows(kiosk: Kiosk, chosen: Sequence[str]) -> tuple[Row, ...]:
    return tuple(Row(f"pick:{index}", _pick_name(kiosk, pick)) for index, pick in enumerate(chosen))


def _pick_name(kiosk: Kiosk, pick: str) -> str:
    names = words(kiosk.language).idea_names
    if pick in names:
        return names[pick]
    departments = kiosk.shop.plan.departments if kiosk.shop else ()
    name = next(one.name for one in departments if one.department_id == pick)
    return name.get(kiosk.language, name["en"])


def _found_rows(kiosk: Kiosk, visit: Visit, listed: Sequence[int], table: Words) -> tuple[Row, ...]:
    shown = slice(visit.first_row, visit.first_row + ROWS)
    unmatched = [hit.unmatched for hit in visit.hits[shown]] if visit.is_asking else []
    details = [table.not_sure_about.format(words=", ".join(one)) if one else "" for one in unmatched]
    return _rows(kiosk, "result", listed[shown], details)


def _rows_title(kiosk: Kiosk, visit: Visit, table: Words) -> str:
    if visit.is_asking:
        return table.results
    if visit.pick:
        return _pick_name(kiosk, visit.pick)
    return {"go": table.departments, "do": table.ideas}.get(visit.topic, table.often_bought)


def _nothing(kiosk: Kiosk, visit: Visit, table: Words) -> tuple[str, str]:
    if kiosk.shop is None:
        return table.no_catalogue, ""
    return table.nothing_found.format(query=visit.query.strip()), table.nothing_found_hint


# Product


def _shown(kiosk: Kiosk, visit: Visit) -> Product | None:
    return kiosk.shop.product(visit.product_id) if kiosk.shop and visit.product_id is not None else None


def _product(kiosk: Kiosk, visit: Visit, table: Words, now_s: float) -> ProductPage:
    product = _shown(kiosk, visit)
    place = places.place(kiosk.shop, visit.product_id, kiosk.language)
    title, pairings, text = _pairings(kiosk, visit, table)
    is_starting = visit.tour is not None and visit.tour.accepted_s is None
    problem = (table.no_shelf, table.no_shelf_hint) if place is None else ("", "")
    return ProductPage(
        name=product.name if product else "",
        detail=_detail(kiosk, product) if product else "",
        price=_price(kiosk, product) if product else "",
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
    text = table.review_count.format(stars=f"{stars:.1f}", count=len(product.reviews)) if stars else table.no_reviews
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


def paired_products(kiosk: Kiosk) -> tuple[Recommendation, ...]:
    """Return the recommended products that the catalogue has; what it does not have is not shown."""
    advice = kiosk.visit.advice if kiosk.visit else None
    if advice is None or kiosk.shop is None or not isinstance(advice.answer, Recommended):
        return ()
    known = kiosk.shop.products
    return tuple(item for item in advice.answer.items if item.product_id in known)[:SUGGESTIONS]


def _pairings(kiosk: Kiosk, visit: Visit, table: Words) -> tuple[str, tuple[Row, ...], str]:
    """Return title, rows and, when there are none, a sentence that says why."""
    if visit.advice is None or _shown(kiosk, visit) is None:
        return "", (), ""
    if visit.advice.answer is None:
        return table.goes_with, (), table.advice_coming
    items = paired_products(kiosk)
    if not items or not isinstance(visit.advice.answer, Recommended):
        return table.goes_with, (), table.advice_missing
    details = [_reason(kiosk, item, table) for item in items]
    title = table.often_bought if visit.advice.answer.fallback else table.goes_with
    return title, _rows(kiosk, "pairing", [item.product_id for item in items], details), ""


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


# Guiding


def _guiding(kiosk: Kiosk, visit: Visit, table: Words, now_s: float) -> GuidingPage:
    product, robot = _shown(kiosk, visit), kiosk.robot
    title, hint, is_problem = _progress(kiosk, visit, table, now_s)
    left_m = robot.now.distance_left_m if robot.now else None
    return GuidingPage(
        title=title,
        hint=hint,
        is_problem=is_problem,
        name=product.name if product else "",
        price=_price(kiosk, product) if product else "",
        place=places.place(kiosk.shop, visit.product_id, kiosk.language),
        metres_left="" if left_m is None or is_problem else table.metres_left.format(metres=max(1, round(left_m))),
        cancel=table.cancel_tour,
        map=places.map_sight(kiosk.shop, kiosk.language, visit.product_id, robot.last),
    )


def _progress(kiosk: Kiosk, visit: Visit, table: Words, now_s: float) -> tuple[str, str, bool]:
    robot, tour = kiosk.robot, visit.tour
    if robot.silent_s(now_s) > ROBOT_SILENT_S:
        return table.robot_lost, table.robot_lost_hint, True
    doing = robot.last.visit if robot.last else VisitState.GUIDING
    if doing is VisitState.CALLING:
        return table.blocked, table.blocked_hint, True
    if doing is VisitState.STOPPED:
        return table.stopped, table.stopped_hint, True
    if doing is VisitState.PAUSED:
        return table.waiting_for_you, table.waiting_hint, False
    if tour is not None and now_s - tour.moved_s > ROBOT_STANDS_S:
        return table.way_is_busy, table.busy_hint, False
    return table.follow_me, table.follow_hint, False


# Arrival


def _arrival(kiosk: Kiosk, visit: Visit, table: Words) -> Page:
    match visit.ending:
        case Ending.SCORING:
            return ScorePage(title=table.question, hard=table.hard, easy=table.easy, skip=table.skip)
        case Ending.THANKS:
            return ThanksPage(title=table.thanks, text=table.thanks_hint, home=table.something_else)
    product, is_sorry = _shown(kiosk, visit), visit.ending is Ending.SORRY
    place = places.place(kiosk.shop, visit.product_id, kiosk.language)
    sorry = (("similar", table.similar), ("done", table.that_is_all))
    looking = (("found", table.found), ("not_here", table.not_here))
    return ArrivalPage(
        name=product.name if product else "",
        detail=_detail(kiosk, product) if product else "",
        price=_price(kiosk, product) if product else "",
        title=table.sorry if is_sorry else table.arrived,
        text=table.sorry_hint if is_sorry else (place.sentence if place else ""),
        place=place,
        shelf=places.shelf_sight(kiosk.shop, visit.product_id),
        shelf_title=table.this_bay,
        buttons=sorry if is_sorry else looking,
    )


# A person


def _panel(call: Call, table: Words) -> CallPanel:
    match call.status:
        case CallStatus.SENDING:
            return CallPanel(table.call_sending, table.call_sending_hint, table.close, "busy")
        case CallStatus.LATE:
            return CallPanel(table.call_late, table.call_late_hint, table.close, "problem")
        case CallStatus.REFUSED:
            return CallPanel(table.call_refused, table.call_refused_hint, table.close, "problem")
    return CallPanel(table.call_arrived, _queue(call.waiting_before, table), table.close, "good")


def _queue(before: int, table: Words) -> str:
    if before == 0:
        return table.call_next
    return table.call_one_before if before == 1 else table.call_many_before.format(count=before)
