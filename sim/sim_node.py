"""Shell: the simulated world as a ROS node, publishing /clock and /scan and driven by the firmware process.

What really happened goes to `truth.jsonl` in the output folder when the node ends.
"""

from __future__ import annotations

import argparse
import logging
import signal
import sys
from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import rclpy
from builtin_interfaces.msg import Time
from rclpy.node import Node
from rclpy.qos import QoSProfile, QoSReliabilityPolicy, qos_profile_sensor_data
from rclpy.signals import SignalHandlerOptions
from rosgraph_msgs.msg import Clock
from sensor_msgs.msg import LaserScan as LaserScanMessage

from aisle import paths
from aisle.bus import Identity, subscriber
from aisle.channels import SCREEN_STATE
from aisle.config import load
from aisle.messages.visit import ScreenState
from aisle.robot_model import RobotModel
from aisle.sensing import LaserScan
from sim.base.firmware_hardware import FirmwareError, HardwareLink
from sim.live import run, wall_pacer
from sim.people.hand import Hand, Visitor
from sim.people.touch_rig import TouchRig
from sim.scene.store_layout import layout_of
from sim.scoring import Recording, write_recording
from sim.world import World
from store_model.geojson import PlanError
from store_model.plan import load_plan

logger = logging.getLogger("aisle.sim")

TRUTH_FILE = "truth.jsonl"
LASER_FRAME = "laser_link"
_CLOCK_QOS = QoSProfile(depth=1, reliability=QoSReliabilityPolicy.BEST_EFFORT)


class RosSensors:
    """Publishes the world's clock and laser."""

    def __init__(self, node: Node) -> None:
        self._clock = node.create_publisher(Clock, "/clock", _CLOCK_QOS)
        self._scan = node.create_publisher(LaserScanMessage, "/scan", qos_profile_sensor_data)

    def clock(self, now_s: float) -> None:
        """Publish the simulated time."""
        self._clock.publish(Clock(clock=stamp(now_s)))

    def scan(self, scan: LaserScan) -> None:
        """Publish one sweep in the laser's frame."""
        self._scan.publish(scan_message(scan))


def stamp(time_s: float) -> Time:
    """Return seconds as a ROS stamp."""
    nanoseconds = round(time_s * 1e9)
    return Time(sec=nanoseconds // 1_000_000_000, nanosec=nanoseconds % 1_000_000_000)


def scan_message(scan: LaserScan) -> LaserScanMessage:
    """Return a scan as sensor_msgs/LaserScan; the sweep is instantaneous."""
    message = LaserScanMessage()
    message.header.frame_id, message.header.stamp = LASER_FRAME, stamp(scan.stamp_s)
    message.angle_min, message.angle_increment = scan.angle_min_rad, scan.angle_increment_rad
    message.angle_max = scan.angle_min_rad + scan.angle_increment_rad * (len(scan.ranges_m) - 1)
    message.range_min, message.range_max = scan.range_min_m, scan.range_max_m
    message.ranges = array("f", scan.ranges_m.astype("f4").tobytes())
    return message


@contextmanager
def _screen(keys_dir: Path | None) -> Iterator[Callable[[], ScreenState | None]]:
    """Open the stream of screen states, or give one that never says anything."""
    if keys_dir is None:
        yield lambda: None
        return
    with subscriber(SCREEN_STATE, Identity("sim", keys_dir)) as stream:

        def newest() -> ScreenState | None:
            stream.update()
            state = stream.latest()
            return state if isinstance(state, ScreenState) else None

        yield newest


@contextmanager
def _node() -> Iterator[Node]:
    rclpy.init(signal_handler_options=SignalHandlerOptions.NO)
    node = rclpy.create_node("sim")
    try:
        yield node
    finally:
        node.destroy_node()
        rclpy.shutdown()


def _arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="sim_node", description="Run the simulated store live.")
    parser.add_argument("--store", type=Path, default=paths.demo_store_dir(), help="store directory")
    parser.add_argument("--robot", type=Path, default=paths.reference_robot(), help="robot configuration")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--shoppers", type=int, default=6)
    parser.add_argument("--customer", action="store_true", help="add a customer, who follows the robot by its screen")
    parser.add_argument("--script", metavar="PRODUCT", help="let the customer ask for this product")
    parser.add_argument("--touch-port", type=int, metavar="PORT", help="where the kiosk takes the customer's touches")
    parser.add_argument("--keys", type=Path, help="key folder; with it the customer sees the kiosk's screen")
    parser.add_argument("--hardware", type=Path, required=True, help="socket on which the firmware is awaited")
    parser.add_argument("--firmware-within", type=float, default=30.0, metavar="S")
    parser.add_argument("--out", type=Path, required=True, help="folder for the record of what really happened")
    parser.add_argument("--speed", type=float, default=1.0, help="times real time, as far as the machine can")
    return parser.parse_args(argv)


def _simulate(arguments: argparse.Namespace, stopping: Event) -> None:
    robot = load(arguments.robot, RobotModel)
    layout = layout_of(load_plan(arguments.store))
    world = World(layout, robot, arguments.shoppers, arguments.seed, with_customer=arguments.customer)
    recording = Recording(robot.base.radius_m)
    arguments.out.mkdir(parents=True, exist_ok=True)
    with HardwareLink(arguments.hardware) as firmware, _screen(arguments.keys) as screen, _node() as node:
        firmware.accept(arguments.firmware_within)
        logger.info("running: seed %d, %d shoppers", arguments.seed, arguments.shoppers)
        try:
            sensors, pacer = RosSensors(node), wall_pacer(arguments.speed)
            run(world, firmware, sensors, screen, _visitor(arguments), recording, pacer, stopping.is_set)
        finally:
            write_recording(arguments.out / TRUTH_FILE, recording)
            logger.info("stopped at %.1f s of simulated time", world.now_s)


def _visitor(arguments: argparse.Namespace) -> Visitor | None:
    """Return the customer's eyes, and with a script and a screen to touch the hand as well."""
    if not arguments.customer:
        return None
    if arguments.script is None or arguments.touch_port is None:
        return Visitor(None)
    rig = TouchRig(arguments.touch_port)
    return Visitor(Hand(arguments.script), lambda box: rig.tap(box.x + 0.5 * box.width, box.y + 0.5 * box.height))


def main(argv: Sequence[str] | None = None) -> int:
    """Run until SIGTERM or SIGINT; return 0 after a clean stop, 1 with one line in the log otherwise."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    arguments = _arguments(sys.argv[1:] if argv is None else argv)
    stopping = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    try:
        _simulate(arguments, stopping)
    except (FirmwareError, PlanError, ValueError, OSError, RuntimeError) as error:
        if stopping.is_set():
            return 0
        logger.error("%s", error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
