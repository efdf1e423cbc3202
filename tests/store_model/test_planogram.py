from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store_model.planogram import Placement, PlanogramError, load_planogram, read_rows, write_planogram

HEADER = "product_id,fixture_id,bay_id,shelf,facing\n"


def _write(directory: Path, text: str) -> None:
    (directory / "planogram.csv").write_text(text, encoding="utf-8")


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    placements = (Placement(7, "G1", "G1-W1", 2, 3), Placement(9, "G1", "G1-W1", 1, 1))
    write_planogram(placements, tmp_path)
    planogram = load_planogram(tmp_path)
    assert planogram.placement(7) == placements[0]
    assert planogram.placement(8) is None
    assert planogram.in_bay("G1-W1") == placements
    assert len(planogram) == 2


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("x,G1,G1-W1,1,1", "row 2: product_id must be a whole number from 1, found 'x'"),
        ("7,G1,G1-W1,0,1", "row 2: shelf must be a whole number from 1, found '0'"),
        ("7,G1,G1-W1,1,-1", "row 2: facing must be"),
        ("7,G1,G1-W1,1", "row 2: has 4 cells, needs 5"),
        ("7,,G1-W1,1,1", "row 2: fixture_id is empty"),
        ("7,G1,G1-W1,1,1\n7,G1,G1-W2,1,1", "row 3: product 7 already stands in G1-W1"),
        ("\N{ARABIC-INDIC DIGIT SEVEN},G1,G1-W1,1,1", "row 2: product_id must be"),
    ],
)
def test_a_bad_row_is_named(tmp_path: Path, row: str, message: str) -> None:
    _write(tmp_path, f"{HEADER}{row}\n")
    with pytest.raises(PlanogramError) as caught:
        load_planogram(tmp_path)
    assert message in str(caught.value)


@pytest.mark.parametrize("text", ["", "product,bay\n1,2\n"])
def test_a_wrong_header_is_named(tmp_path: Path, text: str) -> None:
    _write(tmp_path, text)
    with pytest.raises(PlanogramError, match="row 1: the columns must be product_id,"):
        load_planogram(tmp_path)


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(PlanogramError, match="aisle store build"):
        load_planogram(tmp_path)


@given(content=st.binary(max_size=200))
def test_any_bytes_give_rows_or_a_planogram_error(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("csv") / "planogram.csv"
    path.write_bytes(HEADER.encode() + content)
    with contextlib.suppress(PlanogramError):
        assert all(row.placement is not None or row.problem for row in read_rows(path))
