"""What the codec tests draw: frames, and lines damaged on the way."""

from __future__ import annotations

from hypothesis import strategies as st

from aisle_firmware_bridge.frames import MAX_PAYLOAD_BYTES, Frame

frames = st.builds(Frame, st.integers(0, 255), st.integers(0, 65_535), st.binary(max_size=MAX_PAYLOAD_BYTES))


@st.composite
def damaged(draw: st.DrawFn, line: bytes) -> bytes:
    """Flip, drop, double and swap a few bytes of a line."""
    content = bytearray(line)
    for kind in draw(st.lists(st.sampled_from(["flip", "drop", "double", "swap"]), min_size=1, max_size=8)):
        if len(content) < 2:
            break
        place = draw(st.integers(0, len(content) - 2))
        if kind == "flip":
            content[place] ^= 1 << draw(st.integers(0, 7))
        elif kind == "drop":
            del content[place]
        elif kind == "double":
            content.insert(place, content[place])
        else:
            content[place], content[place + 1] = content[place + 1], content[place]
    return bytes(content)
