"""What a robot knows of a shopper: asked for in this visit, after the erased were heard, and gone with the visit."""

from __future__ import annotations

import pytest

from aisle.messages import Message, Problem, ProblemCode
from aisle.messages.memory import ErasedQuery, ErasedShoppers, Memory, MemoryOpened, MemoryQuery, OpenMemory, Reason
from aisle_gateway.recall import ERASED_EVERY_S
from tests.gateway.store import Play, friendly

ANNA = "a" * 32
NOBODY = ErasedShoppers(shopper_ids=(), is_complete=True)
ERASED = Problem(code=ProblemCode.FORBIDDEN, sentence="this shopper was erased; begin with a new number")
MEMORY = Memory(shopper_id=ANNA, consents=(), facts=(), accesses=(), told_unix_s=0.0)


def open_store() -> dict[type[Message], Message]:
    opened = MemoryOpened(ticket="b" * 32, until_unix_s=0.0)
    return {**friendly(), ErasedQuery: NOBODY, OpenMemory: opened, MemoryQuery: MEMORY}


def recall(play: Play, session_id: str = "s1") -> Memory | Problem:
    return play.line.recall(session_id, ANNA)


def fetched(session_id: str = "s1") -> Play:
    play = Play(open_store())
    play.line.meet(session_id)
    play.until(lambda: isinstance(recall(play, session_id), Memory))
    return play


def is_asked_again(reply: Memory | Problem) -> bool:
    return isinstance(reply, Problem) and reply.code is ProblemCode.NOT_READY


def test_a_memory_is_fetched_by_name_of_the_robot_after_the_erased_were_heard() -> None:
    play = fetched()
    assert recall(play) == MEMORY
    personal = [one for one in play.asked if isinstance(one, ErasedQuery | OpenMemory | MemoryQuery)]
    assert [type(one) for one in personal] == [ErasedQuery, OpenMemory, MemoryQuery]
    assert personal[1] == OpenMemory(shopper_id=ANNA, reader="r1", reason=Reason.ADVICE)


def test_nobody_is_asked_for_while_it_is_not_known_who_was_erased() -> None:
    play = Play({**open_store(), ErasedQuery: None})  # type: ignore[dict-item]
    play.line.meet("s1")
    for _ in range(50):
        assert is_asked_again(recall(play))
        play.run(0.5)
    assert play.all_asked(OpenMemory) == []


def test_a_silent_store_leaves_the_memory_of_this_visit_and_no_other() -> None:
    play = fetched()
    play.answers = {}
    play.run(60.0)
    assert recall(play) == MEMORY
    play.line.meet("s2")
    play.run(60.0)
    assert is_asked_again(recall(play, "s2"))


@pytest.mark.parametrize("next_session", ["s2", ""])
def test_with_the_visit_the_copy_goes(next_session: str) -> None:
    play = fetched()
    play.answers = {}
    play.line.meet(next_session)
    play.line.meet("s1")
    assert is_asked_again(recall(play))


def test_the_next_visit_of_the_same_shopper_hears_what_changed_meanwhile() -> None:
    play = fetched()
    play.answers[OpenMemory] = ERASED
    play.line.meet("s2")
    play.until(lambda: recall(play, "s2") == ERASED)


def test_a_shopper_who_is_erased_during_the_visit_is_gone_within_half_a_minute() -> None:
    play = fetched()
    play.answers = {**play.answers, ErasedQuery: ErasedShoppers(shopper_ids=(ANNA,), is_complete=True)}
    play.run(25.0)
    play.answers[OpenMemory] = ERASED
    assert is_asked_again(recall(play))
    play.until(lambda: recall(play) == ERASED)


def test_a_copy_that_the_screen_drops_is_fetched_anew() -> None:
    play = fetched()
    play.line.forget(ANNA)
    assert is_asked_again(recall(play))
    play.until(lambda: recall(play) == MEMORY)
    assert len(play.all_asked(OpenMemory)) == 2


@pytest.mark.parametrize("session", ["", "s1"], ids=["nobody", "a visit without a memory"])
def test_while_there_is_no_copy_and_none_is_wanted_the_store_is_asked_nothing_about_shoppers(session: str) -> None:
    play = Play(open_store())
    play.line.meet(session)
    play.run(60.0)
    assert play.all_asked(ErasedQuery) == []


def test_while_there_is_a_copy_the_store_is_asked_who_was_erased() -> None:
    play = fetched()
    play.asked.clear()
    play.run(2 * ERASED_EVERY_S + 1.0)
    assert len(play.all_asked(ErasedQuery)) == 2
    play.line.forget(ANNA)
    play.asked.clear()
    play.run(60.0)
    assert play.all_asked(ErasedQuery) == []


@pytest.mark.parametrize("late", ["s1", "s3"])
def test_a_visit_that_is_not_on_the_screen_is_refused_and_touches_nothing(late: str) -> None:
    play = fetched("s2")
    play.asked.clear()
    reply = recall(play, late)
    assert isinstance(reply, Problem)
    assert reply.code is ProblemCode.UNKNOWN_SESSION
    play.run(10.0)
    assert play.all_asked(OpenMemory) == []
    assert recall(play, "s2") == MEMORY


def test_what_was_asked_in_the_visit_before_counts_not_for_the_next_however_late_it_is_answered() -> None:
    play = Play(open_store(), takes_s=0.9)
    play.line.meet("s1")
    play.until(lambda: is_asked_again(recall(play)) and play.all_asked(MemoryQuery) != [])
    play.line.meet("s2")
    play.asked.clear()
    play.until(lambda: isinstance(recall(play, "s2"), Memory))
    personal = [type(one) for one in play.asked if isinstance(one, ErasedQuery | OpenMemory | MemoryQuery)]
    assert personal == [ErasedQuery, OpenMemory, MemoryQuery]


def test_a_line_tells_nothing_of_a_shopper_when_it_is_written_into_a_log() -> None:
    play = fetched()
    play.line.forget(ANNA)
    recall(play)
    assert ANNA not in repr(play.line._recall)
