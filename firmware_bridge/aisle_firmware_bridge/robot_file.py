"""Writes what a calibration found into a copy of a robot file, keeping its comments and its order."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from aisle.config import ConfigError, load
from aisle.robot_model import RobotModel

_SECTION = re.compile(r"^(?P<name>[a-z_]+):\s*(#.*)?$")
_ENTRY = re.compile(r"^(?P<indent>\s+)(?P<key>[a-z_]+):(?P<space>\s*)(?P<value>[^#\s]+)(?P<rest>.*)$")
_SIGNIFICANT = 6

# What a calibration changes, by section of the file.
CALIBRATED = {
    "wheels": ("left_share", "right_share", "track_m", "way_sigma", "difference_sigma", "turn_sigma"),
    "gyro": ("share", "share_sigma"),
}


class Change(NamedTuple):
    """One value of a robot file before and after."""

    key: str
    before: float
    after: float


def changes(before: RobotModel, after: RobotModel) -> list[Change]:
    """Return what a calibration changes, as the file will say it."""
    return [
        Change(
            f"{section}.{key}", getattr(getattr(before, section), key), _rounded(getattr(getattr(after, section), key))
        )
        for section, keys in CALIBRATED.items()
        for key in keys
    ]


def edited(text: str, after: RobotModel) -> str:
    """Return a robot file's text with the calibrated values; what it does not say yet is added to its section."""
    lines = text.splitlines()
    for section, keys in CALIBRATED.items():
        values = {key: f"{_rounded(getattr(getattr(after, section), key)):.{_SIGNIFICANT}g}" for key in keys}
        lines = _section_with(lines, section, values)
    return "\n".join(lines) + "\n"


def write_calibrated(source: Path, target: Path, after: RobotModel) -> None:
    """Write a robot file with the calibrated values of `after` in place of those of `source`.

    The file is written beside and moved into its place, so that there is never half of one. Raises ConfigError if
    `source` cannot be read or its text cannot be edited, OSError if `target` cannot be written.
    """
    text = edited(_text(source), after)
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(target.name + ".new")
    beside.write_text(text, encoding="utf-8")
    try:
        is_right = _is_only_calibrated(load(source, RobotModel), load(beside, RobotModel), after)
    except ConfigError:
        is_right = False
    if not is_right:
        beside.unlink()
        raise ConfigError(f"{source}: its layout cannot be edited; write one `key: value` a line below `wheels:`")
    beside.replace(target)


def _text(source: Path) -> str:
    load(source, RobotModel)
    return source.read_text(encoding="utf-8")


def _is_only_calibrated(before: RobotModel, written: RobotModel, after: RobotModel) -> bool:
    """Tell whether the edited text says what was found, and otherwise what it said before."""
    is_as_found = all(change.before == change.after for change in changes(written, after))
    rest = [field for field in RobotModel.__struct_fields__ if field not in CALIBRATED]
    kept = all(getattr(before, field) == getattr(written, field) for field in rest)
    return is_as_found and kept and before.wheels.radius_m == written.wheels.radius_m


def _rounded(value: float) -> float:
    return float(f"{value:.{_SIGNIFICANT}g}")


def _section_with(lines: list[str], section: str, values: dict[str, str]) -> list[str]:
    """Return the lines with the values of one section put in."""
    missing, inside, end, found = dict(values), False, len(lines), []
    for line in lines:
        if (match := _SECTION.match(line)) or (line and not line[0].isspace() and not line.startswith("#")):
            inside = match is not None and match["name"] == section
        entry = _ENTRY.match(line) if inside else None
        if entry and entry["key"] in values:
            line = f"{entry['indent']}{entry['key']}:{entry['space']}{missing.pop(entry['key'])}{entry['rest']}"
        found.append(line)
        if inside and line.strip():
            end = len(found)
    if all(not (match := _SECTION.match(line)) or match["name"] != section for line in lines):
        found, end = [*found, f"{section}:"], len(found) + 1
    return [*found[:end], *(f"  {key}: {value}" for key, value in missing.items()), *found[end:]]
