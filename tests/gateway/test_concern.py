"""Questions are asked one at a time; a late answer counts, but never instead of a newer one."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisle.messages import Message
from aisle.messages.robot import NextTask, StopQuery, TakeLease
from aisle_gateway.concern import LATE_S, PATIENCE_S, Conversation
from aisle_gateway.stop import StopWord
from tests.gateway.store import ROUND, STEP_S, Play, friendly, stop_state


def test_a_question_waits_for_its_answer_and_is_asked_anew_when_none_comes() -> None:
    play = Play({})
    play.run(PATIENCE_S)
    assert len(play.all_asked(StopQuery)) == len(play.all_asked(TakeLease)) == 1
    play.run(2 * STEP_S)
    assert len(play.all_asked(StopQuery)) == 2


@pytest.mark.parametrize("takes_s", [0.3, 1.1, 2.9])
def test_a_slow_store_is_heard_all_the_same(takes_s: float) -> None:
    held = {**friendly(), StopQuery: stop_state(is_stopped=True, reason="spilled milk"), NextTask: ROUND}
    play = Play(held, takes_s=takes_s)
    play.run(60.0)
    word = play.line.word()
    assert (word.stop, word.task, word.lease_number, word.complaint) == (StopWord(True, "spilled milk"), ROUND, 1, "")


class Asks:
    """Asks as often as it may and keeps what it hears."""

    def __init__(self) -> None:
        self.heard: list[tuple[Any, float]] = []

    def wants(self, now_s: float, since_s: float) -> Message | None:
        return StopQuery(robot_id="r1")

    def hear(self, asked: Message, reply: Any, asked_s: float) -> None:
        self.heard.append((reply, asked_s))


def asked_for(for_s: int) -> tuple[Conversation, Asks]:
    """Return a conversation that has asked once a second; the keys of its questions are their seconds."""
    concern, seconds = Asks(), itertools.count()
    conversation = Conversation(concern, lambda: str(next(seconds)))
    for now_s in range(for_s + 1):
        assert conversation.ask(float(now_s)) is not None
    return conversation, concern


@given(order=st.permutations(range(6)))
def test_in_whatever_order_answers_come_an_older_one_never_replaces_a_newer_one(order: list[int]) -> None:
    conversation, concern = asked_for(5)
    for second in order:
        conversation.hear(str(second), f"answer {second}")
    assert concern.heard[0] == (f"answer {order[0]}", float(order[0]))
    assert concern.heard[-1] == ("answer 5", 5.0)
    times = [asked_s for _, asked_s in concern.heard]
    assert times == sorted(set(times))


def test_an_answer_after_ten_seconds_one_that_comes_twice_and_a_strangers_count_no_more() -> None:
    conversation, concern = asked_for(round(LATE_S))
    for key in ("0", "nobody's", "1", "1"):
        conversation.hear(key, "told")
    assert concern.heard == [("told", 1.0)]
