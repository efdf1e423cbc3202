"""The host's side of the base as a pure core: bytes, twists and time in, bytes and events out."""

from __future__ import annotations

from collections import Counter

from aisle.geometry import STOP, Twist2
from aisle.robot_model import RobotModel
from aisle_firmware_bridge.arming import MOVING_MODES, Arming
from aisle_firmware_bridge.base_clock import BaseClock
from aisle_firmware_bridge.charge_hold import ChargeHold
from aisle_firmware_bridge.clock_fit import ClockEstimate
from aisle_firmware_bridge.events import (
    ArmRefused,
    BaseAccepted,
    BaseLost,
    BaseRefused,
    BaseReport,
    Event,
    ModeChanged,
    RequestFailed,
    SensorReport,
    TurnsDiffer,
)
from aisle_firmware_bridge.frames import DELIMITER, FrameParser, Rejection
from aisle_firmware_bridge.greeting import Acquaintance, other_version
from aisle_firmware_bridge.limiter import LimitedTwist, limit_twist, limit_wheels
from aisle_firmware_bridge.limits_agreed import AgreedLimits
from aisle_firmware_bridge.messages import (
    PROTOCOL_VERSION,
    Acknowledgement,
    Arm,
    BaseMessage,
    BatteryReport,
    Disarm,
    Hello,
    HostMessage,
    Identity,
    Imu,
    MotorReport,
    OtherVersion,
    Release,
    Request,
    Result,
    Status,
    TimeReply,
    TimeSync,
    WheelCommand,
)
from aisle_firmware_bridge.odometry import DeadReckoning, WheelReading
from aisle_firmware_bridge.phase import LinkEvent, Phase, next_phase
from aisle_firmware_bridge.protocol import decode, encode
from aisle_firmware_bridge.requests import Answer, RequestLine
from aisle_firmware_bridge.turn_check import TurnCheck
from aisle_firmware_bridge.wheels import firmware_parameters, wheel_speeds, wheel_turn_radps

COMMAND_FRESH_S = 0.25
COMMAND_LIVES_US = 200_000
STATUS_FRESH_S = 0.2
BASE_SILENT_S = 1.0
GREET_EVERY_S = 0.5
COMPARE_CLOCKS_EVERY_S = 1.0


class Bridge:
    """Greets, checks, sets, arms and commands one base, and never commands it on stale input.

    Motion needs a fitting base that took the robot's limits, a pack that is not empty, a fresh status, a twist not
    older than COMMAND_FRESH_S, and a request to arm.
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
        self._requests = RequestLine()
        self._arming = Arming()
        self._met = Acquaintance(0)
        self._limits = AgreedLimits(robot)
        self._charge = ChargeHold(firmware_parameters(robot).battery_minimum_mv)
        self._turns = TurnCheck()
        self._board: int | None = None
        self._greeted_s: float | None = None
        self._compared_s: float | None = None
        self._heard_s = 0.0
        self._twist: tuple[Twist2, float] | None = None
        self._status: Status | None = None
        self._sent = LimitedTwist(STOP)
        self._refusal = ""

    @property
    def phase(self) -> Phase:
        return self._phase

    @property
    def identity(self) -> Identity | None:
        """Who the base of this session says it is."""
        return self._met.identity

    @property
    def status(self) -> Status | None:
        """The newest status of this session."""
        return self._status

    @property
    def clock(self) -> ClockEstimate | None:
        """How the base's clock goes beside this host's; None before the first comparison."""
        return self._clock.estimate

    @property
    def bias_radps(self) -> float:
        """What the base's gyro is believed to read at rest."""
        return self._reckoning.bias_radps

    @property
    def do_turns_differ(self) -> bool:
        """Whether wheels and gyro have told of different turns for a while."""
        return self._turns.differs

    @property
    def sent(self) -> LimitedTwist:
        """What was really sent last, and what was cut from the wish."""
        return self._sent

    @property
    def complaint(self) -> str:
        """Say in a sentence why the base cannot drive now; empty if it can."""
        if self._phase is not Phase.ONLINE or self._status is None:
            return self._refusal or f"the base is {self._phase.value}"
        if objection := self._objection:
            return objection
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
        self._arming.ask(release=False)

    def request_release(self) -> bool:
        """Ask for motion after a latched stop, a fault or a lost base: only when staff say so.

        Return whether there is a base to release. While there is none nothing is kept: whoever asked may be gone when
        it comes back.
        """
        is_there = self._phase is Phase.ONLINE
        if is_there:
            self._arming.ask(release=True)
            self._ask_refused_limits_again()
        return is_there

    def ask(self, request: Request) -> bool:
        """Send a request when those before it have ended; failure comes back as RequestFailed.

        Return whether it was taken: it is not while offline, nor when too many wait already.
        """
        return self._phase is Phase.ONLINE and self._requests.ask(request)

    def disarm(self) -> bytes:
        """Return the bytes that forbid motion, and drop any request for it; `step` repeats it until it is answered."""
        self._arming.drop()
        if self._phase is not Phase.ONLINE:
            return b""
        self._requests.ask(Disarm())
        return self._encode(Disarm())

    def receive(self, received: bytes, now_s: float) -> list[Event]:
        """Take bytes from the base; return what they mean, in order, and whether the base fell silent."""
        events: list[Event] = []
        for frame in self._parser.feed(received):
            events += self._on_message(decode(frame), now_s)
        if self._phase is Phase.ONLINE and now_s - self._heard_s > BASE_SILENT_S:
            events += self._lose(LinkEvent.LOST, f"no status for {BASE_SILENT_S:.0f} s")
        if answer := self._requests.given_up(now_s):
            events += self._on_answer(answer)
        return events

    def step(self, now_s: float, twist: Twist2 | None) -> bytes:
        """Return the bytes to send now; call it at 50 Hz. `twist` is a new wish or None."""
        if twist is not None:
            self._twist = (twist, now_s)
        if self._phase is Phase.GREETING:
            return self._greet(now_s)
        if self._phase is Phase.ONLINE:
            return self._request(now_s) + self._compare_clocks(now_s) + self._command(now_s)
        return b""

    def _happen(self, event: LinkEvent) -> None:
        self._phase = next_phase(self._phase, event)

    def _encode(self, message: HostMessage) -> bytes:
        self._sequence = (self._sequence + 1) & 0xFFFF
        return encode(message, self._sequence)

    def _start_session(self, session: int) -> None:
        self._session = session
        self._refusal = ""
        self._greeted_s = self._compared_s = None
        self._status = None
        self._clock = BaseClock()
        self._met = Acquaintance(session)
        self._limits = AgreedLimits(self._robot)
        self._turns = TurnCheck()
        self._requests.forget()
        self._reckoning.forget_counts()

    def _lose(self, event: LinkEvent, reason: str) -> list[Event]:
        """Leave the base alone; what was asked for before holds only if nothing was driven yet."""
        was_online = self._phase is Phase.ONLINE
        self._happen(event)
        self._sent = LimitedTwist(STOP, (reason,))
        if was_online:
            self._arming.drop()
        self._start_session(self._session % 0xFFFF_FFFF + 1)
        return [BaseLost(reason)] if was_online else []

    def _greet(self, now_s: float) -> bytes:
        if self._greeted_s is not None and 0.0 <= now_s - self._greeted_s < GREET_EVERY_S:
            return b""
        self._greeted_s = now_s
        return DELIMITER + self._encode(Hello(PROTOCOL_VERSION, self._session))

    def _on_message(self, message: BaseMessage | HostMessage | None, now_s: float) -> list[Event]:
        if self._phase is Phase.GREETING:
            return self._on_greeting(message, now_s)
        if self._phase is not Phase.ONLINE:
            return []
        match message:
            case Status():
                return self._on_status(message, now_s)
            case Imu() | BatteryReport() | MotorReport():
                return [SensorReport(message, self._clock.host_time_s(message.clock_us))]
            case TimeReply():
                self._clock.compare(message, now_s)
            case Acknowledgement():
                answer = self._requests.take(message)
                return self._on_answer(answer) if answer else []
        return []

    def _on_greeting(self, message: BaseMessage | HostMessage | None, now_s: float) -> list[Event]:
        """Collect what the base says about itself; judge it when it is complete."""
        if isinstance(message, OtherVersion):
            return self._refuse("of another version", (other_version(message.protocol),))
        if not self._met.hear(message):
            return []
        self._heard_s = now_s
        reasons, identity = self._met.verdict(self._robot, self._board), self._met.identity
        if reasons is None or identity is None:
            return []
        return self._refuse(identity.name, reasons) if reasons else self._accept(identity)

    def _refuse(self, name: str, reasons: tuple[str, ...]) -> list[Event]:
        self._happen(LinkEvent.REJECTED)
        refused = BaseRefused(name, reasons)
        self._refusal = refused.sentence
        return [refused]

    def _accept(self, identity: Identity) -> list[Event]:
        self._happen(LinkEvent.ACCEPTED)
        self._board = identity.board_id
        for setting in self._limits.requests:
            self._requests.ask(setting)
        return [BaseAccepted(identity)]

    def _on_status(self, status: Status, now_s: float) -> list[Event]:
        if status.session != self._session:
            return self._lose(LinkEvent.LOST, "it restarted, or another host talks to it")
        before, self._status = self._status, status
        self._heard_s = now_s
        self._clock.update(status.clock_us, now_s)
        self._charge.see(status.battery_mv)
        events: list[Event] = [BaseReport(status, self._reckoning.update(self._reading(status)))]
        events += self._compare_turns(status)
        if _is_worth_telling(before, status):
            events.append(ModeChanged(before.mode if before else None, status.mode, status.faults))
        if self._arming.is_overdue(status.mode, now_s):
            events.append(ArmRefused(status.mode))
        return events

    def _reading(self, status: Status) -> WheelReading:
        stamp_s = self._clock.host_time_s(status.clock_us)
        counts = (status.ticks_left, status.ticks_right)
        return WheelReading(status.clock_us, stamp_s, *counts, status.yaw_rate_radps)

    def _compare_turns(self, status: Status) -> list[Event]:
        wheels_radps = wheel_turn_radps(status.speed_left_radps, status.speed_right_radps, self._robot)
        gyro_radps = (status.yaw_rate_radps - self._reckoning.bias_radps) * self._robot.gyro.share
        differ = self._turns.update(wheels_radps, gyro_radps, status.clock_us * 1e-6)
        return [TurnsDiffer(wheels_radps, gyro_radps)] if differ else []

    def _on_answer(self, answer: Answer) -> list[Event]:
        if told := self._limits.hear(answer):
            return [told]
        if answer.result is Result.DONE:
            return []
        is_for_motion = isinstance(answer.request, Arm | Release)
        if is_for_motion:
            self._arming.drop()
        if is_for_motion and answer.result is Result.NOT_NOW and self._status is not None:
            return [ArmRefused(self._status.mode)]
        return [RequestFailed(answer)]

    def _request(self, now_s: float) -> bytes:
        """Return the request that is due, if there is one; wishes for motion come after the settings."""
        if self._status is not None and self._objection:
            self._arming.drop()
            if self._status.mode in MOVING_MODES:
                self._requests.ask(Disarm())
        elif self._status is not None and self._limits.are_agreed:
            self._arming.pursue(self._status.mode, now_s, self._requests)
        request = self._requests.due(now_s)
        return self._encode(request) if request is not None else b""

    @property
    def _objection(self) -> str:
        """Say why the base must not be armed although it answers; empty if it may be."""
        return self._charge.complaint or self._limits.complaint

    def _ask_refused_limits_again(self) -> None:
        """Begin anew with limits that the base refused: staff may have put something right."""
        if self._limits.complaint:
            self._limits = AgreedLimits(self._robot)
            for setting in self._limits.requests:
                self._requests.ask(setting)

    def _compare_clocks(self, now_s: float) -> bytes:
        if self._compared_s is not None and 0.0 <= now_s - self._compared_s < COMPARE_CLOCKS_EVERY_S:
            return b""
        self._compared_s = now_s
        return self._encode(TimeSync(max(0, round(now_s * 1e6))))

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
        if objection := self._objection:
            return LimitedTwist(STOP, (objection,))
        limited = limit_twist(self._twist[0], self._robot.limits)
        return limit_wheels(limited, self._robot, self._limits.of_wheels)


def _is_worth_telling(before: Status | None, status: Status) -> bool:
    """Ready and driving follow each other with every pause; only the other changes are worth a line."""
    if before is None:
        return True
    return before.mode is not status.mode and not (before.mode in MOVING_MODES and status.mode in MOVING_MODES)
