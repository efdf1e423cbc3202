"""Checks of the machine: Python, graphics, screen, sound, camera, serial line, disk, memory, clock."""

from __future__ import annotations

import glob
import grp
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import psutil

from aisle import paths
from apps.doctor.findings import Finding, fault, note, ok

_GIB = 2**30
_DISK_NEEDED_GIB, _DISK_COMFORTABLE_GIB = 1.0, 4.0
_MEMORY_NEEDED_GIB = 2.0
_SHARED_NEEDED_MIB = 64.0
_BUILT_AFTER_UNIX_S = 1_767_225_600.0
_RENDER_WITHIN_S = 30.0
_RENDER = (
    "import mujoco\n"
    "model = mujoco.MjModel.from_xml_string('<mujoco><worldbody><geom size=\"1\"/></worldbody></mujoco>')\n"
    "data = mujoco.MjData(model)\n"
    "mujoco.mj_forward(model, data)\n"
    "with mujoco.Renderer(model, 32, 32) as renderer:\n"
    "    renderer.update_scene(data)\n"
    "    print(renderer.render().shape)\n"
)


def python() -> Finding:
    """Look at the interpreter: the ROS wheels are built for 3.11."""
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] != (3, 11):
        return fault("python", f"this is {version}", "install Python 3.11 and run ./run again")
    return ok("python", version)


def graphics() -> Finding:
    """Draw a picture without a screen, in a process of its own, because a bad driver can take its process along."""
    variables = {**os.environ, "MUJOCO_GL": os.environ.get("MUJOCO_GL", "egl")}
    todo = "install libegl1 and libgl1-mesa-dri (apt), or set MUJOCO_GL=osmesa after installing libosmesa6"
    try:
        done = subprocess.run(
            [sys.executable, "-c", _RENDER],
            env=variables, capture_output=True, text=True, check=False, timeout=_RENDER_WITHIN_S,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return fault("graphics", f"drawing a picture takes longer than {_RENDER_WITHIN_S:.0f} s", todo)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        return fault("graphics", f"pictures cannot be drawn with MUJOCO_GL={variables['MUJOCO_GL']}: {last}", todo)
    return ok("graphics", f"pictures can be drawn (MUJOCO_GL={variables['MUJOCO_GL']})")


def display() -> Finding:
    """Look for a screen for the kiosk's window."""
    where = os.environ.get("WAYLAND_DISPLAY") or os.environ.get("DISPLAY")
    if not where:
        return note(
            "display", "there is no screen", "./run demo plays with a scripted shopper; a kiosk needs a desktop"
        )
    return ok("display", where)


def audio() -> Finding:
    """Look for a sound card."""
    cards = Path("/proc/asound/cards")
    text = cards.read_text().strip() if cards.exists() else ""
    if not text or "no soundcards" in text:
        return note("audio", "there is no sound card", "the robot shows its sentences; plug in a speaker to hear them")
    return ok("audio", text.splitlines()[0].split("]:")[-1].strip())


def camera() -> Finding:
    """Look for a camera that this user may open."""
    return _device("camera", sorted(glob.glob("/dev/video*")), "video", "people are then seen by the laser alone")


def serial_line() -> Finding:
    """Look for a base that this user may open."""
    found = sorted([*glob.glob("/dev/ttyACM*"), *glob.glob("/dev/ttyUSB*"), *glob.glob("/dev/aisle_base")])
    return _device("serial line", found, "dialout", "a simulated base needs none; plug in the robot's base to drive it")


def _device(name: str, found: list[str], group: str, without: str) -> Finding:
    if not found:
        return note(name, "there is none on this machine", without)
    closed = [device for device in found if not os.access(device, os.R_OK | os.W_OK)]
    if closed:
        user = os.environ.get("USER", "$USER")
        owner = _group_of(closed[0], group)
        todo = f"add the user to the group that owns it: sudo usermod -aG {owner} {user}, and log in anew"
        return fault(name, f"{closed[0]} may not be opened by this user", todo)
    return ok(name, ", ".join(found))


def _group_of(device: str, usual: str) -> str:
    try:
        return grp.getgrgid(Path(device).stat().st_gid).gr_name
    except (OSError, KeyError):
        return usual


def disk() -> Finding:
    """Look at the free space where stores, runs and databases lie."""
    folder = paths.var_dir()
    while not folder.exists():
        folder = folder.parent
    free_gib = shutil.disk_usage(folder).free / _GIB
    fact = f"{free_gib:.1f} GiB free at {folder}"
    if free_gib < _DISK_NEEDED_GIB:
        return fault("disk", fact, f"free {_DISK_NEEDED_GIB:.0f} GiB; old runs lie in {paths.var_dir() / 'runs'}")
    if free_gib < _DISK_COMFORTABLE_GIB:
        return note("disk", fact, f"old runs in {paths.var_dir() / 'runs'} can be deleted")
    return ok("disk", fact)


def shared_memory() -> Path:
    """Return where Linux keeps the memory that processes share."""
    return Path("/dev/shm")  # noqa: S108 - the kernel's own folder, nothing is written to it


def memory() -> Finding:
    """Look at the memory, and at the shared memory that carries messages between processes."""
    free_gib = psutil.virtual_memory().available / _GIB
    shared_mib = shutil.disk_usage(shared_memory()).free / 2**20
    fact = f"{free_gib:.1f} GiB of memory available, {shared_mib:.0f} MiB of shared memory free"
    if free_gib < _MEMORY_NEEDED_GIB:
        return fault("memory", fact, f"close other programs: a whole store wants {_MEMORY_NEEDED_GIB:.0f} GiB")
    if shared_mib < _SHARED_NEEDED_MIB:
        return fault("memory", fact, "make /dev/shm larger (docker run --shm-size=256m)")
    return ok("memory", fact)


def clock() -> Finding:
    """Look at the clock: keys, journeys and stock carry its time."""
    if time.time() < _BUILT_AFTER_UNIX_S:
        return fault("clock", f"it says {time.strftime('%Y-%m-%d %H:%M')}", "set the clock or start a time service")
    if shutil.which("timedatectl") is None:
        return ok("clock", f"{time.strftime('%Y-%m-%d %H:%M')} (whether it is synchronized cannot be asked here)")
    asked = ["timedatectl", "show", "--property=NTPSynchronized", "--value"]
    answer = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=5.0).stdout.strip()
    if answer == "no":
        return note("clock", "it is not synchronized", "start a time service: sudo timedatectl set-ntp true")
    return ok("clock", time.strftime("%Y-%m-%d %H:%M"))
