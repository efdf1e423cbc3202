from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import movingai
from benchmarks.movingai import MovingAIProblem, Query, read_map, read_scenario
from benchmarks.rows import BenchmarkProblem

MAP = "type octile\nheight 3\nwidth 5\nmap\n.G.T@\nS.OW.\n.....\n"
SCENARIO = "version 1\n0\tsmall.map\t5\t3\t0\t0\t4\t2\t5.41421\n1\tsmall.map\t5\t3\t0\t2\t0\t2\t0\n"
FREE = np.array([[1, 1, 1, 0, 0], [1, 1, 0, 0, 1], [1, 1, 1, 1, 1]], dtype=bool)


def written(folder: Path, text: str | bytes, name: str = "small.map") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_land_and_swamp_are_free_and_everything_else_is_not(tmp_path: Path) -> None:
    assert (read_map(written(tmp_path, MAP)) == FREE).all()


@pytest.mark.parametrize(
    "text",
    [
        MAP.replace("\n", "\r\n"),
        MAP + "\n\n",
        MAP.rstrip(),
        MAP.replace("height 3\nwidth 5", "width 5\nheight 3"),
        MAP.replace("width 5", "width  5 "),
    ],
)
def test_ends_of_lines_and_the_order_of_the_header_do_not_matter(tmp_path: Path, text: str) -> None:
    assert (read_map(written(tmp_path, text)) == FREE).all()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "must begin with the lines 'type octile'"),
        ("P5\n3 3\n255\n....", "must begin with the lines 'type octile'"),
        (MAP.replace("map\n", "", 1), "must begin with the lines 'type octile'"),
        (MAP.replace("width 5", "depth 5"), "line 3: 'height N' or 'width N' is needed, not 'depth 5'"),
        (MAP.replace("width 5", "height 3"), "must give height and width, not height only"),
        (MAP.replace("width 5", "width 1e9"), "line 3: width must be from 1 to 32000, not '1e9'"),
        (MAP.replace("width 5", "width 99999"), "line 3: width must be from 1 to 32000, not '99999'"),
        (MAP.replace("width 5", "width 0"), "line 3: width must be from 1 to 32000, not '0'"),
        (MAP.replace("height 3", "height -3"), "line 2: height must be from 1 to 32000, not '-3'"),
        (MAP.replace("3\nwidth 5", "32000\nwidth 32000"), "32000 x 32000 cells are more than 20000000"),
        (MAP.replace("height 3", "height 4"), "has 3 rows of cells, its header says height 4"),
        (MAP.replace("S.OW.", "S.OW"), "line 6: has 4 cells, the header says width 5"),
        (MAP.replace("S.OW.", "S.#W."), "line 6: the terrain '#' is not known"),
        (b"type octile\nheight 1\nwidth 1\nmap\n\xff\n", "cannot be read"),
    ],
)
def test_a_malformed_map_is_refused_with_place_value_and_limit(tmp_path: Path, text: str | bytes, said: str) -> None:
    with pytest.raises(MovingAIProblem) as refused:
        read_map(written(tmp_path, text))
    assert said in str(refused.value)
    assert "small.map" in str(refused.value)


def test_a_file_that_is_not_there_or_too_large_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BenchmarkProblem, match="No such file"):
        read_map(tmp_path / "none.map")
    monkeypatch.setattr(movingai, "MAX_BYTES", 20)
    with pytest.raises(MovingAIProblem, match="larger than 20 bytes"):
        read_map(written(tmp_path, MAP))


def test_a_scenario_gives_cells_as_row_and_column(tmp_path: Path) -> None:
    queries = read_scenario(written(tmp_path, SCENARIO), FREE)
    assert queries == [Query((0, 0), (2, 4), 5.41421), Query((2, 0), (2, 0), 0.0)]


@pytest.mark.parametrize(
    "text", [SCENARIO.replace("\t", " "), SCENARIO.replace("version 1", "version 1.0"), SCENARIO + "\n"]
)
def test_spaces_and_the_longer_version_are_read_as_well(tmp_path: Path, text: str) -> None:
    assert len(read_scenario(written(tmp_path, text), FREE)) == 2


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("version 1", "Version", "line 1: must be 'version 1'"),
        ("5.41421", "", "line 2: the optimal length must be a number from 0 up, not ''"),
        ("5.41421", "nan", "line 2: the optimal length must be a number from 0 up, not 'nan'"),
        ("5.41421", "-1", "line 2: the optimal length must be a number from 0 up, not '-1'"),
        ("\t5.41421", "", "line 2: has 8 fields, not 9"),
        ("0\t0\t4\t2", "3\t0\t4\t2", "line 2: the start (3, 0) is a blocked cell"),
        ("0\t0\t4\t2", "0\t0\t4\t3", "line 2: the goal (4, 3) lies outside 5 x 3 cells"),
        ("0\t0\t4\t2", "0\t-1\t4\t2", "line 2: start y must be from 0 to 32000, not '-1'"),
        ("0\t0\t4\t2", "0\t0.5\t4\t2", "line 2: start y must be from 0 to 32000, not '0.5'"),
        ("5\t3\t0\t0", "10\t6\t0\t0", "line 2: is for a map of 10 x 6 cells, this one has 5 x 3"),
    ],
)
def test_a_malformed_scenario_is_refused_with_its_line(tmp_path: Path, before: str, after: str, said: str) -> None:
    with pytest.raises(MovingAIProblem) as refused:
        read_scenario(written(tmp_path, SCENARIO.replace(before, after, 1)), FREE)
    assert said in str(refused.value)


def test_a_scenario_without_or_with_too_many_queries_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(MovingAIProblem, match="has no query"):
        read_scenario(written(tmp_path, "version 1\n"), FREE)
    monkeypatch.setattr(movingai, "MAX_QUERIES", 1)
    with pytest.raises(MovingAIProblem, match="2 queries are more than 1"):
        read_scenario(written(tmp_path, SCENARIO), FREE)


@given(st.binary(max_size=200), st.integers(0, len(MAP)))
def test_whatever_bytes_come_only_a_sentence_can_go_wrong(
    tmp_path_factory: pytest.TempPathFactory, noise: bytes, at: int
) -> None:
    path = written(tmp_path_factory.getbasetemp(), MAP.encode()[:at] + noise + MAP.encode()[at:], "noise.map")
    for read in (read_map, lambda path: read_scenario(path, FREE)):
        with suppress(MovingAIProblem):
            read(path)
