"""Complaints, one thread across channels, and suggestions, a backlog with themes."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from aisle.messages.base import Identifier, Letter, Message
from aisle.messages.care import Channel
from aisle.messages.journey import Count, Period, UnixTime

MOST_LISTED = 200
MOST_MESSAGES = 10


class ComplaintState(StrEnum):
    """Where a complaint stands; a joined one has gone into another."""

    OPEN = "open"
    SOLVED = "solved"
    JOINED = "joined"


class ContactKind(StrEnum):
    """How somebody can be reached."""

    E_MAIL = "e_mail"
    PHONE = "phone"
    SOCIAL = "social"


class Contact(Message, frozen=True, tag=False):
    """How the sender can be reached. It is verified when somebody has proved that it is theirs, never by a header."""

    kind: ContactKind
    address: Annotated[str, Meta(min_length=1, max_length=320)]
    is_verified: bool = False


class TakeComplaint(Message, frozen=True):
    """Take a message of a complaint; `message_key` is made once by the sender, so that it is kept once."""

    message_key: Identifier
    channel: Channel
    text: Letter
    contact: Contact | None = None
    happened_unix_s: UnixTime | None = None


class ComplaintTaken(Message, frozen=True):
    """The message is stored durably in a thread."""

    complaint_id: int


class ComplaintsQuery(Message, frozen=True):
    """List the newest complaints, without their texts; only open ones unless `also_solved`."""

    also_solved: bool = False


class ListedComplaint(Message, frozen=True, tag=False):
    """One complaint."""

    complaint_id: int
    state: ComplaintState
    joined_into: int | None
    opened_unix_s: float


class Complaints(Message, frozen=True):
    """Complaints, newest first."""

    complaints: tuple[ListedComplaint, ...]


class ThreadQuery(Message, frozen=True):
    """Show the messages of a complaint in the order in which they were written, from number `first` on."""

    complaint_id: int
    first: Count = 0


class ThreadMessage(Message, frozen=True, tag=False):
    """One message; text and contact are None when its sender was erased, or gave no contact."""

    channel: Channel
    happened_unix_s: float
    text: str | None
    contact: str | None
    contact_is_verified: bool


class Thread(Message, frozen=True):
    """A complaint and at most MOST_MESSAGES of its `message_count` messages, whatever channels they came by."""

    complaint_id: int
    state: ComplaintState
    message_count: int
    messages: tuple[ThreadMessage, ...]


class JoinComplaints(Message, frozen=True):
    """Say that two complaints are one: the messages of `other_id` go to `complaint_id`. Only staff can know it."""

    complaint_id: int
    other_id: int
    staff_id: Identifier


class SolveComplaint(Message, frozen=True):
    """Say that a complaint is solved."""

    complaint_id: int
    staff_id: Identifier


class EraseContact(Message, frozen=True):
    """Destroy the keys of everybody who wrote in a complaint: texts and contacts cannot be read any more."""

    complaint_id: int


class Theme(StrEnum):
    """What a suggestion is about."""

    SEARCH = "search"
    SHELF = "shelf"
    STOCK = "stock"
    ROBOT = "robot"
    SCREEN = "screen"
    LANGUAGE = "language"
    PRICE = "price"
    PAYMENT = "payment"
    STAFF = "staff"
    ACCESS = "access"
    PRIVACY = "privacy"
    OTHER = "other"


class TakeSuggestion(Message, frozen=True):
    """Keep what somebody said could be better; the key as for complaints."""

    suggestion_key: Identifier
    channel: Channel
    text: Letter
    session_id: Annotated[str, Meta(max_length=64)] = ""


class SuggestionTaken(Message, frozen=True):
    """The suggestion is stored durably, with the themes that its words name."""

    suggestion_id: int
    themes: tuple[Theme, ...]


class TagSuggestion(Message, frozen=True):
    """Put other themes in place of those that were guessed."""

    suggestion_id: int
    themes: Annotated[tuple[Theme, ...], Meta(min_length=1, max_length=8)]


class EraseSuggestion(Message, frozen=True):
    """Destroy the key of a suggestion: its text cannot be read any more, its themes stay counted."""

    suggestion_id: int


class BacklogQuery(Message, frozen=True):
    """Show the newest suggestions of a theme."""

    theme: Theme


class Suggestion(Message, frozen=True, tag=False):
    """One suggestion; its text is None when it was erased."""

    suggestion_id: int
    channel: Channel
    given_unix_s: float
    text: str | None


class Backlog(Message, frozen=True):
    """Suggestions of a theme, newest first."""

    suggestions: tuple[Suggestion, ...]


class ThemesQuery(Message, frozen=True):
    """Count suggestions by week and theme."""

    period: Period


class ThemeCount(Message, frozen=True, tag=False):
    """How many suggestions of a week, which begins on a Monday (ISO 8601), are about a theme."""

    monday: str
    theme: Theme
    n: int


class Themes(Message, frozen=True):
    """Counts by week and theme, oldest week first."""

    counts: tuple[ThemeCount, ...]
