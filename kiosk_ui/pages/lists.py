"""Which products, departments and ideas a screen lists, and how one line of a list reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from aisle.messages.advice import Recommendation, Recommended
from catalogue.products import Product, format_price
from kiosk_ui import keeping, stocks
from kiosk_ui.ideas import IDEAS
from kiosk_ui.lanes import Answer
from kiosk_ui.view import Row
from kiosk_ui.visit import Visit
from kiosk_ui.words import words

if TYPE_CHECKING:
    from kiosk_ui.state import Kiosk

ROWS = 5
SUGGESTIONS = 3
NEARBY = 2
BEST_SELLERS = 20


def suggested_products(kiosk: Kiosk) -> tuple[int, ...]:
    """Return the products that the home screen suggests."""
    sellers = kiosk.shop.best_sellers(BEST_SELLERS) if kiosk.shop else ()
    present = (one for one in sellers if not stocks.level(kiosk.shop, kiosk.told, one).is_sold_out)
    return tuple(present)[:SUGGESTIONS]


def picks(kiosk: Kiosk) -> tuple[str, ...]:
    """Return the departments or ideas to pick from; empty while something is typed or picked, or for other topics."""
    visit, shop = kiosk.visit, kiosk.shop
    if visit is None or shop is None or visit.query.strip() or visit.pick:
        return ()
    if visit.topic == "go":
        departments = (one.department_id for one in shop.plan.departments)
        return tuple(key for key in departments if shop.department_categories(key))
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


def paired_products(kiosk: Kiosk) -> tuple[Recommendation, ...]:
    """Return the recommended products that the catalogue has; what it does not have is not shown."""
    advice = kiosk.visit.advice if kiosk.visit else None
    return _shown_items(kiosk, advice.answer, {advice.product_id}) if advice is not None else ()


def completing_products(kiosk: Kiosk) -> tuple[Recommendation, ...]:
    """Return what goes with the whole list; popularity alone is no reason to be there."""
    visit = kiosk.visit
    if visit is None or visit.completing is None or visit.completing.fallback:
        return ()
    return _shown_items(kiosk, visit.completing, set(visit.basket.counts))


def reminding_products(kiosk: Kiosk) -> tuple[Recommendation, ...]:
    """Return what a shopper who allowed it may want again."""
    visit = kiosk.visit
    if visit is None or visit.reminders is None or visit.reminders.fallback:
        return ()
    return _shown_items(kiosk, visit.reminders, set(visit.basket.counts))


def discovered_products(kiosk: Kiosk) -> tuple[Recommendation, ...]:
    """Return what a shopper who allowed it has never bought and may like; popularity alone is no reason to be there."""
    visit = kiosk.visit
    if visit is None or visit.discoveries is None or visit.discoveries.fallback:
        return ()
    again = {item.product_id for item in reminding_products(kiosk)}
    return _shown_items(kiosk, visit.discoveries, again | set(visit.basket.counts))


def nearby_products(kiosk: Kiosk) -> tuple[Recommendation, ...]:
    """Return what stands in the same bay as the product that was not there, as far as known."""
    visit, shop = kiosk.visit, kiosk.shop
    if visit is None or shop is None or visit.nearby is None or visit.product_id is None:
        return ()
    here = shop.placement(visit.product_id)
    beside = {one.product_id for one in shop.bays[here.bay_id]} if here is not None else set()
    items = (item for item in visit.nearby.items if item.product_id in beside - {visit.product_id})
    present = (item for item in items if not stocks.level(shop, kiosk.told, item.product_id).is_sold_out)
    return tuple(item for item in present if item.product_id in shop.products)[:NEARBY]


def open_wishes(kiosk: Kiosk) -> tuple[int, ...]:
    """Return what was kept for another time, is sold here, and is not on the list yet."""
    visit, shop = kiosk.visit, kiosk.shop
    if visit is None or shop is None:
        return ()
    return tuple(one for one in keeping.wishes(visit) if one in shop.products and not visit.basket.count(one))


def _shown_items(kiosk: Kiosk, answer: Answer | None, besides: set[int]) -> tuple[Recommendation, ...]:
    if kiosk.shop is None or not isinstance(answer, Recommended):
        return ()
    known = kiosk.shop.products
    items = (item for item in answer.items if item.product_id in known and item.product_id not in besides)
    return tuple(items)[:SUGGESTIONS]


def alternative_products(kiosk: Kiosk) -> tuple[int, ...]:
    """Return what could be bought instead of the product that is shown, which is sold out; else nothing."""
    visit = kiosk.visit
    return stocks.alternatives(kiosk.shop, kiosk.told, visit.product_id) if visit is not None else ()


def shown(kiosk: Kiosk, visit: Visit) -> Product | None:
    """Return the product that the visit is about; None when the catalogue does not have it."""
    return kiosk.shop.product(visit.product_id) if kiosk.shop and visit.product_id is not None else None


def rows(kiosk: Kiosk, control: str, products: Sequence[int], details: Sequence[str] = ()) -> tuple[Row, ...]:
    """Return one line a product; a detail of its own may say why it is there."""
    assert kiosk.shop is not None or not products
    lines = []
    for index, product_id in enumerate(products):
        product = kiosk.shop.product(product_id) if kiosk.shop else None
        if product is not None:
            text = details[index] if details and details[index] else detail(kiosk, product)
            lines.append(Row(f"{control}:{index}", product.name, text, price(kiosk, product)))
    return tuple(lines)


def detail(kiosk: Kiosk, product: Product) -> str:
    """Return size, kind of brand, and that it is sold out where it is."""
    table = words(kiosk.language)
    brand = table.store_brand if product.brand_kind == "private" else table.national_brand
    gone = table.sold_out if stocks.level(kiosk.shop, kiosk.told, product.product_id).is_sold_out else ""
    return "  ·  ".join(part for part in (product.size, brand, gone) if part)


def price(kiosk: Kiosk, product: Product) -> str:
    """Return the price as people write it."""
    return format_price(product.price_cents, kiosk.shop.currency if kiosk.shop else "USD", kiosk.language)
