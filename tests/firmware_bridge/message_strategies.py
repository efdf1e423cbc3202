"""Every message of the protocol with every value that its fields can carry."""

from __future__ import annotations

from hypothesis import strategies as st

from aisle_firmware_bridge.protocol import (
    Acknowledgement,
    Arm,
    BatteryReport,
    Bumpers,
    Cliffs,
    Contacts,
    DictionaryPage,
    Disarm,
    Faults,
    Hello,
    Identity,
    Imu,
    Mode,
    MotorReport,
    Release,
    ResetCause,
    Result,
    SetLights,
    SetParameter,
    Status,
    StopChain,
    TimeReply,
    TimeSync,
    WheelCommand,
)

f32 = st.floats(width=32, allow_nan=False)
u16, u32, u64 = st.integers(0, 2**16 - 1), st.integers(0, 2**32 - 1), st.integers(0, 2**64 - 1)
i16, i32, u8 = st.integers(-(2**15), 2**15 - 1), st.integers(-(2**31), 2**31 - 1), st.integers(0, 255)
names = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=16)
corners = st.integers(0, 15)

host_messages = st.one_of(
    st.builds(Hello, u16, u32),
    st.builds(Arm, u16),
    st.builds(Disarm, u16),
    st.builds(Release, u16),
    st.builds(SetParameter, u16, u16, f32),
    st.builds(SetLights, u16, u8, u8, u8, u8),
    st.builds(TimeSync, u64),
    st.builds(WheelCommand, f32, f32, u64),
)
statuses = st.builds(
    Status,
    *(u64, u32, i32, i32, f32, f32, f32, u16, u8, u16, u16),
    *(corners.map(Bumpers), corners.map(Cliffs), st.integers(0, 7).map(Contacts), st.integers(0, 7).map(StopChain)),
    *(st.sampled_from(Mode), st.integers(0, 4095).map(Faults)),
)
base_messages = st.one_of(
    st.builds(Identity, u16, u32, u8, u8, u8, st.sampled_from(ResetCause), u64, u32, f32, u16, u16, u32, names),
    statuses,
    st.builds(DictionaryPage, u32, u16, st.binary(min_size=1, max_size=200)),
    st.builds(Acknowledgement, u16, st.sampled_from(Result), f32),
    st.builds(TimeReply, u64, u64, u64),
    st.builds(Imu, u64, f32, f32, f32, f32, f32, f32),
    st.builds(BatteryReport, u64, u16, i32, i16, u8, u8, st.tuples(*[u16] * 8)),
    st.builds(MotorReport, u64, i16, i16, i16, i16, u8, u8, u16),
)
messages = st.one_of(host_messages, base_messages)
