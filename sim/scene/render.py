"""A rendered view of the simulated store, for people.

Needs an OpenGL context: set MUJOCO_GL=egl where there is no display, before mujoco is imported.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import mujoco
from PIL import Image

from sim.scene.mjcf import PICTURE, STRUCTURE
from sim.world import World


@dataclass(frozen=True, slots=True)
class View:
    """A camera that looks at a point of the map; azimuth counter-clockwise from +x, elevation negative from above."""

    x_m: float
    y_m: float
    z_m: float = 0.8
    distance_m: float = 9.0
    azimuth_deg: float = 60.0
    elevation_deg: float = -22.0


def _shown() -> mujoco.MjvOption:
    """Leave out what only laser and bumpers meet."""
    option = mujoco.MjvOption()
    option.geomgroup[:] = 0
    option.geomgroup[[STRUCTURE, PICTURE]] = 1
    return option


def render_store(world: World, path: Path, view: View, width_px: int = 1600, height_px: int = 900) -> None:
    """Write a picture of the store with the robot and the people as they stand now."""
    stage = world.stage
    stage.follow(world.data)
    camera = mujoco.MjvCamera()
    camera.lookat[:] = view.x_m, view.y_m, view.z_m
    camera.distance, camera.azimuth, camera.elevation = view.distance_m, view.azimuth_deg, view.elevation_deg
    with mujoco.Renderer(stage.model, height_px, width_px, max_geom=20_000) as renderer:
        renderer.update_scene(stage.data, camera, _shown())
        # Clothes are open at their hems: what is seen of the inside is drawn as well.
        renderer.scene.flags[mujoco.mjtRndFlag.mjRND_CULL_FACE] = False
        Image.fromarray(renderer.render()).save(path)
