"""Complaints from files: an e-mail (.eml), a form, social message or call note (.json), a call note (.txt). Pure.

The name of an e-mail's sender proves nothing (RFC 5322, section 7), so its address is never taken as verified. In a
.json file somebody of the staff may say that it is.
"""

from __future__ import annotations

import hashlib
import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr, parsedate_to_datetime
from html import unescape
from pathlib import PurePath

import msgspec

from aisle import card_numbers
from aisle.messages.care import Channel
from aisle.messages.complaints import Contact, ContactKind, TakeComplaint

MOST_BYTES = 1_000_000
_MOST_CHARACTERS = 20_000
_LONGEST_ADDRESS = 320
_CUT = " [cut]"
_TAG_NAME = re.compile(r"/?[a-z]*", re.IGNORECASE)
_HIDING = ("script", "style")
# Python's parser of these takes the square of their length.
_LONGEST_HEADER = 2_000
_HEADERS = re.compile(
    rb"^(from|subject|date|content-[a-z-]+|mime-version):[^\n]*(?:\n[ \t][^\n]*)*", re.IGNORECASE | re.MULTILINE
)
_BLANKS = re.compile(r"[^\S\n]+")
_LINE_ENDS = re.compile(r" ?\n[ \n]*")


class LetterProblem(ValueError):
    """A file that holds no complaint; the sentence says why."""


class _Form(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a .json file holds."""

    channel: Channel
    text: str
    contact: Contact | None = None
    happened_unix_s: float | None = None


def read_letter(name: str, content: bytes) -> TakeComplaint:
    """Return the complaint in a file. Its key comes from its bytes, so that a copy is the same message.

    Raises LetterProblem.
    """
    if len(content) > MOST_BYTES:
        raise LetterProblem(f"{name}: has {len(content)} bytes, at most {MOST_BYTES} are read")
    reader = _READERS.get(PurePath(name).suffix.lower())
    if reader is None:
        raise LetterProblem(f"{name}: is no complaint; only {', '.join(_READERS)} files are read")
    try:
        form = reader(content)
    except RecursionError as error:
        raise LetterProblem(f"{name}: cannot be read: its parts lie too deep in each other") from error
    except (msgspec.DecodeError, LookupError, ValueError) as error:
        raise LetterProblem(f"{name}: cannot be read: {error}") from error
    if not form.text.strip():
        raise LetterProblem(f"{name}: holds no text")
    return TakeComplaint(
        message_key=hashlib.sha256(content).hexdigest(),
        channel=form.channel,
        text=_shortened(card_numbers.masked(form.text.strip())),
        contact=form.contact,
        happened_unix_s=form.happened_unix_s,
    )


def _e_mail(content: bytes) -> _Form:
    for header in _HEADERS.finditer(content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")):
        if len(header[0]) > _LONGEST_HEADER:
            what = f"the header {header[1].decode()} has {len(header[0])} bytes"
            raise ValueError(f"{what}, at most {_LONGEST_HEADER} are read; save its text as a .txt file")
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain", "html"))
    text = str(body.get_content()) if body is not None else ""
    if body is not None and body.get_content_type() == "text/html":
        text = _without_indents(unescape(_without_tags(text)))
    subject = str(message["subject"] or "").strip()
    return _Form(Channel.E_MAIL, f"{subject}\n{text}", _sender(message), _date_s(message))


def _without_tags(html: str) -> str:
    """Return what is between the tags, without scripts and styles that are closed; in one pass, whatever is open."""
    first, *parts = html.split("<")
    shown, hidden, hiding = [first], [""], ""
    for part in parts:
        tag, is_closed, text = part.partition(">")
        name = _tag_name(tag)
        if hiding and name != f"/{hiding}":
            hidden += " ", text
        elif not hiding and not is_closed:
            shown += "<", part
        elif not hiding and name in _HIDING:
            hidden, hiding = [" ", text], name
        else:
            shown += " ", text
            hidden, hiding = [""], ""
    return "".join(shown + hidden)


def _tag_name(tag: str) -> str:
    found = _TAG_NAME.match(tag)
    return found[0].lower() if found else ""


def _without_indents(text: str) -> str:
    # Tables that are laid out for a program would hide the numbers in them.
    return _LINE_ENDS.sub("\n", _BLANKS.sub(" ", text))


def _sender(message: EmailMessage) -> Contact | None:
    address = parseaddr(str(message["from"] or ""))[1]
    if not 0 < len(address) <= _LONGEST_ADDRESS:
        return None
    return Contact(kind=ContactKind.E_MAIL, address=address)


def _date_s(message: EmailMessage) -> float | None:
    try:
        return max(0.0, parsedate_to_datetime(str(message["date"])).timestamp())
    except (TypeError, ValueError, OverflowError):
        return None


def _form(content: bytes) -> _Form:
    return msgspec.json.decode(content, type=_Form)


def _call_note(content: bytes) -> _Form:
    return _Form(Channel.CALL_NOTES, content.decode("utf-8"))


def _shortened(text: str) -> str:
    return text if len(text) <= _MOST_CHARACTERS else text[: _MOST_CHARACTERS - len(_CUT)] + _CUT


_READERS = {".eml": _e_mail, ".json": _form, ".txt": _call_note}
