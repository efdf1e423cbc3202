"""Encode, decode and parse with pymavlink, for `aisle bench serial`; it runs in an environment of its own."""

from __future__ import annotations

import json
import sys
import timeit
from collections.abc import Callable

from pymavlink.dialects.v20 import common

CHUNK_FRAMES = 1000
BEST_OF = 7


def best_us(work: Callable[[], object], rounds: int) -> float:
    """Return the microseconds of one call, best of BEST_OF rounds."""
    return 1e6 * min(timeit.repeat(work, number=rounds, repeat=BEST_OF)) / rounds


def main() -> None:
    """Read the number of rounds, print the figures."""
    rounds = max(CHUNK_FRAMES, json.load(sys.stdin)["rounds"] // 10)
    link = common.MAVLink(None, srcSystem=1, srcComponent=1)
    values = (1.5, 2.5, 9.81, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 1013.0, 0.0, 100.0, 21.5)
    message = common.MAVLink_highres_imu_message(123_456_789_012, *values, 0x1FFF)
    encoded = message.pack(link)
    stream, parser = encoded * CHUNK_FRAMES, common.MAVLink(None)
    each_us = best_us(lambda: parser.parse_buffer(stream), max(1, rounds // CHUNK_FRAMES)) / CHUNK_FRAMES
    figures = {
        "encode_us": best_us(lambda: message.pack(link), rounds),
        "decode_us": best_us(lambda: link.decode(bytearray(encoded)), rounds),
        "frames_per_s": 1e6 / each_us,
        "bytes": len(encoded),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
