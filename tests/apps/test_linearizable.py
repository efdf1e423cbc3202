"""The checker of histories: registers whose replies have an order, and some that have none."""

from __future__ import annotations

from collections.abc import Hashable
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from apps.faults.backend.linearizable import FOREVER_S, Operation, is_linearizable, violations


def register(state: Hashable, operation: Operation) -> tuple[bool, Hashable]:
    """Requests are ("write", value) and ("read", None)."""
    kind, value = operation.request
    if kind == "write":
        return True, value
    return operation.reply is None or operation.reply == state, state


def write(value: int, began_s: float, ended_s: float, part: str = "p") -> Operation:
    return Operation(part, ("write", value), "done", began_s, ended_s)


def read(value: int, began_s: float, ended_s: float, part: str = "p") -> Operation:
    return Operation(part, ("read", None), value, began_s, ended_s)


def test_replies_in_the_order_of_time_are_accepted() -> None:
    assert is_linearizable([write(1, 0, 1), read(1, 2, 3), write(2, 4, 5), read(2, 6, 7)], 0, register)


def test_a_stale_read_is_found() -> None:
    assert not is_linearizable([write(1, 0, 1), write(2, 2, 3), read(1, 4, 5)], 0, register)


def test_a_read_beside_a_write_may_see_either_state_but_never_goes_back() -> None:
    beside = write(1, 0, 10)
    assert is_linearizable([beside, read(0, 1, 2), read(1, 3, 4)], 0, register)
    assert not is_linearizable([beside, read(1, 1, 2), read(0, 3, 4)], 0, register)


def test_a_write_without_a_reply_may_have_happened_or_not() -> None:
    pending = write(1, 0, FOREVER_S)
    assert is_linearizable([pending, read(0, 1, 2)], 0, register)
    assert is_linearizable([pending, read(0, 1, 2), read(1, 3, 4)], 0, register)
    assert not is_linearizable([pending, read(1, 1, 2), read(0, 3, 4)], 0, register)


def test_the_broken_object_is_named_and_the_others_are_not() -> None:
    history = [write(1, 0, 1, "good"), read(1, 2, 3, "good"), write(1, 0, 1, "bad"), read(0, 2, 3, "bad")]
    assert violations(history, lambda _part: 0, register) == ["bad"]


operations = st.tuples(st.booleans(), st.integers(0, 2), st.integers(0, 12), st.integers(1, 6)).map(
    lambda drawn: (write if drawn[0] else read)(drawn[1], drawn[2], drawn[2] + drawn[3])
)


@given(st.lists(operations, max_size=6))
def test_the_search_agrees_with_trying_every_order(history: list[Operation]) -> None:
    assert is_linearizable(history, 0, register) == any(explains(order) for order in permutations(history))


def explains(order: tuple[Operation, ...]) -> bool:
    state: Hashable = 0
    for place, operation in enumerate(order):
        if any(later.ended_s < operation.began_s for later in order[place:]):
            return False
        fits, state = register(state, operation)
        if not fits:
            return False
    return True
