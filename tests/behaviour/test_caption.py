from aisle_behaviour.caption import HOLD_S, Caption


def test_a_sentence_of_one_tick_is_held_and_then_gone() -> None:
    caption = Caption()
    assert caption.hold("", 9.9) == ""
    assert caption.hold("Here we are.", 10.0) == "Here we are."
    assert caption.hold("", 10.0 + 0.9 * HOLD_S) == "Here we are."
    assert caption.hold("", 10.0 + HOLD_S) == ""


def test_a_newer_sentence_takes_over_at_once() -> None:
    caption = Caption()
    caption.hold("I am waiting for you.", 10.0)
    assert caption.hold("Here we are.", 10.1) == "Here we are."
    assert caption.hold("", 10.0 + HOLD_S) == "Here we are."
