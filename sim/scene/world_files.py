"""The exported world: an SDF world and the folder of the robot's model, and the scene that is read back from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from xml.sax.saxutils import escape

from aisle.geometry import Pose2
from aisle.robot_model import RobotModel
from sim.scene.layout import Layout
from sim.scene.scene import Scene
from sim.scene.sdf_robot import robot_model
from sim.scene.sdf_store import store_world
from sim.sdf.markup import MAX_BYTES, SdfError
from sim.sdf.read import read_model, read_world, with_included
from sim.sdf.write import Flavour, model_text, world_text

WORLD_FILE = "store.sdf"
ROBOT_FOLDER = "aisle_robot"
_ROBOT_FILE = f"{ROBOT_FOLDER}/model.sdf"
_URI = "model://"
_COMMENT = "Derived by `aisle sim export` from the floor plan and the robot's configuration; do not edit."


def world_texts(layout: Layout, robot: RobotModel, start: Pose2, flavour: Flavour = Flavour.HARMONIC) -> dict[str, str]:
    """Return the files of a world by their path in its folder, with the robot at `start` in the map frame."""
    world = store_world(layout.size_m, layout.solids, _URI + ROBOT_FOLDER, start, flavour)
    model = replace(robot_model(robot, flavour), name=ROBOT_FOLDER)
    return {
        WORLD_FILE: world_text(world, flavour, _COMMENT),
        _ROBOT_FILE: model_text(model, flavour, _COMMENT),
        f"{ROBOT_FOLDER}/model.config": _model_config(robot),
    }


def write_world(folder: Path, texts: Mapping[str, str]) -> None:
    """Write a world's files into a folder, which is made if it is missing."""
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def load_scene(folder: Path) -> Scene:
    """Read the world in a folder with the models beside it.

    Raises SdfError naming file, line and element, also for a file that is missing, too large or no text.
    """
    paths = [folder / WORLD_FILE, *sorted(folder.glob("*/model.sdf"))]
    return scene_of({str(path.relative_to(folder)): _read(path) for path in paths})


def scene_of(texts: Mapping[str, str]) -> Scene:
    """Return the scene of a world's files, given by their path in its folder. Raises SdfError."""
    models = {
        _URI + name.removesuffix("/model.sdf"): read_model(text, name)
        for name, text in texts.items()
        if name.endswith("/model.sdf")
    }
    return Scene(with_included(read_world(texts[WORLD_FILE], WORLD_FILE), models))


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise SdfError(f"{path}: has {path.stat().st_size} bytes, at most {MAX_BYTES} are read")
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise SdfError(f"{path}: cannot be read: {error.strerror}; write it with `aisle sim export`") from error
    except UnicodeDecodeError as error:
        raise SdfError(f"{path}: byte {error.start} is not UTF-8 text") from error


def _model_config(robot: RobotModel) -> str:
    """Return the manifest that makes the folder a model of Gazebo (https://gazebosim.org/api/sim/8/resources.html)."""
    return f"""<?xml version="1.0"?>
<model>
  <name>{escape(robot.name)}</name>
  <version>1.0</version>
  <sdf version="1.9">model.sdf</sdf>
  <description>Aisle's robot, derived from its configuration.</description>
</model>
"""
