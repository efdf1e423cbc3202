"""`aisle base replay`: a recorded line through the parser again, and what comes out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

from aisle_firmware_bridge.frames import FrameParser
from aisle_firmware_bridge.protocol import decode
from apps.base.recording import MAGIC, MAX_LOG_BYTES, LogProblem, read_log
from apps.base.session import Direction

_TOPICS = {"base/received": Direction.RECEIVED, "base/sent": Direction.SENT}
_UNKNOWN = "not of this version"
_PIECE = 65_536


@dataclass
class Count:
    """What a parser made of one direction's bytes."""

    parser: FrameParser = field(default_factory=FrameParser)
    messages: Counter[str] = field(default_factory=Counter)
    received_bytes: int = 0

    def take(self, content: bytes) -> None:
        """Parse bytes."""
        self.received_bytes += len(content)
        for frame in self.parser.feed(content):
            message = decode(frame)
            self.messages[type(message).__name__ if message is not None else _UNKNOWN] += 1

    @property
    def rejected(self) -> int:
        """How many frames were thrown away."""
        return sum(self.parser.rejected.values())


def pieces_of(path: Path) -> Iterator[tuple[Direction, bytes]]:
    """Yield the bytes of a log, or of a file of raw bytes from the base. Raises LogProblem."""
    if _is_mcap(path):
        for entry in read_log(path):
            if entry.topic in _TOPICS:
                yield _TOPICS[entry.topic], entry.content
        return
    with path.open("rb") as stream:
        while piece := stream.read(_PIECE):
            yield Direction.RECEIVED, piece


def replay(path: Path, console: Console) -> int:
    """Print what the parser makes of a recording; exit code 1 when it cannot be read or is cut off."""
    counts = {direction: Count() for direction in Direction}
    problem = ""
    try:
        for direction, content in pieces_of(path):
            counts[direction].take(content)
    except LogProblem as error:
        problem = str(error)
    for direction, count in counts.items():
        if count.received_bytes:
            console.print(_table(direction, count))
    if problem:
        console.print(problem, style="red", markup=False, soft_wrap=True)
    elif not any(count.received_bytes for count in counts.values()):
        console.print(f"{path}: holds no bytes of a base", style="red", markup=False, soft_wrap=True)
        return 1
    return 1 if problem else 0


def _is_mcap(path: Path) -> bool:
    try:
        if path.stat().st_size > MAX_LOG_BYTES:
            raise LogProblem(f"{path}: has more than {MAX_LOG_BYTES} bytes: cut it into shorter files")
        with path.open("rb") as stream:
            return stream.read(len(MAGIC)) == MAGIC
    except OSError as error:
        raise LogProblem(f"{path}: cannot be read: {error.strerror}") from error


def _table(direction: Direction, count: Count) -> Table:
    table = Table("frame", "count", title=f"{direction.value} by the host: {count.received_bytes} bytes")
    for name, number in count.messages.most_common():
        table.add_row(name, str(number))
    for cause, number in count.parser.rejected.most_common():
        table.add_row(f"thrown away: {cause.value}", str(number), style="yellow")
    return table
