"""Drive a robot with a laser through the store in ir-sim; run by `benchmarks.peer_simulators` with ir-sim installed.

Reads the task as JSON from standard input and prints the seconds that the simulation took. ir-sim moves the robot by
kinematics, one step for each sweep of the laser.
"""

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import irsim
import numpy as np
import yaml

Task = dict[str, Any]


def world(task: Task) -> dict[str, Any]:
    """Return the store as ir-sim's world file has it."""
    obstacles = [
        {
            "shape": {"name": "rectangle", "length": box["length_m"], "width": box["width_m"]},
            "state": [box["x_m"], box["y_m"], box["yaw_rad"]],
        }
        for box in task["boxes"]
    ]
    laser = {
        "type": "lidar2d",
        "range_min": task["range_min_m"],
        "range_max": task["range_max_m"],
        "angle_range": 6.28318,
        "number": task["rays"],
        "noise": True,
        "std": task["noise_m"],
    }
    robot = {
        "kinematics": {"name": "diff"},
        "shape": {"name": "circle", "radius": task["radius_m"]},
        "state": [task["x_m"], task["y_m"], task["yaw_rad"]],
        "goal": [0.5 * task["size_m"][0], 0.5 * task["size_m"][1], 0],
        "sensors": [laser],
    }
    size = {"width": task["size_m"][0], "height": task["size_m"][1]}
    return {
        "world": {**size, "step_time": 1.0 / task["scan_hz"], "collision_mode": "unobstructed"},
        "robot": [robot],
        "obstacle": obstacles,
    }


def play(task: Task) -> float:
    """Return the wall seconds of the task."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "world.yaml"
        path.write_text(yaml.safe_dump(world(task)), encoding="utf-8")
        env = irsim.make(str(path), display=False, disable_all_plot=True, log_level="ERROR")
    action = np.array([[task["speed_mps"]], [task["turn_radps"]]])
    env.step(action)
    started_s = time.perf_counter()
    for _ in range(round(task["seconds"] * task["scan_hz"])):
        env.step(action)
        env.get_lidar_scan()
    return time.perf_counter() - started_s


if __name__ == "__main__":
    print(json.dumps({"wall_s": play(json.load(sys.stdin))}))
