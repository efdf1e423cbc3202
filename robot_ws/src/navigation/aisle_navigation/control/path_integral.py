"""Model predictive path integral control (MPPI): many noisy plans, averaged by exp(-cost / temperature).

After G. Williams et al., "Information-theoretic model predictive control: theory and applications to autonomous
driving", IEEE Transactions on Robotics 34(6), 2018. Different from the paper: the noise is smooth, drawn once and used
again at every step; some plans are plain proposals; and where the average is worse than the best plan, as between two
ways around somebody, the best is taken.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from aisle_navigation.control.kernels import BLOCK, STATES, optimize
from aisle_navigation.control.profiles import Sampling
from aisle_navigation.control.scene import Costs, Crowd, Floats, Floor, Motion, as_float32


@dataclass(frozen=True, slots=True)
class Problem:
    """One moment to decide in.

    `start` is (x, y, yaw, first control, second control), `goal` (x, y) in the same frame. On a `floor` its cost to go
    takes the place of the distance to the goal; None is open ground. `proposals` has shape (m, steps, 2).
    """

    start: Floats
    goal: Floats
    motion: Motion
    floor: Floor | None
    crowd: Crowd
    proposals: Floats


class PathIntegral:
    """Keeps the best controls so far (the warm start), the noise, and all room that an update needs."""

    def __init__(self, sampling: Sampling, costs: Costs, seed: int) -> None:
        steps, rollouts = sampling.steps, sampling.rollouts
        self.sampling = sampling
        self._costs = as_float32(costs)
        self._noise = _draw_noise(sampling, np.random.default_rng(seed))
        self._applied = np.zeros((steps, 2, rollouts), dtype=np.float32)
        self._state = np.zeros((STATES, BLOCK), dtype=np.float32)
        self._totals = np.zeros(rollouts, dtype=np.float32)
        self._shares = np.zeros(rollouts, dtype=np.float32)
        self._single = np.zeros((2, steps, 2, 1), dtype=np.float32)
        self._controls = np.zeros((steps, 2), dtype=np.float32)
        self._mean = np.zeros((steps, 2), dtype=np.float32)
        self._improved_s = -math.inf

    def reset(self) -> None:
        """Forget the controls so far; call when the goal changes or something else moved the robot."""
        self._controls[:] = 0.0
        self._improved_s = -math.inf

    def improve(self, problem: Problem, now_s: float) -> Floats:
        """Return the controls from now on, shape (steps, 2), one row for each `step_s`; valid until the next call."""
        self._carry_over(now_s)
        single_noise = self._single[0]
        single_noise[:] = 0.0
        self.cost = float(
            optimize(
                problem.start, self._mean, self._noise, problem.proposals, problem.motion,
                np.float32(self.sampling.step_s), problem.goal, problem.floor, problem.crowd, self._costs,
                self._state, self._applied, self._totals, self._shares, self._single, self._controls,
            )
        )  # fmt: skip
        return self._controls

    def drawn(self) -> tuple[Floats, Floats]:
        """Return the controls around which was drawn last, shape (steps, 2), and the noise, (steps, 2, rollouts)."""
        return self._mean.copy(), self._noise.copy()

    def _carry_over(self, now_s: float) -> None:
        """Take the controls from the time that has come since; when time ran backwards or on too far, none."""
        elapsed_steps = (now_s - self._improved_s) / self.sampling.step_s
        self._improved_s = now_s
        at = np.arange(self.sampling.steps, dtype=np.float64)
        if not 0.0 <= elapsed_steps < len(at):
            self._mean[:] = 0.0
            return
        for control in range(2):
            self._mean[:, control] = np.interp(at + elapsed_steps, at, self._controls[:, control])


def _draw_noise(sampling: Sampling, rng: np.random.Generator) -> Floats:
    """Return smooth noise, shape (steps, 2, rollouts); that of rollout 0 is zero, so that the mean is tried itself."""
    knots = rng.standard_normal((sampling.rollouts, sampling.knots, 2))
    knots *= np.array([sampling.first_stddev, sampling.second_stddev])
    knots *= rng.uniform(sampling.least_share, 1.0, (sampling.rollouts, 1, 1))
    at = np.linspace(0.0, sampling.knots - 1.0, sampling.steps)
    left = np.minimum(at.astype(np.int64), sampling.knots - 2)
    share = (at - left)[None, :, None]
    noise = knots[:, left] * (1.0 - share) + knots[:, left + 1] * share
    noise[0] = 0.0
    return np.ascontiguousarray(noise.transpose(1, 2, 0), dtype=np.float32)
