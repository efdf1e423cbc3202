import pytest

from benchmarks.stopwatch import timed_parts


class Engine:
    def __init__(self) -> None:
        self.turns = 0

    def turn(self, by: int) -> int:
        self.turns += by
        return self.turns

    def turn_twice(self) -> int:
        self.turn(1)
        return self.turn(1)

    def fail(self) -> None:
        raise ValueError("broken")


def test_timed_methods_do_what_they_did_and_are_put_back() -> None:
    original = Engine.turn
    engine = Engine()
    with timed_parts({"turning": ((Engine, "turn"),)}) as stopwatch:
        assert engine.turn(by=2) == 2
        assert Engine.turn is not original
    assert Engine.turn is original
    assert stopwatch.spent_s["turning"] > 0.0


def test_an_inner_part_is_taken_off_the_outer_one() -> None:
    with timed_parts({"inner": ((Engine, "turn"),), "outer": ((Engine, "turn_twice"),)}) as stopwatch:
        assert Engine().turn_twice() == 2
    assert set(stopwatch.spent_s) == {"inner", "outer"}
    assert stopwatch._inner_s[0] == pytest.approx(sum(stopwatch.spent_s.values()))


def test_a_method_that_raises_is_timed_and_still_raises() -> None:
    with timed_parts({"failing": ((Engine, "fail"),)}) as stopwatch, pytest.raises(ValueError, match="broken"):
        Engine().fail()
    assert "failing" in stopwatch.spent_s
    assert Engine.fail.__name__ == "fail"
