"""Logs as JSON lines."""

from __future__ import annotations

import json
import logging
import sys

from aisle.logs import JsonLines


def record(message: str, *arguments: object, error: BaseException | None = None) -> logging.LogRecord:
    info = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("store_backend.service", logging.INFO, __file__, 1, message, arguments, info)


def test_a_record_is_one_line_of_json() -> None:
    line = JsonLines().format(record("serving %d products\nat %s", 3, "tcp://x"))
    assert "\n" not in line
    found = json.loads(line)
    assert found["message"] == "serving 3 products\nat tcp://x"
    assert (found["level"], found["logger"]) == ("info", "store_backend.service")
    assert found["time"].endswith("+00:00")


def test_a_traceback_is_a_field() -> None:
    try:
        sys.intern(1)  # type: ignore[arg-type]
    except TypeError as error:
        line = JsonLines().format(record("it failed", error=error))
    assert "TypeError" in json.loads(line)["traceback"]
