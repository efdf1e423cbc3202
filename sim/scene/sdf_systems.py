"""Gazebo's systems as plugins, under the names that a generation of Gazebo knows them by."""

from __future__ import annotations

from sim.sdf.description import Plugin
from sim.sdf.write import Flavour

_FILES = {
    "Physics": "physics",
    "Sensors": "sensors",
    "SceneBroadcaster": "scene-broadcaster",
    "UserCommands": "user-commands",
    "Imu": "imu",
    "Contact": "contact",
    "JointStatePublisher": "joint-state-publisher",
    "DiffDrive": "diff-drive",
}


def system(flavour: Flavour, kind: str, **settings: str | float) -> Plugin:
    """Return the plugin of a system, for example `Physics`, with its settings in order."""
    library, namespace = ("ignition-gazebo", "ignition::gazebo")
    if flavour is Flavour.HARMONIC:
        library, namespace = ("gz-sim", "gz::sim")
    written = ((key, value if isinstance(value, str) else f"{value:.9g}") for key, value in settings.items())
    return Plugin(f"{library}-{_FILES[kind]}-system", f"{namespace}::systems::{kind}", tuple(written))


def world_systems(flavour: Flavour) -> tuple[Plugin, ...]:
    """Return what a world needs so that it moves, can be seen and its sensors measure."""
    plain = ("Physics", "SceneBroadcaster", "UserCommands", "Imu", "Contact")
    return (*(system(flavour, kind) for kind in plain), system(flavour, "Sensors", render_engine="ogre2"))
