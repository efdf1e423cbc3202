"""Renders the store with its people for the README: `python -m sim.portrait PICTURE`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from aisle import paths
from aisle.config import load
from aisle.robot_model import RobotModel
from sim.scene.render import View, render_store
from sim.scene.store_layout import layout_of
from sim.world import STEP_S, World
from store_model.plan import load_plan

_WALK_S = 20.0
# Along the cross aisle, from above head height, with the robot in front.
_VIEW = View(x_m=9.0, y_m=6.5, z_m=0.9, distance_m=9.5, azimuth_deg=48.0, elevation_deg=-16.0)


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
    render_store(world, arguments.picture, _VIEW)
    return 0


if __name__ == "__main__":
    sys.exit(main())
