"""Logs of a base in MCAP (https://mcap.dev): every byte as it came and went, what it means, and measured places."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, NamedTuple, Self

import msgspec
from mcap.exceptions import McapError
from mcap.reader import NonSeekingReader
from mcap.writer import Writer

from aisle_firmware_bridge.frames import FrameParser
from aisle_firmware_bridge.messages import BatteryReport, Imu, MotorReport, Status
from aisle_firmware_bridge.protocol import decode
from apps.base.session import Direction

MAX_LOG_BYTES = 2_000_000_000
# Little is lost when a recording is killed: what was written before is read.
_CHUNK_BYTES = 32_768
MAGIC = b"\x89MCAP0\r\n"
MARKS = "base/marks"
_BYTES_TOPICS = {Direction.RECEIVED: "base/received", Direction.SENT: "base/sent"}
_MEANING_TOPICS: dict[type, str] = {
    Status: "base/status",
    Imu: "base/imu",
    BatteryReport: "base/battery",
    MotorReport: "base/motors",
}


class LogProblem(RuntimeError):
    """A log that cannot be read or written; the sentence names the file and says what to do."""


class MarkEntry(msgspec.Struct, frozen=True):
    """Where the robot stood in drive number `drive`, as somebody measured it: metres and radians."""

    drive: int
    clock_us: int
    x_m: float
    y_m: float
    yaw_rad: float


class Entry(NamedTuple):
    """One message of a log."""

    time_ns: int
    topic: str
    content: bytes


class LogWriter:
    """Writes one log. Bytes are kept as they are; what they mean stands beside them as JSON, for plotting."""

    def __init__(self, path: Path, robot: str, wall_ns: Callable[[], int]) -> None:
        self._path, self._robot, self._wall_ns = path, robot, wall_ns
        self._parser = FrameParser()
        self._file: BinaryIO | None = None
        self._writer: Writer | None = None
        self._channels: dict[str, int] = {}
        self.messages = 0

    def __enter__(self) -> Self:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._path.open("xb")
        except FileExistsError as error:
            raise LogProblem(f"{self._path}: is there already, and logs are never overwritten: name another") from error
        except OSError as error:
            raise LogProblem(f"{self._path}: cannot be written: {error.strerror}") from error
        self._writer = Writer(self._file, chunk_size=_CHUNK_BYTES)
        self._writer.start(profile="", library="aisle")
        self._writer.add_metadata("base", {"robot": self._robot})
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._writer is not None and self._file is not None:
            self._writer.finish()  # type: ignore[no-untyped-call]
            self._file.close()

    def keep(self, direction: Direction, content: bytes) -> None:
        """Write bytes of the line, and what those from the base mean."""
        self._add(_BYTES_TOPICS[direction], content, "application/octet-stream")
        if direction is Direction.RECEIVED:
            for frame in self._parser.feed(content):
                message = decode(frame)
                if topic := _MEANING_TOPICS.get(type(message)):
                    self._add_json(topic, message._asdict())  # type: ignore[union-attr]

    def mark(self, entry: MarkEntry) -> None:
        """Write a measured place."""
        self._add_json(MARKS, entry)

    def _add_json(self, topic: str, value: Any) -> None:
        self._add(topic, msgspec.json.encode(value), "json")

    def _add(self, topic: str, content: bytes, encoding: str) -> None:
        writer = self._writer
        assert writer is not None, "the log is not open"
        if topic not in self._channels:
            schema = writer.register_schema(topic, "jsonschema", b'{"type":"object"}') if encoding == "json" else 0
            self._channels[topic] = writer.register_channel(topic, encoding, schema)
        now_ns = self._wall_ns()
        writer.add_message(self._channels[topic], now_ns, content, now_ns)
        self.messages += 1


def read_log(path: Path) -> Iterator[Entry]:
    """Yield the messages of a log in the order in which they were written.

    Raises LogProblem for a file that is missing, too large, no MCAP, or cut off; all before the cut are yielded.
    """
    try:
        size = path.stat().st_size
        if size > MAX_LOG_BYTES:
            raise LogProblem(f"{path}: has {size} bytes, at most {MAX_LOG_BYTES} are read: record for a shorter time")
        with path.open("rb") as stream:
            for _, channel, message in NonSeekingReader(stream).iter_messages(log_time_order=False):
                yield Entry(message.log_time, channel.topic, message.data)
    except OSError as error:
        raise LogProblem(f"{path}: cannot be read: {error.strerror}") from error
    except (McapError, struct.error, ValueError, EOFError) as error:
        why = str(error) or "it is cut off"
        raise LogProblem(f"{path}: is no whole MCAP log ({why}): was the recording ended with Ctrl-C?") from error
