"""The particle cloud: as many particles as the doubt needs, and deaf to people."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2

from aisle.geometry import Pose2
from aisle_navigation.localization.cloud import CloudSettings, ParticleCloud, Spread
from aisle_navigation.localization.kernels.resampling import draw, particles_needed
from aisle_navigation.localization.kernels.weighing import weigh
from aisle_navigation.localization.likelihood import likelihood_field
from tests.navigation.rooms import grid, room, scan_of, with_box

CELLS = with_box(with_box(room(), 3.0, 2.0, 4.0, 5.0), 6.0, 3.0, 8.0, 4.0)
FIELD = likelihood_field(grid(CELLS))
HERE = Pose2(2.0, 1.2, 0.1)
TIGHT, WIDE = Spread(0.02, 0.01), Spread(0.6, 0.4)


def cloud(spread: Spread, seed: int = 1) -> ParticleCloud:
    made = ParticleCloud(FIELD, CloudSettings(), np.random.default_rng(seed))
    made.scatter(HERE, spread)
    return made


def points_at(pose: Pose2, cells: np.ndarray = CELLS) -> np.ndarray:
    return scan_of(cells, pose).points()[::3]


@given(st.integers(2, 2000))
def test_the_number_of_particles_is_foxs_bound(bins: int) -> None:
    exact = chi2.ppf(0.99, bins - 1) / (2.0 * 0.05)
    assert particles_needed(bins, 0.05, 2.3263) == pytest.approx(exact, rel=0.04)


def test_a_wide_cloud_keeps_more_particles_than_a_tight_one() -> None:
    settings = CloudSettings()
    counts = []
    for spread in (TIGHT, WIDE):
        particles = cloud(spread).particles
        weights = np.full(len(particles), 1.0 / len(particles))
        drawn = draw(
            particles, weights, 0.3, settings.bin_m, settings.bin_rad, settings.kld_error, settings.kld_quantile,
            settings.least, settings.most,
        )  # fmt: skip
        counts.append(len(drawn))
    assert counts == [settings.least, settings.most]


@given(
    weights=st.lists(st.floats(0.0, 1.0), min_size=1, max_size=30).filter(lambda ws: sum(ws) > 0.1),
    start=st.floats(0.0, 0.999),
)
def test_particles_are_drawn_in_proportion_to_their_weights(weights: list[float], start: float) -> None:
    share = np.array(weights) / sum(weights)
    particles = np.column_stack((np.arange(len(share), dtype=float), np.zeros((len(share), 2))))
    drawn = draw(particles, share, start, 0.1, 0.1, 0.05, 2.33, 1000, 1000)
    assert np.bincount(drawn, minlength=len(share)) / 1000.0 == pytest.approx(share, abs=0.01)


def test_scans_pull_the_cloud_to_where_the_robot_is() -> None:
    pulled = cloud(Spread(0.3, 0.2))
    for _ in range(15):
        pulled.weigh(points_at(HERE), 1.0)
        pulled.resample()
        pulled.move(Pose2(0.0, 0.0, 0.0))
    centre = pulled.centre()
    assert centre.map_from_base.distance_to(HERE) < 0.04
    assert centre.position_stddev_m < 0.1
    assert len(pulled) < CloudSettings().most


def test_beams_that_end_at_people_are_skipped() -> None:
    crowd = with_box(with_box(CELLS, 2.4, 0.7, 2.7, 1.4), 1.0, 1.5, 2.4, 1.8)
    followed = cloud(TIGHT)
    followed.weigh(points_at(HERE, crowd), 1.0)
    assert followed.skipped_share > 0.2
    assert followed.centre().map_from_base.distance_to(HERE) < 0.02


def test_a_cloud_that_is_wrong_hears_every_beam() -> None:
    particles = np.array([[1.0, 1.0, 0.0], [1.1, 1.0, 0.0]])
    nowhere = np.full((20, 2), 1.5)
    logs, skipped = weigh(particles, nowhere, FIELD.glass, 0.05, -0.05, -0.05, FIELD.log_at(0.3), 0.3, 0.9)
    assert skipped == 20
    assert (logs < -20.0).all()


def test_logs_are_those_of_the_likelihood_field() -> None:
    wall_ahead = np.array([[2.95 - HERE.x_m, 0.0]])
    particles = np.array([[HERE.x_m, 3.0, 0.0], [HERE.x_m - 1.0, 3.0, 0.0]])
    logs, _ = weigh(particles, wall_ahead, FIELD.glass, 0.05, -0.05, -0.05, FIELD.log_at(0.3), 0.0, 0.9)
    assert logs[0] == pytest.approx(FIELD.log_at(0.05), abs=1e-3)
    assert logs[1] == pytest.approx(math.log(0.15), abs=1e-3)


@given(x_m=st.floats(-30.0, 40.0), y_m=st.floats(-30.0, 40.0), yaw_rad=st.floats(-20.0, 20.0))
def test_particles_off_the_map_are_weighed_as_if_nothing_were_there(x_m: float, y_m: float, yaw_rad: float) -> None:
    logs, _ = weigh(
        np.array([[x_m, y_m, yaw_rad]]), np.array([[100.0, 0.0]]), FIELD.glass, 0.05, -0.05, -0.05, -1.0, 0.0, 0.9
    )
    assert logs[0] == pytest.approx(math.log(0.15), abs=1e-3)


def test_standing_still_brings_little_news() -> None:
    still, moving = (cloud(TIGHT).news_in(Pose2(step_m, 0.0, 0.0)) for step_m in (0.0, 0.2))
    assert still == CloudSettings().least_news
    assert moving == 1.0


def test_no_beams_change_no_weight() -> None:
    blind = cloud(WIDE)
    before = blind.particles
    blind.weigh(np.zeros((0, 2)), 1.0)
    blind.resample()
    assert (blind.particles == before).all()
