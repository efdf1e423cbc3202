"""Scoring measures what the visit is judged by, and is the only code that reads ground truth."""

from __future__ import annotations

import ast
import math
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisle.geometry import Pose2
from aisle.paths import REPOSITORY
from sim.contacts import Cause
from sim.scoring import (
    CUSTOMER_ID,
    Goal,
    Moment,
    Person,
    Recording,
    Score,
    Step,
    arrival_at,
    distance_driven_m,
    read_recording,
    score,
    write_recording,
)

coordinates = st.floats(-50.0, 50.0)
angles = st.floats(-math.pi, math.pi)


def recording_of(*moments: Moment) -> Recording:
    recording = Recording(0.25)
    recording.moments = list(moments)
    return recording


def passing(person_id: int, gap_m: float) -> Moment:
    return Moment(0.0, 0.0, 0.0, 0.0, 0.0, (Person(person_id, 0.5 + gap_m, 0.0, 0.0, 0.0, 0.25),))


@given(x=coordinates, y=coordinates, yaw=angles, distance=st.floats(0.1, 5.0), off=angles)
def test_arrival_measures_distance_and_angle_from_anywhere(
    x: float, y: float, yaw: float, distance: float, off: float
) -> None:
    goal = Goal("bay", x + distance * math.cos(yaw + off), y + distance * math.sin(yaw + off))
    arrival = arrival_at(Pose2(x, y, yaw), goal, 0.0)
    assert arrival.distance_m == pytest.approx(distance, abs=1e-6)
    assert arrival.angle_deg == pytest.approx(math.degrees(abs(off)), abs=1e-3)


@pytest.mark.parametrize(
    ("distance_m", "off_deg", "good"), [(0.99, 19.0, True), (1.01, 0.0, False), (0.5, 21.0, False), (0.5, -19.0, True)]
)
def test_arrival_is_good_within_a_metre_and_twenty_degrees(distance_m: float, off_deg: float, good: bool) -> None:
    goal = Goal("bay", distance_m * math.cos(math.radians(off_deg)), distance_m * math.sin(math.radians(off_deg)))
    assert arrival_at(Pose2(0.0, 0.0, 0.0), goal, 0.0).is_good is good


@given(st.lists(st.tuples(coordinates, coordinates), min_size=2, max_size=20))
def test_driven_distance_is_at_least_the_straight_line(points: list[tuple[float, float]]) -> None:
    moments = [Moment(float(k), x, y, 0.0, 0.0, ()) for k, (x, y) in enumerate(points)]
    straight_m = math.dist(points[0], points[-1])
    assert distance_driven_m(moments) >= straight_m - 1e-4 * len(points) - 1e-9


def test_nearest_bystander_leaves_the_customer_out() -> None:
    result = score(recording_of(passing(CUSTOMER_ID, 0.2), passing(3, 0.9)), None, 1.0)
    assert result.nearest_person_m == pytest.approx(0.2)
    assert result.nearest_bystander_m == pytest.approx(0.9)


def test_nobody_there_is_infinitely_far_and_null_in_the_report() -> None:
    result = score(recording_of(Moment(0.0, 0.0, 0.0, 0.0, 0.0, ())), None, 1.0)
    assert math.isinf(result.nearest_person_m)
    assert b'"nearest_person_m":null' in msgspec.json.encode(result)


def driving_into_somebody() -> Recording:
    people = (Person(4, 1.0, 0.0, 0.0, 0.0, 0.25),)
    return recording_of(*(Moment(k * 0.02, k * 0.01, 0.0, 0.0, 0.5, people) for k in range(60)))


def test_a_contact_by_the_robot_is_counted_named_and_no_success() -> None:
    result = score(driving_into_somebody(), None, 1.0)
    assert (result.contacts_by_robot, result.contacts_by_others) == (1, 0)
    assert result.contacts[0].person_id == 4
    assert result.contacts[0].cause is Cause.ROBOT_APPROACHED
    assert not result.success


def test_success_needs_the_arrival_step_near_the_goal() -> None:
    recording = recording_of(*(Moment(float(k), 0.5 * k, 0.0, 0.0, 0.5, ()) for k in range(5)))
    goal = Goal("bay", 2.8, 0.0)
    assert score(recording, goal, 1.0).arrival is None
    assert not score(recording, goal, 1.0).success
    recording.mark("at_shelf", 4.0)
    arrived = score(recording, goal, 1.0)
    assert arrived.success
    assert arrived.arrival is not None
    assert arrived.arrival.distance_m == pytest.approx(0.8)
    assert arrived.steps == (Step(4.0, "at_shelf"),)


def test_a_recording_comes_back_from_its_file_unchanged(tmp_path: Path) -> None:
    recording = driving_into_somebody()
    recording.mark("asking", 0.4)
    write_recording(tmp_path / "truth.jsonl", recording)
    back = read_recording(tmp_path / "truth.jsonl")
    assert (back.robot_radius_m, back.moments, back.steps) == (0.25, recording.moments, recording.steps)
    assert isinstance(score(back, None, 1.0), Score)


@pytest.mark.parametrize(
    ("content", "line"), [(b"", 1), (b"nonsense\n", 1), (b'{"type":"Header","robot_radius_m":1}\n[]\n', 2)]
)
def test_a_broken_recording_names_file_and_line(tmp_path: Path, content: bytes, line: int) -> None:
    path = tmp_path / "truth.jsonl"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=rf"truth\.jsonl: line {line} is no entry"):
        read_recording(path)


PRODUCTION = (
    "aisle", "store_model", "catalogue", "kiosk_ui", "store_backend", "store_web", "inference", "firmware_bridge",
    "robot_ws",
)  # fmt: skip
TRUTH_NAMES = {"truth", "GroundTruth", "TruePerson"}
PHYSICS_STATE = {"qpos", "qvel", "xpos", "mocap_pos"}
INSIDE_THE_WORLD = TRUTH_NAMES | PHYSICS_STATE | {"walker", "walkers"}
MAY_READ_TRUTH = {
    "sim/scoring.py", "sim/overlaps.py", "sim/world.py", "sim/base/chassis.py", "sim/people/bodies.py",
    "sim/people/stage.py",
}  # fmt: skip


def sources(*folders: str) -> list[Path]:
    return [
        path for folder in folders for path in sorted((REPOSITORY / folder).rglob("*.py"))
        if not {"build", "install", "node_modules"} & set(path.relative_to(REPOSITORY).parts)
    ]  # fmt: skip


def words(tree: ast.AST) -> set[str]:
    """Return every attribute, name and string of a module, so that getattr does not slip through."""
    found = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    found |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    found |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
    return found | {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)}


def imported_modules(tree: ast.AST) -> set[str]:
    plain = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return plain | {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and not node.level}


def reads_truth(source: str) -> bool:
    return bool((TRUTH_NAMES | PHYSICS_STATE) & words(ast.parse(source)))


def test_production_code_never_imports_the_simulator() -> None:
    files = sources(*PRODUCTION)
    assert files
    for path in files:
        modules = imported_modules(ast.parse(path.read_text(encoding="utf-8")))
        assert not {m for m in modules if m.split(".")[0] == "sim"}, f"{path} imports the simulator"


def test_only_scoring_reads_ground_truth() -> None:
    # Nothing else can: production code does not import the simulator at all (see above).
    files = sources("sim", "apps", "benchmarks")
    readers = {str(p.relative_to(REPOSITORY)) for p in files if reads_truth(p.read_text(encoding="utf-8"))}
    assert readers == MAY_READ_TRUTH


def test_whoever_runs_the_simulator_does_not_look_at_peoples_bodies() -> None:
    for path in sources("apps", "benchmarks"):
        assert not INSIDE_THE_WORLD & words(ast.parse(path.read_text(encoding="utf-8"))), path


@pytest.mark.parametrize(
    "source", ["world.truth()", "getattr(world, 'truth')", "from sim.world import GroundTruth", "w.data.qpos[0]"]
)
def test_the_check_itself_finds_readers(source: str) -> None:
    assert reads_truth(source)
