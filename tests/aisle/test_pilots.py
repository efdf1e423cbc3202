"""Pilots: groups that never change, of the size that was asked for, and files that are refused in one line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisle.config import ConfigError
from aisle.pilots import NO_PILOTS, Pilot, load_pilots

VISITS = [f"visit-{number}" for number in range(4_000)]


@given(st.text(min_size=1), st.floats(0.0, 0.5), st.floats(0.0, 0.5), st.floats(0.0, 0.4))
def test_who_has_the_feature_keeps_it_when_more_get_it(visit: str, share: float, control: float, more: float) -> None:
    before = Pilot(name="greeting", pilot_share=share, control_share=control).group_of(visit)
    after = Pilot(name="greeting", pilot_share=min(1.0, share + more)).group_of(visit)
    assert before != "pilot" or after == "pilot"


def test_the_groups_have_their_shares_and_two_pilots_are_drawn_apart() -> None:
    one = Pilot(name="one", pilot_share=0.2, control_share=0.3)
    other = Pilot(name="other", pilot_share=0.2, control_share=0.3)
    drawn = [one.group_of(visit) for visit in VISITS]
    assert drawn.count("pilot") / len(VISITS) == pytest.approx(0.2, abs=0.03)
    assert drawn.count("control") / len(VISITS) == pytest.approx(0.3, abs=0.03)
    both = sum(one.group_of(visit) == other.group_of(visit) == "pilot" for visit in VISITS)
    assert both / len(VISITS) == pytest.approx(0.04, abs=0.015)


def test_a_visit_without_a_mark_takes_no_part() -> None:
    assert Pilot(name="one", pilot_share=1.0).group_of("") == ""


def test_a_store_without_the_file_has_no_pilots(tmp_path: Path) -> None:
    assert load_pilots(tmp_path) is NO_PILOTS
    assert NO_PILOTS.groups_of("visit-1") == {}


def test_a_file_names_the_pilots(tmp_path: Path) -> None:
    (tmp_path / "pilots.yaml").write_text("pilots:\n  - {name: greeting, pilot_share: 1.0}\n  - {name: idle}\n")
    assert load_pilots(tmp_path).groups_of("visit-1") == {"greeting": "pilot"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("pilots: [{name: one, pilot_share: 2}]", "pilot_share"),
        ("pilots: [{name: one, pilot_share: 0.7, control_share: 0.7}]", "more than 1 together"),
        ("pilots: [{name: one}, {name: one}]", "two pilots have one name"),
        ("pilots: [{name: one, colour: red}]", "colour"),
    ],
)
def test_a_wrong_file_is_one_line_that_says_what(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "pilots.yaml").write_text(text)
    with pytest.raises(ConfigError, match=words):
        load_pilots(tmp_path)
