"""Shell: the simulated world as a ROS node, publishing /clock and /scan and driven by the firmware process.

The world's description goes to `world/` in the output folder, and is what is simulated; what really happened goes to
`truth.jsonl` there when the node ends.
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
from sim.base.patient_hardware import PatientHardware
from sim.camera_topics import CameraTopics, resolution
from sim.live import run, wall_pacer
from sim.people.baskets import read_baskets
from sim.people.hand import Hand, Visitor
from sim.people.settings import load_people, people_file
from sim.people.touch_rig import TouchRig
from sim.scenario import Scenario, Script
from sim.scene.layout import Layout
from sim.scene.scene import Scene
from sim.scene.store_layout import layout_of
from sim.scene.world_files import load_scene, world_texts, write_world
from sim.scoring import Recording, write_recording
from sim.sensors.camera import CameraFrame
from sim.sensors.faults import SensorFaults
from sim.startup_check import check_world
from sim.world import PERFECT_SENSORS, World
from store_model.geojson import PlanError
from store_model.plan import load_plan

logger = logging.getLogger("aisle.sim")

TRUTH_FILE = "truth.jsonl"
WORLD_FOLDER = "world"
LASER_FRAME = "laser_link"
_CLOCK_QOS = QoSProfile(depth=1, reliability=QoSReliabilityPolicy.BEST_EFFORT)


class RosSensors:
    """Publishes the world's clock, laser and camera."""

    def __init__(self, node: Node) -> None:
        self._clock = node.create_publisher(Clock, "/clock", _CLOCK_QOS)
        self._scan = node.create_publisher(LaserScanMessage, "/scan", qos_profile_sensor_data)
        self._camera = CameraTopics(node)

    def clock(self, now_s: float) -> None:
        """Publish the simulated time."""
        self._clock.publish(Clock(clock=stamp(now_s)))

    def scan(self, scan: LaserScan) -> None:
        """Publish one sweep in the laser's frame."""
        self._scan.publish(scan_message(scan))

    def frame(self, frame: CameraFrame) -> None:
        """Publish one image of the camera."""
        self._camera.publish(frame)


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
    parser.add_argument("--people", type=Path, metavar="FILE", help="who is in the store; the usual mix without it")
    parser.add_argument("--sensors", type=Path, metavar="FILE", help="what the sensors get wrong; perfect without it")
    parser.add_argument("--scenario", type=Path, metavar="FILE", help="what else happens in the store")
    parser.add_argument("--camera", metavar="WxH@HZ", help="render the camera, as in 320x240@5; off without it")
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
    scenario = load(arguments.scenario, Scenario) if arguments.scenario else Scenario()
    faults = load(arguments.sensors, SensorFaults) if arguments.sensors else PERFECT_SENSORS
    layout = layout_of(load_plan(arguments.store), scenario.solids(), read_baskets(arguments.store))
    camera = resolution(arguments.camera) if arguments.camera else None
    check_world(robot, faults, camera)
    scene = _described(layout, robot, arguments.out / WORLD_FOLDER)
    world = World(
        layout,
        robot,
        arguments.shoppers,
        arguments.seed,
        with_customer=arguments.customer,
        faults=faults,
        scene=scene,
        people=load_people(arguments.people or people_file()),
        camera=camera,
    )
    recording = Recording(robot.base.radius_m)
    with HardwareLink(arguments.hardware) as firmware, _screen(arguments.keys) as screen, _node() as node:
        firmware.accept(arguments.firmware_within)
        logger.info("running: seed %d, %d shoppers", arguments.seed, arguments.shoppers)
        try:
            sensors, pacer = RosSensors(node), wall_pacer(arguments.speed)
            base, script = PatientHardware(firmware), Script(scenario)
            run(world, base, sensors, screen, _visitor(arguments), recording, pacer, stopping.is_set, script)
        finally:
            world.close()
            write_recording(arguments.out / TRUTH_FILE, recording)
            logger.info("stopped at %.1f s of simulated time", world.now_s)


def _described(layout: Layout, robot: RobotModel, folder: Path) -> Scene:
    """Write the world's description into the folder of the run, and return what is read back from there."""
    write_world(folder, world_texts(layout, robot, layout.home))
    return load_scene(folder)


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
