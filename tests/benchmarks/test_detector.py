import pytest

from aisle_perception.detector import load_detector
from apps.models_verbs import DETECTOR_DIR
from benchmarks import detector
from sim.sensors.camera_faults import CameraFaults

pytestmark = pytest.mark.integration


def test_people_are_found_and_each_figure_counts_people() -> None:
    examination = detector.examine(load_detector(DETECTOR_DIR), CameraFaults(), 12, seed=3)
    assert examination.outcomes
    found = sum(outcome.is_found for outcome in examination.outcomes)
    # Not the aim, which needs many images: a detector or bodies that do not work at all find hardly anybody.
    assert found >= len(examination.outcomes) // 3
    rows = detector._rows(examination, "clean")
    assert len({row.name for row in rows}) == len(rows)
    assert rows[0].note.endswith("people")
