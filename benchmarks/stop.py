"""The chain from a body in the way to wheels at zero: from 1.0 m/s, stage by stage, in time and way."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from aisle import paths
from aisle.config import load
from aisle.robot_model import RobotModel
from aisle_firmware_bridge.firmware_build import FirmwareBuildError, build_firmware
from aisle_navigation.collision_guard.settings import GuardSettings
from aisle_navigation.collision_guard.zones import stopping_way_m
from benchmarks.rows import BenchmarkProblem, Request, Row
from benchmarks.stop_chain import CRAWL_MPS, SPEED_MPS, STAGES, Chain, Stop
from benchmarks.stop_processing import measure
from sim.sensors.faults import SensorFaults, everyday_faults

QUICK_WORLDS, WHOLE_WORLDS, STOPS_PER_WORLD = 8, 80, 25
QUICK_STARTS, WHOLE_STARTS, SAMPLES = 4, 20, 200
GAP_SPAN_M, ASIDE_M = 0.10, 0.25
_AIM = "at most 0.7"
_TITLES = dict(
    zip(
        STAGES,
        (
            "1 body in the way -> scan that first shows it",
            "2 -> guard's decision",
            "3 -> host limiter's command",
            "4 -> firmware's set point",
            f"5 -> slower than {CRAWL_MPS:g} m/s",
            "6 -> wheels at zero",
        ),
        strict=True,
    )
)


@dataclass(frozen=True, slots=True)
class Spread:
    """How values of many stops are spread."""

    p50: float
    p99: float
    worst: float

    @staticmethod
    def of(values: list[float]) -> Spread:
        """Return median, 99th percentile and the largest. Raises ValueError for no values."""
        if not values:
            raise ValueError("nothing was measured, so nothing can be said of its spread")
        p50, p99 = np.quantile(values, (0.5, 0.99)).tolist()
        return Spread(p50, p99, max(values))

    def words(self, unit: str, digits: int) -> str:
        return f"p50 {self.p50:.{digits}f}, worst {self.worst:.{digits}f} {unit}"


@dataclass(frozen=True, slots=True)
class Processing:
    """Milliseconds from scan to bytes, a garbage collection in each: first ones of interpreters, and later ones."""

    first_ms: list[float]
    later_ms: list[float]

    @property
    def charged_ms(self) -> float:
        """What every stop is charged: the slower of the slowest first one and the 99th percentile of the later ones."""
        return max(*self.first_ms, Spread.of(self.later_ms).p99)


def run(request: Request) -> list[Row]:
    """Stop many times in lockstep. Raises BenchmarkProblem when the firmware is not built or the robot not driving."""
    robot, library = load(paths.reference_robot(), RobotModel), _library()
    faults = load(everyday_faults(), SensorFaults)
    worlds = QUICK_WORLDS if request.quick else WHOLE_WORLDS
    stops = [stop for seed in range(1, 1 + worlds) for stop in _stops(robot, library, faults, seed)]
    if all(stop.touched for stop in stops):
        raise BenchmarkProblem("every stop touched the body, so no stop was timed: see the guard's zones")
    processing = _processing(library, QUICK_STARTS if request.quick else WHOLE_STARTS)
    return [*stage_rows(stops), *whole_rows(stops, processing)]


def _stops(robot: RobotModel, library: Path, faults: SensorFaults, seed: int) -> list[Stop]:
    """Stop in one world so often, or until something was touched: then staff would have to come."""
    nearest_m = stopping_way_m(SPEED_MPS, robot, GuardSettings())
    chain, rng, stops = Chain(robot, library, faults, seed), np.random.default_rng((seed, 0x570B)), list[Stop]()
    while len(stops) < STOPS_PER_WORLD and not any(stop.touched for stop in stops):
        gap_m = float(rng.uniform(nearest_m, nearest_m + GAP_SPAN_M))
        stops.append(chain.stop(gap_m, float(rng.uniform(-ASIDE_M, ASIDE_M)), rng))
    return stops


def stage_rows(stops: list[Stop]) -> list[Row]:
    """Return a row for each stage: its own time, and the way driven in it."""
    standing = [stop for stop in stops if not stop.touched]
    rows = []
    for number, stage in enumerate(STAGES):
        took = Spread.of([1e3 * stop.took_s[number] for stop in standing])
        drove = Spread.of([stop.drove_m[number] for stop in standing])
        how = f"{took.words('ms', 0)}; way p99 {drove.p99:.3f} m ({drove.words('m', 3)})"
        rows.append(Row(f"{_TITLES[stage]}, p99", took.p99, "ms", note=how, key=f"{stage}_p99_ms"))
    return rows


def whole_rows(stops: list[Stop], processing: Processing) -> list[Row]:
    """Return the whole from detection to standstill, without and with the time that a processor takes."""
    standing = [stop for stop in stops if not stop.touched]
    took = Spread.of([1e3 * (stop.after_s[-1] - stop.after_s[0]) for stop in standing])
    way = Spread.of([stop.way_from_detection_m for stop in standing])
    how = f"{way.words('m', 3)}; {len(standing)} stops, processing takes no time"
    return [
        Row("detection to standstill, p99", took.p99, "ms", note=took.words("ms", 0)),
        Row("way from detection, p99", way.p99, "m", _AIM, how, "way_p99_m"),
        *_processing_rows(way, processing),
        Row("stops that touched the body", float(len(stops) - len(standing)), "", "0", _gaps(stops)),
        Row(
            "least gap left",
            min(stop.left_m for stop in standing),
            "m",
            "over 0",
            "footprint to leg, without processing",
        ),
    ]


def _processing_rows(way: Spread, processing: Processing) -> list[Row]:
    later, charged_ms = Spread.of(processing.later_ms), processing.charged_ms
    charged_m = way.p99 + 1e-3 * charged_ms * SPEED_MPS
    most_m = way.worst + 1e-3 * max(charged_ms, later.worst) * SPEED_MPS
    how = f"every stop charged {charged_ms:.1f} ms at full speed; worst of all {most_m:.3f} m"
    firsts = f"{len(processing.first_ms)} fresh interpreters"
    return [
        Row("processing with garbage collection, p99", later.p99, "ms", "", later.words("ms", 1), "processing_p99_ms"),
        Row("processing, first call after import, slowest", max(processing.first_ms), "ms", "", firsts),
        Row("way from detection with processing, p99", charged_m, "m", _AIM, how, "way_with_processing_p99_m"),
    ]


def _gaps(stops: list[Stop]) -> str:
    least_m, most_m = min(stop.gap_m for stop in stops), max(stop.gap_m for stop in stops)
    return f"of {len(stops)}, the body {least_m:.2f} to {most_m:.2f} m ahead"


def _processing(library: Path, starts: int) -> Processing:
    runs = [measure(library, SAMPLES) for _ in range(starts)]
    return Processing([samples[0] for samples in runs], [sample for samples in runs for sample in samples[1:]])


def _library() -> Path:
    try:
        return build_firmware(paths.REPOSITORY / "build" / "firmware").library
    except FirmwareBuildError as error:
        raise BenchmarkProblem(str(error)) from error
