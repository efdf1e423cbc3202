"""The backlog: what shoppers say could be better, by theme and week."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aisle.messages import Problem, ProblemCode, complaints
from aisle.messages.care import Channel
from aisle.messages.complaints import Theme
from store_backend.complaints import day_text, distinct, monday_of, themes_of
from store_backend.unit_of_work import UnitOfWork

_TEXT = "suggestion text"
# A reply holds at most a megabyte, and a text at most 20,000 characters.
_MOST_SHOWN = 10


def take(command: complaints.TakeSuggestion, work: UnitOfWork) -> complaints.SuggestionTaken:
    """Keep a suggestion once for its key, sealed, with the themes that its words name."""
    present = work.suggestions.suggestion_with(command.suggestion_key)
    if present is not None:
        known = work.suggestions.themes(present)
        return complaints.SuggestionTaken(suggestion_id=present, themes=tuple(one for one in Theme if one in known))
    themes = themes_of(command.text)
    suggestion_id = work.suggestions.add(_row_of(command, work))
    work.suggestions.set_themes(suggestion_id, [theme.value for theme in themes])
    return complaints.SuggestionTaken(suggestion_id=suggestion_id, themes=themes)


def _row_of(command: complaints.TakeSuggestion, work: UnitOfWork) -> dict[str, object]:
    owner = f"says-{command.suggestion_key}"[:64]
    return {
        "suggestion_key": command.suggestion_key,
        "session_id": command.session_id,
        "channel": command.channel.value,
        "owner": owner,
        "sealed_text": work.safe.seal(owner, _TEXT, command.text),
        "given_unix_s": work.now_unix_s,
        "week_day": monday_of(work.now_unix_s),
    }


def tag(command: complaints.TagSuggestion, work: UnitOfWork) -> complaints.SuggestionTaken | Problem:
    """Correct the themes of a suggestion."""
    if work.suggestions.owner_of(command.suggestion_id) is None:
        return _unknown(command.suggestion_id)
    themes = distinct(command.themes)
    work.suggestions.set_themes(command.suggestion_id, [theme.value for theme in themes])
    return complaints.SuggestionTaken(suggestion_id=command.suggestion_id, themes=themes)


def erase(command: complaints.EraseSuggestion, work: UnitOfWork) -> complaints.SuggestionTaken | Problem:
    """Destroy the key of a suggestion; that there was one about its themes stays."""
    owner = work.suggestions.owner_of(command.suggestion_id)
    if owner is None:
        return _unknown(command.suggestion_id)
    work.safe.destroy(owner)
    known = work.suggestions.themes(command.suggestion_id)
    return complaints.SuggestionTaken(
        suggestion_id=command.suggestion_id, themes=tuple(one for one in Theme if one in known)
    )


def _unknown(suggestion_id: int) -> Problem:
    return Problem(code=ProblemCode.FAILED, sentence=f"there is no suggestion {suggestion_id}; ask for the backlog")


def show(command: complaints.BacklogQuery, work: UnitOfWork) -> complaints.Backlog:
    """Return the newest suggestions of a theme."""
    rows = work.suggestions.of_theme(command.theme.value, _MOST_SHOWN)
    return complaints.Backlog(suggestions=tuple(_read(row, work) for row in rows))


def _read(row: Mapping[str, Any], work: UnitOfWork) -> complaints.Suggestion:
    return complaints.Suggestion(
        suggestion_id=row["suggestion_id"],
        channel=Channel(row["channel"]),
        given_unix_s=row["given_unix_s"],
        text=work.safe.unseal(row["owner"], _TEXT, bytes(row["sealed_text"])),
    )


def count(command: complaints.ThemesQuery, work: UnitOfWork) -> complaints.Themes:
    """Count suggestions by week and theme."""
    counts = work.suggestions.theme_counts(command.period.since_unix_s, command.period.until_unix_s)
    return complaints.Themes(
        counts=tuple(complaints.ThemeCount(monday=day_text(day), theme=Theme(theme), n=n) for day, theme, n in counts)
    )
