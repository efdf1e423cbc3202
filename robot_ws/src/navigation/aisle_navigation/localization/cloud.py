"""The particle cloud: Monte Carlo localization with as many particles as the doubt needs.

After S. Thrun, W. Burgard and D. Fox, "Probabilistic Robotics" (2005): the odometry motion model of table 5.6 and
the likelihood field of table 6.3; resampling after Fox (2003), see kernels/resampling.py. Beams that most particles
contradict are left out, as AMCL does ("beam skipping"): they end at people.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from aisle.geometry import FloatArray, Pose2
from aisle_navigation.localization.kernels.resampling import draw
from aisle_navigation.localization.kernels.weighing import weigh
from aisle_navigation.localization.likelihood import LikelihoodField

Particles = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class CloudSettings:
    """Particle numbers and noise; the motion noise is per metre driven and per radian turned.

    `kld_error` and `kld_quantile` (of the normal distribution) are Fox's epsilon and z, for bins of `bin_m` and
    `bin_rad`. A beam counts when at least `agreeing` of the particles see it within `skip_m` of the map; if more
    than `most_skipped` of the beams would not count, all do.
    """

    most: int = 2000
    least: int = 200
    kld_error: float = 0.05
    kld_quantile: float = 2.33
    bin_m: float = 0.10
    bin_rad: float = 0.0873
    skip_m: float = 0.30
    agreeing: float = 0.3
    most_skipped: float = 0.9
    sharpness: float = 0.35
    translation_noise: float = 0.08
    rotation_noise: float = 0.08
    drift_rad_per_m: float = 0.03
    floor_m: float = 0.004
    floor_rad: float = 0.004
    news_m: float = 0.05
    news_rad: float = 0.05
    least_news: float = 0.1
    resample_below: float = 0.6


@dataclass(frozen=True, slots=True)
class Spread:
    """Standard deviations of position (each axis) and heading."""

    position_m: float
    yaw_rad: float


@dataclass(frozen=True, slots=True)
class Centre:
    """The weighted mean of a cloud in the map frame and how far it spreads."""

    map_from_base: Pose2
    position_stddev_m: float
    yaw_stddev_rad: float


class ParticleCloud:
    """Holds the particles, shape (n, 3): x, y in metres and yaw in radians, in the map frame; and their weights."""

    def __init__(self, field: LikelihoodField, settings: CloudSettings, rng: np.random.Generator) -> None:
        self.field = field
        self.settings = settings
        self._rng = rng
        self._particles: Particles = np.zeros((1, 3))
        self._logs: FloatArray = np.zeros(1)
        self.skipped_share = 0.0

    def __len__(self) -> int:
        return len(self._particles)

    @property
    def particles(self) -> Particles:
        """A copy of the particles, for showing them."""
        return self._particles.copy()

    def scatter(self, pose_map: Pose2, spread: Spread) -> None:
        """Place the largest number of particles around a pose."""
        centre = np.array([pose_map.x_m, pose_map.y_m, pose_map.yaw_rad])
        self._particles = np.broadcast_to(centre, (self.settings.most, 3)).copy()
        self._logs = np.zeros(self.settings.most)
        self.shake(spread)

    def shake(self, spread: Spread) -> None:
        """Spread the particles further from where each is."""
        stddev = np.array([spread.position_m, spread.position_m, spread.yaw_rad])
        self._particles += self._rng.standard_normal(self._particles.shape) * stddev

    def news_in(self, step: Pose2) -> float:
        """Return how much a scan says after this step that the one before did not, 0 to 1.

        Scans from one place share what they get wrong; taken for independent they would make the cloud too sure.
        """
        settings = self.settings
        moved = math.hypot(step.x_m, step.y_m) / settings.news_m + abs(step.yaw_rad) / settings.news_rad
        return max(settings.least_news, min(1.0, moved))

    def move(self, step: Pose2) -> None:
        """Move all particles by what odometry says, each with an error of its own."""
        settings, still = self.settings, math.sqrt(self.news_in(step))
        distance_m, turn_rad = math.hypot(step.x_m, step.y_m), abs(step.yaw_rad)
        sigma_m = settings.translation_noise * distance_m + settings.floor_m * still
        turned = settings.rotation_noise * turn_rad + settings.drift_rad_per_m * distance_m
        sigma_rad = turned + settings.floor_rad * still
        noise = self._rng.standard_normal(self._particles.shape)
        yaw = self._particles[:, 2]
        forward, left = step.x_m + sigma_m * noise[:, 0], step.y_m + 0.3 * sigma_m * noise[:, 1]
        self._particles[:, 0] += np.cos(yaw) * forward - np.sin(yaw) * left
        self._particles[:, 1] += np.sin(yaw) * forward + np.cos(yaw) * left
        self._particles[:, 2] = yaw + step.yaw_rad + sigma_rad * noise[:, 2]

    def weigh(self, points: FloatArray, news: float) -> None:
        """Weigh the particles by points of the base frame, shape (n, 2), and draw anew when few still matter.

        `news` is the share, 0 to 1, of the points' evidence that is new.
        """
        if len(points) == 0:
            return
        settings, field = self.settings, self.field
        logs, skipped = weigh(
            self._particles,
            points,
            field.glass,
            field.resolution_m,
            field.origin_x_m,
            field.origin_y_m,
            field.log_at(settings.skip_m),
            settings.agreeing,
            settings.most_skipped,
        )
        self.skipped_share = skipped / len(points)
        self._logs += settings.sharpness * news * logs
        self._logs -= self._logs.max()

    def centre(self) -> Centre:
        """Return the mean pose and the spread."""
        weights, particles = self._weights(), self._particles
        x_m, y_m = weights @ particles[:, 0], weights @ particles[:, 1]
        cosine, sine = weights @ np.cos(particles[:, 2]), weights @ np.sin(particles[:, 2])
        variance = weights @ ((particles[:, 0] - x_m) ** 2 + (particles[:, 1] - y_m) ** 2)
        length = min(1.0, math.hypot(cosine, sine))
        stddev_rad = math.sqrt(max(0.0, -2.0 * math.log(max(length, 1e-9))))
        pose = Pose2(float(x_m), float(y_m), math.atan2(sine, cosine))
        return Centre(pose, math.sqrt(float(variance)), stddev_rad)

    def resample(self) -> None:
        """Draw particles by weight when the weights have become uneven, as many as the spread needs (KLD)."""
        weights, settings = self._weights(), self.settings
        if 1.0 / np.sum(weights**2) >= settings.resample_below * len(weights):
            return
        drawn = draw(
            self._particles,
            weights,
            float(self._rng.random()),
            settings.bin_m,
            settings.bin_rad,
            settings.kld_error,
            settings.kld_quantile,
            min(settings.least, settings.most),
            settings.most,
        )
        self._particles, self._logs = self._particles[drawn], np.zeros(len(drawn))

    def _weights(self) -> FloatArray:
        weights = np.exp(self._logs - self._logs.max())
        return np.asarray(weights / weights.sum())
