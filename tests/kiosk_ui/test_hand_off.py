"""The list goes to a till or to the staff; the real backend answers."""

import itertools
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aisle.messages import Problem, ProblemCode, journey, pickup, till
from aisle.messages import store as store_messages
from aisle.messages.pickup import OrderState, OrderStep
from aisle.messages.till import BasketState
from aisle.messages.visit import Screen, VisitState
from kiosk_ui.basket import Basket
from kiosk_ui.hand_off import DIGITS, HandOff, Standing, Way, standing_of
from kiosk_ui.view import BasketPage, CodePage
from store_backend.catalogue_file import open_catalogue
from store_backend.key_file import open_store_keys
from tests.kiosk_ui.play import BREAD, MILK, robot_view
from tests.kiosk_ui.store_play import StorePlay, bought


def listed(play: StorePlay) -> None:
    """Put two of one product on the list, and one of another."""
    play.touch("start", "suggestion:0", "put_on_list", "put_on_list", "home", "suggestion:1", "put_on_list", "my_list")


def number_of(play: StorePlay) -> str:
    assert play.kiosk.visit is not None
    assert play.kiosk.visit.hand_off is not None
    return play.kiosk.visit.hand_off.number


def standing(play: StorePlay) -> Standing | None:
    hand_off = play.kiosk.visit.hand_off if play.kiosk.visit else None
    return hand_off.standing if hand_off else None


def basket_of(play: StorePlay, number: str) -> till.Basket:
    told: till.Basket = play.ask(till.BasketQuery(basket_id=number))
    return told


def test_the_list_shows_what_is_on_it_and_what_it_costs(store: StorePlay) -> None:
    listed(store)
    page = store.page()
    assert isinstance(page, BasketPage)
    assert [(line.name, line.count, line.price) for line in page.lines] == [("Milk", 2, "$3.98"), ("Bread", 1, "$1.99")]
    assert page.total == "$5.97"
    store.touch("less_of:0", "more_of:1")
    assert store.kiosk.visit is not None
    assert store.kiosk.visit.basket.counts == {MILK: 1, BREAD: 2}
    store.touch("less_of:0", "less_of:0", "less_of:0")
    assert "to_till" not in store.names()
    assert store.page().empty[0] == "Your list is empty"


def test_a_list_is_sold_once_and_the_visit_knows_it(store: StorePlay) -> None:
    listed(store)
    store.touch("to_till")
    number = number_of(store)
    assert (len(number), number.isdigit(), standing(store)) == (DIGITS, True, Standing.OPEN)
    assert store.page().code
    offered = basket_of(store, number)
    assert [(line.product_id, line.quantity) for line in offered.lines] == [(MILK, 2), (BREAD, 1)]
    store.ask(till.TakeBasket(basket_id=number, till_id="t1"), "till")
    store.wait(2.5)
    assert standing(store) is Standing.TAKEN
    assert "change_list" not in store.names()
    bought(store, number)
    store.wait(2.5)
    assert (standing(store), store.page().title) == (Standing.DONE, "Paid. Thank you!")
    store.touch("i_am_done")
    store.wait(1.0)
    session_id = offered_session(store)
    steps = store.ask(journey.JourneyQuery(session_id=session_id)).steps
    assert [step.outcome for step in steps if step.channel == "till"] == ["paid"]
    assert steps[-1].outcome == "left_with_code"
    assert len(store.asked_for(till.OfferBasket)) == 1


def offered_session(play: StorePlay) -> str:
    return str(play.asked_for(till.OfferBasket)[0].session_id)


def test_whatever_reply_is_lost_there_is_one_basket(store: StorePlay) -> None:
    listed(store)
    store.loses_replies = True
    store.touch("to_till")
    number = number_of(store)
    store.wait(5.0)
    assert store.page().mood == "problem"
    assert "change_list" not in store.names()
    store.loses_replies = False
    store.wait(3.0)
    assert (standing(store), number_of(store)) == (Standing.OPEN, number)
    assert {offer.basket_id for offer in store.asked_for(till.OfferBasket)} == {number}


def test_a_backend_that_is_away_gets_the_list_later(store: StorePlay) -> None:
    listed(store)
    store.is_lost = True
    store.touch("to_till")
    store.wait(10.0)
    store.is_lost = False
    store.wait(4.0)
    assert standing(store) is Standing.OPEN
    assert basket_of(store, number_of(store)).state is BasketState.OFFERED


def test_a_list_can_be_changed_until_a_till_has_it(store: StorePlay) -> None:
    listed(store)
    store.touch("to_till")
    first = number_of(store)
    store.touch("change_list")
    assert basket_of(store, first).state is BasketState.CANCELLED
    assert isinstance(store.page(), BasketPage)
    store.touch("more_of:0", "to_till")
    assert number_of(store) != first
    assert basket_of(store, number_of(store)).lines[0].quantity == 3


def test_a_wish_to_change_that_comes_too_late_changes_nothing(store: StorePlay) -> None:
    listed(store)
    store.touch("to_till")
    number = number_of(store)
    store.ask(till.TakeBasket(basket_id=number, till_id="t1"), "till")
    store.touch("change_list")
    store.wait(2.5)
    assert standing(store) is Standing.TAKEN
    bought(store, number)
    store.wait(2.5)
    assert standing(store) is Standing.DONE


def test_a_list_that_the_till_gives_back_is_still_here(store: StorePlay) -> None:
    listed(store)
    store.touch("to_till")
    store.ask(till.TakeBasket(basket_id=number_of(store), till_id="t1"), "till")
    store.ask(till.RefuseBasket(basket_id=number_of(store), till_id="t1", reason=till.Refusal.NOT_SOLD_HERE), "till")
    store.wait(2.5)
    assert (standing(store), store.page().code) == (Standing.GIVEN_BACK, ())
    store.touch("change_list")
    assert store.page().total == "$5.97"


def test_a_code_stays_good_when_its_shopper_leaves_and_the_screen_forgets_it(store: StorePlay) -> None:
    listed(store)
    store.touch("to_till")
    number, session_id = number_of(store), offered_session(store)
    store.wait(50.0)
    assert store.kiosk.screen is Screen.ATTRACT
    store.touch("start")
    assert "my_list" not in store.names()
    bought(store, number)
    steps = store.ask(journey.JourneyQuery(session_id=session_id)).steps
    assert [step.outcome for step in steps][-2:] == ["left_with_code", "paid"]


def test_a_code_that_nobody_has_seen_is_taken_back_when_the_visit_ends(store: StorePlay) -> None:
    listed(store)
    store.loses_replies = True
    store.touch("to_till")
    number = number_of(store)
    store.wait(50.0)
    assert store.kiosk.visit is None
    store.loses_replies = False
    store.wait(5.0)
    assert basket_of(store, number).state is BasketState.CANCELLED


@pytest.mark.parametrize("is_ordered", [False, True])
def test_a_pickup_that_nobody_has_seen_holds_nothing_when_the_visit_has_ended(
    store: StorePlay, is_ordered: bool
) -> None:
    listed(store)
    store.loses_replies = True
    store.touch("lay_ready")
    number = number_of(store)
    if is_ordered:
        store.ask(pickup.PlaceOrder(order_id=number, reservation_id=number))
    store.is_lost = True
    store.wait(46.0)
    assert store.kiosk.visit is None
    assert free(store) == 1
    store.is_lost = store.loses_replies = False
    store.wait(3.0)
    assert free(store) == 3
    assert store.ask(pickup.OrdersQuery(state=OrderState.PLACED)).orders == ()


def free(play: StorePlay) -> int:
    """Return how many of the milk somebody else could reserve now."""
    (level,) = play.ask(store_messages.StockQuery(product_ids=(MILK,))).levels
    return int(level.available)


def test_the_list_stays_as_it_was_handed_over_until_that_ends(store: StorePlay) -> None:
    listed(store)
    store.touch("to_till", "home", "suggestion:2")
    assert "put_on_list" not in store.names()
    store.touch("my_list")
    assert isinstance(store.page(), CodePage)


def test_an_order_is_laid_ready_fetched_and_measured(store: StorePlay) -> None:
    listed(store)
    store.touch("lay_ready")
    store.wait(0.2)
    number = number_of(store)
    assert (standing(store), store.page().title) == (Standing.OPEN, "Your order is placed")
    session_id = store.asked_for(pickup.Reserve)[0].session_id
    for step, shown in ((OrderStep.START_PICKING, Standing.TAKEN), (OrderStep.MAKE_READY, Standing.READY)):
        store.ask(pickup.MoveOrder(order_id=number, step=step))
        store.wait(2.5)
        assert standing(store) is shown
    store.ask(pickup.MoveOrder(order_id=number, step=OrderStep.HAND_OVER))
    store.wait(2.5)
    assert standing(store) is Standing.DONE
    steps = store.ask(journey.JourneyQuery(session_id=session_id)).steps
    assert [step.outcome for step in steps if step.channel == "staff"] == ["handed_over"]


def test_an_order_whose_reply_was_lost_is_placed_once(store: StorePlay) -> None:
    listed(store)
    store.loses_replies = True
    store.touch("lay_ready")
    store.wait(3.0)
    store.loses_replies = False
    store.wait(3.0)
    assert standing(store) is Standing.OPEN
    (order,) = store.ask(pickup.OrdersQuery(state=OrderState.PLACED)).orders
    assert order.order_id == number_of(store)


def test_what_is_not_there_in_that_number_is_not_ordered(store: StorePlay) -> None:
    store.touch("start", "suggestion:0", *["put_on_list"] * 4, "my_list", "lay_ready")
    assert (standing(store), store.page().title) == (Standing.SOLD_OUT, "Not everything is there any more")
    store.touch("change_list", "less_of:0", "lay_ready")
    store.wait(0.2)
    assert standing(store) is Standing.OPEN


def test_an_order_is_cancelled_with_the_wish_to_change_it(store: StorePlay) -> None:
    listed(store)
    store.touch("lay_ready")
    store.wait(0.2)
    number = number_of(store)
    store.ask(pickup.MoveOrder(order_id=number, step=OrderStep.START_PICKING))
    store.wait(2.5)
    store.touch("change_list")
    assert store.ask(pickup.OrderQuery(order_id=number)).state is OrderState.CANCELLED
    assert isinstance(store.page(), BasketPage)


def test_a_list_that_was_opened_at_the_shelf_leads_back_there(store: StorePlay) -> None:
    store.tour()
    store.wait(2.0, robot_view(VisitState.ARRIVED))
    store.touch("put_on_list", "my_list")
    assert store.kiosk.screen is Screen.BASKET
    store.touch("back")
    assert store.kiosk.screen is Screen.ARRIVAL


def test_a_screen_that_is_started_again_on_a_tour_still_has_the_list(store: StorePlay) -> None:
    store.tour()
    store.wait(2.0, robot_view(VisitState.ARRIVED))
    store.touch("put_on_list", "my_list", "to_till")
    number = number_of(store)
    store.restart()
    store.wait(1.0, robot_view(VisitState.ARRIVED))
    assert store.kiosk.screen is Screen.ARRIVAL
    assert store.kiosk.visit is not None
    assert store.kiosk.visit.basket == Basket({MILK: 1})
    assert number_of(store) == number
    bought(store, number)
    store.wait(3.0)
    assert standing(store) is Standing.DONE


def on_the_way_at_the_shelf(play: StorePlay, way: str) -> str:
    """Stand at the shelf with a list that is on its way to a store that nobody reaches; return its number."""
    play.tour()
    play.wait(2.0, robot_view(VisitState.ARRIVED))
    play.touch("put_on_list", "my_list")
    play.is_lost = True
    play.touch(way)
    return number_of(play)


@pytest.mark.parametrize("way", ["to_till", "lay_ready"])
def test_a_list_that_was_on_its_way_when_the_screen_was_started_again_is_sent_again(store: StorePlay, way: str) -> None:
    number = on_the_way_at_the_shelf(store, way)
    store.restart()
    store.wait(1.0, robot_view(VisitState.ARRIVED))
    store.touch("my_list")
    assert (standing(store), number_of(store), store.page().code) == (Standing.SENDING, number, ())
    store.is_lost = False
    store.wait(3.0, robot_view(VisitState.ARRIVED))
    assert (standing(store), number_of(store)) == (Standing.OPEN, number)
    if way == "to_till":
        assert [(one.product_id, one.price_cents) for one in basket_of(store, number).lines] == [(MILK, 199)]
    else:
        assert store.ask(pickup.OrderQuery(order_id=number)).state is OrderState.PLACED


def test_a_list_that_has_ended_is_not_shown_as_good_after_a_restart(store: StorePlay) -> None:
    store.tour()
    store.wait(2.0, robot_view(VisitState.ARRIVED))
    store.touch("put_on_list", "my_list", "to_till")
    number = number_of(store)
    store.ask(till.CancelBasket(basket_id=number))
    store.wait(3.0, robot_view(VisitState.ARRIVED))
    store.restart()
    store.is_lost = True
    store.wait(1.0, robot_view(VisitState.ARRIVED))
    store.touch("my_list")
    assert (standing(store), store.page().code) == (Standing.ENDED, ())


def test_a_code_that_the_store_does_not_know_is_said_to_be_no_longer_good(store: StorePlay) -> None:
    store.tour()
    store.wait(2.0, robot_view(VisitState.ARRIVED))
    store.touch("put_on_list", "my_list")
    assert store.kiosk.visit is not None
    store.kiosk.visit.hand_off = HandOff(Way.TILL, "1" * DIGITS, standing=Standing.OPEN)
    store.wait(3.0, robot_view(VisitState.ARRIVED))
    assert (standing(store), store.page().title, store.page().code) == (
        Standing.ENDED,
        "This code is no longer good",
        (),
    )
    store.touch("change_list", "to_till")
    assert standing(store) is Standing.OPEN


def test_a_list_that_nobody_has_seen_is_taken_back_when_a_new_process_closes_its_visit(store: StorePlay) -> None:
    listed(store)
    store.loses_replies = True
    store.touch("to_till")
    number = number_of(store)
    store.restart()
    store.loses_replies = False
    store.wait(1.0, robot_view(VisitState.SERVING))
    assert store.kiosk.visit is None
    assert basket_of(store, number).state is BasketState.CANCELLED


STATES = [(Way.TILL, one) for one in BasketState], [(Way.PICKUP, one) for one in OrderState]


@pytest.mark.parametrize(("way", "state"), list(itertools.chain(*STATES)))
def test_every_state_of_the_store_has_a_standing(way: Way, state: BasketState | OrderState) -> None:
    told = (
        till.Basket(basket_id="b", state=state, lines=())
        if isinstance(state, BasketState)
        else pickup.PickupOrder(order_id="o", state=state, placed_unix_s=0.0, changed_unix_s=0.0, lines=())
    )
    assert standing_of(way, told) is not None
    other = Way.PICKUP if way is Way.TILL else Way.TILL
    assert standing_of(other, told) is None


def test_silence_and_a_store_that_is_busy_say_nothing_about_a_list() -> None:
    busy = [Problem(code=code, sentence="") for code in (ProblemCode.BUSY, ProblemCode.EXPIRED, ProblemCode.NOT_READY)]
    for way, answer in itertools.product(Way, [TimeoutError(), *busy]):
        assert standing_of(way, answer) is None


@pytest.mark.parametrize(("way", "one"), list(itertools.product(Way, Standing)))
def test_only_a_till_that_has_the_list_keeps_it_from_its_shopper(way: Way, one: Standing) -> None:
    expected = one in (Standing.OPEN, Standing.READY) or (one is Standing.TAKEN and way is Way.PICKUP)
    assert HandOff(way, "1", standing=one).can_be_taken_back is expected


ACTS = ("lose replies", "cut", "restore", "wait", "to_till", "change_list", "take", "sell", "refuse")


@pytest.mark.integration
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.sampled_from(ACTS), max_size=14))
def test_whatever_happens_on_the_line_no_list_is_sold_twice_or_half(little_store: Path, acts: list[str]) -> None:
    play = StorePlay(catalogue=open_catalogue(little_store), keys=open_store_keys(little_store))
    play.touch("start", "suggestion:0", "put_on_list", "my_list")
    tills: dict[str, till.Basket] = {}
    for act in acts:
        act_of(play, tills, act)
    play.is_lost = play.loses_replies = False
    play.wait(6.0)
    offered = [play.ask(till.BasketQuery(basket_id=number)) for number in numbers_of(play)]
    sold = [one for one in offered if one.state is BasketState.SOLD]
    (level,) = play.ask(store_messages.StockQuery(product_ids=(MILK,))).levels
    assert level.count == 3 - len(sold)
    assert sum(one.state in (BasketState.OFFERED, BasketState.TAKEN) for one in offered) <= 1
    # The screen says what the store knows.
    if offered and standing(play) is not None:
        assert standing(play) is standing_of(Way.TILL, play.ask(till.BasketQuery(basket_id=number_of(play))))
    # A list is here again, or it is sold, or on its way.
    assert play.kiosk.visit is not None
    assert bool(play.kiosk.visit.basket.units) is not (standing(play) is Standing.DONE)
    play.backend.engine.dispose()


def numbers_of(play: StorePlay) -> list[str]:
    return sorted({offer.basket_id for offer in play.asked_for(till.OfferBasket)})


def act_of(play: StorePlay, tills: dict[str, till.Basket], act: str) -> None:
    match act:
        case "lose replies":
            play.loses_replies = True
        case "cut":
            play.is_lost = True
        case "restore":
            play.is_lost = play.loses_replies = False
        case "wait":
            play.wait(3.0)
        case "to_till" | "change_list" if act in play.names():
            play.touch(act)
        case "take" | "sell" | "refuse":
            for number in numbers_of(play):
                till_does(play, tills, act, number)


def till_does(play: StorePlay, tills: dict[str, till.Basket], act: str, number: str) -> None:
    """Let the till do what it may; what it may not do the store refuses."""
    if act == "take":
        taken = play.backend.answer("till", till.TakeBasket(basket_id=number, till_id="t1"))
        if isinstance(taken, till.Basket):
            tills[number] = taken
    elif number in tills and act == "sell":
        total = sum(line.quantity * line.price_cents for line in tills[number].lines)
        sale = till.SellBasket(basket_id=number, till_id="t1", sale_id=f"s{number}", total_cents=total)
        play.backend.answer("till", sale)
    elif number in tills:
        refusal = till.RefuseBasket(basket_id=number, till_id="t1", reason=till.Refusal.DECLINED)
        play.backend.answer("till", refusal)
