"""The doctor: every check says something useful, and none can stop the others."""

from __future__ import annotations

import os
import socket
import stat
from pathlib import Path

import pytest
from rich.console import Console

from aisle import channels, keys, paths
from apps.doctor import machine, store, verb
from apps.doctor.findings import Finding, Level, fault, look, ok
from store_backend.key_file import create_missing_store_keys


def test_a_check_that_breaks_down_is_a_fault_and_not_the_end() -> None:
    def breaks() -> Finding:
        raise RuntimeError("no such bus")

    finding = look("bus", breaks)
    assert finding.level is Level.FAULT
    assert "no such bus" in finding.fact


def test_the_number_of_faults_is_the_result(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    checks = {"good": lambda: ok("good", "is there"), "bad": lambda: fault("bad", "is gone", "put it back")}
    monkeypatch.setattr(verb, "CHECKS", checks)
    assert verb.run_doctor(Console(width=120), as_json=False) == 1
    shown = capsys.readouterr().out
    assert "put it back" in shown
    assert "1 fault" in shown


def test_keys_that_are_missing_or_open_to_others_are_faults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "var_dir", lambda: tmp_path)
    assert store.key_files().todo == "./run keys"
    keys.create_missing_keys(tmp_path / "keys")
    assert "vault.json" in store.key_files().fact
    create_missing_store_keys(tmp_path / "keys")
    assert store.key_files().level is Level.OK
    secret = tmp_path / "keys" / "robot.key_secret"
    os.chmod(secret, stat.S_IRUSR | stat.S_IRGRP)
    assert "robot.key_secret" in store.key_files().fact


def test_a_taken_port_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        taken = listener.getsockname()[1]
        monkeypatch.setenv("AISLE_PORT_BASE", str(taken - channels.BACKEND.port_offset))
        finding = store.ports()
    assert finding.level is Level.NOTE
    assert str(taken) in finding.fact


def test_a_port_base_that_makes_no_sense_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AISLE_PORT_BASE", "many")
    assert store.ports().level is Level.FAULT


def test_a_wide_discovery_range_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROS_AUTOMATIC_DISCOVERY_RANGE", "SUBNET")
    assert store.discovery().level is Level.NOTE
    monkeypatch.setenv("ROS_AUTOMATIC_DISCOVERY_RANGE", "LOCALHOST")
    assert store.discovery().level is Level.OK


def test_without_a_store_the_doctor_says_how_to_build_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "demo_store_dir", lambda: tmp_path)
    finding = store.demo_store()
    assert (finding.level, finding.todo) == (Level.FAULT, "./run store build")


def test_a_device_that_may_not_be_opened_names_the_group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    device = tmp_path / "ttyACM0"
    device.touch()
    monkeypatch.setattr(machine.glob, "glob", lambda pattern: [str(device)] if "ACM" in pattern else [])
    monkeypatch.setattr(machine.os, "access", lambda *_: False)
    finding = machine.serial_line()
    assert finding.level is Level.FAULT
    assert "usermod -aG" in finding.todo


def test_no_screen_is_a_note_that_says_what_works_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert "scripted shopper" in machine.display().todo


@pytest.mark.integration
def test_this_machine_has_what_the_tests_need() -> None:
    found = [look(name, check) for name, check in verb.CHECKS.items()]
    assert [one for one in found if one.level is Level.FAULT] == []
