"""The data dictionary: what messages look like, as text that the base sends and the host compares with its own.

A line is one message, parameter or list of words (PROTOCOL.md, "Data dictionary"):

    < 82 status clock_us:u64:us session:u32:- ...
    = 1 forward_limit:rad/s
    # mode disarmed ready driving latched fault
"""

from __future__ import annotations

from typing import NamedTuple

MOST_BYTES = 8192
_KINDS = {">": "message to the base", "<": "message from the base", "=": "parameter", "#": "list"}

OWN_DICTIONARY = """\
> 01 hello protocol:u16:- session:u32:-
> 02 arm request:u16:-
> 03 disarm request:u16:-
> 04 release request:u16:-
> 05 set_parameter request:u16:- parameter:u16:- value:f32:-
> 06 set_lights request:u16:- pattern:u8:- red:u8:- green:u8:- blue:u8:-
> 07 time_sync host_us:u64:us
> 10 wheel_command left_radps:f32:rad/s right_radps:f32:rad/s deadline_us:u64:us
< 81 identity protocol:u16:- session:u32:- firmware_major:u8:- firmware_minor:u8:- firmware_patch:u8:- \
reset_cause:u8:- board_id:u64:- ticks_per_turn:u32:tick forward_limit_radps:f32:rad/s command_timeout_ms:u16:ms \
dictionary_bytes:u16:byte dictionary_crc:u32:- name:name16:-
< 82 status clock_us:u64:us session:u32:- ticks_left:i32:tick ticks_right:i32:tick speed_left_radps:f32:rad/s \
speed_right_radps:f32:rad/s yaw_rate_radps:f32:rad/s battery_mv:u16:mV battery_percent:u8:% last_command:u16:- \
frames_rejected:u16:- bumpers:u8:- cliffs:u8:- contacts:u8:- stop_chain:u8:- mode:u8:- faults:u16:-
< 84 acknowledgement request:u16:- result:u8:- value:f32:-
< 85 time_reply host_us:u64:us received_us:u64:us sent_us:u64:us
< 86 imu clock_us:u64:us acceleration_x_mps2:f32:m/s2 acceleration_y_mps2:f32:m/s2 acceleration_z_mps2:f32:m/s2 \
rate_x_radps:f32:rad/s rate_y_radps:f32:rad/s rate_z_radps:f32:rad/s
< 87 battery clock_us:u64:us pack_mv:u16:mV current_ma:i32:mA temperature_dc:i16:0.1degC charge_percent:u8:% \
charging:u8:- cells_mv:cells8:mV
< 88 motors clock_us:u64:us current_left_ma:i16:mA current_right_ma:i16:mA duty_left_permille:i16:0.001 \
duty_right_permille:i16:0.001 motor_faults:u8:- relay:u8:- overruns:u16:-
= 1 forward_limit:rad/s
= 2 turn_limit:rad/s
= 3 forward_acceleration:rad/s2
= 4 forward_braking:rad/s2
= 5 turn_acceleration:rad/s2
= 6 battery_minimum:mV
= 7 status_period:us
= 8 wheel_gain:1/(rad/s)
= 9 wheel_integral:1/rad
= 10 wheel_derivative:1/(rad/s2)
= 11 wheel_feed_forward:1/(rad/s)
# mode disarmed ready driving latched fault
# faults encoder battery gyro clock configuration stop_chain relay_welded power motor runaway reset stalled
# bumpers front_left front_right rear_left rear_right
# cliffs front_left front_right rear_left rear_right
# contacts left_lifted right_lifted charger
# stop_chain channel_a_open channel_b_open drives_powered
# result done out_of_range unknown not_now
"""


class Entry(NamedTuple):
    """One line: what it describes, and its parts in order; a part of a message is name, type and unit."""

    title: str
    parts: tuple[str, ...]


Entries = dict[tuple[str, str], Entry]


def message_fields(number: int) -> tuple[tuple[str, str], ...]:
    """Return the names and types of a message's fields by its number on the wire. Raises KeyError."""
    entry = next((_OWN[key] for key in ((">", f"{number:02x}"), ("<", f"{number:02x}")) if key in _OWN), None)
    if entry is None:
        raise KeyError(f"the dictionary has no message {number:#04x}")
    return tuple((part.split(":")[0], part.split(":")[1]) for part in entry.parts)


def parameter_unit(number: int) -> str:
    """Return the unit of a parameter by its number. Raises KeyError."""
    return _OWN["=", str(number)].parts[0].partition(":")[2]


def entries(text: str) -> Entries:
    """Return the lines of a dictionary by kind and number or name; a line of an unknown kind keeps its first word."""
    found: Entries = {}
    for line in text.splitlines():
        kind, *words = line.split(" ")
        if kind in (">", "<") and len(words) >= 2:
            found[kind, words[0]] = Entry(f"message {words[1]}", tuple(words[2:]))
        elif words:
            found[kind, words[0]] = Entry(f"{_KINDS.get(kind, 'line')} {words[0]}", tuple(words[1:]))
    return found


_OWN = entries(OWN_DICTIONARY)


def differences(theirs: bytes) -> tuple[str, ...]:
    """Say in plain sentences how a base's dictionary differs from this host's; empty if it does not."""
    own_text = OWN_DICTIONARY.encode()
    if theirs == own_text:
        return ()
    other = entries(theirs.decode("ascii", errors="replace"))
    found = [_compare(_OWN.get(key), other.get(key)) for key in sorted({*_OWN, *other})]
    return tuple(sentence for sentence in found if sentence) or ("its data dictionary is in another order",)


def _compare(own: Entry | None, other: Entry | None) -> str:
    if own == other:
        return ""
    if own is None or other is None:
        present = own or other
        side = "the base" if own is None else "this host"
        return f"only {side} knows the {present.title if present else ''}"
    if own.title != other.title:
        return f"what is the {own.title} here is the {other.title} in the base"
    for place in range(max(len(own.parts), len(other.parts))):
        here, there = _part(own, place), _part(other, place)
        if here != there:
            return f"{own.title} has {here} here and {there} in the base, in place {place + 1}"
    return ""


def _part(entry: Entry, place: int) -> str:
    """Return one part in words."""
    if place >= len(entry.parts):
        return "nothing"
    name, _, rest = entry.parts[place].partition(":")
    kind, _, unit = rest.partition(":")
    if not unit:
        return f"'{name}'" + (f" in {kind}" if kind else "")
    return f"'{name}' as {kind}" + (f" in {unit}" if unit != "-" else "")
