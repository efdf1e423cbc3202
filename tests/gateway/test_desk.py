from dataclasses import dataclass, field

import pytest

from aisle.geometry import Pose2
from aisle.messages import Problem, ProblemCode, advice, memory, visit
from aisle_gateway.desk import Desk, ShelfPlace, TourEnd
from aisle_gateway.store_line import COMMANDED_ELSEWHERE

PLACE = ShelfPlace("bay-3", 2, Pose2(3.0, 4.0, 0.0))


class TwoProducts:
    """Product 1 stands on a shelf, product 2 is sold but stands nowhere."""

    def knows(self, product_id: int) -> bool:
        return product_id in (1, 2)

    def place_of(self, product_id: int) -> ShelfPlace | None:
        return PLACE if product_id == 1 else None


@dataclass
class WillingRobot:
    refusal: str | None = ""
    tours: list[tuple[str, int, ShelfPlace]] = field(default_factory=list)
    end: TourEnd = TourEnd.ENDED
    ended: list[str] = field(default_factory=list)

    def start_tour(self, session_id: str, product_id: int, place: ShelfPlace) -> str | None:
        self.tours.append((session_id, product_id, place))
        return self.refusal

    def end_tour(self, session_id: str) -> TourEnd:
        self.ended.append(session_id)
        return self.end

    def recommend(self, request: advice.RecommendRequest) -> advice.Recommended | Problem:
        return advice.Recommended(items=())


ANNA = "a" * 32
MEMORY = memory.Memory(shopper_id=ANNA, consents=(), facts=(), accesses=(), told_unix_s=0.0)


@dataclass
class KindStore:
    """Refuses tours when it is told to, and remembers Anna in the visit "s"."""

    refusal: str = ""
    forgotten: list[str] = field(default_factory=list)

    def refuses_tour(self, session_id: str) -> str:
        return self.refusal

    def recall(self, session_id: str, shopper_id: str) -> memory.Memory | Problem:
        known = (session_id, shopper_id) == ("s", ANNA)
        return MEMORY if known else Problem(code=ProblemCode.NOT_READY, sentence="ask again")

    def forget(self, shopper_id: str) -> None:
        self.forgotten.append(shopper_id)


def ask(
    request: object, robot: WillingRobot | None = None, role: str = "kiosk_ui", store: KindStore | None = None
) -> object:
    return Desk(TwoProducts(), robot or WillingRobot(), store or KindStore()).answer(role, request)


def tour(product_id: int) -> visit.TourRequest:
    return visit.TourRequest(session_id="s", product_id=product_id)


def test_a_product_on_a_shelf_starts_a_tour_to_exactly_there() -> None:
    robot = WillingRobot()
    assert ask(tour(1), robot) == visit.TourAccepted(bay_id="bay-3", shelf=2)
    assert robot.tours == [("s", 1, PLACE)]


def test_an_unknown_product_gets_an_honest_sentence_and_no_tour() -> None:
    robot = WillingRobot()
    reply = ask(tour(99), robot)
    assert isinstance(reply, Problem)
    assert reply.code is ProblemCode.UNKNOWN_PRODUCT
    assert "99" in reply.sentence
    assert robot.tours == []


def test_a_product_without_a_shelf_gets_an_honest_sentence_and_no_tour() -> None:
    robot = WillingRobot()
    reply = ask(tour(2), robot)
    assert isinstance(reply, Problem)
    assert reply.code is ProblemCode.NO_SHELF
    assert robot.tours == []


def test_a_robot_that_cannot_says_why() -> None:
    reply = ask(tour(1), WillingRobot(refusal="I am leading another shopper."))
    assert reply == Problem(code=ProblemCode.BUSY, sentence="I am leading another shopper.")


def test_a_robot_that_does_not_answer_has_not_refused() -> None:
    reply = ask(tour(1), WillingRobot(refusal=None))
    assert isinstance(reply, Problem)
    assert reply.code is ProblemCode.NOT_READY


def test_only_the_screen_and_staff_may_command() -> None:
    robot = WillingRobot()
    reply = ask(tour(1), robot, role="sim")
    assert isinstance(reply, Problem)
    assert reply.code is ProblemCode.FORBIDDEN
    assert robot.tours == []


def test_a_robot_that_does_not_answer_is_a_problem_so_that_the_screen_asks_again() -> None:
    reply = ask(visit.TourCancel(session_id="s"), WillingRobot(end=TourEnd.NO_ANSWER))
    assert isinstance(reply, Problem)
    assert reply.code is ProblemCode.NOT_READY


@pytest.mark.parametrize("end", [TourEnd.ENDED, TourEnd.NO_SUCH_TOUR])
def test_a_tour_can_be_ended_also_when_it_is_over_already(end: TourEnd) -> None:
    robot = WillingRobot(end=end)
    assert ask(visit.TourCancel(session_id="s"), robot) == visit.Noted()
    assert robot.ended == ["s"]


def test_a_robot_that_somebody_else_commands_begins_no_tour_and_says_so() -> None:
    robot = WillingRobot()
    reply = ask(tour(1), robot, store=KindStore(refusal=COMMANDED_ELSEWHERE))
    assert reply == Problem(code=ProblemCode.BUSY, sentence=COMMANDED_ELSEWHERE)
    assert robot.tours == []


def test_a_memory_and_its_end_are_asked_of_the_robot() -> None:
    store = KindStore()
    assert ask(memory.RecallShopper(session_id="s", shopper_id=ANNA), store=store) == MEMORY
    assert ask(memory.ForgetCopy(shopper_id=ANNA), store=store) == visit.Noted()
    assert store.forgotten == [ANNA]


def test_whoever_may_not_command_the_robot_learns_nothing_of_a_shopper() -> None:
    reply = ask(memory.RecallShopper(session_id="s", shopper_id=ANNA), role="till")
    assert isinstance(reply, Problem)
    assert reply.code is ProblemCode.FORBIDDEN
