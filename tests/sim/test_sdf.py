"""SDF files: what is written is read back, and every mistake is named with its place."""

from __future__ import annotations

import math
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from sim.sdf.description import (
    Box,
    Camera,
    Capsule,
    Collision,
    Contact,
    Cylinder,
    Geometry,
    Imu,
    Include,
    Inertial,
    Joint,
    Lidar,
    Light,
    Link,
    Model,
    Plane,
    Plugin,
    Polyline,
    Pose,
    Sensor,
    Sphere,
    Visual,
    World,
)
from sim.sdf.markup import MAX_BYTES, MAX_DEPTH, SdfError, markup, parse_markup, render_markup
from sim.sdf.placement import placement, rotated
from sim.sdf.read import read_model, read_world, with_included
from sim.sdf.write import Flavour, model_text, world_text

# Nine digits are written, so numbers of up to seven come back as they were.
numbers = st.integers(-10_000_000, 10_000_000).map(lambda value: value / 1000)
sizes = st.integers(1, 1_000_000).map(lambda value: value / 1000)
angles = st.integers(-3141, 3141).map(lambda value: value / 1000)
shares = st.integers(0, 100).map(lambda value: value / 100)
names = st.text("abcdefghijklmnopqrstuvwxyz_0123456789-&<'\" ", min_size=1, max_size=12).map(lambda name: f"a{name}z")
poses = st.builds(Pose, numbers, numbers, numbers, angles, angles, angles)
colours = st.tuples(shares, shares, shares, shares)
geometries: st.SearchStrategy[Geometry] = st.one_of(
    st.builds(Box, st.tuples(sizes, sizes, sizes)),
    st.builds(Cylinder, sizes, sizes),
    st.builds(Capsule, sizes, sizes),
    st.builds(Sphere, sizes),
    st.builds(Plane, st.just((0.0, 0.0, 1.0)), st.tuples(sizes, sizes)),
    st.builds(Polyline, st.lists(st.tuples(numbers, numbers), min_size=3, max_size=6).map(tuple), sizes),
)
details = st.one_of(
    st.builds(Lidar, st.integers(2, 7200), angles, angles, sizes, sizes, sizes, st.none() | st.integers(0, 2**32 - 1)),
    st.builds(
        Camera,
        st.integers(100, 3000).map(lambda value: value / 1000),
        st.integers(1, 4096),
        st.integers(1, 4096),
        sizes,
        sizes,
    ),
    st.builds(Imu, sizes),
    st.builds(Contact, names),
)
KINDS = {Lidar: "gpu_lidar", Camera: "rgbd_camera", Imu: "imu", Contact: "contact"}
sensors = st.builds(
    lambda name, pose, rate, detail: Sensor(name, KINDS[type(detail)], pose, "topic", rate, detail, "frame"),
    names, poses, sizes, details,
)  # fmt: skip
inertials = st.builds(Inertial, sizes, poses, sizes, sizes, sizes, numbers, numbers, numbers)
links = st.builds(
    Link,
    names,
    poses,
    st.none() | inertials,
    st.lists(st.builds(Collision, names, geometries, poses, st.none() | shares), max_size=2).map(tuple),
    st.lists(st.builds(Visual, names, geometries, poses, st.none() | colours), max_size=2).map(tuple),
    st.lists(sensors, max_size=2).map(tuple),
)
models = st.builds(Model, names, poses, st.booleans(), st.lists(links, min_size=1, max_size=2).map(tuple))


@settings(max_examples=40)
@given(model=models, flavour=st.sampled_from(Flavour))
def test_a_model_comes_back_as_it_was_written(model: Model, flavour: Flavour) -> None:
    assert read_model(model_text(model, flavour), "model.sdf") == model


@settings(max_examples=20)
@given(model=models, place=poses, step_s=sizes)
def test_a_world_comes_back_as_it_was_written(model: Model, place: Pose, step_s: float) -> None:
    light = Light("sun", place, (0.1, -0.2, -1.0), (0.5, 0.5, 0.5, 1.0), (0.1, 0.1, 0.1, 1.0), cast_shadows=True)
    plugin = Plugin("physics", "a::Physics", (("engine", "dart"), ("note", "a < b & c")))
    world = World("store", step_s, (model,), (Include("model://robot", "it", place),), (light,), (plugin,))
    assert read_world(world_text(world, Flavour.FORTRESS, "made by a test"), "store.sdf") == world


def test_an_included_model_takes_name_and_place_of_its_include() -> None:
    robot = Model("reference", links=(Link("base"),))
    world = World("store", 0.005, includes=(Include("model://robot", "robot", Pose(1.0, 2.0)),))
    assert with_included(world, {"model://robot": robot}).models == (
        Model("robot", Pose(1.0, 2.0), links=(Link("base"),)),
    )
    with pytest.raises(SdfError, match=r"includes 'model://robot', which is not there; known are model://shelf"):
        with_included(world, {"model://shelf": robot})


def test_wheel_axes_are_read_in_the_models_frame() -> None:
    text = model_text(
        Model(
            "robot",
            links=(Link("base"), Link("wheel", Pose(roll_rad=-math.pi / 2))),
            joints=(Joint("axle", "revolute", "base", "wheel", (0.0, 1.0, 0.0), 6.0),),
        ),
        Flavour.HARMONIC,
    )
    assert read_model(text, "m").joints[0].axis == (0.0, 1.0, 0.0)
    in_the_wheel = text.replace(' expressed_in="__model__">0 1 0<', ">0 0 1<")
    assert read_model(in_the_wheel, "m").joints[0].axis == pytest.approx((0.0, 1.0, 0.0), abs=1e-6)


@pytest.mark.parametrize("effort", ["<effort>-1</effort>", ""])
def test_a_joint_without_an_effort_limit_has_none(effort: str) -> None:
    axis = f"<axis><xyz>0 1 0</xyz><limit><lower>-1</lower><upper>1</upper>{effort}</limit></axis>"
    text = model_of('<link name="a"/><link name="b"/>' + joint(axis))
    assert read_model(text, "m").joints[0].effort_nm is None


@given(outer=poses, inner=poses)
def test_placements_compose_as_rotation_matrices_do(outer: Pose, inner: Pose) -> None:
    both = placement(outer) @ placement(inner)
    turn, inner_turn = (
        Rotation.from_euler("xyz", (pose.roll_rad, pose.pitch_rad, pose.yaw_rad)) for pose in (outer, inner)
    )
    expected = np.array((outer.x_m, outer.y_m, outer.z_m)) + turn.apply((inner.x_m, inner.y_m, inner.z_m))
    np.testing.assert_allclose(both.position_m, expected, atol=1e-6)
    np.testing.assert_allclose(rotated(both.quaternion, (1.0, 2.0, 3.0)), (turn * inner_turn).apply((1.0, 2.0, 3.0)))


def model_of(inside: str) -> str:
    return f'<sdf version="1.9"><model name="m">{inside}</model></sdf>'


def link_of(inside: str) -> str:
    return model_of(f'<link name="l">{inside}</link>')


def joint(inside: str, kind: str = "revolute", child: str = "b") -> str:
    return f'<joint name="j" type="{kind}"><parent>a</parent><child>{child}</child>{inside}</joint>'


def collision(geometry: str, more: str = "") -> str:
    return link_of(f'<collision name="c"><geometry>{geometry}</geometry>{more}</collision>')


def sensor(kind: str, inside: str) -> str:
    return link_of(f'<sensor name="s" type="{kind}">{inside}</sensor>')


TWO_LINKS = '<link name="a"/><link name="b"/>'


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", ["no element found"]),
        ("<sdf><model>", ["f.sdf:1", "not valid XML"]),
        ("<robot/>", ["f.sdf:1: /robot", "first element is not <sdf>"]),
        ("<sdf/>", ["has no <model>"]),
        (model_of(""), ["/sdf/model[m]", "has no link"]),
        (model_of("<link/>"), ["/sdf/model[m]/link", "has no name"]),
        (model_of('<link name="a::b"/>'), ["'a::b'", "reserved"]),
        (model_of('<link name="__l__"/>'), ["'__l__'", "reserved"]),
        (model_of('<static>perhaps</static><link name="l"/>'), ["/static", "'perhaps'", "true"]),
        (model_of('<pose>1 2 3</pose><link name="l"/>'), ["/pose", "'1 2 3'", "expected 6"]),
        (model_of('<pose>1 2 3 4 5 nan</pose><link name="l"/>'), ["expected 6 finite numbers"]),
        (model_of('<pose relative_to="x">0 0 0 0 0 0</pose><link name="l"/>'), ["relative_to='x'", "not supported"]),
        (model_of('<pose degrees="true">0 0 0 0 0 0</pose><link name="l"/>'), ["degrees='true'", "not supported"]),
        (model_of('<pose/><pose/><link name="l"/>'), ["/pose", "2 times"]),
        (model_of('<frame name="f"/><link name="l"/>'), ["<frame> in a model", "not supported"]),
        (model_of('<model name="n"/><link name="l"/>'), ["<model> in a model", "not supported"]),
        (model_of(TWO_LINKS + joint("", kind="ball")), ["joint[j]", "'ball'", "revolute"]),
        (model_of(TWO_LINKS + joint("", child="c")), ["joint[j]", "joins 'c'"]),
        (model_of(TWO_LINKS + joint("<pose>1 0 0 0 0 0</pose>")), ["joint[j]", "pose of its own"]),
        (model_of(TWO_LINKS + joint('<axis><xyz expressed_in="a">0 0 1</xyz></axis>')), ["expressed in 'a'"]),
        (collision(""), ["geometry: has nothing", "box"]),
        (collision("<mesh/>"), ["geometry: has mesh", "polyline"]),
        (collision("<box><size>1 0 1</size></box>"), ["collision[c]/geometry/box", "above zero"]),
        (collision("<sphere><radius>-1</radius></sphere>"), ["radius: is -1", "above zero"]),
        (collision("<sphere><radius>wide</radius></sphere>"), ["radius: is 'wide'", "expected 1 number"]),
        (collision("<sphere/>"), ["sphere: has no <radius>"]),
        (collision("<polyline><height>1</height></polyline>"), ["0 points", "3 to"]),
        (
            collision(
                "<sphere><radius>1</radius></sphere>",
                "<surface><friction><ode><mu>-1</mu></ode></friction></surface>",
            ),
            ["friction -1", "below zero"],
        ),
        (link_of("<inertial><mass>1</mass></inertial>"), ["inertial: has no <inertia>"]),
        (sensor("gpu_lidar", ""), ["sensor[s]: has no <ray>"]),
        (
            sensor("lidar", "<lidar><scan><horizontal><samples>2.5</samples></horizontal></scan><range/></lidar>"),
            ["samples: is 2.5", "whole number"],
        ),
        (sensor("contact", "<contact/>"), ["contact: has no <collision>"]),
    ],
)
def test_a_mistake_is_named_with_file_line_element_and_value(text: str, parts: list[str]) -> None:
    with pytest.raises(SdfError) as caught:
        read_model(text, "f.sdf")
    message = str(caught.value)
    assert message.startswith("f.sdf")
    assert "\n" not in message
    for part in parts:
        assert part in message


def test_a_fault_tells_the_line() -> None:
    text = model_text(Model("m", links=(Link("l", collisions=(Collision("c", Sphere(1.0)),)),)), Flavour.HARMONIC)
    broken = text.replace("<radius>1<", "<radius>x<")
    line = 1 + broken[: broken.index("<radius>")].count("\n")
    with pytest.raises(SdfError, match=rf"^f\.sdf:{line}: /sdf/model\[m\]/link\[l\]/collision\[c\]/geometry/sphere"):
        read_model(broken, "f.sdf")


def test_two_models_of_one_name_are_refused() -> None:
    physics = "<physics><max_step_size>0.005</max_step_size></physics>"
    twice = '<model name="m"><link name="l"/></model>' * 2
    with pytest.raises(SdfError, match="two models named 'm'"):
        read_world(f'<sdf><world name="w">{physics}{twice}</world></sdf>', "f.sdf")


@pytest.mark.parametrize(
    "document_type",
    [
        '<!DOCTYPE sdf [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
        '<!DOCTYPE sdf SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE sdf [<!ENTITY secret SYSTEM "file:///etc/passwd">]>',
    ],
)
def test_document_types_and_entities_are_refused(document_type: str) -> None:
    with pytest.raises(SdfError, match=r"f\.sdf:1: has a document type or entities"):
        parse_markup(f"{document_type}<sdf>text</sdf>", "f.sdf")


def test_undeclared_entities_are_refused() -> None:
    with pytest.raises(SdfError, match="not valid XML: undefined entity"):
        parse_markup("<sdf>&secret;</sdf>", "f.sdf")


def test_texts_that_are_too_long_or_too_deep_are_refused() -> None:
    with pytest.raises(SdfError, match=f"at most {MAX_BYTES} are read"):
        parse_markup("<sdf>" + " " * MAX_BYTES + "</sdf>", "f.sdf")
    depth = MAX_DEPTH + 1
    with pytest.raises(SdfError, match=f"{MAX_DEPTH} levels"):
        parse_markup("<a>" * depth + "</a>" * depth, "f.sdf")
    assert parse_markup("<a>" * MAX_DEPTH + "</a>" * MAX_DEPTH, "f.sdf").tag == "a"


@given(st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), max_size=40))
def test_any_text_survives_in_attributes_and_elements(text: str) -> None:
    back = parse_markup(render_markup(markup("a", markup("b", text=text.strip()), name=text)), "f.sdf")
    assert back.children[0].text == text.strip()
    assert back.attributes["name"] == text


SAMPLE = model_text(
    Model(
        "robot",
        links=(
            Link("base", Pose(z_m=0.1), Inertial(1.0, Pose(), 1.0, 1.0, 1.0), (Collision("c", Box((1.0, 1.0, 1.0))),)),
            Link("wheel", sensors=(Sensor("s", "gpu_lidar", Pose(), "scan", 10.0, Lidar(3, -1.0, 1.0, 0.1, 9.0)),)),
        ),
        joints=(Joint("axle", "revolute", "base", "wheel"),),
    ),
    Flavour.HARMONIC,
)


@given(start=st.integers(0, len(SAMPLE)), length=st.integers(1, 60), insert=st.text(max_size=6))
def test_a_damaged_file_is_read_or_refused_and_nothing_else(start: int, length: int, insert: str) -> None:
    damaged = SAMPLE[:start] + insert + SAMPLE[start + length :]
    with suppress(SdfError):
        assert read_model(damaged, "f.sdf").links
