"""Suggestions and their themes; texts come and go sealed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, bindparam, delete, func, insert, select

from store_backend.records.found import Found, all_found
from store_backend.records.inserted import add_row, add_rows
from store_backend.tables import suggestion_themes, suggestions

_ONE, _THEME = suggestions.c, suggestion_themes.c
_FIND_BY_KEY = select(_ONE.suggestion_id).where(_ONE.suggestion_key == bindparam("suggestion_key"))
_FIND_OWNER = select(_ONE.owner).where(_ONE.suggestion_id == bindparam("suggestion_id"))
_ADD = insert(suggestions)
_REMOVE_THEMES = delete(suggestion_themes).where(_THEME.suggestion_id == bindparam("tagged_id"))
_FIND_THEMES = select(_THEME.theme).where(_THEME.suggestion_id == bindparam("suggestion_id"))
_LIST_THEME = (
    select(suggestions)
    .join(suggestion_themes, _THEME.suggestion_id == _ONE.suggestion_id)
    .where(_THEME.theme == bindparam("theme"))
    .order_by(_ONE.suggestion_id.desc())
    .limit(bindparam("most"))
)
_COUNT_THEMES = (
    select(_ONE.week_day, _THEME.theme, func.count())
    .join(suggestion_themes, _THEME.suggestion_id == _ONE.suggestion_id)
    .where(_ONE.given_unix_s >= bindparam("since_unix_s"), _ONE.given_unix_s < bindparam("until_unix_s"))
    .group_by(_ONE.week_day, _THEME.theme)
    .order_by(_ONE.week_day, _THEME.theme)
)


class SuggestionRecords:
    """The suggestions behind one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def suggestion_with(self, suggestion_key: str) -> int | None:
        """Return the suggestion with this key, None when it is new."""
        suggestion_id: int | None = self._connection.scalar(_FIND_BY_KEY, {"suggestion_key": suggestion_key})
        return suggestion_id

    def owner_of(self, suggestion_id: int) -> str | None:
        """Return under whom a suggestion is sealed, None when there is none of this number."""
        owner: str | None = self._connection.scalar(_FIND_OWNER, {"suggestion_id": suggestion_id})
        return owner

    def add(self, row: Mapping[str, object]) -> int:
        """Keep a suggestion and return its number."""
        return add_row(self._connection, _ADD, row)

    def set_themes(self, suggestion_id: int, themes: Sequence[str]) -> None:
        """Put themes in place of those that a suggestion has."""
        self._connection.execute(_REMOVE_THEMES, {"tagged_id": suggestion_id})
        add_rows(
            self._connection, suggestion_themes, [{"suggestion_id": suggestion_id, "theme": one} for one in themes]
        )

    def themes(self, suggestion_id: int) -> set[str]:
        """Return the themes of a suggestion."""
        return set(self._connection.scalars(_FIND_THEMES, {"suggestion_id": suggestion_id}))

    def of_theme(self, theme: str, most: int) -> list[Found]:
        """Return suggestions about a theme, newest first."""
        return all_found(self._connection.execute(_LIST_THEME, {"theme": theme, "most": most}))

    def theme_counts(self, since_unix_s: float, until_unix_s: float) -> list[tuple[int, str, int]]:
        """Return the Monday (days since 1970-01-01), theme and number of suggestions of each week of a period."""
        values = {"since_unix_s": since_unix_s, "until_unix_s": until_unix_s}
        return [(monday, theme, n) for monday, theme, n in self._connection.execute(_COUNT_THEMES, values)]
