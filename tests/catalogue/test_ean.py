from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.ean import EanError, check_digit, in_store_ean, is_valid_ean


def test_the_check_digit_is_the_one_of_a_known_number() -> None:
    assert check_digit("400638133393") == 1
    assert is_valid_ean("4006381333931")


def test_a_short_number_has_its_check_digit_too() -> None:
    assert check_digit("7351353") == 7
    assert is_valid_ean("73513537")
    assert not is_valid_ean("73513536")


@given(number=st.integers(0, 999_999_999))
def test_every_in_store_number_is_valid_and_in_the_restricted_range(number: int) -> None:
    ean = in_store_ean(number)
    assert is_valid_ean(ean)
    assert 200 <= int(ean[:3]) <= 299


@given(number=st.integers(0, 999_999_999), position=st.integers(0, 12), change=st.integers(1, 9))
def test_one_wrong_digit_is_noticed(number: int, position: int, change: int) -> None:
    digits = list(in_store_ean(number))
    digits[position] = str((int(digits[position]) + change) % 10)
    assert not is_valid_ean("".join(digits))


@pytest.mark.parametrize("number", [-1, 1_000_000_000])
def test_a_number_that_does_not_fit_is_refused(number: int) -> None:
    with pytest.raises(EanError, match="9 digits"):
        in_store_ean(number)


@pytest.mark.parametrize("text", ["", "123", "20000000001٣", "2000000000000x"])
def test_what_is_no_number_is_not_valid(text: str) -> None:
    assert not is_valid_ean(text)
