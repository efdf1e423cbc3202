"""What the parts of the controller are worth: crossings of a crowd with one part changed, all else the same.

The seeds are those that the controller was tuned on, never those of the benchmark `crowd`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from aisle.geometry import FloatArray
from aisle_navigation.control.profiles import OPEN, Foresight, Profile
from aisle_navigation.control.scene import Crowd, Drive, Floats
from benchmarks.crowd_episode import Episode, cross
from benchmarks.crowd_policies import ControllerPolicy, Moment
from benchmarks.crowd_summary import row_without_goals, tally
from benchmarks.crowd_world import OrcaCrowd, circle_scene
from benchmarks.rows import Row

FIRST_SEED, PEOPLE = 100_000, 10
_FAR_M = 100.0


class WithoutProposals(ControllerPolicy):
    """Tries random plans only."""

    def _proposals(self, moment: Moment, fastest_mps: float) -> Floats:
        return np.zeros((0, self._sampling.steps, 2), dtype=np.float32)


class WithoutMemory(ControllerPolicy):
    """Begins every step with standing instead of its last plan."""

    def act(self, moment: Moment) -> tuple[float, float]:
        """Return the first of the planned controls."""
        self._optimizer.reset()
        return super().act(moment)


class WithAvoidingPeople(ControllerPolicy):
    """Expects people to go on as ORCA would let them: straight on, but around one another."""

    def _crowd(self, moment: Moment) -> Crowd:
        straight = super()._crowd(moment)
        if straight.places.shape[2] < 2:
            return straight
        here = straight.places[0].T.astype(np.float64)
        velocities = (straight.places[1] - straight.places[0]).T.astype(np.float64) / self._sampling.step_s
        return straight._replace(places=_walked(here, velocities, self._sampling.steps))


def _walked(places: FloatArray, velocities: FloatArray, steps: int) -> Floats:
    """Return where people are at every step, shape (steps + 1, 2, n), when they avoid one another."""
    far = places + _FAR_M * velocities / np.maximum(np.linalg.norm(velocities, axis=1, keepdims=True), 1e-6)
    crowd = OrcaCrowd(places, far)
    crowd.set_out(places, velocities, far)
    story = [places.T.copy()]
    for _ in range(steps):
        crowd.step()
        story.append(crowd.positions.T.copy())
    return np.ascontiguousarray(story, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Trial:
    """One change. `sampling` changes numbers of the sampling of the crossing."""

    name: str
    profile: Profile = OPEN
    policy: Callable[..., ControllerPolicy] = ControllerPolicy
    sampling: tuple[tuple[str, float], ...] = ()

    def row(self, crossings: int) -> Row:
        """Play the crossings and count them."""
        print(f"crossing, {self.name}", file=sys.stderr)
        seeds = range(FIRST_SEED, FIRST_SEED + crossings)
        return row_without_goals(f"crossing, {self.name}", tally([self._cross(seed) for seed in seeds]))

    def _cross(self, seed: int) -> Episode:
        scene = circle_scene(PEOPLE, np.random.default_rng((seed, PEOPLE)))
        return cross(self.policy(self.profile, Drive.HOLONOMIC, 1, **dict(self.sampling)), scene)


def _costs(**changed: float) -> Profile:
    return replace(OPEN, costs=OPEN.costs._replace(**changed))


TRIALS = (
    Trial("as it is"),
    Trial("a quarter of the rollouts", sampling=(("rollouts", 250),)),
    Trial("four times the rollouts", sampling=(("rollouts", 4000),)),
    Trial("half the horizon", sampling=(("steps", 12),)),
    Trial("twice the horizon", sampling=(("steps", 48),)),
    Trial("noise anew at every step of a plan", sampling=(("knots", 24),)),
    Trial("every rollout with the whole noise", sampling=(("least_share", 1.0),)),
    Trial("random plans only", policy=WithoutProposals),
    Trial("no warm start", policy=WithoutMemory),
    Trial("people are certain", profile=replace(OPEN, foresight=Foresight(spread_mps=0.0, spread_m_per_m=0.0))),
    Trial("uncertain people count as much as certain ones", profile=_costs(far_fade=0.0)),
    Trial("people avoid one another", policy=WithAvoidingPeople),
    Trial("five times the temperature", profile=_costs(temperature=5.0 * OPEN.costs.temperature)),
    Trial("a fifth of the temperature", profile=_costs(temperature=0.2 * OPEN.costs.temperature)),
    Trial("no jump in the cost of contact", profile=_costs(contact_step_m=0.0)),
    Trial("no cost of closeness", profile=_costs(closeness=0.0)),
    Trial("standing costs less than driving", profile=_costs(standing_share=0.25)),
)
