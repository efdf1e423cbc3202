"""The little OSC reader, against the rig's writer and against garbage."""

import contextlib
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_ui.osc import MOST_BYTES, MalformedOscError, messages
from sim.people.touch_rig import osc_bundle, osc_message

FLOATS = st.floats(0.0, 1.0, width=32)
ARGUMENTS = st.lists(st.one_of(st.integers(-(2**31), 2**31 - 1), FLOATS, st.text("abcdxyz/", max_size=9)), max_size=6)


@given(st.lists(ARGUMENTS, min_size=1, max_size=5))
def test_what_the_rig_sends_is_read_back(contents: list[list[str | int | float]]) -> None:
    bundle = osc_bundle(*(osc_message("/tuio/2Dcur", *arguments) for arguments in contents))
    assert list(messages(bundle)) == [("/tuio/2Dcur", tuple(arguments)) for arguments in contents]


@given(st.binary(max_size=200), st.booleans())
def test_garbage_is_refused_and_never_crashes(content: bytes, bundled: bool) -> None:
    with contextlib.suppress(MalformedOscError):
        list(messages((b"#bundle\0" + bytes(8) if bundled else b"") + content))


@pytest.mark.parametrize(
    "packet",
    [b"", bytes(MOST_BYTES + 1), b"#bundle\0" + bytes(8) + struct.pack(">i", 400), b"/a\0\0,b\0\0", b"/a\0\0,i\0\0\0"],
    ids=["empty", "too large", "too long an element", "unknown tag", "cut off"],
)
def test_a_malformed_packet_is_named(packet: bytes) -> None:
    with pytest.raises(MalformedOscError):
        list(messages(packet))
