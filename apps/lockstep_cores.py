"""What drives a robot, without processes: the production cores from the scan to the bytes for the base.

The periods are those of the live nodes. Time is the simulator's; nothing here reads a clock.
"""

from __future__ import annotations

import math

from aisle.geometry import STOP, Pose2
from aisle.robot_model import RobotModel
from aisle.sensing import InOrder, LaserScan, Odometry
from aisle_firmware_bridge.battery import BatteryGauge, reading_of
from aisle_firmware_bridge.bridge import Bridge
from aisle_firmware_bridge.events import BaseReport, SensorReport
from aisle_firmware_bridge.messages import BatteryReport
from aisle_navigation.collision_guard.guard import Contacts, Guard, GuardReason
from aisle_navigation.control.profiles import STORE, Profile
from aisle_navigation.driving.navigator import Navigator
from aisle_navigation.driving.outcome import Progress
from aisle_navigation.driving.situation import Situation
from aisle_navigation.localization.odometry_buffer import OdometryBuffer
from aisle_navigation.localization.particle_filter import Estimate, FilterSettings, ParticleFilter
from aisle_perception.perception import Perception, Seen
from store_model.clearance import ClearanceMap

_SESSION = 1


class DrivingCores:
    """Scan and bytes from the base in, bytes to the base out; goals are given to its navigator."""

    def __init__(
        self,
        robot: RobotModel,
        clearances: ClearanceMap,
        start_map: Pose2,
        seed: int,
        profile: Profile = STORE,
    ) -> None:
        self.robot = robot
        self.navigator = Navigator(clearances, robot, seed, profile=profile)
        self.estimate: Estimate | None = None
        self.scan: LaserScan | None = None
        self.seen: Seen | None = None
        self.progress: Progress | None = None
        self.guard_reason = GuardReason.NO_SCAN
        self.battery_fraction = math.nan
        self._gauge = BatteryGauge(robot.battery)
        self._filter = ParticleFilter(clearances, robot, FilterSettings(), seed)
        self._filter.start_at(start_map)
        self._perception = Perception(robot, clearances)
        self._guard = Guard(robot)
        self._bridge = Bridge(robot)
        self._bridge.connect(_SESSION)
        self._bridge.request_arm()
        self._odometry = OdometryBuffer()
        self._scan_order = InOrder()
        self._velocity = STOP

    @property
    def odometry(self) -> Odometry | None:
        return self._odometry.latest

    def odom_from_base(self, time_s: float) -> Pose2 | None:
        """Return where odometry had the base at a time; None when it is not known."""
        return self._odometry.at(time_s)

    def show_place(self, place_map: Pose2) -> None:
        """Let a person tell the robot where it is."""
        self._filter.start_at(place_map)

    # The base, 50 times a second

    def exchange(self, received: bytes, now_s: float) -> bytes:
        """Take bytes from the base and return bytes to it."""
        for event in self._bridge.receive(received, now_s):
            if isinstance(event, BaseReport):
                self._odometry.add(event.odometry)
                self._guard.feel(Contacts(bool(event.status.bumpers), event.status.emergency_stop))
            elif isinstance(event, SensorReport) and isinstance(event.reading, BatteryReport):
                self.battery_fraction = self._gauge.update(reading_of(event.reading, event.stamp_s)).known_charge
        return self._bridge.step(now_s, self._velocity)

    # The guard, 20 times a second

    def obey_store(self, is_stopped: bool) -> None:
        """Take the store's stop, or its end."""
        self._guard.obey_store(is_stopped)

    def check(self, now_s: float) -> None:
        """Decide what may be sent to the base."""
        decision = self._guard.step(now_s)
        self._velocity, self.guard_reason = decision.twist, decision.reason

    # Everything that follows a scan, 10 times a second

    def sense(self, scan: LaserScan) -> Progress | None:
        """Localize, see people, and drive towards the goal; None for a scan that is late or has no odometry."""
        if not self._scan_order.accepts(scan.stamp_s):
            return None
        self.scan = scan
        self._guard.see(scan)
        odom_from_base, odometry = self._odometry.at(scan.stamp_s), self._odometry.latest
        if odom_from_base is None or odometry is None:
            return None
        estimate = self.estimate = self._filter.update(scan, odom_from_base)
        seen = self.seen = self._perception.step(scan, estimate.map_from_base)
        situation = Situation(
            scan.stamp_s,
            estimate.map_from_base,
            odometry.twist,
            scan,
            seen.people,
            seen.engaged_id,
            estimate.localized,
        )
        self.progress = self.navigator.step(situation)
        self._guard.command(self.progress.twist, scan.stamp_s)
        return self.progress
