"""How many of the simulated people the person detector finds, by their height in the image, pose and figure.

A person counts as found when a box covers them: intersection over union with the person's own box of at least 0.4. The
box is around the body as the frame would show it alone, without what is pushed. Counted are those of whom at least 90 %
is not hidden; whoever the frame's edge cuts is counted apart.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from aisle import paths
from aisle.config import load
from aisle.robot_model import RobotModel
from aisle_perception.detector import DetectorProblem, PersonDetector, load_detector
from aisle_perception.detector_boxes import PersonBox
from benchmarks.rows import BenchmarkProblem, Request, Row
from sim.people.body_meshes import BodiesMissing
from sim.posed import PosedStore, Seen
from sim.scene.store_layout import layout_of
from sim.sensors.camera import Resolution
from sim.sensors.camera_faults import CameraFaults
from sim.sensors.camera_renderer import CameraProblem
from sim.sensors.faults import SensorFaults, everyday_faults
from store_model.plan import load_plan

SEED = 20_261
LEAST_OVERLAP, STRAY_OVERLAP = 0.4, 0.2
LEAST_SHOWN, LEAST_HEIGHT_PX = 0.9, 100
_HEIGHTS_PX = ((60, 100), (100, 150), (150, 250), (250, 10_000))
_AIM = "at least 90"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One person in one image, and whether the detector found them."""

    seen: Seen
    is_found: bool


@dataclass(frozen=True, slots=True)
class Examination:
    """What came of a series of images."""

    outcomes: tuple[Outcome, ...]
    images: int
    strays: int
    seconds: float


def run(request: Request) -> list[Row]:
    """Measure on clean images and on those of an ordinary day's camera; 640 x 480, one core for the network."""
    count = 60 if request.quick else 300
    ordinary = load(everyday_faults(), SensorFaults).camera
    try:
        detector = load_detector(paths.REPOSITORY / "models" / "person_detector")
        clean = examine(detector, CameraFaults(), count)
        faulty = examine(detector, ordinary, count)
    except (CameraProblem, DetectorProblem, BodiesMissing) as problem:
        raise BenchmarkProblem(str(problem)) from problem
    return [*_rows(clean, "clean"), *_rows(faulty, "faults on")]


def examine(detector: PersonDetector, faults: CameraFaults, count: int, seed: int = SEED) -> Examination:
    """Let the detector look at that many seeded scenes. Raises CameraProblem where nothing can be rendered."""
    robot = load(paths.reference_robot(), RobotModel)
    layout = layout_of(load_plan(paths.config_dir() / "stores" / "demo"))
    size = Resolution(robot.camera.width_px, robot.camera.height_px, robot.camera.rate_hz)
    store = PosedStore(layout, robot, size, faults, seed)
    outcomes, strays, seconds = [], 0, 0.0
    for frame, people in store.scenes(count):
        start_s = time.perf_counter()
        boxes = detector.find(frame.colour)
        seconds += time.perf_counter() - start_s
        outcomes += [Outcome(seen, _is_found(seen, boxes)) for seen in people]
        strays += sum(all(_overlap(box, seen) <= STRAY_OVERLAP for seen in people) for box in boxes)
    store.close()
    return Examination(tuple(outcomes), count, strays, seconds)


def _is_found(seen: Seen, boxes: Sequence[PersonBox]) -> bool:
    return any(_overlap(box, seen) >= LEAST_OVERLAP for box in boxes)


def _overlap(box: PersonBox, seen: Seen) -> float:
    """Return the intersection over the union of a found box and a person's own."""
    label = seen.label
    width = min(box.right, label.right) - max(box.left, label.left)
    height = min(box.bottom, label.bottom) - max(box.top, label.top)
    if width <= 0.0 or height <= 0.0:
        return 0.0
    both = (box.right - box.left) * (box.bottom - box.top) + (label.right - label.left) * label.height_px
    return width * height / (both - width * height)


def _rows(examination: Examination, images: str) -> list[Row]:
    clear = [o for o in examination.outcomes if o.seen.label.shown_share >= LEAST_SHOWN]
    tall = [o for o in clear if o.seen.label.height_px > LEAST_HEIGHT_PX]
    whole = [o for o in tall if not o.seen.label.is_cut]
    cut = [o for o in tall if o.seen.label.is_cut]
    return [
        _recall(whole, f"{images}: found, over 100 px, whole in the image", _AIM),
        _recall(cut, f"{images}: found, over 100 px, cut by the frame's edge"),
        _recall(tall, f"{images}: found, over 100 px, both"),
        *_by_height(clear, images),
        *_by(whole, images, "figure", lambda seen: str(seen.figure)),
        *_by(whole, images, "with", lambda seen: str(seen.cargo)),
        *_by(whole, images, "seen from", lambda seen: seen.facing),
        *_by(whole, images, "", lambda seen: "walking" if seen.is_walking else "standing"),
        Row(f"{images}: boxes around nobody", examination.strays / examination.images, "an image"),
        Row(f"{images}: time", 1e3 * examination.seconds / examination.images, "ms an image", note="one core"),
    ]


def _by_height(clear: list[Outcome], images: str) -> Iterable[Row]:
    for low, high in _HEIGHTS_PX:
        chosen = [o for o in clear if low < o.seen.label.height_px <= high and not o.seen.label.is_cut]
        name = f"{low} to {high} px" if high < 10_000 else f"over {low} px"
        if chosen:
            yield _recall(chosen, f"{images}: {name}")


def _by(outcomes: list[Outcome], images: str, word: str, key: Callable[[Seen], str]) -> Iterable[Row]:
    for value in sorted({key(outcome.seen) for outcome in outcomes}):
        chosen = [outcome for outcome in outcomes if key(outcome.seen) == value]
        yield _recall(chosen, f"{images}: {word} {value.replace('_', ' ')}".replace(":  ", ": "))


def _recall(outcomes: list[Outcome], name: str, aim: str = "") -> Row:
    share = sum(outcome.is_found for outcome in outcomes) / len(outcomes) if outcomes else 0.0
    return Row(name, 100.0 * share, "%", aim, f"{len(outcomes)} people")
