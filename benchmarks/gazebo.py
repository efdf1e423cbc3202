"""How far drive and laser of the built-in simulator are from Gazebo's, on the same SDF files."""

from __future__ import annotations

import math
from pathlib import Path

from benchmarks.rows import BenchmarkProblem, Request, Row
from sim.reference import FOLDER_VARIABLE, DriveError, ScanError, drive_errors, find_reference_data, scan_errors


def run(_request: Request) -> list[Row]:
    """Compare every manoeuvre and both scans; it takes a few seconds.

    Raises BenchmarkProblem where the reference data is not there: it is not part of the repository.
    """
    folder = find_reference_data()
    if folder is None:
        raise BenchmarkProblem(f"needs Gazebo's results: set {FOLDER_VARIABLE} to the folder that has gazebo_reference")
    return [*_drive_rows(folder), *_scan_rows(folder)]


def _drive_rows(folder: Path) -> list[Row]:
    return [row for error in drive_errors(folder) for row in _drive(error)]


def _drive(error: DriveError) -> tuple[Row, Row]:
    manoeuvre = error.manoeuvre
    twist, seconds = manoeuvre.twist, manoeuvre.steps * 0.005
    name = f"{twist.linear_mps:g} m/s, {twist.angular_radps:g} rad/s, {seconds:g} s"
    way_m, turn_deg = abs(twist.linear_mps) * seconds, math.degrees(abs(twist.angular_radps) * seconds)
    return (
        Row(f"{name}: end", 1e3 * error.distance_m, "mm", "at most 60", f"after {way_m:.1f} m"),
        Row(f"{name}: heading", abs(error.yaw_rad), "rad", "at most 0.09", f"after {turn_deg:.0f} degrees"),
    )


def _scan_rows(folder: Path) -> list[Row]:
    return [row for error in scan_errors(folder) for row in _scan(error)]


def _scan(error: ScanError) -> tuple[Row, Row]:
    finite = f"{error.both_finite} of {error.rays} rays end on something in both, {error.one_finite} in one only"
    return (
        Row(f"{error.name}: median range difference", 1e3 * error.median_m, "mm", "at most 5", finite),
        Row(f"{error.name}: rays within 2 cm", 100 * error.within_2_cm / error.both_finite, "%", "", finite),
    )
