"""`aisle bench serial`: the codec of the base protocol, and a line to a firmware process, beside their peers."""

from __future__ import annotations

import math
import timeit
from collections.abc import Callable

import msgspec
import numpy as np

from aisle import paths
from aisle_firmware_bridge.frames import Frame, FrameParser, decode_frame, encode_frame
from aisle_firmware_bridge.protocol import (
    Bumpers,
    Cliffs,
    Contacts,
    Faults,
    Mode,
    Status,
    StopChain,
    WheelCommand,
    decode,
    encode,
)
from benchmarks.peer_environment import PeerProblem, installed, peer_program, run_program
from benchmarks.rows import Request, Row
from benchmarks.serial_line import (
    RATE_HZ,
    busy_share,
    firmware_line,
    link_share,
    round_trips_us,
)

REQUIREMENTS = ("pymavlink==2.4.50",)
CHUNK_FRAMES = 1000
BEST_OF = 7
_CODEC_AIM = "at most 1.5"
_PARSER_AIM = "at least 300,000"

STATUS = Status(
    *(123_456_789_012, 7, 102_400, 102_398, 6.25, 6.125, 0.125, 26_100, 87, 4711, 0),
    *(Bumpers(0), Cliffs(0), Contacts(0), StopChain.DRIVES_POWERED, Mode.DRIVING, Faults(0)),
)
COMMAND = WheelCommand(6.25, 6.125, 123_456_989_012)


class Mavlink(msgspec.Struct, frozen=True):
    """What the peer's program measures with messages of the same kind and about the same length."""

    encode_us: float
    decode_us: float
    frames_per_s: float
    bytes: int


def run(request: Request) -> list[Row]:
    """Measure codec, stream parser, round trips and processor time."""
    rounds = 20_000 if request.quick else 100_000
    return [*_codec_rows(rounds), *_mavlink_rows(rounds), *_line_rows(request.quick)]


def _codec_rows(rounds: int) -> list[Row]:
    status, command = encode(STATUS, 7), encode(COMMAND, 7)
    [frame] = FrameParser().feed(status)
    note = f"status, {len(status)} bytes on the line; best of {BEST_OF} rounds"
    both = (("status", STATUS, status), ("wheel command", COMMAND, command))
    rows = [
        Row("frame: encode", _us(lambda: encode_frame(frame), rounds), "us", _CODEC_AIM, note, "encode_us"),
        Row("frame: decode", _us(lambda: decode_frame(status[:-1]), rounds), "us", _CODEC_AIM, note, "decode_us"),
    ]
    for name, message, line in both:
        key = name.replace(" ", "_")
        how = f"fields to bytes and back, {len(line)} bytes"
        rows.append(Row(f"{name}: encode", _us(_encoder(message), rounds), "us", _CODEC_AIM, how, f"encode_{key}_us"))
        rows.append(Row(f"{name}: decode", _us(_decoder(line[:-1]), rounds), "us", _CODEC_AIM, how, f"decode_{key}_us"))
    return [*rows, _parser_row(status, rounds)]


def _encoder(message: Status | WheelCommand) -> Callable[[], bytes]:
    return lambda: encode(message, 7)


def _decoder(encoded: bytes) -> Callable[[], object]:
    def work() -> object:
        frame = decode_frame(encoded)
        return decode(frame) if isinstance(frame, Frame) else None

    return work


def _parser_row(status: bytes, rounds: int) -> Row:
    stream, parser = status * CHUNK_FRAMES, FrameParser()
    each_us = _us(lambda: parser.feed(stream), max(1, rounds // CHUNK_FRAMES)) / CHUNK_FRAMES
    note = f"status frames, {CHUNK_FRAMES} in one read"
    return Row("stream parser", 1e6 / each_us, "frames/s", _PARSER_AIM, note, "parser_frames_per_s")


def _us(work: Callable[[], object], rounds: int) -> float:
    return 1e6 * min(timeit.repeat(work, number=rounds, repeat=BEST_OF)) / rounds


def _mavlink_rows(rounds: int) -> list[Row]:
    names = ("pymavlink: encode", "pymavlink: decode", "pymavlink: stream parser")
    units = ("us", "us", "frames/s")
    try:
        python = installed(paths.var_dir() / "bench" / "mavlink", REQUIREMENTS)
        printed = run_program([str(python), peer_program("mavlink_task.py")], msgspec.json.encode({"rounds": rounds}))
        found = msgspec.json.decode(printed, type=Mavlink)
    except (PeerProblem, msgspec.DecodeError) as problem:
        return [
            Row(name, math.nan, unit, "", f"not measured: {problem}") for name, unit in zip(names, units, strict=True)
        ]
    values = (found.encode_us, found.decode_us, found.frames_per_s)
    note = f"{REQUIREMENTS[0]}, HIGHRES_IMU in MAVLink 2, {found.bytes} bytes"
    return [Row(name, value, unit, "", note) for name, value, unit in zip(names, values, units, strict=True)]


def _line_rows(quick: bool) -> list[Row]:
    count, duration_s = (2_000, 5.0) if quick else (20_000, 30.0)
    with firmware_line(rate_hz=0) as device:
        link_us, raw_us = round_trips_us(device, count)
    with firmware_line(rate_hz=RATE_HZ) as device:
        plain, heard = link_share(device, duration_s)
    with firmware_line(rate_hz=RATE_HZ) as device:
        whole, statuses = busy_share(device, duration_s)
    note = f"{count:,} questions for the time to the firmware process"
    busy = f"{RATE_HZ} commands/s, {heard / duration_s:.0f} messages/s back"
    bridge = f"{RATE_HZ} commands/s, {statuses / duration_s:.0f} statuses/s and the rest back, odometry and covariance"
    return [
        Row("round trip, link and messages: p50", _percentile(link_us, 50), "us", "at most 60", note, "trip_p50_us"),
        Row("round trip, link and messages: p99", _percentile(link_us, 99), "us", "at most 2000", note, "trip_p99_us"),
        Row("round trip, raw descriptor: p50", _percentile(raw_us, 50), "us", "", note),
        Row("round trip, raw descriptor: p99", _percentile(raw_us, 99), "us", "", note),
        Row("processor, link and messages, 200 Hz", 100.0 * plain, "% of a core", "at most 5", busy, "busy_percent"),
        Row("processor, whole bridge, 200 Hz", 100.0 * whole, "% of a core", "", bridge, "bridge_busy_percent"),
    ]


def _percentile(values: list[float], share: float) -> float:
    return float(np.percentile(values, share))
