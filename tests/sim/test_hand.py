from dataclasses import dataclass, field

from aisle.messages.visit import Control, Screen, ScreenState
from sim.people.customer import Phase
from sim.people.hand import PAUSE_S, READING_S, Hand, Visitor
from sim.people.wishes import WISHES, typeable
from sim.scoring import Recording


def control(name: str) -> Control:
    return Control(name=name, x=0.1, y=0.1, width=0.1, height=0.1)


def screen(which: Screen, *names: str, product_id: int | None = None) -> ScreenState:
    return ScreenState(
        screen=which, session_id="s", idle_s=0.0, product_id=product_id, controls=tuple(control(name) for name in names)
    )


def touches(hand: Hand, state: ScreenState, seconds: float, start_s: float = 0.0) -> list[str]:
    moments = [start_s + 0.1 * tick for tick in range(int(seconds / 0.1))]
    chosen = [hand.choose(state, Phase.ASKING, moment) for moment in moments]
    return [one.name for one in chosen if one is not None]


def test_it_types_the_wish_letter_by_letter_and_then_takes_the_first_result() -> None:
    search = screen(Screen.SEARCH, "key:t", "key:e", "key:a", "key:space", "result:0")
    assert touches(Hand("a tea"), search, 7.0) == ["key:a", "key:space", "key:t", "key:e", "key:a", "result:0"]


def test_it_reads_before_it_touches() -> None:
    hand = Hand("tea")
    assert hand.choose(screen(Screen.HOME, "buy"), Phase.ASKING, 0.0) is None
    assert hand.choose(screen(Screen.HOME, "buy"), Phase.ASKING, READING_S - PAUSE_S) is None
    assert hand.choose(screen(Screen.HOME, "buy"), Phase.ASKING, READING_S + 0.1) is not None


def test_it_touches_nothing_from_afar_or_on_the_way() -> None:
    hand = Hand("tea")
    for moment in range(20):
        assert hand.choose(screen(Screen.HOME, "buy"), Phase.APPROACHING, float(moment)) is None
        assert hand.choose(screen(Screen.GUIDING, "cancel_tour"), Phase.FOLLOWING, float(moment)) is None


def test_it_cannot_touch_what_is_not_there() -> None:
    assert touches(Hand("tea"), screen(Screen.PRODUCT, "back"), 10.0) == []


def test_at_the_shelf_it_says_found_and_gives_a_score() -> None:
    hand = Hand("tea")
    assert touches(hand, screen(Screen.ARRIVAL, "found", "not_here"), 3.0) == ["found"]
    assert touches(hand, screen(Screen.ARRIVAL, "score:9", "skip"), 3.0, start_s=3.0) == ["score:9"]


def test_it_remembers_what_it_was_led_to() -> None:
    hand = Hand("tea")
    touches(hand, screen(Screen.GUIDING, "cancel_tour", product_id=42), 1.0)
    assert hand.chosen_product == 42


def test_where_nothing_is_found_it_calls_a_person_and_touches_nothing_more() -> None:
    hand = Hand("te")
    search = screen(Screen.SEARCH, "key:t", "key:e", "call_person", "back")
    assert touches(hand, search, 20.0) == ["key:t", "key:e", "call_person"]
    assert hand.gave_up


def test_a_search_that_was_left_is_typed_anew() -> None:
    hand = Hand("te")
    search = screen(Screen.SEARCH, "key:t", "key:e", "result:0")
    touches(hand, search, 3.2)
    touches(hand, screen(Screen.HOME, "buy"), 3.0, start_s=4.0)
    assert touches(hand, search, 6.0, start_s=8.0) == ["key:t", "key:e", "result:0"]


def test_wishes_are_typed_as_the_keyboard_allows() -> None:
    assert typeable("  Käse & Weißbrot ") == "kase weissbrot"
    assert typeable("12%") == ""
    assert all(typeable(wish) == wish for wish in WISHES)


@dataclass
class WatchingCustomer:
    phase: Phase = Phase.ASKING
    seen: list[Screen] = field(default_factory=list)

    def observe(self, state: ScreenState) -> None:
        self.seen.append(state.screen)


@dataclass
class QuietWorld:
    customer: WatchingCustomer | None
    now_s: float = 100.0
    second_shopper: None = None


def test_a_visitor_without_a_hand_walks_by_the_screen_and_touches_nothing() -> None:
    customer, pressed, recording = WatchingCustomer(), [], Recording(0.25)
    visitor = Visitor(None, pressed.append)
    visitor.look(QuietWorld(customer), screen(Screen.HOME, "buy"), recording)  # type: ignore[arg-type]
    visitor.look(QuietWorld(None), screen(Screen.HOME, "buy"), recording)  # type: ignore[arg-type]
    assert customer.seen == [Screen.HOME]
    assert pressed == []
    assert recording.steps == []
