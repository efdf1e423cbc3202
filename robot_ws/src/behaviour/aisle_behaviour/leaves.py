"""The leaves of the mission tree. Conditions read the world; actions write orders and never block."""

from __future__ import annotations

from collections.abc import Callable

import py_trees
from py_trees.common import Status

from aisle.geometry import Pose2
from aisle.messages.visit import Screen, VisitState
from aisle_behaviour import arbiter as speech
from aisle_behaviour.arbiter import Arbiter
from aisle_behaviour.energy import TourCost, can_finish, is_empty, is_known, must_leave_at, tour_cost
from aisle_behaviour.ways import WayLength
from aisle_behaviour.world import Memory, Orders, Tour, Travel

_FAR = 2.0
"""A tour that can be finished with ways so many times as long begins before anybody has planned them."""


class When(py_trees.behaviour.Behaviour):
    """A condition: success when its question is true."""

    def __init__(self, name: str, question: Callable[[], bool]) -> None:
        super().__init__(name)
        self._question = question

    def update(self) -> Status:
        return Status.SUCCESS if self._question() else Status.FAILURE


class Do(py_trees.behaviour.Behaviour):
    """An action: gives orders for this tick and keeps running, so that higher branches can take over."""

    def __init__(self, name: str, memory: Memory, action: Callable[[], Orders]) -> None:
        super().__init__(name)
        self._memory = memory
        self._action = action

    def update(self) -> Status:
        self._memory.orders = self._action()
        return Status.RUNNING


class Mission:
    """The questions and actions of a visit, over one memory, one arbiter and what a planner says of ways."""

    def __init__(self, memory: Memory, arbiter: Arbiter, way_length: WayLength) -> None:
        self.memory = memory
        self.arbiter = arbiter
        self._way_length = way_length

    # Questions

    def is_stopped(self) -> bool:
        world = self.memory.world
        if not world.stopped_by_store:
            self.arbiter.may_repeat(speech.STOPPED_BY_STAFF)
        return world.stopped or world.pose_map is None or not world.localized

    def is_astray(self) -> bool:
        """Whoever stopped the robot comes first: they stand beside it."""
        world = self.memory.world
        if not world.needs_staff:
            self.arbiter.may_repeat(speech.ASTRAY)
        return world.needs_staff and not world.stopped

    def has_tour(self) -> bool:
        return self.memory.tour is not None

    def tour_failed(self) -> bool:
        """Tell whether the way is blocked; after a while it is tried again, for people do step aside."""
        memory, now_s = self.memory, self.memory.world.now_s
        if memory.failed_s is None and memory.orders.goal_map is not None and memory.world.travel is Travel.FAILED:
            memory.failed_s = now_s
        elif memory.failed_s is not None and now_s - memory.failed_s > memory.settings.tour_retry_s:
            memory.failed_s = None
        return memory.failed_s is not None

    def is_exhausted(self) -> bool:
        return is_empty(self.memory.world.battery_fraction, self.memory.settings.battery_empty)

    def must_charge(self) -> bool:
        """Once low, the robot stays at the dock until it has enough for some tours; and so for one that it refused."""
        is_low = self.is_low()
        memory = self.memory
        if memory.world.battery_fraction >= min(memory.wanted_charge, memory.settings.battery_full):
            memory.wanted_charge = 0.0
        return is_low or memory.wanted_charge > 0.0

    def is_low(self) -> bool:
        """With hysteresis: whether no tour at all may begin. A charge not known for long counts as low."""
        memory, settings, charge = self.memory, self.memory.settings, self.memory.world.battery_fraction
        if not is_known(charge):
            memory.charging = memory.charging or self._is_unknown_for_long()
            return memory.charging
        low = must_leave_at(
            settings.energy, self._way_to_dock_m(self._pose_map), settings.battery_empty, settings.battery_low
        )
        limit = max(settings.battery_enough, low) if memory.charging else low
        memory.charging = charge < limit
        return memory.charging

    def charge_is_known(self) -> bool:
        return is_known(self.memory.world.battery_fraction)

    def note_charge(self) -> None:
        """Remember when the charge was known last; at the beginning it counts as known."""
        memory = self.memory
        if self.charge_is_known() or memory.charge_known_s is None:
            memory.charge_known_s = memory.world.now_s

    def _is_unknown_for_long(self) -> bool:
        memory = self.memory
        known_s = memory.charge_known_s if memory.charge_known_s is not None else memory.world.now_s
        return memory.world.now_s - known_s > memory.settings.charge_unknown_s

    def cost_of(self, tour: Tour) -> TourCost:
        """Return what the way to the shelf takes, the stay there, and the way to the dock afterwards."""
        settings, shelf_map = self.memory.settings, tour.shelf_pose_map
        to_shelf_m = settings.energy.way_m(self._pose_map, shelf_map, self._way_length)
        to_dock_m = self._way_to_dock_m(shelf_map)
        return tour_cost(settings.energy, to_shelf_m, to_dock_m, settings.shelf_stay_s, settings.battery_empty)

    def can_finish(self, tour: Tour) -> bool:
        """Whether the battery lasts for a tour."""
        return can_finish(self.memory.world.battery_fraction, self.cost_of(tour))

    def can_surely_finish(self, tour: Tour) -> bool:
        """Whether it lasts even when all ways are _FAR times as long as they are thought to be."""
        cost = self.cost_of(tour)
        return can_finish(self.memory.world.battery_fraction, TourCost(_FAR * cost.tour, _FAR * cost.to_charger))

    def _way_to_dock_m(self, start_map: Pose2) -> float:
        settings = self.memory.settings
        return settings.energy.way_m(start_map, settings.dock_map, self._way_length)

    @property
    def _pose_map(self) -> Pose2:
        """Where the robot is; only asked for while it is localized."""
        pose = self.memory.world.pose_map
        assert pose is not None
        return pose

    def is_at_shelf(self) -> bool:
        memory = self.memory
        guides = memory.orders.visit is VisitState.GUIDING
        if memory.arrived_s is None and guides and memory.world.travel is Travel.ARRIVED:
            memory.arrived_s = memory.world.now_s
        return memory.arrived_s is not None

    def follower_is_lost(self) -> bool:
        """With hysteresis: lost beyond one distance, found again within a shorter one."""
        memory, settings, world = self.memory, self.memory.settings, self.memory.world
        reach_m = settings.follower_back_m if memory.paused_s is not None else settings.follower_lost_m
        if world.follower_m <= reach_m:
            memory.follower_seen_s, memory.paused_s = world.now_s, None
        return world.now_s - memory.follower_seen_s > settings.follower_grace_s

    def screen_is_in_use(self) -> bool:
        """A screen that shows a tour is in use, touched or not: it is about to ask for that tour again.

        But not while the robot thanks: then it has ended the tour itself, and the screen has to see that.
        """
        screen = self.memory.world.screen
        if screen is not None and screen.screen is Screen.GUIDING:
            return not self.is_thanking()
        return (
            screen is not None
            and screen.screen is not Screen.ATTRACT
            and screen.idle_s < self.memory.settings.screen_in_use_s
        )

    def is_thanking(self) -> bool:
        return self.memory.world.now_s < self.memory.thanks_until_s

    def is_away(self) -> bool:
        memory, pose = self.memory, self._pose_map
        if memory.world.travel is Travel.ARRIVED and memory.orders.visit is VisitState.RETURNING:
            memory.homeward = False
        elif pose.distance_to(memory.settings.home_map) > memory.settings.home_tolerance_m:
            memory.homeward = True
        return memory.homeward

    def somebody_wants_help(self) -> bool:
        return self.memory.world.engaged_id is not None

    def somebody_is_near(self) -> bool:
        return self.memory.world.nearest_person_m <= self.memory.settings.notice_m

    # Actions

    def stand_stopped(self) -> Orders:
        """Stand; a stop by the staff is named, because nothing beside the robot shows it."""
        by_store = self.memory.world.stopped_by_store
        sentence = self.arbiter.once(speech.STOPPED_BY_STAFF) if by_store else ""
        return Orders(VisitState.STOPPED, None, sentence, self.memory.tour)

    def call_person(self) -> Orders:
        """The way is blocked: stand still and say so; the screen sends for a colleague."""
        return Orders(VisitState.CALLING, None, self.arbiter.once(speech.CANNOT_PASS), self.memory.tour)

    def call_person_to_push(self) -> Orders:
        """The battery is empty in the middle of a tour: the shopper is helped by a person."""
        return Orders(VisitState.CALLING, None, self.arbiter.once(speech.BATTERY_EMPTY), self.memory.tour)

    def call_person_to_show(self) -> Orders:
        """The place is lost for good: stand and say so until it is known again; a tour goes on then."""
        return Orders(VisitState.ASTRAY, None, self.arbiter.once(speech.ASTRAY), self.memory.tour)

    def charge(self) -> Orders:
        """Go to the dock and stay there. With an empty battery, or while no way leads there, stand."""
        memory, pose = self.memory, self._pose_map
        is_there = pose.distance_to(memory.settings.dock_map) < memory.settings.dock_tolerance_m
        if memory.orders.visit is VisitState.CHARGING and memory.world.travel is Travel.FAILED:
            memory.dock_failed_s = memory.world.now_s
        may_try = memory.world.now_s - memory.dock_failed_s > memory.settings.dock_retry_s
        goes = may_try and not is_there and not self.is_exhausted()
        return Orders(VisitState.CHARGING, memory.settings.dock_map if goes else None)

    def stay_at_shelf(self) -> Orders:
        memory = self.memory
        assert memory.arrived_s is not None
        if memory.world.now_s - memory.arrived_s > memory.settings.shelf_stay_s:
            self.end_tour()
            return Orders(VisitState.THANKING, None, self.arbiter.once(speech.GOODBYE))
        return Orders(VisitState.ARRIVED, None, self.arbiter.once(speech.ARRIVED), memory.tour)

    def wait_for_follower(self) -> Orders:
        memory, now_s = self.memory, self.memory.world.now_s
        if memory.paused_s is None:
            memory.paused_s = now_s
            self.arbiter.may_repeat(speech.WAITING_FOR_YOU)
        if now_s - memory.paused_s > memory.settings.abandon_after_s:
            self.end_tour()
        return Orders(VisitState.PAUSED, None, self.arbiter.once(speech.WAITING_FOR_YOU), memory.tour)

    def lead(self) -> Orders:
        memory = self.memory
        assert memory.tour is not None
        sentence = self.arbiter.once(speech.FOLLOW)
        if memory.world.travel is Travel.WAITING:
            sentence = self.arbiter.once(speech.EXCUSE_ME)
        elif memory.world.travel is Travel.DRIVING:
            self.arbiter.may_repeat(speech.EXCUSE_ME)
        return Orders(VisitState.GUIDING, memory.tour.shelf_pose_map, sentence, memory.tour)

    def serve(self) -> Orders:
        """Stand by the screen. A shopper whom the battery does not let it lead is helped by a person."""
        screen = self.memory.world.screen
        if screen is not None and screen.session_id and screen.session_id == self.memory.refused_session:
            return Orders(VisitState.CALLING, None, self.arbiter.once(speech.CANNOT_LEAD))
        return Orders(VisitState.SERVING)

    def thank(self) -> Orders:
        return Orders(VisitState.THANKING, None, self.arbiter.once(speech.GOODBYE))

    def go_home(self) -> Orders:
        return Orders(VisitState.RETURNING, self.memory.settings.home_map)

    def greet(self) -> Orders:
        person = self.memory.world.engaged_id
        assert person is not None
        return Orders(VisitState.GREETING, None, self.arbiter.greet(person, self.memory.world.now_s))

    def notice(self) -> Orders:
        return Orders(VisitState.NOTICED)

    def wait(self) -> Orders:
        return Orders(VisitState.WAITING)

    # Tours

    def start_tour(self, tour: Tour) -> None:
        """Begin to lead; a tour under way is replaced."""
        memory = self.memory
        memory.tour, memory.arrived_s, memory.paused_s, memory.failed_s = tour, None, None, None
        memory.follower_seen_s, memory.refused_session = memory.world.now_s, ""
        memory.orders = Orders(VisitState.SERVING)
        self.arbiter.end_visit()

    def refuse(self, tour: Tour) -> str:
        """Refuse a tour for the battery: help is called, and after the visit the robot charges for such a tour."""
        memory = self.memory
        self.arbiter.may_repeat(speech.CANNOT_LEAD)
        memory.refused_session = tour.session_id
        if not self.charge_is_known():
            return speech.CHARGE_UNKNOWN
        # A little more than this tour needs: it has to come back from the dock first.
        memory.wanted_charge = self.cost_of(tour).needed + memory.settings.energy.reserve
        return speech.HAVE_TO_CHARGE

    def see_follower(self) -> None:
        """Believe that the shopper is here: they have just said so at the screen."""
        memory = self.memory
        memory.follower_seen_s, memory.paused_s = memory.world.now_s, None

    def end_tour(self) -> None:
        """Stop leading, thank, and then go back."""
        memory = self.memory
        memory.tour, memory.arrived_s, memory.paused_s, memory.failed_s = None, None, None, None
        memory.thanks_until_s = memory.world.now_s + memory.settings.thank_s
