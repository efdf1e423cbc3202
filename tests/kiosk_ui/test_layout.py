"""The layout of every page in every language: inside the screen, large enough, not overlapping, and hit by a touch."""

import itertools
from collections.abc import Iterator

import pytest

from aisle.messages.memory import Fact, FactKind, Purpose, Source, Wording, Wordings
from aisle.messages.till import PricedLine
from aisle.messages.visit import TourRequest, VisitState
from kiosk_ui.design import LEAST_TOUCH_PX
from kiosk_ui.hand_off import HandOff, Standing, Way
from kiosk_ui.layout import control_at, controls
from kiosk_ui.remembering import Notice, Sheet
from kiosk_ui.scene import HEIGHT_PX, WIDTH_PX, Box, Scene, Text, Touch
from kiosk_ui.visit import Call, CallStatus
from kiosk_ui.words import LANGUAGES
from tests.kiosk_ui.play import BREAD, BUSY, CUTLERY, LOST, MILK, Play, little_shop, robot_view


def pages(language: str) -> Iterator[tuple[str, Scene]]:
    """Yield every page that a visit can come by."""
    play = Play(language=language)

    def shown(name: str) -> tuple[str, Scene]:
        return name, play.kiosk.scene(play.now_s)

    yield shown("attract")
    for name, touches in (
        ("home", ["start"]),
        ("departments", ["go"]),
        ("department", ["pick:0"]),
        ("typed", ["key:m", "key:i"]),
        ("nothing", [f"key:{letter}" for letter in "xxvv"]),
        ("again", ["home"]),
        ("product", ["suggestion:2"]),
    ):
        play.touch(*touches)
        yield shown(name)
    play.replies[TourRequest] = BUSY
    play.touch("take_me_there")
    yield shown("refused")
    play.replies.clear()
    play.touch("take_me_there")
    for state in (
        VisitState.GUIDING,
        VisitState.PAUSED,
        VisitState.STOPPED,
        VisitState.ASTRAY,
        VisitState.CALLING,
    ):
        play.wait(0.2, robot_view(state))
        yield shown(f"guiding {state.value}")
    play.touch("somebody_else:0")
    yield shown("panel: somebody else")
    play.touch("close", "cancel_tour")
    yield shown("panel: stop")
    play.touch("go_on")
    play.wait(0.2, robot_view(VisitState.ARRIVED))
    yield shown("arrival")
    play.touch("not_here")
    yield shown("sorry")
    play.touch("done")
    yield shown("score")
    play.touch("call_person")
    yield shown("panel: call")
    play.touch("close", "skip")
    yield shown("thanks")
    play = Play(shop=little_shop(shelves=False), language=language)
    play.touch("start", "buy", *(f"key:{letter}" for letter in "lost"), "result:0")
    yield shown("no shelf")
    play.wait(31.0)
    yield shown("panel: still there")
    play = Play(shop=little_shop(stock={CUTLERY: 0}), language=language)
    play.touch("start", "buy", *(f"key:{letter}" for letter in "cutlery"), "result:0")
    yield shown("sold out")
    play.wait(0.2, robot_view(VisitState.CHARGING))
    yield shown("charging")
    yield from list_pages(language)
    yield from memory_pages(language)


def list_pages(language: str) -> Iterator[tuple[str, Scene]]:
    """Yield the list, and its code in every standing."""
    play = Play(language=language)
    play.touch("start", "suggestion:0", "put_on_list")
    yield "product on the list", play.kiosk.scene(play.now_s)
    visit = play.kiosk.visit
    assert visit is not None
    play.touch("my_list", "less_of:0")
    yield "empty list", play.kiosk.scene(play.now_s)
    visit.basket.counts.update(dict.fromkeys((MILK, BREAD, CUTLERY, LOST), 99))
    play.touch("back", "my_list")
    yield "list", play.kiosk.scene(play.now_s)
    visit.basket.counts.update(dict.fromkeys(range(100, 104), 2))
    yield "long list", play.kiosk.scene(play.now_s)
    for way, standing in itertools.product(Way, Standing):
        lines = (PricedLine(product_id=MILK, quantity=99, price_cents=99_999),)
        visit.hand_off = HandOff(way, "482177301924", lines, standing, since_s=play.now_s)
        yield f"code {way.value} {standing.value}", play.kiosk.scene(play.now_s)
    for status in CallStatus:
        visit.call = Call("c1", status, note="every word has room " * 8)
        yield f"panel: call {status.value}", play.kiosk.scene(play.now_s)


def memory_pages(language: str) -> Iterator[tuple[str, Scene]]:
    """Yield what may be remembered and what is, on every sheet."""
    play = Play(language=language)
    play.touch("start", "remember")
    yield "no words yet", play.kiosk.scene(play.now_s)
    assert play.kiosk.visit is not None
    state = play.kiosk.visit.remembering
    wordings = tuple(Wording(purpose=one, text="A sentence that goes on for a while. " * 3) for one in Purpose)
    state.wordings = {language: Wordings(version=1, wordings=wordings)}
    yield "consent", play.kiosk.scene(play.now_s)
    state.shopper_id, state.given, state.token = "a" * 32, frozenset(Purpose), "AISLE-CARD." + "0" * 110
    state.facts, state.is_read = tuple(_fact(number) for number in range(9)), True
    for sheet, notice in itertools.product(Sheet, Notice):
        state.sheet, state.notice = sheet, notice
        yield f"{sheet.value} {notice.value}", play.kiosk.scene(play.now_s)
    state.sheet = Sheet.CONSENT
    play.touch("home", "suggestion:0", "put_on_list", "my_list")
    yield "list that can be kept", play.kiosk.scene(play.now_s)
    play.touch("home", "remember")
    state.shopper_id = "a" * 32
    play.touch("erase_all")
    yield "panel: erase", play.kiosk.scene(play.now_s)


def _fact(number: int) -> Fact:
    return Fact(
        fact_id=number, kind=FactKind.E_MAIL, purposes=(Purpose.CONTACT,), text="long " * 30, product_id=None,
        source=Source.WEB_FORM, happened_unix_s=1e9, corrected_unix_s=None, kept_until_unix_s=2e9,
    )  # fmt: skip


@pytest.fixture(scope="module", params=LANGUAGES)
def every_page(request: pytest.FixtureRequest) -> list[tuple[str, Scene]]:
    return list(pages(request.param))


def touches(scene: Scene) -> list[Touch]:
    return [item for item in scene if isinstance(item, Touch)]


def inside(box: Box) -> bool:
    return box.x >= 0 and box.y >= 0 and box.right <= WIDTH_PX and box.bottom <= HEIGHT_PX


def test_everything_is_inside_the_screen(every_page: list[tuple[str, Scene]]) -> None:
    for name, scene in every_page:
        for item in scene:
            if isinstance(item, Touch | Text):
                assert inside(item.box), (name, item)


def test_every_control_is_large_enough_for_a_finger(every_page: list[tuple[str, Scene]]) -> None:
    for name, scene in every_page:
        for touch in touches(scene):
            assert min(touch.box.width, touch.box.height) >= LEAST_TOUCH_PX, (name, touch)


def test_no_two_controls_overlap_and_names_are_unique(every_page: list[tuple[str, Scene]]) -> None:
    for name, scene in every_page:
        for one, other in itertools.combinations(touches(scene), 2):
            assert not one.box.overlaps(other.box), (name, one, other)
            assert one.control != other.control, (name, one)


def test_a_touch_in_the_middle_of_a_control_hits_it(every_page: list[tuple[str, Scene]]) -> None:
    for name, scene in every_page:
        for one in controls(scene):
            assert control_at(scene, one.x + one.width / 2, one.y + one.height / 2) == one.name, name


def test_a_person_can_be_called_from_every_page(every_page: list[tuple[str, Scene]]) -> None:
    for name, scene in every_page:
        assert name.startswith("panel") or "call_person" in {touch.control for touch in touches(scene)}, name


def test_a_touch_beside_every_control_hits_nothing() -> None:
    assert control_at(Play().kiosk.scene(100.0), 0.01, 0.01) is None
