"""`aisle sim export` and `aisle sim lint`: the store as SDF files, and what nobody reads in such files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console

from aisle import paths
from aisle.config import ConfigError, load
from aisle.robot_model import RobotModel
from sim.scene.store_layout import layout_of
from sim.scene.world_files import ROBOT_FOLDER, WORLD_FILE, scene_of, world_texts, write_world
from sim.sdf.lint import Finding, lint
from sim.sdf.markup import MAX_BYTES
from sim.sdf.write import Flavour
from store_model.plan import PlanError, load_plan

_DEMO_CONFIG = paths.config_dir() / "stores" / "demo"


def export(store: Path, robot: Path, out: Path, flavour: Flavour, console: Console) -> int:
    """Write the world and the robot of a store into a folder; exit code 1 with one line if they cannot be made."""
    try:
        texts = exported(store, robot, flavour)
        write_world(out, texts)
    except (ConfigError, PlanError, ValueError, OSError) as problem:
        console.print(f"The world cannot be written: {problem}", style="red", markup=False, soft_wrap=True)
        return 1
    scene = scene_of(texts)
    console.print(
        f"{out / WORLD_FILE}: {len(scene.standing)} things that stand, for Gazebo {flavour.value.capitalize()}",
        soft_wrap=True,
    )
    console.print(f"{out / ROBOT_FOLDER}: the robot as a Gazebo model", soft_wrap=True)
    return 0


def exported(store: Path, robot: Path, flavour: Flavour) -> dict[str, str]:
    """Return the files of a store's world by their path, with the robot at home.

    Raises PlanError, ConfigError, or ValueError for a plan that is no store.
    """
    layout = layout_of(load_plan(store))
    return world_texts(layout, load(robot, RobotModel), layout.home, flavour)


def lint_files(files: Sequence[Path], console: Console) -> int:
    """Print what is unknown in SDF files, or in the demo store's export for every Gazebo if none is named."""
    try:
        texts = {str(path): _text(path) for path in files} if files else _demo_texts()
    except (OSError, ValueError) as problem:
        console.print(f"cannot be read: {problem}", style="red", markup=False, soft_wrap=True)
        return 1
    findings = [finding for name, text in texts.items() for finding in lint(text, name)]
    _report(findings, texts, console)
    return 1 if findings else 0


def _demo_texts() -> dict[str, str]:
    return {
        f"{flavour.value}/{name}": text
        for flavour in Flavour
        for name, text in exported(_DEMO_CONFIG, paths.reference_robot(), flavour).items()
        if name.endswith(".sdf")
    }


def _text(path: Path) -> str:
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise ValueError(f"{path}: has {size} bytes, at most {MAX_BYTES} are read")
    return path.read_text(encoding="utf-8")


def _report(findings: Sequence[Finding], texts: Mapping[str, str], console: Console) -> None:
    for finding in findings:
        console.print(str(finding), markup=False, highlight=False, soft_wrap=True)
    console.print(f"{len(findings) or 'no'} findings in {len(texts)} SDF files")
