"""The kiosk's core: touches, time, the robot's view and answers in; requests and what is on the screen out. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from aisle.messages import advice
from aisle.messages.care import Feedback, OpenSession, Stage
from aisle.messages.store import StockLevels, StockQuery
from aisle.messages.visit import RobotView, Screen, ScreenState
from kiosk_ui import (
    calls,
    consent,
    following,
    hand_back,
    hand_off,
    notes,
    pages,
    phone_codes,
    questions,
    stocks,
    touches,
    tours,
)
from kiosk_ui.flow import Event, next_screen
from kiosk_ui.journey import Journey
from kiosk_ui.kept import NOTHING_KEPT, Change, Kept
from kiosk_ui.layout import Scene, controls, scene
from kiosk_ui.outbox import Answer, Delivery, Lane, Letter, Outbox, Outgoing, forget
from kiosk_ui.shop import Shop
from kiosk_ui.view import View
from kiosk_ui.visit import OF_TOURS, Advice, Ending, Prompt, Robot, Visit

IDLE_S, STILL_THERE_S = 45.0, 30.0
STUCK_S = 180.0
THANKS_S = 3.5
PROMPT_S = 8.0
LONGEST_QUERY = 40
MOST_FOUND, MOST_PAIRINGS = 20, 3
MOST_TOLD, MOST_TOURED, MOST_CALLS = 2000, 16, 200
JOURNEY_RETRY_S, CALL_RETRY_S = 3.0, 1.5
ADVICE_TRIES = 2


class Kiosk:
    """The screen of one robot. `session_ids` makes a new, unguessable id for every visit; `shop` None: no catalogue.

    `keep` is told what must outlive the process, and `kept` is what an earlier one has left. `unix_s` tells the time
    that journey events bear, also those that are delivered much later.
    """

    def __init__(
        self,
        shop: Shop | None,
        session_ids: Callable[[], str],
        robot_id: str,
        language: str = "en",
        *,
        keep: Callable[[Change], None] = forget,
        kept: Kept = NOTHING_KEPT,
        unix_s: Callable[[], float] | None = None,
    ) -> None:
        self.shop = shop
        self.screen = Screen.ATTRACT
        self.language = language
        self.robot = Robot()
        self.visit: Visit | None = None
        self.backend_is_lost = False
        self.new_id = session_ids
        self.toured: deque[str] = deque(maxlen=MOST_TOURED)
        self.stray_since_s: float | None = None
        self.called_to_robot = False
        self.told: dict[int, stocks.Level] = {}
        self.robot_id = robot_id
        self._own_language = language
        self._touched_s: float | None = None
        self._stock_token: int | None = None
        self._keep = keep
        self._unix_s = unix_s
        self._left_over = self._noted = kept.visit
        self._is_new = True
        self.outbox = Outbox(
            {
                "call": Lane("backend", CALL_RETRY_S, is_kept=True, most=MOST_CALLS),
                "journey": Lane("backend", JOURNEY_RETRY_S, is_kept=True),
                "robot": tours.cancel_lane(),
            },
            keep,
        )
        self.outbox.restore(kept.letters)
        self.outbox.restore_demands(kept.demands, session_ids)

    # What goes in

    def stock(self, shop: Shop | None) -> None:
        """Take a new catalogue; None when there is none."""
        self.shop = shop

    def touch(self, control: str, now_s: float) -> bool:
        """Touch a control by its name; False when there is no such control on the screen now."""
        if control not in {one.name for one in controls(self.scene(now_s))}:
            return False
        if control.startswith("language:"):
            self.language = control.removeprefix("language:")
        visit = self.visit or self._begin(now_s)
        if not touches.is_of_somebody_else(visit, control):
            self._touched_s = now_s
            visit.journey.taps += 1
        touches.touch(self, visit, control, now_s)
        self.outbox.tick(now_s)
        return True

    def tick(self, now_s: float) -> None:
        """Let time pass: time-outs, the tour, and what is due in the outbox."""
        if self._touched_s is None:
            self._touched_s = now_s
        if self._is_new:
            self._is_new = not notes.take_up(self, self._left_over, now_s)
        if self.visit is not None:
            following.follow(self, self.visit, now_s)
            following.call_when_refused(self, self.visit, now_s)
            for watch in (hand_off.watch, hand_back.watch, phone_codes.watch):
                watch(self, self.visit, now_s)
            self._close_panels(self.visit, now_s)
            self._time_out(self.visit, now_s)
        following.call_when_astray(self, now_s)
        following.end_stray(self, now_s)
        self.outbox.tick(now_s)
        self._note_visit()

    def hear(self, view: RobotView | None, now_s: float) -> None:
        """Take what the robot tells about itself; None when it is silent."""
        self.robot.hear(view, now_s)

    def answered(self, token: int, answer: Answer, now_s: float) -> None:
        """Take the reply to a request, or the error that stands for no reply."""
        settled = self.outbox.settle(token, answer, now_s)
        if settled is not None:
            self._note_delivery(*settled, answer, now_s)
        elif not self.outbox.is_open(token, answer, now_s):
            self._take_answer(token, answer, now_s)
        elif self.visit is not None and token in self.outbox.demands:
            questions.pass_on(self, self.visit, token, answer, now_s)
        self.outbox.tick(now_s)

    def _take_answer(self, token: int, answer: Answer, now_s: float) -> None:
        visit = self.visit
        if token == self._stock_token:
            self.backend_is_lost = self.backend_is_lost or isinstance(answer, Exception)
            if isinstance(answer, StockLevels):
                stocks.note(self.told, answer, now_s)
        elif visit is not None and visit.tour is not None and visit.tour.token == token:
            tours.take_answer(self, visit, visit.tour, answer, now_s)
        elif visit is not None and visit.advice is not None and visit.advice.token == token:
            visit.advice.answer = answer
        elif visit is not None:
            questions.take_answer(self, visit, token, answer, now_s)

    def _note_visit(self) -> None:
        note = self._noted if self._is_new else notes.note_of(self)
        if note != self._noted:
            self._noted = note
            self._keep(notes.Note(note))

    # What comes out

    def take_requests(self) -> list[Outgoing]:
        """Return the requests that are to be sent now, each once."""
        return self.outbox.take()

    def view(self, now_s: float) -> View:
        """Return everything that is to be shown."""
        return pages.view(self, now_s)

    def scene(self, now_s: float) -> Scene:
        """Return what is to be drawn, with every touchable box."""
        return scene(self.view(now_s))

    def screen_state(self, now_s: float) -> ScreenState:
        """Return what is on the screen, for the robot."""
        return ScreenState(
            screen=self.screen,
            session_id=self.visit.session_id if self.visit else "",
            idle_s=self.idle_s(now_s),
            product_id=self.visit.product_id if self.visit else None,
            controls=controls(self.scene(now_s)),
        )

    def idle_s(self, now_s: float) -> float:
        """Return seconds since the last touch."""
        return 0.0 if self._touched_s is None else max(0.0, now_s - self._touched_s)

    # The visit

    def opening(self, session_id: str) -> OpenSession:
        """Return the message that opens a visit at this screen."""
        return OpenSession(session_id=session_id, robot_id=self.robot_id, language=self.language)

    def _begin(self, now_s: float) -> Visit:
        session_id = self.new_id()
        opening = self.opening(session_id)
        self.visit = visit = Visit(opening, Journey(session_id, now_s, self.new_id()))
        visit.journey.tell(f"Language: {self.language}.")
        self.outbox.post("journey", Letter(opening, f"{session_id[:40]}-open"))
        return visit

    def go(self, event: Event) -> None:
        """Change the screen as the table says."""
        self.screen = next_screen(self.screen, event)

    def record(self, visit: Visit, now_s: float, stage: Stage, outcome: str) -> None:
        """Append a step at this screen to the journey."""
        event = visit.journey.step(now_s, stage, self.screen.value, outcome, visit.product_id, self.unix_s())
        self.outbox.post("journey", Letter(event, event.event_key, visit.opening))

    def record_untimed(self, visit: Visit, stage: Stage, outcome: str) -> None:
        """Append a step whose time would tell whose visit this is: the access log of a memory has times too.

        It bears none, and counts nothing, so that the next step does not tell it either.
        """
        event = visit.journey.mark(stage, self.screen.value, outcome)
        self.outbox.post("journey", Letter(event, event.event_key, visit.opening))

    def unix_s(self) -> float | None:
        """Return the Unix time, None where this kiosk has no clock for it."""
        return self._unix_s() if self._unix_s is not None else None

    def _time_out(self, visit: Visit, now_s: float) -> None:
        is_led = self.screen is Screen.GUIDING and not self._is_forsaken(visit, now_s)
        if visit.thanked_s is not None and now_s - visit.thanked_s > THANKS_S:
            self._leave(visit)
        elif self.idle_s(now_s) > IDLE_S and not is_led:
            self.leave(visit, now_s)
        elif self.idle_s(now_s) > STILL_THERE_S and not is_led and visit.thanked_s is None:
            self.prompt(visit, Prompt.STILL_THERE, now_s)

    def _is_forsaken(self, visit: Visit, now_s: float) -> bool:
        """Tell whether a tour has stood still for so long that nobody waits at the screen any more."""
        stuck_s = visit.tour.stuck_s if visit.tour is not None else None
        return self.robot.silent_s(now_s) > IDLE_S or (stuck_s is not None and now_s - stuck_s > STUCK_S)

    def leave(self, visit: Visit, now_s: float) -> None:
        """End a visit that its shopper has left; nothing of it is shown to the next one."""
        has_code = visit.hand_off is not None and visit.hand_off.standing in hand_off.WITH_CODE
        self.record(visit, now_s, Stage.ORIENTATION, "left_with_code" if has_code else "left")
        self._leave(visit)

    def prompt(self, visit: Visit, prompt: Prompt | None, now_s: float) -> None:
        """Ask back over the page; None takes the question away."""
        visit.prompt, visit.prompted_s = prompt, now_s

    def _leave(self, visit: Visit) -> None:
        tours.end(self, visit)
        hand_off.forget(self, visit)
        consent.end(self, visit)
        questions.drop_all(self, visit)
        self.visit = None
        self.language = self._own_language
        self.go(Event.LEAVE)

    # Products and advice

    def choose(self, visit: Visit, product_id: int, now_s: float) -> None:
        """Show a product and ask what goes with it."""
        visit.product_id, visit.notice = product_id, ""
        product = self.shop.product(product_id) if self.shop else None
        name = " ".join((product.name, product.size)).strip() if product else "an unknown product"
        visit.journey.tell(f"Looked at {name} (number {product_id}).")
        self.record(visit, now_s, Stage.SELECTION, "chosen")
        self.go(Event.CHOOSE)
        request = advice.RecommendRequest(advice=advice.Advice.WITH, given=(product_id,), limit=MOST_PAIRINGS)
        stem, step = visit.session_id[:40], visit.journey.steps
        token = self.outbox.ask("gateway", request, f"{stem}-advice{step}", tries=ADVICE_TRIES)
        visit.advice = Advice(product_id, token)
        self._ask_stock(product_id, f"{stem}-stock{step}")

    def _ask_stock(self, product_id: int, key: str) -> None:
        """Ask how many there are, and of what could be bought instead."""
        if len(self.told) > MOST_TOLD:
            self.told.clear()
        wanted = (product_id, *stocks.neighbours(self.shop, product_id))
        self._stock_token = self.outbox.ask("backend", StockQuery(product_ids=wanted), key)

    def search(self, visit: Visit, query: str) -> None:
        """Look for what was typed; an empty query shows the suggestions again."""
        visit.query, visit.pick, visit.first_row = query[:LONGEST_QUERY], "", 0
        found = self.shop.find(visit.query, self.language, MOST_FOUND) if self.shop else []
        visit.hits = tuple(found)

    def halt(self, visit: Visit, notice: str) -> None:
        """End the tour and go back to the product, with a sentence."""
        tours.end(self, visit)
        visit.notice = notice
        self.go(Event.HALT)

    # The end

    def take_score(self, visit: Visit, score: int, now_s: float) -> None:
        """Keep the answer to the one question, and thank."""
        self.record(visit, now_s, Stage.CARE, "scored")
        feedback = Feedback(session_id=visit.session_id, score=score)
        key = f"{visit.session_id[:40]}-score{visit.journey.steps}"
        self.outbox.post("journey", Letter(feedback, key, visit.opening))
        self.thank(visit, now_s)

    def thank(self, visit: Visit, now_s: float) -> None:
        """Thank, let the robot go, and soon end the visit."""
        tours.end(self, visit)
        visit.ending, visit.thanked_s = Ending.THANKS, now_s

    def arrive(self, visit: Visit, now_s: float) -> None:
        """Show the shelf."""
        visit.ending = Ending.LOOKING
        self.wait_anew(now_s)
        self.go(Event.ARRIVE)

    def wait_anew(self, now_s: float) -> None:
        """Let the time-out begin anew: the shopper has walked with the robot and had nothing to touch."""
        self._touched_s = now_s

    def _note_delivery(self, lane: str, letter: Letter, delivery: Delivery, answer: Answer, now_s: float) -> None:
        if lane != "robot":
            self.backend_is_lost = isinstance(answer, Exception)
        if lane == "call" and self.visit is not None:
            calls.note(self.visit, letter.key, delivery, answer, now_s)

    def _close_panels(self, visit: Visit, now_s: float) -> None:
        calls.close_old(visit, now_s)
        is_led = self.screen is Screen.GUIDING
        is_out_of_place = is_led != (visit.prompt in OF_TOURS)
        # Whether to erase is weighed without haste.
        is_over = now_s - visit.prompted_s > PROMPT_S and visit.prompt is not Prompt.ERASE
        if is_out_of_place or is_over:
            visit.prompt = None
