"""What the kiosk keeps on the disk: across processes, damage, full disks, and gone when it is delivered."""

import logging
import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisle.messages.care import CallPerson, Feedback, JourneyEvent, OpenSession, Stage
from aisle.messages.memory import ChangeConsent, EraseShopper, Language, Purpose
from aisle.messages.visit import Screen
from kiosk_ui import state_file
from kiosk_ui.demands import Demand
from kiosk_ui.kept import NOTHING_KEPT, Change, Kept
from kiosk_ui.lanes import Letter
from kiosk_ui.notes import CallNote, Note, VisitNote
from kiosk_ui.outbox import Drop, Keep
from kiosk_ui.state_file import FILE_NAME, StateFile, open_state
from kiosk_ui.visit import CallStatus, Ending
from tests.kiosk_ui.play import left_over

OPENING = OpenSession(session_id="s", robot_id="r", language="de")
SECRET = "Sucht nach einem Mittel gegen Heuschnupfen"
NOTE = VisitNote(
    opening=OPENING, language="de", screen=Screen.GUIDING, product_id=7, on_tour=True, called=False,
    ending=Ending.LOOKING, taps=2, metres=11, steps=4, story=SECRET, requests=1, key_stem="k",
    call=CallNote("c", CallStatus.LATE, 2),
)  # fmt: skip


def keep(number: int, message: object | None = None) -> Keep:
    letter = Letter(message or Feedback(session_id="s", score=1), f"key{number}", OPENING, number)  # type: ignore[arg-type]
    return Keep("journey", letter)


WITHDRAWAL = ChangeConsent(
    change_key="c", shopper_id="a" * 32, purpose=Purpose.LOYALTY, given=False, wording_version=1, language=Language.DE
)


def erasure(number: int) -> Demand:
    return Demand(-number, EraseShopper(shopper_id=f"{number:032x}"))


def event(number: int) -> JourneyEvent:
    return JourneyEvent(
        event_key=f"e{number}", session_id="s", stage=Stage.CARE, touch_point="home", outcome="left", seconds=1.5
    )


def read(directory: Path) -> Kept:
    state = open_state(directory)
    kept = state.read()
    state.close()
    return kept


@pytest.fixture
def state(tmp_path: Path) -> StateFile:
    return open_state(tmp_path)


def raw(directory: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(directory.iterdir()))


def test_every_kind_of_letter_and_the_visit_come_back_as_they_were(tmp_path: Path, state: StateFile) -> None:
    call = CallPerson(call_key="c", session_id="s", robot_id="r", screen="home", story=SECRET)
    kept = [keep(1, OPENING), keep(2, event(2)), keep(3, Feedback(session_id="s", score=3)), keep(4, call)]
    demands = (Demand(-1, erasure(1).message), Demand(-2, WITHDRAWAL))
    state.write([*kept, Note(NOTE), *demands])
    state.close()
    assert read(tmp_path) == Kept(tuple(kept), NOTE, demands)


CHANGES = st.lists(
    st.one_of(
        st.integers(1, 5).map(keep),
        st.integers(1, 5).map(Drop),
        st.integers(-3, -1).map(lambda number: erasure(-number)),
        st.integers(-3, -1).map(Drop),
        st.sampled_from([Note(NOTE), Note(None)]),
    )
)


@given(st.lists(CHANGES, max_size=5))
def test_after_any_changes_in_any_batches_the_file_holds_what_is_left(batches: list[list[Change]]) -> None:
    state = StateFile(Path("memory"), sqlite3.connect(":memory:"))
    assert state._database is not None
    state._database.execute(state_file._TABLE)
    for batch in batches:
        state.write(batch)
    assert state.read() == left_over(NOTHING_KEPT, [change for batch in batches for change in batch])
    state.close()


def test_only_this_user_may_read_it(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        state = open_state(tmp_path / "state")
        state.write([keep(1)])
    finally:
        os.umask(old)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "state").iterdir()}
    assert set(modes.values()) == {0o600}, modes
    assert stat.S_IMODE((tmp_path / "state").stat().st_mode) == 0o700
    state.close()


def test_what_is_delivered_is_gone_from_the_disk(tmp_path: Path, state: StateFile) -> None:
    call = CallPerson(call_key="c", session_id="s", robot_id="r", screen="home", story=SECRET)
    state.write([keep(1, call), Note(NOTE)])
    assert SECRET.encode() in raw(tmp_path)
    state.write([Drop(1), Note(None)])
    assert SECRET.encode() not in raw(tmp_path)
    state.close()


def test_a_demand_that_is_carried_out_is_gone_from_the_disk_although_a_visit_goes_on(
    tmp_path: Path, state: StateFile
) -> None:
    number = WITHDRAWAL.shopper_id.encode()
    state.write([Note(NOTE), keep(1), Demand(-1, WITHDRAWAL)])
    assert number in raw(tmp_path)
    state.write([Drop(-1)])
    assert number not in raw(tmp_path)
    state.close()
    assert read(tmp_path) == Kept((keep(1),), NOTE)


def test_a_process_that_is_killed_has_lost_nothing(tmp_path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from tests.kiosk_ui.test_state_file import *\n"
        "state = open_state(Path(sys.argv[1])); state.write([keep(1), Note(NOTE)]); os.kill(os.getpid(), 9)"
    )
    assert subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False).returncode == -9
    assert read(tmp_path) == Kept((keep(1),), NOTE)


@pytest.mark.parametrize("content", [b"no database", b"SQLite format 3\x00" + b"\xff" * 5000, b"\x00" * 4096])
def test_a_damaged_file_is_set_aside_with_one_line_and_a_new_one_works(
    tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(2):
        (tmp_path / FILE_NAME).write_bytes(content)
        caplog.clear()
        with caplog.at_level(logging.ERROR):
            state = open_state(tmp_path)
        assert state.read() == NOTHING_KEPT
        state.write([keep(1)])
        state.close()
        assert read(tmp_path).letters == (keep(1),)
        (line,) = [record.message for record in caplog.records]
        assert "set aside" in line
    assert sorted(path.name for path in tmp_path.iterdir()) == [FILE_NAME, f"{FILE_NAME}.damaged"]


def test_a_damaged_page_in_the_middle_is_found_at_the_start(tmp_path: Path, state: StateFile) -> None:
    state.write([keep(number, event(number)) for number in range(1, 400)])
    state.close()
    content = bytearray((tmp_path / FILE_NAME).read_bytes())
    content[8192:12288] = b"\xaa" * 4096
    (tmp_path / FILE_NAME).write_bytes(bytes(content))
    state = open_state(tmp_path)
    assert state.read() == NOTHING_KEPT
    state.close()


def test_a_file_of_another_version_is_set_aside(tmp_path: Path, state: StateFile) -> None:
    state.close()
    with sqlite3.connect(tmp_path / FILE_NAME) as database:
        database.execute("PRAGMA user_version = 99")
    database.close()
    open_state(tmp_path).close()
    assert (tmp_path / f"{FILE_NAME}.damaged").is_file()


def test_a_row_that_cannot_be_read_is_left_out_and_removed(
    tmp_path: Path, state: StateFile, caplog: pytest.LogCaptureFixture
) -> None:
    state.write([keep(1), keep(2), Note(NOTE)])
    assert state._database is not None
    with state._database:
        state._database.execute("UPDATE kept SET content = x'c1' WHERE number IN (0, 1)")
    state.close()
    state = open_state(tmp_path)
    assert state.read() == Kept((keep(2),), None)
    assert "row 1 is left out" in caplog.text
    state.write([])
    state.close()
    caplog.clear()
    assert read(tmp_path) == Kept((keep(2),), None)
    assert caplog.text == ""


def test_a_folder_that_cannot_be_made_stops_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("in the way")
    state = open_state(tmp_path / "file" / "state")
    assert state.read() == NOTHING_KEPT
    state.write([keep(1)])
    state.close()
    assert "nothing is kept" in caplog.text


def test_a_second_kiosk_on_the_same_folder_goes_on_without_it(tmp_path: Path, state: StateFile) -> None:
    state.write([keep(1)])
    other = open_state(tmp_path)
    other.write([keep(1), Drop(1)])
    other.close()
    state.close()
    assert read(tmp_path).letters == (keep(1),)


def test_a_full_disk_is_said_once_and_made_good_when_there_is_room(
    tmp_path: Path, state: StateFile, caplog: pytest.LogCaptureFixture
) -> None:
    assert state._database is not None
    pages = state._database.execute("PRAGMA page_count").fetchone()[0]
    state._database.execute(f"PRAGMA max_page_count={pages + 2}").fetchall()
    with caplog.at_level(logging.INFO):
        for number in range(1, 200):
            state.write([keep(number, event(number))])
    assert caplog.text.count("cannot be written") == 1
    state._database.execute("PRAGMA max_page_count=100000").fetchall()
    with caplog.at_level(logging.INFO):
        state.write([Drop(1)])
    assert caplog.text.count("can be written again") == 1
    state.close()
    assert [one.letter.number for one in read(tmp_path).letters] == list(range(2, 200))
