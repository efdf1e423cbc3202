"""The order of bringing nodes up, what a refusal means, and how a node that was restarted is helped."""

from __future__ import annotations

from aisle_bringup.sequence import Move, Sequence, State

BOTH = ("guard", "navigator")


def play(sequence: Sequence, answers: list[bool], fresh: State = State.UNCONFIGURED) -> list[tuple[str, Move]]:
    """Answer transitions in turn and every question with `fresh`; return the transitions that were asked for."""
    asked, left = [], list(answers)
    while (request := sequence.next_request(sequence.nodes)) is not None:
        sequence.asked(*request)
        assert sequence.next_request(sequence.nodes) is None
        if request[1] is Move.ASK:
            sequence.told(fresh)
            continue
        asked.append(request)
        if not left:
            break
        sequence.answered(left.pop(0))
    return asked


def test_all_are_configured_before_any_is_active() -> None:
    sequence = Sequence(BOTH)
    assert play(sequence, [True] * 10) == [
        ("guard", Move.CONFIGURE),
        ("navigator", Move.CONFIGURE),
        ("guard", Move.ACTIVATE),
        ("navigator", Move.ACTIVATE),
    ]
    assert sequence.all_active
    assert not sequence.failed


def test_a_refusal_is_tried_again_and_then_given_up_by_name() -> None:
    sequence = Sequence(("guard",), most_tries=3)
    assert play(sequence, [False] * 10) == [("guard", Move.CONFIGURE)] * 3
    assert sequence.refusing == "guard"
    assert not sequence.all_active


def test_a_late_success_goes_on() -> None:
    sequence = Sequence(("guard",), most_tries=3)
    play(sequence, [False, True])
    sequence.learned("guard", State.INACTIVE)
    sequence.answered(True)
    assert sequence.all_active


def test_nodes_that_are_active_already_are_left_alone() -> None:
    sequence = Sequence(BOTH)
    assert play(sequence, [], fresh=State.ACTIVE) == []
    assert sequence.all_active


def test_a_node_that_is_not_there_yet_is_waited_for_at_the_start() -> None:
    sequence = Sequence(BOTH)
    assert sequence.next_request(["navigator"]) is None
    assert sequence.next_request(BOTH) == ("guard", Move.ASK)


def test_a_node_that_was_restarted_is_brought_up_again_and_nobody_else() -> None:
    sequence = Sequence(BOTH)
    play(sequence, [True] * 4)
    sequence.learned("guard", State.UNKNOWN)
    assert play(sequence, [True] * 4) == [("guard", Move.CONFIGURE), ("guard", Move.ACTIVATE)]


def test_after_the_start_a_node_that_is_gone_keeps_nobody_waiting() -> None:
    sequence = Sequence(BOTH)
    play(sequence, [True] * 4)
    for name in BOTH:
        sequence.learned(name, State.UNKNOWN)
    assert sequence.next_request(["navigator"]) == ("navigator", Move.ASK)


def test_an_answer_that_never_comes_is_asked_for_again() -> None:
    sequence = Sequence(("guard",))
    sequence.asked("guard", Move.ASK)
    sequence.gave_up()
    assert sequence.next_request(["guard"]) == ("guard", Move.ASK)
