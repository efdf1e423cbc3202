"""What the whole list still needs."""

from aisle.messages.advice import Advice, Cause, Recommendation, Recommended, RecommendRequest
from aisle.messages.visit import VisitState
from tests.kiosk_ui.play import BREAD, CUTLERY, LOST, MILK, SILENCE, Play, robot_view


def answer(*products: int, fallback: bool = False) -> Recommended:
    items = (
        Recommendation(product_id=one, score=1.0, because=(MILK,), reason="", cause=Cause.BASKET) for one in products
    )
    return Recommended(items=tuple(items), fallback=fallback)


def listed(**replies: Recommended | TimeoutError) -> Play:
    play = Play(replies={RecommendRequest: replies.get("reply", answer(CUTLERY))})
    play.touch("start", "suggestion:0", "put_on_list", "home", "suggestion:1", "put_on_list", "my_list")
    play.wait(3.0)
    return play


def test_the_whole_list_is_asked_about_and_the_answer_leads_to_the_product() -> None:
    play = listed()
    (request,) = [one for one in play.of(RecommendRequest) if one.advice is Advice.COMPLETE]
    assert request.given == (MILK, BREAD)
    row = play.page().advice[0]
    assert (row.control, row.detail) == ("completing:0", "Often bought together with Milk")
    play.touch("completing:0", "put_on_list", "my_list")
    assert [line.count for line in play.page().lines] == [1, 1, 1]


def test_what_is_on_the_list_is_not_advised() -> None:
    assert listed(reply=answer(MILK, BREAD)).page().advice == ()


def test_popularity_alone_is_no_advice_for_a_list() -> None:
    assert listed(reply=answer(CUTLERY, fallback=True)).page().advice_title == ""


def test_an_adviser_who_is_silent_leaves_the_list_as_it_is() -> None:
    page = listed(reply=SILENCE).page()
    assert (page.advice, len(page.lines)) == ((), 2)


def test_a_list_that_has_changed_is_asked_about_again() -> None:
    play = listed()
    play.touch("less_of:1")
    play.wait(0.3)
    assert [one.given for one in play.of(RecommendRequest) if one.advice is Advice.COMPLETE] == [(MILK, BREAD), (MILK,)]


def test_more_of_the_same_is_no_new_question() -> None:
    play = listed()
    play.touch("more_of:0")
    assert len([one for one in play.of(RecommendRequest) if one.advice is Advice.COMPLETE]) == 1


def missing(reply: Recommended | TimeoutError) -> Play:
    """Be led to the milk, which is not on its shelf."""
    play = Play()
    play.tour()
    play.wait(2.0, robot_view(VisitState.ARRIVED))
    play.replies[RecommendRequest] = reply
    play.touch("not_here")
    play.wait(3.0, robot_view(VisitState.ARRIVED))
    return play


def test_instead_of_what_is_missing_the_same_shelf_is_asked_about() -> None:
    play = missing(answer(BREAD, LOST, MILK, CUTLERY))
    (request,) = [one for one in play.of(RecommendRequest) if one.advice is Advice.HERE]
    assert request.category == "food"
    assert [row.title for row in play.page().nearby] == ["Bread", "Plastic cutlery, tablecloths & toothpicks"]
    play.touch("nearby:0")
    assert play.page().name == "Bread"
    assert play.kiosk.visit is not None
    assert play.kiosk.visit.tour is None


def test_without_an_answer_the_ways_on_stay() -> None:
    play = missing(SILENCE)
    assert play.page().nearby == ()
    assert {"similar", "done"} <= play.names()
