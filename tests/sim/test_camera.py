"""The camera: each fault alone does what it says, the same seed gives the same frame, and rendering shows the world."""

from __future__ import annotations

import math

import numpy as np
import pytest

from aisle.config import load
from aisle.geometry import Pose2, Twist2
from sim.camera_topics import resolution
from sim.labels import labels_of
from sim.posed import PosedStore
from sim.sensors import camera_colour, camera_depth, camera_renderer
from sim.sensors.camera import CameraSensor, Resolution, intrinsics_of
from sim.sensors.camera_faults import CameraFaults
from sim.sensors.camera_renderer import CameraProblem, Renderer
from sim.sensors.faults import SensorFaults, everyday_faults
from sim.sensors.messages import MessageFaults
from sim.world import STEP_S, World
from tests.sim.rooms import empty_room, reference_robot, small_shop

SIZE = Resolution(160, 120, 5.0)
STILL = Twist2(0.0, 0.0)


def scene() -> tuple[np.ndarray, np.ndarray]:
    """A white post before a grey wall, 1 m and 4 m away."""
    colour = np.full((120, 160, 3), 90, dtype=np.uint8)
    depth_m = np.full((120, 160), 4.0, dtype=np.float32)
    colour[:, 70:90], depth_m[:, 70:90] = 220, 1.0
    return colour, depth_m


def sensor(faults: CameraFaults, seed: int = 1) -> CameraSensor:
    return CameraSensor(reference_robot().camera, SIZE, faults, seed)


def test_a_perfect_camera_shows_what_is_rendered_within_its_range() -> None:
    frame = sensor(CameraFaults()).frame(scene, Twist2(1.0, 1.0), 2.0)
    colour, depth_m = scene()
    assert (frame.colour == colour).all()
    assert (frame.depth_m == depth_m).all()
    assert frame.stamp_s == 2.0


ALONE = (
    CameraFaults(gain_error=0.3), CameraFaults(electrons_full=500.0), CameraFaults(read_noise=4.0),
    CameraFaults(dirt_share=0.3), CameraFaults(jpeg_quality=30), CameraFaults(depth_noise_per_m2=0.01),
    CameraFaults(edge_shadow_m=0.05), CameraFaults(hole_share=0.1), CameraFaults(fade_from_m=3.0),
)  # fmt: skip


@pytest.mark.parametrize("faults", ALONE)
def test_every_fault_changes_only_its_own_image_and_repeats_with_the_seed(faults: CameraFaults) -> None:
    colour, depth_m = scene()
    frame, again = (sensor(faults).frame(scene, STILL, 0.0) for _ in range(2))
    is_depth = any((faults.depth_noise_per_m2, faults.edge_shadow_m, faults.hole_share, faults.fade_from_m))
    assert (frame.colour == colour).all() == is_depth
    assert np.array_equal(frame.depth_m, depth_m) != is_depth
    assert np.array_equal(frame.colour, again.colour)
    assert np.array_equal(frame.depth_m, again.depth_m, equal_nan=True)


def test_turning_left_smears_edges_sideways_and_standing_does_not() -> None:
    colour, _ = scene()
    moved = sensor(CameraFaults(exposure_s=0.03)).frame(scene, Twist2(0.0, 1.5), 0.0).colour
    assert (moved[:, 66:70] > 90).any()
    assert (moved[:, :50] == 90).all()
    assert (sensor(CameraFaults(exposure_s=0.03)).frame(scene, STILL, 0.0).colour == colour).all()


def test_near_things_flow_faster_outwards_than_far_ones() -> None:
    near, far = (
        camera_colour.flow_px(np.full((120, 160), z, np.float32), 120.0, Twist2(1.0, 0.0), 0.02)[0] for z in (1.0, 4.0)
    )
    assert near[60, 159] == pytest.approx(4.0 * far[60, 159])
    assert near[60, 159] > 0.0 > near[60, 0]


def test_depth_noise_grows_with_the_square_of_the_distance() -> None:
    rng = np.random.default_rng(1)
    spread = [np.std(camera_depth.noisy(np.full((100, 100), z, np.float32), 0.003, rng)) for z in (1.0, 4.0)]
    assert spread[1] / spread[0] == pytest.approx(16.0, rel=0.1)


def test_the_second_eye_misses_a_strip_to_the_left_of_near_things() -> None:
    _, depth_m = scene()
    shadowed = camera_depth.shadowed(depth_m, 120.0, 0.05)
    lost = np.isnan(shadowed).any(axis=0)
    assert lost[66:70].all()
    assert not lost[70:].any()
    assert not lost[:60].any()


def test_holes_cover_the_share_that_is_asked_for() -> None:
    holes = camera_depth.with_holes(np.ones((240, 320), np.float32), 0.1, np.random.default_rng(3))
    assert np.isnan(holes).mean() == pytest.approx(0.1, abs=0.01)


def test_depth_out_of_range_is_unknown() -> None:
    depth_m = camera_depth.in_range(np.array([[0.1, 1.0, 50.0, np.nan]], np.float32), 0.3, 6.0)
    assert np.isnan(depth_m).tolist() == [[True, False, True, True]]


def test_the_ordinary_days_camera_is_configured() -> None:
    faults = load(everyday_faults(), SensorFaults).camera
    assert faults != CameraFaults()
    assert faults.line.delay_s > 0.0


def test_the_view_across_the_width_is_that_of_the_robots_file() -> None:
    pinhole = intrinsics_of(reference_robot().camera, 320, 240)
    assert 2.0 * math.atan(160.0 / pinhole.focal_px) == pytest.approx(reference_robot().camera.fov_rad)


@pytest.mark.parametrize("text", ["320", "320x240", "320x240@", "10x240@5", "320x240@0", "320x240@5;rm"])
def test_a_wrong_resolution_is_named(text: str) -> None:
    with pytest.raises(ValueError, match="--camera"):
        resolution(text)
    assert resolution("320x240@5") == Resolution(320, 240, 5.0)


def test_without_graphics_the_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_library() -> None:
        raise ImportError("Unable to load EGL library")

    monkeypatch.setattr(camera_renderer, "_window_class", no_library)
    world = World(empty_room(), reference_robot(), 0, 1, camera=SIZE)
    with pytest.raises(CameraProblem, match=r"EGL library.*libegl1"):
        world.frames()
    assert World(empty_room(), reference_robot(), 0, 1).frames() == []


@pytest.mark.integration
def test_the_wall_is_as_far_as_it_is_and_frames_come_late_and_in_time() -> None:
    faults = SensorFaults(camera=CameraFaults(line=MessageFaults(delay_s=0.1)))
    world = World(empty_room(), reference_robot(), 0, 1, start=Pose2(8.0, 6.0, 0.0), camera=SIZE, faults=faults)
    arrived = []
    for _ in range(round(1.0 / STEP_S)):
        arrived += [(world.now_s, frame) for frame in world.frames()]
        world.step()
    world.close()
    assert len(arrived) == 5
    assert all(now_s - frame.stamp_s == pytest.approx(0.1, abs=0.01) for now_s, frame in arrived)
    to_wall_m = 11.9 - 8.0 - reference_robot().camera.x_m
    assert arrived[0][1].depth_m[60, 80] == pytest.approx(to_wall_m, abs=0.02)


@pytest.mark.integration
def test_the_same_seed_shows_the_same_scenes_with_their_people() -> None:
    shop, robot = small_shop(), reference_robot()
    stores = [PosedStore(shop, robot, SIZE, CameraFaults(), seed=4) for _ in range(2)]
    runs = [list(store.scenes(4)) for store in stores]
    for store in stores:
        store.close()
    assert any(people for _, people in runs[0])
    for (first, people), (second, same) in zip(*runs, strict=True):
        assert (first.colour == second.colour).all()
        assert people == same
        assert all(0.0 < seen.label.shown_share <= 1.0 for seen in people)


@pytest.mark.integration
def test_somebody_behind_a_shelf_is_labelled_as_hidden() -> None:
    world = World(small_shop(), reference_robot(), 6, 2)
    world.stage.follow(world.data)
    with Renderer(world.stage.model, "camera", 320, 240) as renderer:
        renderer.aim(world.stage.data, Pose2(3.5, 8.7, -1.5), reference_robot().camera)
        labels = labels_of(world.stage, renderer)
    assert len(labels) < 6
    assert all(label.height_px > 0 for label in labels)
