"""What may be remembered, and what is: calm pages on which "no" is as large as "yes"."""

from __future__ import annotations

from kiosk_ui import design
from kiosk_ui.scene import Box, Item, Panel, Text, Touch, columns, rows
from kiosk_ui.screens.parts import banner, button
from kiosk_ui.screens.search import key, keyboard
from kiosk_ui.view import Choice, ConsentPage, CorrectPage, FactLine, FactsPage

_CHOICES = Box(60, 136, 1180, 794)
_SIDE = Box(1300, 136, 560, 794)
_NOTICE = Box(1300, 330, 560, 156)
_FACTS = Box(60, 136, 1800, 682)
_MORE = Box(60, 834, 1800, 96)
_PURPOSES, _FACT_ROWS = 4, 5
_ACTION_PX, _ACTION_GAP_PX = 96.0, 14.0


def consent(page: ConsentPage) -> list[Item]:
    """Each purpose with its two answers; what else can be done on the right."""
    items: list[Item] = []
    for choice, box in zip(page.choices, rows(_CHOICES, _PURPOSES, 18), strict=False):
        items += _choice(choice, box)
    if page.waiting:
        items.append(Text(_CHOICES, page.waiting, design.LEAD, design.INK_SOFT, align="center"))
    x, width = _SIDE.x, _SIDE.width
    items.append(Text(Box(x, 136, width, 180), page.intro, 32, design.INK_SOFT, valign="top"))
    if page.notice and page.is_problem:
        items += banner(_NOTICE, "", page.notice)
    elif page.notice:
        items += [
            Panel(_NOTICE, design.ACCENT_SOFT, design.RADIUS),
            Text(_NOTICE.inset(24, 6), page.notice, 30, design.INK, bold=True),
        ]
    y = _SIDE.bottom - len(page.actions) * (_ACTION_PX + _ACTION_GAP_PX) + _ACTION_GAP_PX
    for control, label in page.actions:
        items += button(control, Box(x, y, width, _ACTION_PX), label, size=34)
        y += _ACTION_PX + _ACTION_GAP_PX
    return items


def _choice(choice: Choice, box: Box) -> list[Item]:
    answers = Box(box.right - 404, box.centre[1] - 55, 376, 110)
    words = Box(box.x + 32, box.y + 14, answers.x - box.x - 60, box.height - 28)
    items: list[Item] = [
        Panel(box, design.CARD, design.RADIUS, design.LINE),
        Text(words, choice.text, 32, design.INK),
    ]
    for (control, label), one, is_chosen in zip(
        (choice.decline, choice.allow), columns(answers, 2, 12), (not choice.is_given, choice.is_given), strict=True
    ):
        items += _answer(control, label, one, is_chosen=is_chosen, is_changing=choice.is_changing)
    return items


def _answer(control: str, label: str, box: Box, *, is_chosen: bool, is_changing: bool) -> list[Item]:
    """One of two answers: both of one size and shape, the one that stands is marked."""
    fill = design.ACCENT_SOFT if is_chosen else design.CARD
    line = design.ACCENT if is_chosen else design.LINE
    ink = design.INK_SOFT if is_changing else design.INK
    return [
        Panel(box, fill, design.RADIUS, line, 4 if is_chosen else 2),
        Text(box.inset(10, 8), label, 40, ink, bold=is_chosen, align="center"),
        Touch(control, box, design.RADIUS),
    ]


def facts(page: FactsPage) -> list[Item]:
    """What is kept, each with the way to correct and to delete it."""
    items: list[Item] = []
    for line, box in zip(page.lines, rows(_FACTS, _FACT_ROWS, 12), strict=False):
        items += _fact(line, box, page)
    if page.empty:
        items.append(Text(_FACTS, page.empty, design.HEAD, design.INK_SOFT, align="center"))
    if page.notice:
        items += banner(_MORE, "", page.notice)
    elif page.more:
        items += button("more_facts", _MORE, page.more, size=34)
    return items


def _fact(line: FactLine, box: Box, page: FactsPage) -> list[Item]:
    buttons = columns(Box(box.right - 548, box.centre[1] - 48, 524, 96), 2, 16)
    words = Box(box.x + 32, box.y + 14, buttons[0].x - box.x - 60, box.height - 28)
    upper = words._replace(height=words.height * 0.56)
    lower = Box(words.x, upper.bottom, words.width, words.bottom - upper.bottom)
    return [
        Panel(box, design.CARD, design.RADIUS, design.LINE),
        Text(upper, line.title, 34, design.INK, bold=True),
        Text(lower, line.detail, design.SMALL + 2, design.INK_SOFT),
        *button(f"correct_fact:{line.index}", buttons[0], page.correct, size=32),
        *button(f"delete_fact:{line.index}", buttons[1], page.delete, size=32),
    ]


def correct(page: CorrectPage) -> list[Item]:
    """What is written now, a keyboard with digits, and the way to keep it."""
    field = Box(60, 136, 1480, 112)
    items: list[Item] = [
        Panel(field, design.CARD, design.RADIUS, design.ACCENT, 4),
        Text(field.inset(36, 8), page.draft, 48, design.INK, bold=True),
        *button("save", Box(1560, 136, 300, 112), page.save, strong=True),
    ]
    items += keyboard(page.keyboard, page.space, Box(60, 270, 1680, 660))
    for sign, box in zip(page.signs, rows(Box(1760, 270, 100, 392), 3, 12), strict=True):
        items += key(f"key:{sign}", sign, box)
    return items
