"""What is sold out: said with its age, never invented, and something else is offered."""

import msgspec
import pytest

from aisle.messages.care import JourneyEvent
from aisle.messages.store import StockLevel, StockLevels, StockQuery
from aisle.messages.visit import TourRequest, VisitState
from kiosk_ui.pages import stock
from kiosk_ui.shop import Shop
from kiosk_ui.stocks import UNKNOWN, Level, level, neighbours
from kiosk_ui.words import words
from tests.kiosk_ui.play import BREAD, CUTLERY, LOST, MILK, SILENCE, Play, little_shop, robot_view

EN = words("en")


def told(*levels: tuple[int, int | None, float | None]) -> StockLevels:
    return StockLevels(levels=tuple(StockLevel(product_id=p, count=count, age_s=age_s) for p, count, age_s in levels))


def fact(play: Play) -> tuple[str, str]:
    return next((one.value, one.demo) for one in play.page().facts if one.label == EN.stock)


def test_a_product_that_is_sold_out_says_since_when_and_offers_what_is_there() -> None:
    play = Play(replies={StockQuery: told((MILK, 0, 300.0), (BREAD, 2, 60.0), (CUTLERY, 0, 60.0))})
    play.touch("start", "suggestion:0")
    page = play.page()
    assert page.sold_out == "Sold out when it was counted 5 minutes ago."
    assert fact(play) == ("sold out, counted 5 minutes ago", "")
    assert (page.pairings_title, [row.title for row in page.pairings]) == (EN.instead, ["Bread"])
    assert "G1-N1" in page.pairings[0].detail
    assert "call_person" in play.names()
    play.touch("alternative:0")
    assert play.kiosk.visit is not None
    assert play.kiosk.visit.product_id == BREAD
    assert play.page().sold_out == ""
    play.wait(0.5)
    assert [event.outcome for event in play.of(JourneyEvent)][-2:] == ["sold_out", "chosen"]
    play.touch("back")
    assert play.kiosk.visit.product_id == MILK


def test_an_empty_shelf_is_shown_only_to_whoever_wants_to_see_it() -> None:
    play = Play(replies={StockQuery: told((MILK, 0, 5.0))})
    play.touch("start", "suggestion:0")
    assert play.page().take_me_there == EN.show_shelf
    play.touch("take_me_there")
    assert len(play.of(TourRequest)) == 1


def test_the_catalogues_own_figure_is_marked_and_its_age_is_not_invented() -> None:
    play = Play(shop=little_shop(stock={CUTLERY: 0}), replies={StockQuery: SILENCE})
    play.touch("start", "buy", *(f"key:{letter}" for letter in "cutlery"))
    assert play.page().rows[0].detail.endswith(EN.sold_out)
    play.touch("result:0")
    assert play.page().sold_out == f"{EN.sold_out_unsure} ({EN.demo_data})"
    assert fact(play) == (EN.sold_out, EN.demo_data)


def test_what_is_sold_out_is_not_suggested() -> None:
    play = Play(shop=little_shop(stock={MILK: 0}))
    play.touch("start")
    assert "Milk" not in [row.title for row in play.page().suggestions]


def test_what_nobody_knows_is_unknown_and_no_alternative() -> None:
    play = Play(replies={StockQuery: told((MILK, 0, 5.0), (BREAD, None, None), (CUTLERY, 0, 5.0))})
    play.touch("start", "suggestion:0")
    assert (play.page().pairings, play.page().pairings_text) == ((), EN.no_alternative)
    play.replies[StockQuery] = told((BREAD, None, None))
    play.touch("back", "suggestion:0")
    assert (fact(play), play.page().sold_out) == ((EN.stock_unknown, ""), "")


def test_knowledge_grows_old_while_the_backend_is_away() -> None:
    play = Play(replies={StockQuery: told((MILK, 1, 0.0))})
    play.touch("start", "suggestion:0")
    assert fact(play)[0] == "1 left, counted just now"
    play.replies[StockQuery] = SILENCE
    play.wait(600.0, robot_view(VisitState.WAITING))
    play.touch("start", "suggestion:0")
    assert fact(play)[0] == "1 left, counted 10 minutes ago"


@pytest.mark.parametrize(
    ("age_s", "text"),
    [
        (0.0, "just now"), (89.0, "just now"), (120.0, "2 minutes ago"), (5300.0, "88 minutes ago"),
        (7200.0, "2 hours ago"), (129_000.0, "36 hours ago"), (200_000.0, "2 days ago"),
    ],
)  # fmt: skip
def test_an_age_is_told_in_words(age_s: float, text: str) -> None:
    assert stock.age(age_s, EN) == text


def test_a_product_that_is_nowhere_is_unknown() -> None:
    shop = little_shop()
    assert level(shop, {}, 999) == level(None, {}, MILK) == level(shop, {}, None) == UNKNOWN
    assert level(shop, {MILK: Level(2, 5.0)}, MILK) == Level(2, 5.0)
    assert level(shop, {}, MILK) == Level(3, None, is_demo=True)


def test_alternatives_are_of_the_same_category_on_a_shelf_and_called_otherwise() -> None:
    shop = little_shop()
    assert neighbours(shop, MILK) == (BREAD, CUTLERY)
    twin = msgspec.structs.replace(shop.products[BREAD], name="Milk")
    other = msgspec.structs.replace(shop.products[CUTLERY], category_id="drugs")
    changed = Shop(**{**vars(shop), "products": {**shop.products, BREAD: twin, CUTLERY: other}})
    assert neighbours(changed, MILK) == ()
    assert LOST not in neighbours(shop, MILK)
