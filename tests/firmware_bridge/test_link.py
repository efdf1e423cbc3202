from __future__ import annotations

import os
import pty
import time
import tty
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from aisle_firmware_bridge.link import QUEUED_CHUNKS, LinkError, SerialLink
from tests.firmware_bridge.waiting import wait_for


class Line(NamedTuple):
    """Our end of a pty, and the device that a host opens."""

    end: int
    device: str


@pytest.fixture
def line() -> Iterator[Line]:
    end, slave = pty.openpty()
    tty.setraw(slave)
    device = os.ttyname(slave)
    os.close(slave)
    yield Line(end, device)
    os.close(end)


def collector(link: SerialLink) -> Callable[[], bytes]:
    """Return a function that returns everything received since the start."""
    received = bytearray()

    def collect() -> bytes:
        received.extend(link.read())
        return bytes(received)

    return collect


def test_bytes_go_both_ways(line: Line) -> None:
    with SerialLink(line.device) as link:
        os.write(line.end, bytes(range(256)))
        collect = collector(link)
        wait_for(lambda: collect() == bytes(range(256)))
        link.write(b"\x00\x11\x13\xff")
        assert os.read(line.end, 16) == b"\x00\x11\x13\xff"


def test_an_unplug_is_an_error_after_the_last_bytes(line: Line) -> None:
    end, slave = pty.openpty()
    tty.setraw(slave)
    with SerialLink(os.ttyname(slave)) as link:
        os.close(slave)
        os.close(end)

        def is_unplugged() -> bool:
            try:
                link.read()
            except LinkError as error:
                return "unplugged" in str(error)
            return False

        wait_for(is_unplugged)
    assert not link.is_open


def test_a_closed_link_opens_again(line: Line) -> None:
    link = SerialLink(line.device)
    for content in (b"first", b"again"):
        with link:
            os.write(line.end, content)
            collect = collector(link)
            wait_for(lambda collect=collect, content=content: collect() == content)
        assert not link.is_open
    link.close()


def test_a_base_that_takes_nothing_is_an_error_and_not_a_hang(line: Line) -> None:
    with SerialLink(line.device) as link, pytest.raises(LinkError, match="takes no more bytes"):
        link.write(bytes(4_000_000))


def test_nothing_is_read_or_written_before_it_is_open(line: Line) -> None:
    link = SerialLink(line.device)
    with pytest.raises(LinkError, match="is not open"):
        link.write(b"x")


def test_a_missing_device_is_named(tmp_path: Path) -> None:
    with pytest.raises(LinkError, match="no-base: there is no such device: is the base plugged in"):
        SerialLink(str(tmp_path / "no-base")).open()


def test_a_busy_line_is_said_to_be_busy(line: Line) -> None:
    with SerialLink(line.device), pytest.raises(LinkError, match="another program holds the line"):
        SerialLink(line.device).open()


def test_a_host_that_does_not_read_keeps_the_newest_bytes(line: Line) -> None:
    link = SerialLink(line.device)
    for number in range(1000):
        link._keep(number.to_bytes(2, "big"))
    assert link.read().endswith((999).to_bytes(2, "big"))


def test_waiting_for_bytes_ends_when_they_come_and_when_they_do_not(line: Line) -> None:
    with SerialLink(line.device) as link:
        assert link.chunks(wait_s=0.01) == []
        os.write(line.end, b"here")
        before_s = time.monotonic()
        [chunk] = link.chunks(wait_s=5.0)
        assert chunk.content == b"here"
        assert chunk.arrived_s <= time.monotonic()
        assert before_s - 1.0 < chunk.arrived_s


def test_no_more_than_so_many_chunks_are_kept(line: Line) -> None:
    link = SerialLink(line.device)
    for number in range(4 * QUEUED_CHUNKS):
        link._keep(number.to_bytes(2, "big"))
    assert len(link.chunks()) == QUEUED_CHUNKS
