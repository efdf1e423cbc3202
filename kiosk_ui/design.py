"""Colours and letter sizes of the whole screen: dark ink on light paper, and one accent."""

INK = "#13213c"
INK_SOFT = "#4b5870"
PAPER = "#f4f6f9"
CARD = "#ffffff"
LINE = "#d5dbe5"
ACCENT = "#0b5fc4"
ACCENT_SOFT = "#e4eefb"
ON_DARK = "#ffffff"
ON_DARK_SOFT = "#c3cde0"
CAREFUL = "#7a4b00"
CAREFUL_SOFT = "#fff2d8"
CAREFUL_LINE = "#e3b04b"
SHADE = "#13213cb8"
GOODS = "#c9d1de"

SMALL, BODY, LEAD, HEAD, TITLE, DISPLAY = 26, 32, 40, 54, 84, 150
RADIUS = 22
LEAST_TOUCH_PX = 90
