"""The person detector: it runs, finds nobody in noise, and refuses a network that is not the one that is meant."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from aisle.paths import REPOSITORY
from aisle_perception.detector import MODEL_FILE, DetectorProblem, load_detector, network_input

MODEL = REPOSITORY / "models" / "person_detector"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(MODEL, tmp_path / "person_detector"))


def test_nobody_is_found_in_noise_and_in_a_plain_wall() -> None:
    detector = load_detector(MODEL)
    rng = np.random.default_rng(1)
    assert detector.find(rng.integers(0, 255, (240, 320, 3), dtype=np.uint8)) == []
    assert detector.find(np.full((240, 320, 3), 128, dtype=np.uint8)) == []


def test_the_network_gets_values_from_minus_one_to_one() -> None:
    black_and_white = np.zeros((100, 400, 3), dtype=np.uint8)
    black_and_white[:, 200:] = 255
    values = network_input(black_and_white)
    assert values.shape == (1, 300, 300, 3)
    assert (values.min(), values.max()) == (-1.0, 1.0)


def test_an_altered_network_is_refused(copy: Path) -> None:
    content = bytearray((copy / MODEL_FILE).read_bytes())
    content[len(content) // 2] ^= 1
    (copy / MODEL_FILE).write_bytes(content)
    with pytest.raises(DetectorProblem, match=r"was altered.*models rebuild"):
        load_detector(copy)


@pytest.mark.parametrize("missing", [MODEL_FILE, "manifest.json"])
def test_a_missing_file_is_named(copy: Path, missing: str) -> None:
    (copy / missing).unlink()
    with pytest.raises(DetectorProblem, match=missing):
        load_detector(copy)


def test_a_damaged_manifest_is_named(copy: Path) -> None:
    (copy / "manifest.json").write_text("{}")
    with pytest.raises(DetectorProblem, match="is damaged"):
        load_detector(copy)


def test_another_signature_is_refused(copy: Path) -> None:
    manifest = copy / "manifest.json"
    manifest.write_text(manifest.read_text().replace("[1917, 4]", "[1917, 5]"))
    with pytest.raises(DetectorProblem, match="the manifest says"):
        load_detector(copy)
