"""Trials change one thing each, and what they change reaches the crossing and the filter."""

from dataclasses import replace

import numpy as np
import pytest

from aisle.geometry import Pose2
from aisle.sensing import Person
from aisle_navigation.control.profiles import OPEN
from aisle_navigation.control.scene import Drive
from aisle_navigation.localization.particle_filter import FilterSettings
from benchmarks import crowd, trials_controller, trials_localization
from benchmarks.crowd_policies import ControllerPolicy, Moment
from benchmarks.trials_controller import FIRST_SEED, Trial, WithAvoidingPeople, WithoutMemory, WithoutProposals

FEW = (("rollouts", 128),)


def seen(policy: type[ControllerPolicy]) -> np.ndarray:
    """Where two people who walk into each other are expected to be, shape (steps + 1, 2, n)."""
    people = (Person(0, -2.0, 0.01, 1.0, 0.0, 0.3), Person(1, 2.0, 0.0, -1.0, 0.0, 0.3))
    moment = Moment(Pose2(0.0, -4.0, 1.57), (0.0, 0.0), people, 0.0)
    return policy(OPEN, Drive.HOLONOMIC, 1)._crowd(moment).places


def test_people_who_avoid_one_another_do_not_walk_through_one_another() -> None:
    straight, avoiding = (
        np.linalg.norm(places[:, :, 0] - places[:, :, 1], axis=1).min()
        for places in (seen(ControllerPolicy), seen(WithAvoidingPeople))
    )
    assert straight < 0.3
    assert avoiding >= 0.6 - 0.01
    np.testing.assert_array_equal(seen(ControllerPolicy)[0], seen(WithAvoidingPeople)[0])


@pytest.mark.parametrize("policy", [WithoutProposals, WithoutMemory, WithAvoidingPeople])
def test_a_changed_part_changes_the_crossing(policy: type[ControllerPolicy]) -> None:
    usual, changed = Trial("usual", sampling=FEW), Trial("changed", policy=policy, sampling=FEW)
    assert changed._cross(FIRST_SEED) != usual._cross(FIRST_SEED)
    assert changed._cross(FIRST_SEED) == changed._cross(FIRST_SEED)


def test_no_trial_uses_a_seed_that_is_reported() -> None:
    assert max(crowd.SEEDS, crowd.OTHER_SEEDS) < FIRST_SEED


def test_every_trial_has_a_name_and_a_change_of_its_own() -> None:
    for trials in (trials_controller.TRIALS, trials_localization.TRIALS):
        first, *others = trials
        assert first.name == "as it is"
        assert len({trial.name for trial in trials}) == len(trials)
        assert all(replace(trial, name=first.name) != first for trial in others)
    assert trials_localization.TRIALS[0].settings == FilterSettings()
