"""`aisle pictures`: makes the pictures of the README anew, from visits and from a rendered store."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from rich.console import Console

from aisle import paths
from apps.demo import DemoOptions, run_demo
from apps.demo_report import PICTURE

PICTURES = paths.REPOSITORY / "docs" / "pictures"
SEED = 2
SHOPPERS = 15
# Which of the pictures of a screen is taken: as a share of the way from its first to its last.
SCREENS = {"home": 0.0, "product": 0.5, "guiding": 1.0, "arrival": 0.0}
_WITHIN_S = 300.0


class PictureProblem(RuntimeError):
    """A picture that could not be made; the sentence says which."""


def make_pictures(console: Console) -> int:
    """Play a live visit, render the store, and put the pictures where the README looks for them; 0 if all were made."""
    run_dir = paths.var_dir() / "runs" / "pictures"
    options = DemoOptions(seed=SEED, shoppers=SHOPPERS, out=run_dir)
    if run_demo(options, console):
        console.print("The visit did not succeed, so its pictures would mislead; nothing was changed.", style="red")
        return 1
    PICTURES.mkdir(parents=True, exist_ok=True)
    try:
        for name, share in SCREENS.items():
            shutil.copyfile(screen_at(run_dir / "screens", name, share), PICTURES / f"{name}.png")
        shutil.copyfile(run_dir / PICTURE, PICTURES / PICTURE)
        # The window system of the kiosk and MuJoCo do not share a process.
        _run("apps.long_visit", str(PICTURES))
        _run("sim.portrait", str(PICTURES / "store.png"), "--seed", str(SEED), "--shoppers", str(SHOPPERS))
    except PictureProblem as problem:
        console.print(str(problem), style="red")
        return 1
    console.print(f"pictures: {PICTURES}")
    return 0


def screen_at(screens: Path, name: str, share: float) -> Path:
    """Return one of the screenshots of a screen by itself, without a panel over it. Raises PictureProblem."""
    found = sorted(screens.glob(f"*_{name}.png"))
    if not found:
        raise PictureProblem(f"the visit showed no screen {name!r}; look into {screens}")
    return found[round(share * (len(found) - 1))]


def _run(module: str, *arguments: str) -> None:
    """Let a module make its pictures in a process of its own. Raises PictureProblem."""
    variables = {**os.environ, "MUJOCO_GL": os.environ.get("MUJOCO_GL", "egl")}
    try:
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments], env=variables, cwd=paths.REPOSITORY, capture_output=True,
            text=True, check=False, timeout=_WITHIN_S,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise PictureProblem(f"{module} made no picture within {_WITHIN_S:.0f} s; see ./run doctor") from error
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise PictureProblem(f"{module} could make no picture: {last}; see ./run doctor")
