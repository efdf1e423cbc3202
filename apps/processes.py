"""The process table: every process of a store in the order of its start, what it reads and writes, when it is ready.

The README shows this table; the supervisor starts it from top to bottom and stops it from bottom to top, the
simulated world first: a firmware that goes away under it would be a fault of the base.
"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from aisle import channels, paths
from aisle.config import load
from aisle.geometry import Pose2
from aisle.robot_model import RobotModel
from aisle_firmware_bridge.firmware_build import build_firmware, firmware_command
from aisle_firmware_bridge.wheels import firmware_parameters


@dataclass(frozen=True, slots=True)
class Site:
    """One run of one store: where things lie, and what differs between runs."""

    store_dir: Path
    keys_dir: Path
    run_dir: Path
    home: Pose2
    dock: Pose2
    robot_config: Path
    model_dir: Path
    seed: int = 1
    shoppers: int = 6
    robot_id: str = "robot-1"
    language: str = "en"
    scripted: bool = False
    script_product: str = ""
    sensors: Path | None = None
    people: Path | None = None
    scenario: Path | None = None
    speed: float = 1.0
    screenshots: bool = True
    rules: Path | None = None

    @property
    def hardware_socket(self) -> Path:
        return self.run_dir / "hardware.sock"

    @property
    def serial_device(self) -> Path:
        return self.run_dir / "base"

    def log_of(self, name: str) -> Path:
        return self.run_dir / "log" / f"{name}.log"


class Condition(Protocol):
    """Something that tells whether a process is ready."""

    def holds(self, site: Site, name: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class Listens:
    """The process listens on the TCP port of a channel."""

    channel: channels.Channel

    def holds(self, site: Site, name: str) -> bool:
        with socket.socket() as probe:
            probe.settimeout(0.2)
            return probe.connect_ex(("127.0.0.1", channels.port_base() + self.channel.port_offset)) == 0


@dataclass(frozen=True, slots=True)
class Exists:
    """The process has made a file, link or socket."""

    path: Callable[[Site], Path]

    def holds(self, site: Site, name: str) -> bool:
        return self.path(site).exists()


@dataclass(frozen=True, slots=True)
class Says:
    """The process's log holds a line."""

    text: str

    def holds(self, site: Site, name: str) -> bool:
        log = site.log_of(name)
        return log.exists() and self.text in log.read_text(errors="replace")


@dataclass(frozen=True, slots=True)
class Runs:
    """Being alive is enough; the lifecycle manager sees to the rest."""

    def holds(self, site: Site, name: str) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class Process:
    """One row of the table."""

    name: str
    place: str
    reads: str
    writes: str
    command: Callable[[Site], list[str]]
    ready: Condition
    ready_within_s: float = 30.0
    respawn: bool = True
    stops_first: bool = False


LIFECYCLE_NODES = (
    "firmware_bridge",
    "localization",
    "perception",
    "navigator",
    "collision_guard",
    "behaviour",
    "inference",
    "gateway",
)


_ROS_DOMAINS = 102


def ros_domain(port_base: int) -> int:
    """Return the ROS domain of a store, 0 to 101.

    Each block of PORTS_PER_STORE ports has its own domain, so two stores share one only when their ports lie a
    multiple of 2040 apart. DDS would allow 0 to 232, but from 102 on its ports (7400 + 250 * domain) reach into
    those that Linux gives to outgoing connections (from 32768).
    """
    return port_base // channels.PORTS_PER_STORE % _ROS_DOMAINS


def taken_channels(port_base: int) -> list[channels.Channel]:
    """Return the channels whose ports cannot be listened at, because somebody else does."""
    return [channel for channel in channels.CHANNELS if not _is_free(port_base + channel.port_offset)]


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As the servers do: the connections of a store that has just closed do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def environment(port_base: int) -> dict[str, str]:
    """Return the variables that every process of a store gets."""
    ours = {
        "AISLE_PORT_BASE": str(port_base),
        "AISLE_VAR": str(paths.var_dir()),
        "KIVY_HOME": str(paths.var_dir() / "kivy"),
        "KIVY_NO_ARGS": "1",
        "OMP_NUM_THREADS": "1",
        "PYTHONUNBUFFERED": "1",
        "RCUTILS_LOGGING_USE_STDOUT": "1",
        "ROS_AUTOMATIC_DISCOVERY_RANGE": "LOCALHOST",
        "ROS_DOMAIN_ID": str(ros_domain(port_base)),
    }
    return {**os.environ, **ours}


def _module(module: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", module, *arguments]


def _node(module: str, **parameters: object) -> list[str]:
    given = [part for key, value in parameters.items() for part in ("-p", f"{key}:={value}")]
    return _module(module, "--ros-args", "-p", "use_sim_time:=true", *given)


def _backend(site: Site) -> list[str]:
    return _module(
        "store_backend.service",
        "--store",
        str(site.store_dir),
        "--keys",
        str(site.keys_dir),
        "--database",
        f"sqlite:///{site.run_dir / 'backend.sqlite'}",
        "--monitor",
        str(channels.port_base() + channels.MONITOR_PORT_OFFSET),
    )


def _sim(site: Site) -> list[str]:
    files = {"--sensors": site.sensors, "--people": site.people, "--scenario": site.scenario}
    given = [part for option, file in files.items() if file is not None for part in (option, str(file))]
    script = ["--script", site.script_product, "--touch-port", str(touch_port())] if site.scripted else []
    return _module(
        "sim.sim_node",
        "--store",
        str(site.store_dir),
        "--seed",
        str(site.seed),
        "--keys",
        str(site.keys_dir),
        "--shoppers",
        str(site.shoppers),
        "--hardware",
        str(site.hardware_socket),
        "--out",
        str(site.run_dir),
        "--speed",
        str(site.speed),
        "--customer",
        *given,
        *script,
    )


def touch_port() -> int:
    """Return the loopback port on which a test rig may touch the screen."""
    return channels.port_base() + 14


def _firmware(site: Site) -> list[str]:
    executable = build_firmware(paths.REPOSITORY / "build" / "firmware").executable
    parameters = firmware_parameters(load(site.robot_config, RobotModel))
    return firmware_command(executable, site.serial_device, site.hardware_socket, parameters)


def _firmware_bridge(site: Site) -> list[str]:
    return _node("aisle_firmware_bridge.bridge_node", device=site.serial_device, robot=site.robot_config)


def _localization(site: Site) -> list[str]:
    return _node(
        "aisle_navigation.nodes.localization_node",
        map=site.store_dir / "map.yaml",
        robot=site.robot_config,
        seed=site.seed,
        start_x=site.home.x_m,
        start_y=site.home.y_m,
        start_yaw=site.home.yaw_rad,
        last_pose=site.run_dir / "last_pose.json",
    )


def _perception(site: Site) -> list[str]:
    return _node("aisle_perception.nodes.perception_node", robot=site.robot_config)


def _navigator(site: Site) -> list[str]:
    return _node("aisle_navigation.nodes.navigator_node", robot=site.robot_config, seed=site.seed)


def _guard(site: Site) -> list[str]:
    return _node("aisle_navigation.nodes.guard_node", robot=site.robot_config)


def _behaviour(site: Site) -> list[str]:
    places = {"home": site.home, "dock": site.dock}
    poses = {
        f"{name}_{axis}": value
        for name, pose in places.items()
        for axis, value in (("x", pose.x_m), ("y", pose.y_m), ("yaw", pose.yaw_rad))
    }
    return _node("aisle_behaviour.nodes.behaviour_node", robot=site.robot_config, **poses)


def _inference(site: Site) -> list[str]:
    rules = {"rules": site.rules} if site.rules is not None else {}
    return _node("aisle_inference.nodes.inference_node", model=site.model_dir, store=site.store_dir, **rules)


def _gateway(site: Site) -> list[str]:
    return _node(
        "aisle_gateway.nodes.gateway_node",
        store=site.store_dir,
        keys=site.keys_dir,
        robot_id=site.robot_id,
        stop_note=site.run_dir / "store_stop.json",
    )


def _lifecycle(site: Site) -> list[str]:
    return _node("aisle_bringup.lifecycle_manager", robot=site.robot_config, nodes=f"[{','.join(LIFECYCLE_NODES)}]")


def _kiosk(site: Site) -> list[str]:
    # A window on a desktop has to fit; the robot's own screen is filled.
    pictures = ["--screenshots", str(site.run_dir / "screens")] if site.screenshots else []
    touch = ["--touch-port", str(touch_port())] if site.scripted else ["--size", "1280x720"]
    return _module(
        "kiosk_ui.app",
        "--store",
        str(site.store_dir),
        "--keys",
        str(site.keys_dir),
        "--robot-id",
        site.robot_id,
        "--replica",
        str(site.run_dir / "replica"),
        "--language",
        site.language,
        *pictures,
        *touch,
    )


# fmt: off
PROCESSES = (
    Process("store_backend", "store", "ZeroMQ requests, database", "replies, events", _backend,
            Listens(channels.BACKEND)),
    Process("sim", "developer", "motor outputs of the firmware", "scan, clock, ground truth for scoring only", _sim,
            Exists(lambda site: site.hardware_socket), ready_within_s=60.0, respawn=False, stops_first=True),
    Process("firmware", "robot", "serial line, encoders, bumpers", "motor outputs, status", _firmware,
            Exists(lambda site: site.serial_device)),
    Process("firmware_bridge", "robot", "cmd_vel, serial line", "odom, tf, battery, bumpers, emergency stop",
            _firmware_bridge, Runs()),
    Process("localization", "robot", "scan, odom, map file", "map, tf map->odom, pose, match quality",
            _localization, Runs()),
    Process("perception", "robot", "scan, tf, map", "people, engagement", _perception, Runs()),
    Process("navigator", "robot", "map, scan, odom, people, match quality, goals, speed limit, filters",
            "cmd_vel_nav, plan, costmaps, feedback", _navigator, Runs()),
    Process("collision_guard", "robot", "cmd_vel_teleop, cmd_vel_nav, scan, bumpers, emergency stop, store's stop",
            "cmd_vel", _guard, Runs()),
    Process("behaviour", "robot", "engagement, screen state, match quality, stop, task, battery, lengths of ways",
            "navigation goals, visit status", _behaviour, Runs()),
    Process("inference", "robot", "recommend requests, sessions, catalogue, model",
            "ranked products with reasons, intent", _inference, Runs()),
    Process("gateway", "robot", "ROS state, ZeroMQ requests, the store's lease, stop and task",
            "ROS services, stop, task, ZeroMQ replies, status", _gateway, Runs()),
    Process("lifecycle_manager", "robot", "lifecycle services", "transitions, robot description, static tf",
            _lifecycle, Says("all nodes are active"), ready_within_s=180.0),
    Process("kiosk_ui", "robot", "touch, gateway, catalogue replica", "screens, journey events, screen state", _kiosk,
            Listens(channels.SCREEN_STATE), ready_within_s=60.0),
)
# fmt: on


def as_markdown() -> str:
    """Return the table as the README shows it."""
    rows = [f"| {row.name} | {row.place} | {row.reads} | {row.writes} |" for row in PROCESSES]
    return "\n".join(["| process | where | reads | writes |", "|---|---|---|---|", *rows])
