"""The four questions, and what is bought often."""

from __future__ import annotations

from kiosk_ui import design
from kiosk_ui.scene import Box, Item, Panel, Text, Touch, columns
from kiosk_ui.screens.parts import banner, row
from kiosk_ui.view import HomePage, Question

_QUESTIONS = Box(60, 150, 1800, 500)
_SUGGESTIONS = Box(60, 764, 1800, 150)
# In the bar at the foot: there for who looks for it, and in nobody's way.
_REMEMBER = Box(60, 976, 516, 92)


def home(page: HomePage) -> list[Item]:
    """Two by two large cards, and below them a list of suggestions."""
    items: list[Item] = []
    height = (_QUESTIONS.height - 28) / 2
    for index, question in enumerate(page.questions):
        line = Box(_QUESTIONS.x, _QUESTIONS.y + (index // 2) * (height + 28), _QUESTIONS.width, height)
        items += _card(question, columns(line, 2, 28)[index % 2])
    items += [
        Panel(_REMEMBER, design.CARD, design.RADIUS, design.LINE),
        Text(_REMEMBER.inset(24, 8), page.remember, 32, design.INK, align="center"),
        Touch("remember", _REMEMBER, design.RADIUS),
    ]
    if page.problem:
        return [*items, *banner(_SUGGESTIONS, "", page.problem)]
    items.append(Text(Box(60, 686, 1200, 62), page.suggestions_title, design.LEAD, design.INK, bold=True))
    for suggestion, box in zip(page.suggestions, columns(_SUGGESTIONS, 3, 28), strict=False):
        items += row(suggestion, box, lines=2)
    return items


def _card(question: Question, box: Box) -> list[Item]:
    return [
        Panel(box, design.CARD, 28, design.LINE),
        Panel(Box(box.x, box.y + 40, 10, box.height - 80), design.ACCENT, 5),
        Text(Box(box.x + 56, box.y + 38, box.width - 100, 90), question.title, 60, design.INK, bold=True),
        Text(Box(box.x + 56, box.y + 132, box.width - 100, 76), question.hint, 34, design.INK_SOFT, valign="top"),
        Touch(question.control, box, 28),
    ]
