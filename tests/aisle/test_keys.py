"""Key rings follow their folder: new keys work, revoked ones stop, one role may have several."""

from __future__ import annotations

from pathlib import Path

import pytest

from aisle import clock, keys


@pytest.fixture
def now_s(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The ring's clock, for the test to turn."""
    now_s = [100.0]
    monkeypatch.setattr(clock, "monotonic_s", lambda: now_s[0])
    return now_s


def test_a_new_key_works_and_a_revoked_one_stops_at_the_next_look(tmp_path: Path, now_s: list[float]) -> None:
    keys.create_missing_keys(tmp_path, ("kiosk_ui",))
    old, ring = keys.load_key_pair(tmp_path, "kiosk_ui").public, keys.KeyRing(tmp_path)
    assert ring.role_of(old) == "kiosk_ui"
    keys.create_missing_keys(tmp_path, ("kiosk_ui@north",))
    new = keys.load_key_pair(tmp_path, "kiosk_ui@north").public
    assert ring.role_of(new) is None
    now_s[0] += 1.0
    assert ring.role_of(new) == ring.role_of(old) == "kiosk_ui"
    (tmp_path / "kiosk_ui.key").unlink()
    now_s[0] += 1.0
    assert ring.role_of(old) is None
    assert ring.role_of(new) == "kiosk_ui"


def test_a_file_that_is_no_key_is_left_out(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    keys.create_missing_keys(tmp_path, ("admin",))
    (tmp_path / "half.key").write_text("written only in pa")
    assert set(keys.known_public_keys(tmp_path).values()) == {"admin"}
    assert "half.key" in caplog.text


def test_a_folder_that_goes_away_is_said_once_and_changes_nothing(
    tmp_path: Path, now_s: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "keys"
    keys.create_missing_keys(folder, ("admin",))
    key, ring = keys.load_key_pair(folder, "admin").public, keys.KeyRing(folder)
    assert ring.role_of(key) == "admin"
    folder.rename(tmp_path / "elsewhere")
    for _ in range(3):
        now_s[0] += 1.0
        assert ring.role_of(key) == "admin"
    assert len(caplog.records) == 1


@pytest.mark.parametrize(
    ("name", "device"),
    [
        ("till", ""),
        ("till@till-2", "till-2"),
        ("till@till-2.2027", "till-2"),
        ("gateway@next", ""),
        ("gateway@robot-1", "robot-1"),
    ],
)
def test_the_name_of_a_key_says_whose_it_is(tmp_path: Path, name: str, device: str) -> None:
    keys.create_missing_keys(tmp_path, (name,))
    assert keys.KeyRing(tmp_path).name_of(keys.load_key_pair(tmp_path, name).public) == name
    assert keys.device_of_name(name) == device
