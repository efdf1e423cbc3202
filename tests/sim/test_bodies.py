"""The baked bodies, how they are drawn, and what bumpers and laser meet of them."""

from __future__ import annotations

import math

import mujoco
import numpy as np
import pytest

from aisle.geometry import Pose2
from sim.people.bodies import add_people
from sim.people.body_cargo import DRAWN
from sim.people.body_looks import SIDE_PX, look
from sim.people.body_meshes import ASSET, FRAMES, STANDING, BodiesMissing, figure_mesh, frame_of, frames_of
from sim.people.body_pictures import Appearance, Gait, PeoplePictures, dress_people
from sim.people.crowd import Walker
from sim.people.figures import BUILDS, CARGO_SHAPES, Cargo, Figure, Posture, posture_with
from sim.scene.mjcf import HIDDEN, LEGS
from sim.world import World
from tests.sim.rooms import reference_robot, small_shop

LASER_HEIGHT_M = 0.20


@pytest.mark.parametrize("figure", list(Figure))
def test_a_figure_is_as_tall_as_it_says_and_stands_on_the_floor(figure: Figure) -> None:
    mesh = figure_mesh(figure)
    standing = mesh.vertices_m[frame_of(Posture.WALKING, None)]
    # Hair and the lean of an old back change the height by a little.
    assert standing[:, 2].max() == pytest.approx(BUILDS[figure].height_m, abs=0.06)
    assert np.abs(mesh.vertices_m[: FRAMES - 1, :, 2].min(axis=1)).max() < 1e-3
    assert mesh.faces.max() < mesh.vertices_m.shape[1]
    assert mesh.corners.max() < len(mesh.places)
    assert 1000 <= len(mesh.faces) <= 2500


def test_children_are_shorter_than_adults_and_the_sitting_are_lower() -> None:
    assert {f for f in Figure if BUILDS[f].height_m < 1.4} == {Figure.BOY, Figure.GIRL}
    man = figure_mesh(Figure.MAN)
    sitting = man.vertices_m[frame_of(Posture.SITTING, None)]
    assert sitting[:, 2].max() < 1.5
    assert sitting[:, 2].min() > 0.05


def test_hands_are_ahead_when_pushing() -> None:
    man = figure_mesh(Figure.MAN)
    reach = [man.vertices_m[frame_of(posture, None), :, 0].max() for posture in (Posture.WALKING, Posture.PUSHING)]
    assert reach[1] > reach[0] + 0.15


def test_the_asset_is_small_and_a_missing_one_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ASSET.stat().st_size < 8_000_000
    figure_mesh.cache_clear()
    monkeypatch.setattr("sim.people.body_meshes.ASSET", ASSET.with_name("nothing.npz"))
    with pytest.raises(BodiesMissing, match=r"nothing\.npz.*fetch"):
        figure_mesh(Figure.MAN)
    figure_mesh.cache_clear()


def test_postures_follow_from_the_cargo() -> None:
    assert posture_with(Cargo.TROLLEY) is Posture.PUSHING
    assert posture_with(Cargo.WHEELCHAIR) is Posture.SITTING
    assert posture_with(Cargo.BASKET) is Posture.WALKING
    numbers = [number for posture in Posture for number in frames_of(posture)]
    assert numbers == list(range(FRAMES))


def drawn(people: list[Appearance]) -> tuple[mujoco.MjModel, mujoco.MjData, PeoplePictures]:
    spec = mujoco.MjSpec()
    for number in range(len(people)):
        spec.worldbody.add_body(name=f"person_{number}", mocap=True)
    dress_people(spec, people)
    model = spec.compile()
    return model, mujoco.MjData(model), PeoplePictures(model, people)


def world_vertices(model: mujoco.MjModel, data: mujoco.MjData, geom: int) -> np.ndarray:
    mesh = model.geom_dataid[geom]
    first, count = model.mesh_vertadr[mesh], model.mesh_vertnum[mesh]
    return model.mesh_vert[first : first + count] @ data.geom_xmat[geom].reshape(3, 3).T + data.geom_xpos[geom]


@pytest.mark.parametrize("gait", [Gait(0.0, 0.0), Gait(0.4, 1.0), Gait(5.0, 1.2)])
def test_what_is_drawn_is_the_baked_body_at_the_persons_place(gait: Gait) -> None:
    """MuJoCo turns every mesh into its principal axes; exchanged meshes must come out where they were baked."""
    model, data, pictures = drawn([Appearance(7, Figure.WOMAN, Cargo.NONE)])
    data.mocap_pos[0], data.mocap_quat[0] = (2.0, 1.0, 0.0), (math.sqrt(0.5), 0.0, 0.0, math.sqrt(0.5))
    pictures.show([gait])
    mujoco.mj_kinematics(model, data)
    found = world_vertices(model, data, pictures.geoms[0])
    name = model.mesh(int(model.geom_dataid[pictures.geoms[0]])).name
    baked = figure_mesh(Figure.WOMAN).vertices_m[int(name.rsplit("_", 1)[1])]
    expected = np.column_stack((2.0 - baked[:, 1], 1.0 + baked[:, 0], baked[:, 2]))
    low, high = expected.min(axis=0), expected.max(axis=0)
    assert np.allclose(found.min(axis=0), low, atol=2e-3)
    assert np.allclose(found.max(axis=0), high, atol=2e-3)


def test_walking_turns_the_pages_and_standing_stops() -> None:
    model, _, pictures = drawn([Appearance(1, Figure.MAN, Cargo.NONE)])
    shown = []
    for walked_m in np.linspace(0.0, BUILDS[Figure.MAN].stride_m, 8, endpoint=False):
        pictures.show([Gait(float(walked_m), 1.2)])
        shown.append(model.mesh(int(model.geom_dataid[pictures.geoms[0]])).name)
    assert len(set(shown)) == 8
    pictures.show([Gait(3.3, 0.0)])
    assert model.mesh(int(model.geom_dataid[pictures.geoms[0]])).name == f"man_{STANDING}"


def test_people_look_the_same_in_every_picture_and_unlike_each_other() -> None:
    marks = figure_mesh(Figure.MAN).face_marks
    first, second = look(3, Figure.MAN, marks), look(4, Figure.MAN, marks)
    assert first.shape == (SIDE_PX, SIDE_PX, 3)
    assert (first == look(3, Figure.MAN, marks)).all()
    assert (first != second).mean() > 0.3


def test_the_physics_holds_no_bodies_for_the_camera() -> None:
    world = World(small_shop(), reference_robot(), 3, 1)
    assert not [k for k in range(world.model.nmesh) if world.model.mesh(k).name.startswith(tuple(Figure))]
    stage = world.stage
    stage.follow(world.data)
    assert len(stage.people_of_geoms()) == 3


def body_alone(walker: Walker) -> mujoco.MjModel:
    spec = mujoco.MjSpec()
    add_people(spec, [walker])
    return spec.compile()


def ranges_around(model: mujoco.MjModel, heading_count: int = 720) -> int:
    """Return how many rays of a laser 3 m before the person hit something of the groups that it sees."""
    data = mujoco.MjData(model)
    # The legs hang from the hips.
    build = BUILDS[Figure.MAN]
    data.mocap_pos[1:, 2] = build.hip_m
    data.mocap_pos[1, 1], data.mocap_pos[2, 1] = 0.1, -0.1
    mujoco.mj_forward(model, data)
    groups = np.zeros(6, dtype=np.uint8)
    groups[LEGS] = 1
    hits, geom = 0, np.zeros(1, dtype=np.int32)
    for angle in np.linspace(0.75 * math.pi, 1.25 * math.pi, heading_count):
        ray = np.array([math.cos(angle), math.sin(angle), 0.0])
        found = mujoco.mj_ray(model, data, np.array([3.0, 0.0, LASER_HEIGHT_M]), ray, groups, 1, -1, geom)
        hits += found >= 0.0
    return hits


def test_the_laser_sees_legs_wheels_and_pallets() -> None:
    hits = {cargo: ranges_around(body_alone(Walker(1, 0.0, 0.0, 0.25, 1.2, cargo=cargo))) for cargo in Cargo}
    assert hits[Cargo.NONE] > 10
    assert hits[Cargo.BASKET] == hits[Cargo.NONE]
    assert hits[Cargo.PALLET_TRUCK] > 4 * hits[Cargo.NONE]
    assert min(hits[Cargo.TROLLEY], hits[Cargo.PRAM]) > hits[Cargo.NONE]


def test_whoever_sits_has_no_legs_for_the_laser_but_a_wheelchair() -> None:
    model = body_alone(Walker(1, 0.0, 0.0, 0.25, 1.0, cargo=Cargo.WHEELCHAIR))
    kinds = {int(kind) for kind, group in zip(model.geom_type, model.geom_group, strict=True) if group == LEGS}
    assert kinds == {int(mujoco.mjtGeom.mjGEOM_BOX)}


@pytest.mark.parametrize("cargo", [cargo for cargo in Cargo if cargo is not Cargo.NONE])
def test_cargo_is_drawn_within_its_box(cargo: Cargo) -> None:
    box = CARGO_SHAPES[cargo]
    points = np.array([point for bar in DRAWN[cargo] for point in (bar.start, bar.end)])
    assert points[:, 0].max() <= box.reach_m + 0.08
    if cargo is not Cargo.BASKET:
        assert np.abs(points[:, 1]).max() <= 0.5 * box.width_m + 0.02
        assert points[:, 2].max() <= box.height_m + 0.08


def test_only_discs_are_solid() -> None:
    model = body_alone(Walker(1, 0.0, 0.0, 0.25, 1.2, cargo=Cargo.TROLLEY))
    solid = {int(group) for group, kind in zip(model.geom_group, model.geom_contype, strict=True) if kind}
    assert solid == {HIDDEN}


def test_a_stage_follows_the_world() -> None:
    world = World(small_shop(), reference_robot(), 2, 1, start=Pose2(3.5, 8.7, 0.0))
    for _ in range(100):
        world.step()
    world.stage.follow(world.data)
    assert np.allclose(world.stage.data.mocap_pos, world.data.mocap_pos)
