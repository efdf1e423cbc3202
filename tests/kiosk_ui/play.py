"""A small shop, and a play of a visit: a kiosk core with a robot and a backend that answer as they are told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from aisle.geometry import Pose2
from aisle.messages import Problem, ProblemCode, care, store
from aisle.messages.advice import Cause, Recommendation, Recommended, RecommendRequest
from aisle.messages.visit import Noted, RobotView, TourAccepted, TourCancel, TourRequest, VisitState
from catalogue.products import Category, Product
from catalogue.search import SearchIndex
from kiosk_ui.demands import Demand
from kiosk_ui.kept import NOTHING_KEPT, Change, Kept
from kiosk_ui.lanes import Outgoing
from kiosk_ui.notes import Note
from kiosk_ui.outbox import Drop, Keep
from kiosk_ui.shop import Shop
from kiosk_ui.state import Kiosk
from store_model.plan import Aisle, Bay, Department, Fixture, StorePlan
from store_model.planogram import Placement, Planogram

MILK, BREAD, CUTLERY, LOST = 1, 2, 3, 4
UNKNOWN = 99
NAMES = {MILK: "Milk", BREAD: "Bread", CUTLERY: "Plastic cutlery, tablecloths & toothpicks", LOST: "Lost thing"}
SILENCE = TimeoutError("nobody answers")
ON_TOUR = (
    VisitState.GUIDING,
    VisitState.PAUSED,
    VisitState.ARRIVED,
    VisitState.CALLING,
    VisitState.STOPPED,
    VisitState.ASTRAY,
)


def _product(product_id: int) -> Product:
    return Product(
        product_id=product_id,
        name=NAMES[product_id],
        brand_kind="private",
        size="1 litre",
        category_id="food",
        department_id="all",
        source_category="X",
        source_type="Y",
        price_cents=199,
        purchases=100 - product_id,
        variant_ids=(product_id,),
        ean=f"200000000000{product_id}",
        allergens=None,
        reviews=(),
        stock=3,
    )


def _plan() -> StorePlan:
    square = ((2.0, 2.0), (6.0, 2.0), (6.0, 3.0), (2.0, 3.0))
    bay = Bay("G1-N1", "G1", 4.0, 3.0, 1.5707963, 1.0, 5, "A1", "all", 1)
    names = {language: f"Aisle A1 {language}" for language in ("en", "de", "es", "fr")}
    departments = {language: f"All {language}" for language in ("en", "de", "es", "fr")}
    return StorePlan(
        name="Little",
        size_m=(10.0, 8.0),
        walls=(),
        openings=(),
        fixtures=(Fixture("G1", "gondola", square, 1.6, (bay,)),),
        aisles=(Aisle("A1", names, ((0.0, 3.0), (10.0, 3.0), (10.0, 5.0), (0.0, 5.0)), 2.0),),
        zones=(),
        departments=(Department("all", departments, "#cc3333"),),
        shelf_walk=("G1-N1",),
        dock=Pose2(1.0, 1.0, 0.0),
        home=Pose2(1.0, 6.0, 0.0),
        service_desk=Pose2(9.0, 1.0, 0.0),
        entrance=(0.0, 1.0),
    )


def little_shop(*, shelves: bool = True, stock: Mapping[int, int] = {}) -> Shop:
    """A shop of four products; one stands on no shelf, or none does. There are three of each, or as in `stock`."""
    products = {one: msgspec.structs.replace(_product(one), stock=stock.get(one, 3)) for one in NAMES}
    food = Category("food", "all", {"en": "Food"}, {"en": "All"})
    placements = {one: Placement(one, "G1", "G1-N1", one, 1) for one in (MILK, BREAD, CUTLERY)} if shelves else {}
    return Shop(
        plan=_plan(),
        planogram=Planogram(placements),
        products=products,
        categories={"food": food},
        index=SearchIndex(products.values(), [food]),
        popular=tuple(NAMES),
        bays={"G1-N1": tuple(placements.values())},
    )


def robot_view(visit: VisitState, x_m: float = 1.0, left_m: float | None = 5.0) -> RobotView:
    return RobotView(
        visit=visit,
        x_m=x_m,
        y_m=6.0,
        yaw_rad=0.0,
        speed_mps=0.0,
        distance_left_m=left_m,
        sentence="",
        path=((x_m, 6.0), (4.0, 4.0)),
    )


PAIRINGS = Recommended(
    items=(
        Recommendation(
            product_id=BREAD, score=2.0, because=(MILK,), reason="Often bought together with Milk", cause=Cause.BASKET
        ),
        Recommendation(
            product_id=UNKNOWN, score=1.0, because=(MILK,), reason="Often bought together with Milk", cause=Cause.BASKET
        ),
    )
)


@dataclass
class Play:
    """Time goes only by `wait`; answers are taken from `replies` by the type of the request."""

    shop: Shop | None = field(default_factory=little_shop)
    language: str = "en"
    now_s: float = 100.0
    sent: list[Any] = field(default_factory=list)
    replies: dict[type, Any] = field(default_factory=dict)
    sessions: int = 0
    changes: list[Change] = field(default_factory=list)
    kept: Kept = NOTHING_KEPT
    tour_of_robot: TourRequest | None = None

    def __post_init__(self) -> None:
        self.start()
        self.wait()

    def start(self) -> None:
        """Start a kiosk; what an earlier one had is lost, but for what was kept."""
        self.kiosk = Kiosk(
            self.shop,
            self._session,
            "robot-1",
            self.language,
            keep=self.changes.append,
            kept=self.kept,
            unix_s=lambda: self.now_s,
        )

    def restart(self) -> None:
        """Kill the kiosk and start a new one with what is on the disk."""
        self.kept, self.changes = left_over(self.kept, self.changes), []
        self.start()

    def _session(self) -> str:
        self.sessions += 1
        return f"session{self.sessions}"

    def wait(self, seconds: float = 0.1, view: RobotView | None = None) -> None:
        """Let time pass, with what the robot tells, and answer what is asked meanwhile."""
        for _ in range(max(1, round(seconds / 0.1))):
            self.now_s += 0.1
            if view is not None:
                self.kiosk.hear(self._with_tour(view), self.now_s)
            self.kiosk.tick(self.now_s)
            self._answer()

    def _with_tour(self, view: RobotView) -> RobotView:
        """Put the robot's tour into the view where the robot is on one."""
        tour = self.tour_of_robot
        if tour is None or view.visit not in ON_TOUR or view.session_id:
            return view
        return msgspec.structs.replace(view, session_id=tour.session_id, product_id=tour.product_id)

    def touch(self, *names: str) -> None:
        """Touch controls that must be there, one after the other."""
        for name in names:
            assert self.kiosk.touch(name, self.now_s), f"{name} is not on the screen, only {self.names()}"
            self.wait()

    def names(self) -> set[str]:
        """Return the controls that can be touched."""
        return {one.name for one in self.kiosk.screen_state(self.now_s).controls}

    def page(self) -> Any:
        """Return the page that is shown."""
        return self.kiosk.view(self.now_s).page

    def of(self, kind: type) -> list[Any]:
        """Return the messages of a type that were sent."""
        return [message for message in self.sent if type(message) is kind]

    def tour(self) -> None:
        """Ask for milk and be led."""
        self.touch("start", "suggestion:0", "take_me_there")
        self.wait(0.3, robot_view(VisitState.GUIDING))

    def _answer(self) -> None:
        self._answer_all(self.kiosk.take_requests())

    def _answer_all(self, requests: Iterable[Outgoing]) -> None:
        for outgoing in requests:
            self.sent.append(outgoing.message)
            reply = self.replies.get(type(outgoing.message), usual(outgoing.message))
            self._note_tour(outgoing.message, reply)
            if reply is not None:
                self.kiosk.answered(outgoing.token, reply, self.now_s)

    def _note_tour(self, message: Any, reply: Any) -> None:
        if isinstance(message, TourRequest) and isinstance(reply, TourAccepted):
            self.tour_of_robot = message
        if isinstance(message, TourCancel) and isinstance(reply, Noted):
            self.tour_of_robot = None
            if self.kiosk.robot.now is not None:
                self.kiosk.hear(robot_view(VisitState.SERVING), self.now_s)


def left_over(kept: Kept, changes: Iterable[Change]) -> Kept:
    """Return what is on the disk after some changes."""
    letters, visit = {one.letter.number: one for one in kept.letters}, kept.visit
    demands = {one.number: one for one in kept.demands}
    for change in changes:
        match change:
            case Keep():
                letters[change.letter.number] = change
            case Drop():
                letters.pop(change.number, None)
                demands.pop(change.number, None)
            case Demand():
                demands[change.number] = change
            case Note():
                visit = change.visit
    waiting = tuple(demands[number] for number in sorted(demands, reverse=True))
    return Kept(tuple(letters[number] for number in sorted(letters)), visit, waiting)


def usual(message: Any) -> Any:
    """Return what a robot and a backend answer when all is well."""
    match message:
        case care.OpenSession():
            return care.SessionOpened(session_id=message.session_id)
        case care.CallPerson():
            return care.PersonCalled(assistance_id=1, waiting_before=2)
        case RecommendRequest():
            return PAIRINGS
        case store.StockQuery():
            return store.StockLevels(levels=())
        case TourRequest():
            return TourAccepted(bay_id="G1-N1", shelf=1)
        case TourCancel():
            return Noted()
    return care.Recorded(event_id=1)


BUSY = Problem(code=ProblemCode.BUSY, sentence="I am leading another shopper.")
