"""What the parts of the particle filter are worth: the same scans again, with one setting changed.

The rides are others than those of the benchmark `localization`: among many people who follow and block the robot, in
a store with crates on its floor that stand on no map.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from aisle_navigation.localization.particle_filter import FilterSettings, ParticleFilter
from benchmarks.localization_store import Look, crowding, ride, with_crates
from benchmarks.rows import Row
from benchmarks.store_drive import Shop

FIRST_SEED, PEOPLE = 101, 30


@dataclass(frozen=True, slots=True)
class Trial:
    """One change of the settings."""

    name: str
    settings: FilterSettings

    def row(self, shop: Shop, rides: Sequence[Sequence[Look]]) -> Row:
        """Follow all rides and judge every pose."""
        print(f"localization, {self.name}", file=sys.stderr)
        off_m, unsure = np.array([judged for looks in rides for judged in self._follow(shop, looks)]).T
        note = f"p99 {100 * np.quantile(off_m, 0.99):.1f} cm, not sure in {100 * unsure.mean():.1f} % of the scans"
        return Row(f"localization, {self.name}: position error, median", 100 * float(np.median(off_m)), "cm", "", note)

    def _follow(self, shop: Shop, looks: Sequence[Look]) -> list[tuple[float, bool]]:
        """Return for each scan how far off the pose was, in metres, and whether the robot was unsure of it."""
        filter_ = ParticleFilter(shop.clearances, shop.robot, self.settings, seed=1)
        filter_.start_at(looks[0].really)
        estimates = [(look, filter_.update(look.scan, look.odom_from_base)) for look in looks]
        return [(look.really.distance_to(one.map_from_base), not one.localized) for look, one in estimates]


def record(shop: Shop, rides: int, seconds: float) -> list[list[Look]]:
    """Let the robot ride through a crowd; it drives by the filter as it is."""
    seeds = range(FIRST_SEED, FIRST_SEED + rides)
    return [ride(with_crates(shop, seed), seed, PEOPLE, crowding()).run(seconds) for seed in seeds]


def _cloud(**changed: float) -> FilterSettings:
    usual = FilterSettings()
    return replace(usual, cloud=replace(usual.cloud, **changed))  # type: ignore[arg-type]


def _field(hit_stddev_m: float) -> FilterSettings:
    usual = FilterSettings()
    return replace(usual, likelihood=replace(usual.likelihood, hit_stddev_m=hit_stddev_m))


TRIALS = (
    Trial("as it is", FilterSettings()),
    Trial("every beam counts", _cloud(agreeing=0.0)),
    Trial("half the beams", replace(FilterSettings(), beams=30)),
    Trial("twice the beams", replace(FilterSettings(), beams=120)),
    Trial("always 2000 particles", _cloud(least=2000)),
    Trial("always 200 particles", _cloud(most=200)),
    Trial("every scan is news", _cloud(least_news=1.0)),
    Trial("every beam is independent", _cloud(sharpness=1.0)),
    Trial("particles drawn at every scan", _cloud(resample_below=1.1)),
    Trial("half the spread of a hit", _field(0.05)),
    Trial("twice the spread of a hit", _field(0.20)),
)
