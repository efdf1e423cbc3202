"""The journey score: a product in which every stage counts, and whose loss is shared out without a rest."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisle.messages.care import Channel, Stage
from store_backend.journey import Step, happened_at, score_visit
from store_backend.outcomes import BACK, CONSENT_GIVEN, CONSENT_WITHDRAWN, CREDITS, PROMPTED, RETURNING
from store_backend.touch_points import CHECKLIST

STEPS = st.builds(
    Step,
    happened_unix_s=st.just(0.0),
    stage=st.sampled_from(Stage),
    touch_point=st.just("home"),
    channel=st.sampled_from(Channel),
    outcome=st.sampled_from([*CREDITS, "asked_buy", "something new"]),
    taps=st.integers(0, 200),
    seconds=st.floats(0.0, 5000.0),
    metres=st.floats(0.0, 5000.0),
)


def step(stage: Stage, outcome: str, taps: int = 0, seconds: float = 0.0, metres: float = 0.0) -> Step:
    return Step(0.0, stage, "home", Channel.KIOSK, outcome, taps, seconds, metres)


GOOD = [
    step(Stage.ORIENTATION, "started"),
    step(Stage.SELECTION, "chosen"),
    step(Stage.PAYMENT, "paid"),
    step(Stage.DELIVERY, "found"),
    step(Stage.CARE, "helped"),
]


def test_a_visit_in_which_everything_went_well_scores_one_and_blames_nobody() -> None:
    result = score_visit(GOOD)
    assert result.score == 1.0
    assert [one.stage for one in result.stages] == list(Stage)
    assert [one.blame for one in result.stages] == [0.0] * 5


@pytest.mark.parametrize("place", range(5))
def test_one_broken_stage_sinks_the_visit_and_bears_the_blame(place: int) -> None:
    broken = "payment_failed"
    steps = [step(one.stage, broken) if number == place else one for number, one in enumerate(GOOD)]
    result = score_visit(steps)
    assert result.score == pytest.approx(CREDITS[broken])
    assert [one.blame for one in result.stages] == [1.0 if number == place else 0.0 for number in range(5)]


@given(st.lists(STEPS, max_size=30))
def test_the_score_is_the_product_of_its_stages_and_the_blames_share_the_whole_loss(steps: list[Step]) -> None:
    result = score_visit(steps)
    if result.score is None:
        assert result.stages == ()
        return
    assert 0.0 < result.score <= 1.0
    assert result.score == pytest.approx(math.prod(one.score for one in result.stages))
    assert sum(one.blame for one in result.stages) == pytest.approx(0.0 if result.score == 1.0 else 1.0)


@given(st.lists(STEPS, max_size=20), STEPS)
def test_more_effort_never_makes_a_visit_better(steps: list[Step], extra: Step) -> None:
    effort = step(extra.stage, "says nothing", extra.taps, extra.seconds, extra.metres)
    before, after = score_visit(steps).score, score_visit([*steps, effort]).score
    assert (before is None) == (after is None)
    assert before is None or after is None or after <= before


def test_effort_beyond_the_allowance_weighs_by_the_measure_that_is_exceeded_most() -> None:
    assert score_visit([step(Stage.DELIVERY, "found", seconds=180.0, metres=80.0)]).score == 1.0
    assert score_visit([step(Stage.DELIVERY, "found", seconds=360.0, metres=320.0)]).score == pytest.approx(0.25)


def test_a_failure_that_was_recovered_costs_less_than_one_that_was_not() -> None:
    failed, found = step(Stage.ORIENTATION, "nothing_found"), step(Stage.ORIENTATION, "started")
    assert score_visit([failed, found]).score == pytest.approx(0.8)
    assert score_visit([found, failed]).score == pytest.approx(0.2)


def test_leaving_is_a_loss_only_when_the_need_was_not_met() -> None:
    begun, left = step(Stage.ORIENTATION, "started"), step(Stage.ORIENTATION, "left")
    assert score_visit([begun, left]).score == pytest.approx(0.2)
    assert score_visit([begun, step(Stage.DELIVERY, "found"), left]).score == 1.0


@pytest.mark.parametrize(("sent_s", "kept_s"), [
    (None, 1e9), (1e9 - 600.0, 1e9 - 600.0), (1e9 + 2.0, 1e9 + 2.0), (1e9 + 60.0, 1e9), (0.0, 1e9),
    (float("nan"), 1e9), (float("inf"), 1e9),
])  # fmt: skip
def test_a_senders_time_counts_unless_its_clock_cannot_be_right(sent_s: float | None, kept_s: float) -> None:
    assert happened_at(sent_s, 1e9) == kept_s


def test_every_outcome_that_the_screen_records_is_known_or_says_nothing_on_purpose() -> None:
    sources = Path(__file__).parents[2].joinpath("kiosk_ui").glob("*.py")
    recorded = {
        outcome
        for source in sources
        for outcome in re.findall(r'Stage\.[A-Z]+, (?:note\.screen\.value, )?"(\w+)"', source.read_text())
    }
    assert len(recorded) > 12
    silent = {BACK, *PROMPTED, RETURNING, CONSENT_GIVEN, CONSENT_WITHDRAWN, "listed", "left_with_code"}
    assert recorded - set(CREDITS) == silent


def test_the_checklist_has_at_least_twenty_points_in_three_layers_with_names_of_their_own() -> None:
    assert len({point.name for point in CHECKLIST}) == len(CHECKLIST) >= 20
    assert len({point.layer for point in CHECKLIST}) == 3
