"""The code is a QR code: its three finders stand where the standard wants them."""

import itertools

import pytest

from kiosk_ui import qr
from kiosk_ui.qr import QUIET_MODULES
from kiosk_ui.scene import Box, Panel
from kiosk_ui.screens.basket import qr_code

FINDER = ("1111111", "1000001", "1011101", "1011101", "1011101", "1000001", "1111111")
TEXTS = ("482177301924", "a" * 32, "AISLE-CARD." + "0" * 120)


@pytest.mark.parametrize("text", TEXTS)
def test_a_code_has_its_finders(text: str) -> None:
    rows = qr.modules(text)
    size = len(rows)
    assert (size - 21) % 4 == 0
    for top, left in ((0, 0), (0, size - 7), (size - 7, 0)):
        assert tuple(row[left : left + 7] for row in rows[top : top + 7]) == FINDER


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_drawn_is_the_code_with_its_border_in_whole_pixels(text: str) -> None:
    rows = qr.modules(text)
    paper, *dark = [item for item in qr_code(rows, Box(60, 136, 794, 794)) if isinstance(item, Panel)]
    side = paper.box.width / (len(rows) + 2 * QUIET_MODULES)
    assert side == int(side) >= 5
    drawn = set()
    for item in dark:
        column, row = (item.box.x - paper.box.x) / side, (item.box.y - paper.box.y) / side
        drawn |= {(row, column + step) for step in range(round(item.box.width / side))}
    assert drawn == {
        (row + QUIET_MODULES, column + QUIET_MODULES)
        for row, column in itertools.product(range(len(rows)), repeat=2)
        if rows[row][column] == "1"
    }


def test_no_text_is_no_code() -> None:
    assert qr.modules("") == ()
