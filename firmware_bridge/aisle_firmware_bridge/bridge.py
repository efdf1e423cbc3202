"""The host's side of the base as a pure core: bytes, twists and time in, bytes and events out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from aisle.geometry import STOP, Twist2
from aisle.robot_model import RobotModel
from aisle_firmware_bridge.base_clock import BaseClock
from aisle_firmware_bridge.events import (
    ArmRefused,
    BaseAccepted,
    BaseLost,
    BaseRefused,
    BaseReport,
    Event,
    ModeChanged,
)
from aisle_firmware_bridge.frames import DELIMITER, FrameParser, Rejection
from aisle_firmware_bridge.limiter import LimitedTwist, limit_twist
from aisle_firmware_bridge.odometry import DeadReckoning, WheelReading
from aisle_firmware_bridge.phase import LinkEvent, Phase, next_phase
from aisle_firmware_bridge.protocol import (
    PROTOCOL_VERSION,
    Arm,
    Disarm,
    Hello,
    HostMessage,
    Identity,
    Mode,
    Release,
    Status,
    WheelCommand,
    decode,
    encode,
)
from aisle_firmware_bridge.wheels import firmware_parameters, wheel_speeds

COMMAND_FRESH_S = 0.25
COMMAND_LIVES_US = 200_000
STATUS_FRESH_S = 0.2
BASE_SILENT_S = 1.0
GREET_EVERY_S = 0.5
ARM_WITHIN_S = 2.0
LIMIT_TOLERANCE = 1.001
MOVING_MODES = (Mode.READY, Mode.DRIVING)


@dataclass(frozen=True, slots=True)
class _ArmRequest:
    """Somebody asked for motion; `since_s` is when the base first heard of it."""

    release: bool
    since_s: float | None = None


def mismatches(identity: Identity, robot: RobotModel) -> tuple[str, ...]:
    """Say why a base must not be driven by this host; empty if it fits."""
    if identity.protocol != PROTOCOL_VERSION:
        return (f"it speaks protocol {identity.protocol}, this host {PROTOCOL_VERSION}: update the older one",)
    wanted = firmware_parameters(robot)
    reasons = []
    if identity.ticks_per_turn != wanted.ticks_per_turn:
        reasons.append(f"it counts {identity.ticks_per_turn} ticks a turn, {robot.name} has {wanted.ticks_per_turn}")
    if identity.forward_limit_radps > wanted.forward_limit_radps * LIMIT_TOLERANCE:
        reasons.append(
            f"its wheels reach {identity.forward_limit_radps:.1f} rad/s,"
            f" {robot.name} allows {wanted.forward_limit_radps:.1f}"
        )
    return tuple(reasons)


class Bridge:
    """Greets, checks, arms and commands one base, and never commands it on stale input.

    Motion needs a fitting base, a fresh status, a twist not older than COMMAND_FRESH_S, and a request to arm.
    A request holds until the base was lost once; after that only another request moves the robot.
    """

    def __init__(self, robot: RobotModel) -> None:
        self._robot = robot
        self._phase = Phase.OFFLINE
        self._session = 0
        self._sequence = 0
        self._parser = FrameParser()
        self._clock = BaseClock()
        self._reckoning = DeadReckoning(robot)
        self._greeted_s: float | None = None
        self._heard_s = 0.0
        self._twist: tuple[Twist2, float] | None = None
        self._request: _ArmRequest | None = None
        self._status: Status | None = None
        self._sent = LimitedTwist(STOP)
        self._refusal = ""

    @property
    def phase(self) -> Phase:
        return self._phase

    @property
    def status(self) -> Status | None:
        """The newest status of this session."""
        return self._status

    @property
    def sent(self) -> LimitedTwist:
        """What was really sent last, and what was cut from the wish."""
        return self._sent

    @property
    def complaint(self) -> str:
        """Say in a sentence why the base cannot drive now; empty if it can."""
        if self._phase is not Phase.ONLINE or self._status is None:
            return self._refusal or f"the base is {self._phase.value}"
        if self._status.mode in MOVING_MODES:
            return ""
        return f"the base is {self._status.mode.name.lower()}, staff must release it"

    @property
    def rejected(self) -> Counter[Rejection]:
        """Damaged frames from the base, by cause."""
        return self._parser.rejected

    def connect(self, session: int) -> None:
        """Start over on a line that was just opened; `session` is a fresh number in 1..2^32-1."""
        self._parser = FrameParser()
        self._happen(LinkEvent.OPENED)
        self._start_session(session)

    def disconnect(self, reason: str) -> list[Event]:
        """Note that the line is gone."""
        return self._lose(LinkEvent.CLOSED, reason)

    def request_arm(self) -> None:
        """Ask for motion, deliberately: when the robot is started."""
        self._request = _ArmRequest(release=False)

    def request_release(self) -> None:
        """Ask for motion after a latched stop, a fault or a lost base: only when staff say so."""
        self._request = _ArmRequest(release=True)

    def disarm(self) -> bytes:
        """Return the bytes that forbid motion, and drop any request for it."""
        self._request = None
        return self._encode(Disarm()) if self._phase is Phase.ONLINE else b""

    def receive(self, received: bytes, now_s: float) -> list[Event]:
        """Take bytes from the base; return what they mean, in order, and whether the base fell silent."""
        events: list[Event] = []
        for frame in self._parser.feed(received):
            message = decode(frame)
            if isinstance(message, Identity):
                events += self._on_identity(message, now_s)
            elif isinstance(message, Status):
                events += self._on_status(message, now_s)
        if self._phase is Phase.ONLINE and now_s - self._heard_s > BASE_SILENT_S:
            events += self._lose(LinkEvent.LOST, f"no status for {BASE_SILENT_S:.0f} s")
        return events

    def step(self, now_s: float, twist: Twist2 | None) -> bytes:
        """Return the bytes to send now; call it at 50 Hz. `twist` is a new wish or None."""
        if twist is not None:
            self._twist = (twist, now_s)
        if self._phase is Phase.GREETING:
            return self._greet(now_s)
        if self._phase is Phase.ONLINE:
            return self._ask_for_motion(now_s) + self._command(now_s)
        return b""

    def _happen(self, event: LinkEvent) -> None:
        self._phase = next_phase(self._phase, event)

    def _encode(self, message: HostMessage) -> bytes:
        self._sequence = (self._sequence + 1) & 0xFFFF
        return encode(message, self._sequence)

    def _start_session(self, session: int) -> None:
        self._session = session
        self._refusal = ""
        self._greeted_s = None
        self._status = None
        self._clock = BaseClock()
        self._reckoning.forget_counts()

    def _lose(self, event: LinkEvent, reason: str) -> list[Event]:
        """Leave the base alone; what was asked for before holds only if nothing was driven yet."""
        was_online = self._phase is Phase.ONLINE
        self._happen(event)
        self._sent = LimitedTwist(STOP, (reason,))
        if was_online:
            self._request = None
        self._start_session(self._session % 0xFFFF_FFFF + 1)
        return [BaseLost(reason)] if was_online else []

    def _greet(self, now_s: float) -> bytes:
        if self._greeted_s is not None and 0.0 <= now_s - self._greeted_s < GREET_EVERY_S:
            return b""
        self._greeted_s = now_s
        return DELIMITER + self._encode(Hello(PROTOCOL_VERSION, self._session))

    def _on_identity(self, identity: Identity, now_s: float) -> list[Event]:
        if self._phase is not Phase.GREETING or identity.session != self._session:
            return []
        self._heard_s = now_s
        reasons = mismatches(identity, self._robot)
        if not reasons:
            self._happen(LinkEvent.ACCEPTED)
            return [BaseAccepted(identity)]
        self._happen(LinkEvent.REJECTED)
        refused = BaseRefused(identity, reasons)
        self._refusal = refused.sentence
        return [refused]

    def _on_status(self, status: Status, now_s: float) -> list[Event]:
        if self._phase is not Phase.ONLINE:
            return []
        if status.session != self._session:
            return self._lose(LinkEvent.LOST, "it restarted, or another host talks to it")
        before, self._status = self._status, status
        self._heard_s = now_s
        self._clock.update(status.clock_us, now_s)
        events: list[Event] = [BaseReport(status, self._reckoning.update(self._reading(status)))]
        if _is_worth_telling(before, status):
            events.append(ModeChanged(before.mode if before else None, status.mode, status.faults))
        return events + self._judge_request(status, now_s)

    def _reading(self, status: Status) -> WheelReading:
        stamp_s = self._clock.host_time_s(status.clock_us)
        counts = (status.ticks_left, status.ticks_right)
        return WheelReading(status.clock_us, stamp_s, *counts, status.yaw_rate_radps)

    def _judge_request(self, status: Status, now_s: float) -> list[Event]:
        request = self._request
        if request is None or request.since_s is None or status.mode in MOVING_MODES:
            return []
        if now_s - request.since_s > ARM_WITHIN_S:
            self._request = None
            return [ArmRefused(status.mode)]
        return []

    def _ask_for_motion(self, now_s: float) -> bytes:
        request, status = self._request, self._status
        if request is None or status is None:
            return b""
        if status.mode in MOVING_MODES:
            self._request = None
            return b""
        if request.since_s is None:
            self._request = _ArmRequest(request.release, now_s)
        if status.mode is Mode.DISARMED:
            return self._encode(Arm())
        return self._encode(Release()) if request.release else b""

    def _command(self, now_s: float) -> bytes:
        if self._status is None:
            return b""
        self._sent = self._decide(now_s)
        left_radps, right_radps = wheel_speeds(self._sent.sent, self._robot)
        deadline_us = self._clock.base_time_us(now_s) + COMMAND_LIVES_US
        return self._encode(WheelCommand(left_radps, right_radps, deadline_us))

    def _decide(self, now_s: float) -> LimitedTwist:
        """Choose what may be sent: a stop unless command and status are both fresh."""
        if self._twist is None or not 0.0 <= now_s - self._twist[1] <= COMMAND_FRESH_S:
            return LimitedTwist(STOP, ("no fresh command",))
        if not 0.0 <= now_s - self._heard_s <= STATUS_FRESH_S:
            return LimitedTwist(STOP, ("no fresh status of the base",))
        return limit_twist(self._twist[0], self._robot.limits)


def _is_worth_telling(before: Status | None, status: Status) -> bool:
    """Ready and driving follow each other with every pause; only the other changes are worth a line."""
    if before is None:
        return True
    return before.mode is not status.mode and not (before.mode in MOVING_MODES and status.mode in MOVING_MODES)
