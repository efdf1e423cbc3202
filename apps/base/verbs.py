"""`aisle base`: watch, log, teleop, calibrate, replay."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from aisle import paths

base_app = typer.Typer(
    no_args_is_help=True,
    help="Look at the base over its serial line, record it, drive it by hand, calibrate it."
    " The robot's own programs hold the line while they run: stop them first.",
)
console = Console()

Device = Annotated[str, typer.Option(help="The base's serial line.")]
RobotFile = Annotated[Path, typer.Option("--robot", help="Robot configuration.")]
Seconds = Annotated[float, typer.Option(min=0.0, help="How long; 0 is until Ctrl-C.")]
_DEVICE = "/dev/aisle_base"


def _guarded(work: Callable[[], int]) -> None:
    """Run a verb; what keeps it from working is one line, and Ctrl-C is an ordinary end."""
    from apps.base.actions import PROBLEMS

    try:
        code = work()
    except KeyboardInterrupt:
        code = 0
    except PROBLEMS as problem:
        console.print(str(problem), style="red", markup=False, soft_wrap=True)
        code = 1
    raise typer.Exit(code)


@base_app.command()
def watch(device: Device = _DEVICE, robot: RobotFile = paths.reference_robot(), seconds: Seconds = 0.0) -> None:
    """Show what the base says, live. Nothing is armed: the wheels stay still."""
    from apps.base import actions

    _guarded(lambda: actions.watch(device, robot, seconds, console))


@base_app.command()
def log(
    out: Annotated[Path, typer.Argument(help="The MCAP file; it must not be there yet.")],
    device: Device = _DEVICE,
    robot: RobotFile = paths.reference_robot(),
    seconds: Seconds = 0.0,
) -> None:
    """Record every byte of the line, and what it means, into an MCAP file (for Foxglove, and for replay)."""
    from apps.base import actions

    _guarded(lambda: actions.log(out, device, robot, seconds, console))


@base_app.command()
def teleop(
    device: Device = _DEVICE,
    robot: RobotFile = paths.reference_robot(),
    speed: Annotated[float, typer.Option(min=0.05, max=0.5, help="Metres a second.")] = 0.3,
    turn: Annotated[float, typer.Option(min=0.1, max=1.0, help="Radians a second.")] = 0.6,
    release: Annotated[bool, typer.Option("--release", help="Release a latched stop; you cleared its cause.")] = False,
) -> None:
    """Drive by keys, past the collision guard: it sees nobody. It moves only while keys keep coming."""
    from aisle_firmware_bridge.teleop import TeleopSettings
    from apps.base import actions

    _guarded(lambda: actions.teleop(device, robot, TeleopSettings(speed, turn), release, console))


@base_app.command()
def calibrate(
    device: Device = _DEVICE,
    robot: RobotFile = paths.reference_robot(),
    out: Annotated[Path | None, typer.Option(help="The new robot file; var/robots/NAME.yaml if not given.")] = None,
    log: Annotated[Path | None, typer.Option(exists=True, help="Use this log of a calibration, do not drive.")] = None,
    side: Annotated[float, typer.Option(min=1.0, max=20.0, help="Side of the squares in metres.")] = 10.0,
    place_mm: Annotated[float, typer.Option(min=0.1, help="How well you measure a place.")] = 3.0,
    yaw_deg: Annotated[float, typer.Option(min=0.01, help="How well you measure a heading.")] = 0.3,
) -> None:
    """Find wheel radii, track and gyro scale by squares in both directions, and write a new robot file."""
    from aisle_firmware_bridge.legs import MeasuredBy
    from apps.base import actions

    measured = MeasuredBy(place_mm / 1000.0, math.radians(yaw_deg))
    _guarded(lambda: actions.calibrate(device, robot, out, log, side, measured, console))


@base_app.command()
def replay(file: Annotated[Path, typer.Argument(help="An MCAP log, or raw bytes from a base.")]) -> None:
    """Put a recording through the parser again: what was in it, and what was thrown away."""
    from apps.base import actions

    _guarded(lambda: actions.replay(file, console))
