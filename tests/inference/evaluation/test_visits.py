from __future__ import annotations

from pathlib import Path

import pytest

from aisle_inference.evaluation.visits import VisitsProblem, read_visits


def visits(folder: Path, *lines: str) -> Path:
    path = folder / "visits.csv"
    path.write_text("\n".join(("visit,arm,outcome", *lines)) + "\n")
    return path


def test_outcomes_go_to_their_arms(tmp_path: Path) -> None:
    found = read_visits(visits(tmp_path, "a,control,0", "b,ranking,1", "c,ranking,2.5"))
    assert found.control.tolist() == [0.0]
    assert found.ranking.tolist() == [1.0, 2.5]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("a,red,1",), "arm 'red' is none of control, ranking"),
        (("a,control,1", "a,ranking,1"), "more than once"),
        (("a,control,yes",), "outcome"),
        (("a,control,1e9",), "outcome"),
    ],
)
def test_a_bad_row_is_named(tmp_path: Path, lines: tuple[str, ...], said: str) -> None:
    with pytest.raises(VisitsProblem, match=said):
        read_visits(visits(tmp_path, *lines))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(VisitsProblem, match="cannot be read"):
        read_visits(tmp_path / "none.csv")
