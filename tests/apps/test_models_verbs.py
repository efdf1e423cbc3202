"""`aisle models`: what is kept is checked, and every way in which a rebuild can fail says what to do."""

from __future__ import annotations

import io
import shutil
import sys
from collections import namedtuple
from pathlib import Path

import pytest
from rich.console import Console

from apps import models_verbs
from apps.models_verbs import DETECTOR_DIR, check, rebuild

Usage = namedtuple("Usage", "total used free")


def said() -> tuple[Console, io.StringIO]:
    text = io.StringIO()
    return Console(file=text, width=200), text


def test_the_kept_network_passes() -> None:
    console, text = said()
    assert check(console) == 0
    assert "it runs" in text.getvalue()


def test_a_missing_notice_fails(tmp_path: Path) -> None:
    copy = Path(shutil.copytree(DETECTOR_DIR, tmp_path / "detector"))
    (copy / "LICENSE").unlink()
    console, text = said()
    assert check(console, copy) == 1
    assert "LICENSE is missing" in text.getvalue()


def test_a_full_disk_is_said_before_anything_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10, 9, 1_000_000_000))
    monkeypatch.setattr(shutil, "which", lambda _: "/bin/false")
    console, text = said()
    assert rebuild(console) == 1
    assert "1.0 GB free" in text.getvalue()
    assert "TMPDIR" in text.getvalue()


def test_without_the_installer_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.setattr(models_verbs, "REPOSITORY", tmp_path)
    console, text = said()
    assert rebuild(console) == 1
    assert "install it" in text.getvalue()


def test_a_command_that_fails_is_quoted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "uv"
    program.write_text(f"#!{sys.executable}\nimport sys\nsys.exit('no route to host')\n")
    program.chmod(0o755)
    monkeypatch.setattr(shutil, "which", lambda _: str(program))
    monkeypatch.setattr(models_verbs, "_NEEDED_BYTES", 1)
    console, text = said()
    assert rebuild(console) == 1
    assert "no route to host" in text.getvalue()
    assert "Is there a network" in text.getvalue()
