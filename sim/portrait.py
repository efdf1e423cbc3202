"""Renders the store with its people for the README: `python -m sim.portrait PICTURE`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from aisle import paths
from aisle.config import load
from aisle.robot_model import RobotModel
from sim.scene.render import View, render_store
from sim.scene.store_layout import layout_of
from sim.world import STEP_S, World
from store_model.plan import load_plan

_WALK_S = 20.0
# From beside the shopper who touches the robot's screen, along the store; relative to where the robot waits.
_AHEAD_M, _LEFT_M, _VIEW = 0.6, 0.5, View(0.0, 0.0, z_m=1.0, distance_m=4.9, azimuth_deg=14.0, elevation_deg=-9.0)


def main(argv: Sequence[str] | None = None) -> int:
    """Let people walk for a while and write the picture; return 0."""
    parser = argparse.ArgumentParser(prog="portrait", description="Render the simulated store.")
    parser.add_argument("picture", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--shoppers", type=int, default=15)
    arguments = parser.parse_args(sys.argv[1:] if argv is None else argv)
    layout = layout_of(load_plan(paths.demo_store_dir()))
    robot = load(paths.reference_robot(), RobotModel)
    world = World(layout, robot, arguments.shoppers, arguments.seed, with_customer=True)
    for _ in range(round(_WALK_S / STEP_S)):
        world.step()
    view = replace(_VIEW, x_m=layout.home.x_m + _AHEAD_M, y_m=layout.home.y_m + _LEFT_M)
    render_store(world, arguments.picture, view)
    return 0


if __name__ == "__main__":
    sys.exit(main())
