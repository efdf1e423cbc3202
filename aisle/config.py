"""Configuration: frozen structs read from YAML, with one clear line for every mistake."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import yaml


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of every configuration section: unknown keys are refused, values never change after loading."""


class ConfigError(ValueError):
    """A configuration file that cannot be used; the message names file, key, value and limit."""


Section = TypeVar("Section", bound=Settings)

_MAX_BYTES = 1_000_000
_PLACE = re.compile(r"^(?P<what>.*?)(?: - at `\$\.?(?P<key>.*)`)?$", re.DOTALL)


def load(path: Path, section: type[Section]) -> Section:
    """Read a YAML file into a settings struct.

    Raises ConfigError for a missing, oversized or malformed file, one that is not UTF-8, an unknown key, a wrong type
    or a value out of range.
    """
    try:
        content = _read(path)
        return msgspec.convert(content, section)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: byte {error.start} is not UTF-8 text; save the file as UTF-8") from error
    except yaml.YAMLError as error:
        raise ConfigError(f"{path}: is not valid YAML: {' '.join(str(error).split())}") from error
    except msgspec.ValidationError as error:
        raise ConfigError(_describe(path, content, str(error))) from error


def _read(path: Path) -> Any:
    size = path.stat().st_size
    if size > _MAX_BYTES:
        raise ConfigError(f"{path}: has {size} bytes, at most {_MAX_BYTES} are read")
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _describe(path: Path, content: Any, problem: str) -> str:
    match = _PLACE.match(problem)
    what, key = (match["what"], match["key"]) if match else (problem, None)
    if not key:
        return f"{path}: {what}"
    return f"{path}: {key}: {what} (found {_value_at(content, key)!r})"


def _value_at(content: Any, key: str) -> Any:
    value = content
    for part in re.findall(r"[^.\[\]]+", key):
        if isinstance(value, dict):
            value = value.get(part)
        elif isinstance(value, list) and part.isdigit():
            value = value[int(part)]
    return value
