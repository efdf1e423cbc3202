"""Typed values of SDF elements; every fault names file, line, element and value."""

from __future__ import annotations

import math

from sim.sdf.description import ORIGIN, Pose, Vector
from sim.sdf.markup import Element

_LARGEST = 1e17
_TRUTHS = {"1": True, "true": True, "0": False, "false": False}


def name_of(element: Element) -> str:
    """Return the element's name; SDF keeps names with two colons or two underscores on both ends for itself."""
    name = element.attributes.get("name", "")
    if not name:
        raise element.fault("has no name")
    if "::" in name or (name.startswith("__") and name.endswith("__")):
        raise element.fault(f"the name {name!r} is reserved by SDF; choose one without '::' and '__'")
    return name


def only(element: Element, tag: str) -> Element | None:
    """Return the one child of that name, or None. Raises SdfError if there are several."""
    found = tuple(element.named(tag))
    if len(found) > 1:
        raise found[1].fault(f"is there {len(found)} times, and can be there once")
    return found[0] if found else None


def needed(element: Element, tag: str) -> Element:
    """Return the one child of that name. Raises SdfError if it is missing."""
    found = only(element, tag)
    if found is None:
        raise element.fault(f"has no <{tag}>")
    return found


def word(element: Element, tag: str, default: str | None = None) -> str:
    """Return the text of a child; without a default it must be there."""
    found = only(element, tag) if default is not None else needed(element, tag)
    return found.text if found is not None else str(default)


def flag(element: Element, tag: str, default: bool) -> bool:
    """Return a child's truth value."""
    found = only(element, tag)
    if found is None:
        return default
    if found.text not in _TRUTHS:
        raise found.fault(f"is {found.text!r}; it can be {', '.join(_TRUTHS)}")
    return _TRUTHS[found.text]


def number(element: Element, tag: str, default: float | None = None) -> float:
    """Return a child's number; without a default it must be there."""
    found = only(element, tag) if default is not None else needed(element, tag)
    return _numbers(found, 1)[0] if found is not None else float(default or 0.0)


def positive(element: Element, tag: str) -> float:
    """Return a child's number, which must be there and above zero."""
    value = number(element, tag)
    if value <= 0.0:
        raise needed(element, tag).fault(f"is {value:g}; it must be above zero")
    return value


def optional(element: Element, tag: str) -> float | None:
    """Return a child's number, or None where the child is missing."""
    return number(element, tag) if only(element, tag) is not None else None


def whole(element: Element, tag: str, lowest: int, highest: int) -> int:
    """Return a child's whole number, which must be there and within the limits."""
    value = number(element, tag)
    if value != int(value) or not lowest <= value <= highest:
        raise needed(element, tag).fault(f"is {value:g}; it must be a whole number from {lowest} to {highest}")
    return int(value)


def mask(element: Element, tag: str) -> int | None:
    """Return a child's 32 bits, or None where the child is missing."""
    return whole(element, tag, 0, 2**32 - 1) if only(element, tag) is not None else None


def pair(element: Element, tag: str) -> tuple[float, float]:
    """Return a child's two numbers."""
    a, b = _numbers(needed(element, tag), 2)
    return a, b


def vector(element: Element, tag: str, default: Vector | None = None) -> Vector:
    """Return a child's three numbers; without a default it must be there."""
    found = only(element, tag) if default is not None else needed(element, tag)
    if found is None:
        return default or (0.0, 0.0, 0.0)
    a, b, c = _numbers(found, 3)
    return a, b, c


def point(element: Element) -> tuple[float, float]:
    """Return the two numbers of the element itself."""
    a, b = _numbers(element, 2)
    return a, b


def colour(element: Element, tag: str, default: tuple[float, ...]) -> tuple[float, float, float, float]:
    """Return a child's colour, each part from 0 to 1; opaque where the last part is missing."""
    found = only(element, tag)
    parts = default if found is None else _numbers(found, 3 if len(found.text.split()) == 3 else 4)
    red, green, blue, alpha = (min(1.0, max(0.0, part)) for part in (*parts, 1.0)[:4])
    return red, green, blue, alpha


def pose(element: Element) -> Pose:
    """Return the child `pose`, the origin where there is none.

    Raises SdfError for poses in other frames than the one around the element, and for other formats than radians.
    """
    found = only(element, "pose")
    if found is None:
        return ORIGIN
    for attribute, plain in (("relative_to", ""), ("rotation_format", "euler_rpy"), ("degrees", "false")):
        if found.attributes.get(attribute, plain) != plain:
            raise found.fault(
                f"{attribute}={found.attributes[attribute]!r} is not supported; write the pose without it"
            )
    return Pose(*_numbers(found, 6)) if found.text else ORIGIN


def _numbers(element: Element, count: int) -> tuple[float, ...]:
    try:
        values = tuple(float(part) for part in element.text.split())
    except ValueError:
        raise element.fault(f"is {element.text[:60]!r}; expected {count} numbers") from None
    if len(values) != count or not all(math.isfinite(value) and abs(value) < _LARGEST for value in values):
        raise element.fault(f"is {element.text[:60]!r}; expected {count} finite numbers")
    return values
