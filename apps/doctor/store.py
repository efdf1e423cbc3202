"""Checks of the store's own things: packages, ports, discovery, leftovers, keys, store, models."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys

from aisle import channels, keys, paths
from aisle_inference.carried.folder import load_folder
from aisle_inference.carried.problem import ModelProblem
from aisle_inference.carried.signature import PUBLIC_KEY_FILE
from aisle_perception.detector import DetectorProblem, read_checked
from apps.doctor.findings import Finding, fault, note, ok
from apps.doctor.machine import shared_memory
from apps.processes import environment, ros_domain, taken_channels
from store_backend.key_file import open_store_keys
from store_backend.vault import VaultProblem
from store_model.geojson import PlanError
from store_model.plan import load_plan
from store_model.planogram import load_planogram

_NEEDED = (
    "rclpy",
    "aisle_interfaces.msg",
    "nav2_msgs.action",
    "mujoco",
    "jupedsim",
    "kivy",
    "zmq",
    "onnxruntime",
    "numba",
)
_ANY_PORTS = 7600
_MOST_LEFTOVERS_MIB = 64.0
_IMPORT_WITHIN_S = 60.0
_BROKEN = "broken: "
_IMPORT = f"""
import importlib, sys
for name in sys.argv[1:]:
    try:
        importlib.import_module(name)
    except Exception as error:
        print(f"{_BROKEN}{{name}} ({{error}})")
"""
_LEFTOVER = re.compile(r"^(sem\.)?fastdds_")


def packages() -> Finding:
    """Import what the processes need, in a process of its own; ROS interfaces are built by ./run."""
    done = subprocess.run(
        [sys.executable, "-c", _IMPORT, *_NEEDED],
        env=environment(_ANY_PORTS), capture_output=True, text=True, check=False, timeout=_IMPORT_WITHIN_S,
    )  # fmt: skip
    broken = [line.removeprefix(_BROKEN) for line in done.stdout.splitlines() if line.startswith(_BROKEN)]
    if broken or done.returncode:
        fact = "; ".join(broken) or f"the attempt ended with code {done.returncode}"
        return fault("packages", f"cannot be imported: {fact}", "remove .venv and run ./run again")
    return ok("packages", f"{len(_NEEDED)} of {len(_NEEDED)} parts can be imported")


def ports() -> Finding:
    """Look whether the store's ports are free."""
    try:
        base = channels.port_base()
    except channels.PortProblem as problem:
        return fault("ports", str(problem), "unset AISLE_PORT_BASE or set it to a number such as 9400")
    taken = [f"{base + channel.port_offset} ({channel.name})" for channel in taken_channels(base)]
    if taken:
        todo = "a store is running, or another program has them; stop it or set AISLE_PORT_BASE to other ports"
        return note("ports", f"taken: {', '.join(taken)}", todo)
    return ok("ports", f"{base} to {base + channels.PORTS_PER_STORE - 1} are free")


def discovery() -> Finding:
    """Look how far ROS nodes look for each other: a robot in a shop must not hear its neighbour."""
    reach = os.environ.get("ROS_AUTOMATIC_DISCOVERY_RANGE", "")
    fact = f"stores run on LOCALHOST, domain {ros_domain(channels.port_base())}"
    if reach and reach != "LOCALHOST":
        todo = "./run sets LOCALHOST for its own processes; set it for your own tools too, to see this robot only"
        return note("discovery", f"{fact}; this shell says ROS_AUTOMATIC_DISCOVERY_RANGE={reach}", todo)
    return ok("discovery", fact)


def leftovers() -> Finding:
    """Look for shared memory that killed processes left behind."""
    files = [path for path in shared_memory().iterdir() if _LEFTOVER.match(path.name)]
    size_mib = sum(path.stat().st_size for path in files) / 2**20
    if size_mib > _MOST_LEFTOVERS_MIB:
        todo = "when no robot is running on this machine: rm /dev/shm/fastdds_* /dev/shm/sem.fastdds_*"
        return note("leftovers", f"{len(files)} segments of DDS, {size_mib:.0f} MiB", todo)
    return ok("leftovers", f"{len(files)} segments of DDS, {size_mib:.0f} MiB")


def key_files() -> Finding:
    """Look whether every role and the vault have their keys, and whether only their owner can read them."""
    folder = paths.var_dir() / "keys"
    try:
        for role in keys.ROLES:
            keys.load_key_pair(folder, role)
    except keys.KeyProblem as problem:
        return fault("keys", str(problem), "./run keys")
    open_ones = [
        path.name for path in folder.glob("*.key_secret") if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    ]
    if open_ones:
        return fault("keys", f"others can read {', '.join(sorted(open_ones))}", f"chmod 600 {folder}/*.key_secret")
    try:
        open_store_keys(folder)
    except VaultProblem as problem:
        return fault("keys", str(problem), "./run keys makes a missing one")
    return ok("keys", f"{len(keys.ROLES)} roles and the vault")


def demo_store() -> Finding:
    """Look whether the demo store can be loaded."""
    folder = paths.demo_store_dir()
    try:
        plan = load_plan(folder)
        load_planogram(folder)
    except (PlanError, ValueError, OSError) as problem:
        return fault("store", str(problem), "./run store build")
    return ok("store", f"{plan.name}, {len(plan.bays)} bays; ./run store check looks closer")


def adviser_model() -> Finding:
    """Look whether the adviser's model is whole; without it the most popular products are recommended."""
    folder = paths.var_dir() / "models" / "adviser"
    try:
        manifest = load_folder(folder, folder.parent / PUBLIC_KEY_FILE).manifest
    except ModelProblem as problem:
        return note("adviser", str(problem), "./run train; until then popular products are recommended")
    how = "trained" if manifest.metrics else "trained quickly (./run train does it thoroughly)"
    return ok(
        "adviser", f"{manifest.counts['products']} products, {how} on {manifest.first_day} to {manifest.last_day}"
    )


def person_detector() -> Finding:
    """Look whether the network that finds people in images is the one of its manifest."""
    folder = paths.REPOSITORY / "models" / "person_detector"
    try:
        _, content = read_checked(folder)
    except DetectorProblem as problem:
        return fault("detector", str(problem), "./run models rebuild")
    return ok("detector", f"a network of {len(content) / 2**20:.1f} MiB, as its manifest says")
