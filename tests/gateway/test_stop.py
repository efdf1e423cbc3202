"""A stop of the store holds through silence, restarts and damage, and ends with the store's word alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from aisle.messages import Problem, ProblemCode
from aisle.messages.robot import StopQuery
from aisle_gateway.stop import StopWord, StoreStop, load_stop, save_stop
from tests.gateway.store import Play, friendly, stop_state

ASKED = StopQuery(robot_id="r1")
HELD, FREE = stop_state(True, "spilled milk"), stop_state(False)
NO_ANSWER = st.sampled_from([Problem(code=code, sentence="cannot") for code in ProblemCode])


@given(answers=st.lists(st.sampled_from([HELD, FREE]) | NO_ANSWER))
def test_whatever_happens_the_last_word_of_the_store_holds(answers: list[Any]) -> None:
    stop = StoreStop("r1")
    for answer in answers:
        stop.hear(ASKED, answer, 0.0)
    told = [answer for answer in answers if answer in (HELD, FREE)]
    assert stop.word == (StopWord(told[-1].is_stopped, told[-1].reason) if told else None)


def test_a_stop_reaches_the_line_within_half_a_second_and_silence_releases_nothing() -> None:
    play = Play(friendly())
    play.run(3.0)
    play.answers[StopQuery] = HELD
    play.run(0.5)
    assert play.line.word().stop == StopWord(True, "spilled milk")
    play.answers = {}
    play.run(600.0)
    assert play.line.word().stop == StopWord(True, "spilled milk")
    play.answers = {StopQuery: FREE}
    play.run(3.0)
    assert play.line.word().stop == StopWord(False)


def test_a_stop_that_would_not_be_heard_is_a_complaint_that_says_why() -> None:
    play = Play(friendly())
    play.run(3.0)
    assert play.line.word().complaint == ""
    play.answers = {}
    play.run(7.0)
    assert play.line.word().complaint.endswith("the store does not answer")
    play.answers = {StopQuery: Problem(code=ProblemCode.EXPIRED, sentence="the clocks differ")}
    play.run(3.0)
    assert play.line.word().complaint.endswith("the clocks differ")
    play.answers = friendly()
    play.run(3.0)
    assert play.line.word().complaint == ""


def test_before_the_store_has_said_anything_there_is_no_word() -> None:
    play = Play()
    play.run(5.0)
    assert play.line.word().stop is None


def test_a_stop_is_noted_and_a_release_removes_the_note(tmp_path: Path) -> None:
    note = tmp_path / "stop.json"
    assert load_stop(note) is None
    save_stop(note, StopWord(True, "spilled milk"))
    assert load_stop(note) == StopWord(True, "spilled milk")
    save_stop(note, StopWord(False))
    assert load_stop(note) is None
    assert list(tmp_path.iterdir()) == []


@given(content=st.binary())
def test_a_note_that_cannot_be_read_holds_the_robot(tmp_path_factory: Any, content: bytes) -> None:
    note = tmp_path_factory.mktemp("notes") / "stop.json"
    note.write_bytes(content)
    word = load_stop(note)
    assert word is not None
    assert word.is_stopped
