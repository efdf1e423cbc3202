"""The mission tree: what comes first is more important, and every tick decides anew."""

from __future__ import annotations

import py_trees
from py_trees.behaviour import Behaviour
from py_trees.composites import Selector, Sequence

from aisle_behaviour.arbiter import Arbiter
from aisle_behaviour.errand import Errand, ErrandReport, Errands
from aisle_behaviour.leaves import Do, Mission, When
from aisle_behaviour.ways import WayLength, nowhere_planned
from aisle_behaviour.world import Memory, MissionSettings, Orders, Tour, World


def mission_tree(mission: Mission, errands: Errands) -> Behaviour:
    """Build the tree over a mission, from what matters most to what matters least.

    Astray > stopped > tour > screen in use > thank > task of the store > charge > go back > greet > notice > wait.
    Within a task somebody who wants help comes first.
    """
    memory = mission.memory

    def branch(name: str, question: When, *then: Behaviour) -> Sequence:
        return Sequence(name, memory=False, children=[question, *then])

    tour = Selector(
        "tour",
        memory=False,
        children=[
            branch(
                "blocked",
                When("the tour failed?", mission.tour_failed),
                Do("call a person", memory, mission.call_person),
            ),
            branch(
                "exhausted",
                When("battery empty?", mission.is_exhausted),
                Do("call a person to push", memory, mission.call_person_to_push),
            ),
            branch("at the shelf", When("arrived?", mission.is_at_shelf), Do("stay", memory, mission.stay_at_shelf)),
            branch(
                "lost",
                When("follower lost?", mission.follower_is_lost),
                Do("wait for the follower", memory, mission.wait_for_follower),
            ),
            Do("lead", memory, mission.lead),
        ],
    )
    errand = Selector(
        "errand",
        memory=False,
        children=[
            branch(
                "asked on the way", When("wants help?", mission.somebody_wants_help), Do("greet", memory, mission.greet)
            ),
            Do("go on", memory, errands.go_on),
        ],
    )
    return Selector(
        "mission",
        memory=False,
        children=[
            branch(
                "astray",
                When("place lost for good?", mission.is_astray),
                Do("call a person to show it", memory, mission.call_person_to_show),
            ),
            branch("stopped", When("stopped or lost?", mission.is_stopped), Do("stand", memory, mission.stand_stopped)),
            branch("on tour", When("has a tour?", mission.has_tour), tour),
            branch("in use", When("screen in use?", mission.screen_is_in_use), Do("serve", memory, mission.serve)),
            branch("thanking", When("thanking?", mission.is_thanking), Do("thank", memory, mission.thank)),
            branch("task", When("has a task?", errands.can_go_on), errand),
            branch("low", When("must charge?", mission.must_charge), Do("charge", memory, mission.charge)),
            branch("away", When("away from home?", mission.is_away), Do("go home", memory, mission.go_home)),
            branch("asked", When("wants help?", mission.somebody_wants_help), Do("greet", memory, mission.greet)),
            branch("seen", When("somebody near?", mission.somebody_is_near), Do("notice", memory, mission.notice)),
            Do("wait", memory, mission.wait),
        ],
    )


class Behaviours:
    """The mission as one object: `step` ticks the tree, tours come and go by call.

    `way_length` says how long ways are, where a planner is at hand.
    """

    def __init__(self, settings: MissionSettings, world: World, way_length: WayLength = nowhere_planned) -> None:
        self._mission = Mission(Memory(settings, world), Arbiter(), way_length)
        self._errands = Errands(self._mission.memory, self._mission.arbiter, self._mission.must_charge)
        self._tree = py_trees.trees.BehaviourTree(mission_tree(self._mission, self._errands))

    def step(self, world: World) -> Orders:
        """Return the orders for this instant."""
        self._mission.memory.world = world
        self._mission.note_charge()
        self._tree.tick()
        return self._mission.memory.orders

    def give_errand(self, errand: Errand | None) -> None:
        """Take what the store wants done now, None for nothing; it waits for every shopper."""
        self._errands.give(errand)

    def errand_report(self) -> ErrandReport:
        """Return how the store's task stands."""
        return self._errands.report()

    def start_tour(self, tour: Tour) -> str:
        """Begin a tour, or return a sentence that says why not.

        Asked again for the tour under way nothing starts anew; but whoever asks stands at the screen.
        """
        if self._mission.is_stopped():
            return "I cannot drive at the moment."
        present = self._mission.memory.tour
        if present is None and self._mission.is_low():
            return self._mission.refuse(tour)
        if present is not None and present.session_id != tour.session_id:
            return "I am leading another shopper."
        if present is not None and present.product_id == tour.product_id and self._mission.memory.failed_s is None:
            self._mission.see_follower()
        elif not self._mission.can_finish(tour):
            return self._mission.refuse(tour)
        else:
            self._mission.start_tour(tour)
        return ""

    def hangs_on_ways(self, tour: Tour) -> bool:
        """Tell whether the length of the ways decides about a tour: asked of a new one, before `start_tour`."""
        mission, present = self._mission, self._mission.memory.tour
        is_answered = mission.is_stopped() or (present is not None and present.session_id == tour.session_id)
        return not (is_answered or mission.is_low() or mission.can_surely_finish(tour)) and mission.charge_is_known()

    def end_tour(self, session_id: str) -> bool:
        """End the tour of a session; false when there is none."""
        present = self._mission.memory.tour
        if present is None or present.session_id != session_id:
            return False
        self._mission.end_tour()
        return True
