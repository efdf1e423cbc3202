"""Drive and laser agree with Gazebo on the same SDF files (data that stands beside the repository)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.gazebo import run
from benchmarks.rows import BenchmarkProblem, Request
from sim.reference import FOLDER_VARIABLE, compared, drive_errors, find_reference_data, scan_errors

MAX_DISTANCE_M, MAX_YAW_RAD, MAX_MEDIAN_M = 0.06, 0.09, 0.005


@pytest.fixture
def reference_data() -> Path:
    folder = find_reference_data()
    if folder is None:
        pytest.skip(f"Gazebo's results are not here: set {FOLDER_VARIABLE} to the folder that has gazebo_reference")
    return folder


def test_every_manoeuvre_ends_where_gazebos_does(reference_data: Path) -> None:
    errors = list(drive_errors(reference_data))
    assert len(errors) >= 6
    for error in errors:
        assert error.distance_m <= MAX_DISTANCE_M, error
        assert abs(error.yaw_rad) <= MAX_YAW_RAD, error


def test_scans_agree_with_gazebos(reference_data: Path) -> None:
    errors = list(scan_errors(reference_data))
    assert len(errors) == 2
    for error in errors:
        assert error.median_m <= MAX_MEDIAN_M, error
        assert error.both_finite > 0.8 * error.rays, error
        assert error.one_finite <= 0.02 * error.rays, error


def test_the_data_is_found_where_the_variable_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    assert find_reference_data() is None
    (tmp_path / "gazebo_reference").mkdir()
    assert find_reference_data() == tmp_path / "gazebo_reference"


def test_rays_that_only_one_of_the_two_sees_are_counted_apart() -> None:
    ours = np.array([1.0, 2.0, np.inf, 4.0])
    theirs = np.array([1.001, np.inf, np.inf, 4.1])
    error = compared("scan", ours, theirs)
    assert (error.rays, error.both_finite, error.one_finite, error.within_2_cm) == (4, 2, 1, 1)
    assert error.median_m == pytest.approx(0.0505)


def test_the_benchmark_without_the_data_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    with pytest.raises(BenchmarkProblem, match=f"set {FOLDER_VARIABLE}"):
        run(Request())
