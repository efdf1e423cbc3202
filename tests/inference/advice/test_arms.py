from __future__ import annotations

import msgspec
import pytest

from aisle_inference.advice.arms import Comparison


def test_a_visit_is_always_in_the_same_arm_and_shares_are_kept() -> None:
    comparison = Comparison(name="autumn", control_share=0.3)
    arms = [comparison.arm_of(f"visit {number}") for number in range(4000)]
    assert arms == [Comparison(name="autumn", control_share=0.3).arm_of(f"visit {number}") for number in range(4000)]
    assert 0.27 < arms.count("control") / len(arms) < 0.33


def test_another_comparison_divides_anew() -> None:
    first, second = Comparison(name="autumn"), Comparison(name="winter")
    same = sum(first.arm_of(f"visit {number}") == second.arm_of(f"visit {number}") for number in range(2000))
    assert 900 < same < 1100


def test_a_visit_without_a_mark_takes_no_part() -> None:
    assert Comparison(name="autumn").arm_of("") is None


@pytest.mark.parametrize("share", [0.0, 1.0, float("nan"), -1.0])
def test_a_comparison_needs_both_arms(share: float) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"name": "autumn", "control_share": share}, Comparison)
