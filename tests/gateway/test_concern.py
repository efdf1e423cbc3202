"""Questions are asked one at a time, and only the answer to the present one counts."""

from __future__ import annotations

from aisle.messages.robot import StopQuery, TakeLease
from aisle_gateway.concern import PATIENCE_S
from tests.gateway.store import STEP_S, Play, stop_state


def test_a_question_waits_for_its_answer_and_is_asked_anew_when_none_comes() -> None:
    play = Play({})
    play.run(PATIENCE_S)
    assert len(play.all_asked(StopQuery)) == len(play.all_asked(TakeLease)) == 1
    play.run(2 * STEP_S)
    assert len(play.all_asked(StopQuery)) == 2


def test_an_answer_that_comes_too_late_counts_no_more() -> None:
    play = Play({})
    (late, _), *_ = [one for one in play.line.turn(play.now_s, None) if isinstance(one[1], StopQuery)]
    play.run(PATIENCE_S + 2 * STEP_S)
    play.line.hear(late, stop_state(is_stopped=False))
    play.line.hear("nobody's", stop_state(is_stopped=False))
    assert play.line.word().stop is None
