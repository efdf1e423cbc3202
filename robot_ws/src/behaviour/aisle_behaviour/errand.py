"""A task of the store as the mission carries it out, while no shopper needs the robot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from aisle.geometry import Pose2
from aisle.messages.robot import TaskKind
from aisle.messages.visit import VisitState
from aisle_behaviour import arbiter as speech
from aisle_behaviour.arbiter import Arbiter
from aisle_behaviour.energy import is_empty, is_known
from aisle_behaviour.world import Memory, Orders, Travel

TASK_STALE_S = 5.0
"""The gateway repeats a task every second; one that it has not repeated for so long is dropped."""
NO_WAY = "no way leads there"
MUST_CHARGE = "the battery is too low, the robot goes to charge"
EMPTY = "the battery is empty"


class ErrandState(Enum):
    """How a task stands: GIVEN waits for its moment, BEGUN is under way or waits for a shopper, the others are ends."""

    GIVEN = "given"
    BEGUN = "begun"
    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Errand:
    """What the store wants done, and where."""

    task_id: str
    kind: TaskKind
    place_map: Pose2


@dataclass(frozen=True, slots=True)
class ErrandReport:
    """What the store is told; an empty name while there is no task."""

    task_id: str = ""
    state: ErrandState = ErrandState.GIVEN
    reason: str = ""


class Errands:
    """Questions and actions of the branch of the tree that does tasks. `must_charge` is the mission's."""

    def __init__(self, memory: Memory, arbiter: Arbiter, must_charge: Callable[[], bool]) -> None:
        self._memory = memory
        self._arbiter = arbiter
        self._must_charge = must_charge
        self._errand: Errand | None = None
        self._report = ErrandReport()
        self._arrived_s: float | None = None

    def give(self, errand: Errand | None) -> None:
        """Take what the store wants now; the same task again changes nothing, None withdraws it."""
        if errand is None:
            self._errand, self._report, self._arrived_s = None, ErrandReport(), None
        elif self._errand is None or errand.task_id != self._errand.task_id:
            self._errand, self._report, self._arrived_s = errand, ErrandReport(errand.task_id), None

    def report(self) -> ErrandReport:
        """Return how the task stands."""
        return self._report

    # Questions and actions of the tree

    def can_go_on(self) -> bool:
        """Tell whether there is something to do; what the battery does not allow is refused here."""
        errand = self._errand
        if errand is None or self._report.state in (ErrandState.DONE, ErrandState.REFUSED):
            return False
        objection = self._objection(errand)
        if objection:
            self._end(ErrandState.REFUSED, objection)
        return not objection

    def go_on(self) -> Orders:
        """Go to the place, stay there for as long as the task needs, and then be done."""
        assert self._errand is not None
        self._report = ErrandReport(self._errand.task_id, ErrandState.BEGUN)
        if not self._arrived():
            return self._go_there(self._errand)
        if self._has_stayed(self._errand.kind):
            self._end(ErrandState.DONE)
        return Orders(VisitState.ERRAND)

    def _objection(self, errand: Errand) -> str:
        if is_empty(self._memory.world.battery_fraction, self._memory.settings.battery_empty):
            return EMPTY
        return MUST_CHARGE if errand.kind is not TaskKind.CHARGE and self._must_charge() else ""

    def _arrived(self) -> bool:
        """Tell whether the robot has got there, and was not led away again by a shopper since."""
        memory = self._memory
        if memory.orders.visit is not VisitState.ERRAND:
            self._arrived_s = None
        elif self._arrived_s is None and self._is_on_the_way() and memory.world.travel is Travel.ARRIVED:
            self._arrived_s = memory.world.now_s
        return self._arrived_s is not None

    def _go_there(self, errand: Errand) -> Orders:
        travel = self._memory.world.travel
        if self._is_on_the_way() and travel is Travel.FAILED:
            self._end(ErrandState.REFUSED, NO_WAY)
            return Orders(VisitState.ERRAND)
        if travel is Travel.DRIVING:
            self._arbiter.may_repeat(speech.EXCUSE_ME)
        sentence = self._arbiter.once(speech.EXCUSE_ME) if travel is Travel.WAITING else ""
        return Orders(VisitState.ERRAND, errand.place_map, sentence)

    def _is_on_the_way(self) -> bool:
        """Tell whether the goal under way is this task's: that of a task before it ends for that task alone."""
        orders, errand = self._memory.orders, self._errand
        return errand is not None and orders.visit is VisitState.ERRAND and orders.goal_map == errand.place_map

    def _has_stayed(self, kind: TaskKind) -> bool:
        world, settings = self._memory.world, self._memory.settings
        if kind is TaskKind.CHARGE:
            return is_known(world.battery_fraction) and world.battery_fraction >= settings.battery_full
        assert self._arrived_s is not None
        stay_s = settings.visit_stay_s if kind is TaskKind.VISIT else settings.patrol_stay_s
        return world.now_s - self._arrived_s >= stay_s

    def _end(self, state: ErrandState, reason: str = "") -> None:
        self._report = ErrandReport(self._report.task_id, state, reason)
