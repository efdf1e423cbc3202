from aisle_bringup.sequence import Move, Sequence


def play(sequence: Sequence, answers: list[bool]) -> list[tuple[str, Move]]:
    asked = []
    for answer in answers:
        request = sequence.next_request()
        if request is None:
            break
        asked.append(request)
        sequence.asked()
        assert sequence.next_request() is None
        sequence.answered(answer)
    return asked


def test_all_are_configured_before_any_is_active() -> None:
    sequence = Sequence(("guard", "navigator"))
    assert play(sequence, [True] * 10) == [
        ("guard", Move.CONFIGURE),
        ("navigator", Move.CONFIGURE),
        ("guard", Move.ACTIVATE),
        ("navigator", Move.ACTIVATE),
    ]
    assert sequence.finished
    assert not sequence.failed


def test_a_refusal_is_tried_again_and_then_given_up() -> None:
    sequence = Sequence(("guard",), most_tries=3)
    assert play(sequence, [False] * 10) == [("guard", Move.CONFIGURE)] * 3
    assert sequence.failed
    assert not sequence.finished


def test_a_late_success_goes_on() -> None:
    sequence = Sequence(("guard",), most_tries=3)
    play(sequence, [False, True, False, True])
    assert sequence.finished
