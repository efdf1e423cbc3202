"""The simulated world is the exported one: what the files say is what is driven, scanned and seen."""

from __future__ import annotations

import math
from pathlib import Path

import mujoco
import numpy as np
import pytest

from aisle.geometry import Pose2, Twist2
from sim.reference import Rig
from sim.scene.layout import Layout
from sim.scene.mjcf import world_spec
from sim.scene.scene import Scene
from sim.scene.sdf_store import store_world
from sim.scene.solids import Solid, as_rectangle, convex_parts
from sim.scene.world_files import ROBOT_FOLDER, WORLD_FILE, load_scene, scene_of, world_texts, write_world
from sim.sdf.description import Box, Polyline
from sim.sdf.markup import SdfError
from sim.sdf.write import Flavour
from sim.world import STEP_S, World
from tests.sim.rooms import box, empty_room, layout, reference_robot, small_shop, walls

ROBOT = reference_robot()
ROBOT_FILE = f"{ROBOT_FOLDER}/model.sdf"
GREY = (0.6, 0.6, 0.6, 1.0)


def texts_of(room: Layout) -> dict[str, str]:
    return world_texts(room, ROBOT, room.home)


def changed(texts: dict[str, str], name: str, old: str, new: str) -> Scene:
    assert old in texts[name]
    return scene_of({**texts, name: texts[name].replace(old, new)})


def test_sensors_and_drive_come_back_from_the_files_as_configured() -> None:
    scene = scene_of(texts_of(empty_room()))
    laser, camera, drive = scene.laser(), scene.camera(), scene.drive
    for field in ROBOT.laser.__struct_fields__:
        assert getattr(laser, field) == pytest.approx(getattr(ROBOT.laser, field)), field
    for field in ROBOT.camera.__struct_fields__:
        assert getattr(camera, field) == pytest.approx(getattr(ROBOT.camera, field)), field
    assert (drive.separation_m, drive.wheel_radius_m) == (ROBOT.wheels.track_m, ROBOT.wheels.radius_m)


def test_the_robot_weighs_in_the_physics_what_it_is_configured_to() -> None:
    model = world_spec(scene_of(texts_of(empty_room()))).compile()
    assert model.body_subtreemass[model.body("robot").id] == pytest.approx(ROBOT.base.mass_kg)


def test_the_limits_of_the_robot_bind_gazebos_drive() -> None:
    (drive, _) = scene_of(texts_of(empty_room())).robot.plugins
    settings = dict(drive.settings)
    assert float(settings["max_linear_velocity"]) == ROBOT.limits.speed_mps
    assert float(settings["min_linear_acceleration"]) == -ROBOT.limits.braking_mps2
    assert float(settings["max_angular_velocity"]) == ROBOT.limits.turn_radps


@pytest.mark.parametrize(("flavour", "prefix"), [(Flavour.FORTRESS, "ignition"), (Flavour.HARMONIC, "gz")])
def test_plugins_and_frames_are_named_as_the_flavour_knows_them(flavour: Flavour, prefix: str) -> None:
    room = empty_room()
    for name, text in world_texts(room, ROBOT, room.home, flavour).items():
        if name.endswith(".sdf"):
            other = "gz" if prefix == "ignition" else "ignition"
            assert f'filename="{prefix}-' in text
            assert f"{other}-" not in text
            assert f"<{other}_frame_id>" not in text


def test_both_flavours_describe_the_same_physics() -> None:
    room = small_shop()
    fortress, harmonic = (scene_of(world_texts(room, ROBOT, room.home, flavour)) for flavour in Flavour)
    assert fortress.standing == harmonic.standing
    assert fortress.robot.links == harmonic.robot.links
    assert fortress.drive == harmonic.drive


def test_a_world_from_files_is_bit_for_bit_the_world_in_memory(tmp_path: Path) -> None:
    shop = small_shop()
    write_world(tmp_path, texts_of(shop))
    worlds = [World(shop, ROBOT, 2, 5), World(shop, ROBOT, 2, 5, scene=load_scene(tmp_path))]
    for world in worlds:
        for _ in range(200):
            world.step()
    assert worlds[0].fingerprint() == worlds[1].fingerprint()
    assert (worlds[0].scan().ranges_m == worlds[1].scan().ranges_m).all()


def test_a_shelf_moved_in_the_file_is_moved_for_the_laser() -> None:
    room = layout((8.0, 6.0), [*walls(8.0, 6.0), box("shelf", 5.0, 2.0, 1.0, 2.0)], Pose2(2.0, 3.0, 0.0))
    moved = changed(texts_of(room), WORLD_FILE, "<pose>5.5 3 0.9 0 0 0</pose>", "<pose>6.5 3 0.9 0 0 0</pose>")
    ahead = ROBOT.laser.rays // 2
    assert World(room, ROBOT, 0, 1).scan().ranges_m[ahead] == pytest.approx(3.0, abs=0.05)
    assert World(room, ROBOT, 0, 1, scene=moved).scan().ranges_m[ahead] == pytest.approx(4.0, abs=0.05)


def test_larger_wheels_in_the_file_drive_farther() -> None:
    texts = texts_of(empty_room())
    small = Rig(scene_of(texts))
    larger = changed(texts, ROBOT_FILE, "<radius>0.08</radius>", "<radius>0.1</radius>")
    rigs = (small, Rig(larger))
    # The drive still believes in 0.08 m.
    ways = [rig.drive(Twist2(0.4, 0.0), 400).x_m - 6.0 for rig in rigs]
    assert ways[1] == pytest.approx(ways[0] * 0.1 / 0.08, rel=0.05)


def test_a_laser_moved_in_the_file_measures_from_there() -> None:
    texts = texts_of(empty_room())
    ahead = ROBOT.laser.rays // 2
    forward = changed(texts, ROBOT_FILE, '<sensor name="laser" type="gpu_lidar">\n        <pose>0 0', '<sensor name="laser" type="gpu_lidar">\n        <pose>0.2 0')  # fmt: skip  # noqa: E501
    assert Rig(forward).ranges_m()[ahead] == pytest.approx(Rig(scene_of(texts)).ranges_m()[ahead] - 0.2, abs=0.06)


ANGLE = Solid("angle", ((4.0, 2.0), (6.0, 2.0), (6.0, 3.0), (5.0, 3.0), (5.0, 5.0), (4.0, 5.0)), 1.5, GREY)
SLANTED = Solid("slanted", ((4.0, 2.0), (5.0, 3.0), (4.0, 4.0), (3.0, 3.0)), 1.0, GREY)


def test_rectangles_become_boxes_in_any_direction_and_other_outlines_polylines() -> None:
    world = store_world((8.0, 6.0), [SLANTED, ANGLE], "model://r", Pose2(1.0, 1.0, 0.0), Flavour.HARMONIC)
    _, slanted, angle = world.models
    shape = slanted.links[0].collisions[0].geometry
    assert isinstance(shape, Box)
    assert shape.size_m == pytest.approx((math.sqrt(2), math.sqrt(2), 1.0))
    assert (slanted.pose.x_m, slanted.pose.y_m) == pytest.approx((4.0, 3.0))
    outline = angle.links[0].collisions[0].geometry
    assert isinstance(outline, Polyline)
    assert [(x + angle.pose.x_m, y + angle.pose.y_m) for x, y in outline.points_m] == list(ANGLE.outline)


def test_the_laser_sees_into_the_corner_of_an_outline_that_is_not_convex() -> None:
    room = layout((9.0, 7.0), [*walls(9.0, 7.0), ANGLE], Pose2(7.0, 4.0, math.pi))
    scan = World(room, ROBOT, 0, 1).scan()
    assert scan.ranges_m[ROBOT.laser.rays // 2] == pytest.approx(2.0, abs=0.05)


def test_a_convex_outline_stays_whole_and_another_is_cut_without_loss() -> None:
    assert len(convex_parts(SLANTED.outline)) == 1
    parts = convex_parts(ANGLE.outline)
    area = sum(0.5 * abs(sum(x * v - y * u for (x, y), (u, v) in zip(p, p[1:] + p[:1], strict=True))) for p in parts)
    assert area == pytest.approx(4.0)
    assert as_rectangle(ANGLE.outline[:4]) is None


@pytest.mark.parametrize("outline", [((0.0, 0.0), (1.0, 0.0), (2.0, 0.0)), ((0, 0), (1, 1), (1, 0), (0, 1))])
def test_an_outline_that_is_no_polygon_is_refused(outline: tuple[tuple[float, float], ...]) -> None:
    with pytest.raises(ValueError, match="no simple polygon"):
        convex_parts(outline)


@pytest.mark.parametrize("name", ["floor", "robot", "shelf"])
def test_two_things_of_one_name_are_refused(name: str) -> None:
    solids = [box("shelf", 1.0, 1.0, 1.0, 1.0), box(name, 3.0, 1.0, 1.0, 1.0)]
    with pytest.raises(ValueError, match=f"two things in the store are called '{name}'"):
        store_world((8.0, 6.0), solids, "model://r", Pose2(1.0, 1.0, 0.0), Flavour.HARMONIC)


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        (WORLD_FILE, ">0.005<", ">0.001<", "physics step is 0.001 s; it must be 0.005 s"),
        (WORLD_FILE, "<static>true</static>", "<static>false</static>", "expected just the robot"),
        (WORLD_FILE, "model://aisle_robot", "model://other", "includes 'model://other'"),
        (ROBOT_FILE, "::DiffDrive", "::Nothing", "has no plugin DiffDrive"),
        (ROBOT_FILE, ">left_wheel_joint<", ">left<", "its DiffDrive lacks or names wrongly 'left'"),
        (ROBOT_FILE, "<wheel_radius>0.08", "<wheel_radius>zero", "DiffDrive lacks or names wrongly"),
        (ROBOT_FILE, "<collision>body<", "<collision>hull<", "feels 'hull'"),
        (ROBOT_FILE, ">0 1 0<", ">1 0 0<", "wheels must turn about the robot's y"),
        (ROBOT_FILE, '"gpu_lidar"', '"altimeter"', "has no Lidar sensor"),
        (ROBOT_FILE, "<min_angle>-3.14159265<", "<min_angle>-1<", "a laser must look all around"),
    ],
)
def test_a_world_that_cannot_be_simulated_says_why(name: str, old: str, new: str, said: str) -> None:
    with pytest.raises(SdfError, match=said):
        Rig(changed(texts_of(empty_room()), name, old, new))


def test_a_folder_without_a_world_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SdfError, match=r"store\.sdf: cannot be read: .*aisle sim export"):
        load_scene(tmp_path)


def test_a_world_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    (tmp_path / WORLD_FILE).write_text(" " * 4_000_001)
    with pytest.raises(SdfError, match="4000001 bytes"):
        load_scene(tmp_path)


def test_the_picture_shows_the_robot_and_the_physics_does_not_feel_it() -> None:
    model = world_spec(scene_of(texts_of(empty_room()))).compile()
    robot = model.body("robot").id
    mine = model.geom_bodyid == robot
    seen = mine & (model.geom_group == 2)
    assert seen.sum() == 5
    assert not (model.geom_contype[seen] | model.geom_conaffinity[seen]).any()
    assert model.light("daylight").dir[2] < 0.0


def test_the_floor_is_as_large_as_the_store_and_a_margin() -> None:
    model = world_spec(scene_of(texts_of(empty_room(10.0, 8.0)))).compile()
    np.testing.assert_allclose(model.geom("floor").size[:2], (7.0, 6.0))
    assert model.geom("floor").type == mujoco.mjtGeom.mjGEOM_PLANE
    assert model.opt.timestep == STEP_S
