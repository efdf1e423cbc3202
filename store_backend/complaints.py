"""Complaints and suggestions: contacts in one form, themes by words, and weeks. Pure.

Two messages belong to one thread only when their contacts are verified and the same, or when staff say so. Likeness of
names, texts or unverified contacts joins nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from types import MappingProxyType

from aisle.messages.complaints import Contact, ContactKind, Theme

_DAY_S = 86_400.0
_EPOCH = date(1970, 1, 1)
# 1970-01-01 was a Thursday.
_EPOCH_WEEKDAY = 3


def same_form(contact: Contact) -> str:
    """Return an address as it is compared: two ways to write one address give the same.

    E-mail is folded to lower case, although the part before the @ may formally distinguish it (RFC 5321, 2.4): no
    provider of note does. Phone numbers keep their digits and a leading + (E.164).
    """
    address = contact.address.strip()
    if contact.kind is ContactKind.PHONE:
        digits = re.sub(r"\D", "", address)
        return f"+{digits}" if address.startswith(("+", "00")) and digits else digits
    return address.casefold()


def verified_address(contact: Contact | None) -> str | None:
    """Return the address that may join threads, None when there is none that is verified."""
    return same_form(contact) if contact is not None and contact.is_verified else None


# Word beginnings in the four languages of the screen.
_WORDS = MappingProxyType({
    Theme.SEARCH: "search|find|found|look for|such|finde|gefunden|busca|encontr|cherch|trouv",
    Theme.SHELF: "shel|aisle|place|regal|gang|estante|pasillo|rayon|étagère",
    Theme.STOCK: "sold out|stock|empty|missing|ausverkauft|vorrat|leer|fehlt|agotad|existencia|rupture|épuisé",
    Theme.ROBOT: "robot|roboter|drive|drove|fährt|fuhr|conduc|roule",
    Theme.SCREEN: "screen|display|touch|button|bildschirm|knopf|taste|pantalla|botón|écran|bouton",
    Theme.LANGUAGE: "language|translat|sprache|übersetz|idioma|traduc|langue|tradui",
    Theme.PRICE: "price|expensive|cheap|preis|teuer|billig|precio|caro|barat|prix|cher\\b",
    Theme.PAYMENT: "pay|till|checkout|card|kasse|zahl|karte|pago|pagar|caja|tarjeta|caisse|pai|paye|carte",
    Theme.STAFF: "staff|colleague|assistant|cashier|personal|mitarbeiter|verkäufer|emplead|dependient|personnel|vendeu",
    Theme.ACCESS: "wheelchair|blind|deaf|loud|quiet|too high|rollstuhl|taub|laut|leise|silla de ruedas|cieg|sord|"
                  "fauteuil|aveugle|sourd",
    Theme.PRIVACY: "privacy|camera|data\\b|spy|datenschutz|kamera|daten\\b|privacidad|cámara|datos|vie privée|caméra|"
                   "données",
})  # fmt: skip
_PATTERNS = {theme: re.compile(rf"\b({words})", re.IGNORECASE) for theme, words in _WORDS.items()}


def themes_of(text: str) -> tuple[Theme, ...]:
    """Guess what a text is about from its words; OTHER when nothing is named. Staff can correct it."""
    named = tuple(theme for theme, pattern in _PATTERNS.items() if pattern.search(text))
    return named or (Theme.OTHER,)


def monday_of(unix_s: float) -> int:
    """Return the Monday of a time's week (UTC), in days since 1970-01-01."""
    day = int(unix_s // _DAY_S)
    return day - (day + _EPOCH_WEEKDAY) % 7


def day_text(day: int) -> str:
    """Return a day as ISO 8601, from days since 1970-01-01."""
    return (_EPOCH + timedelta(days=day)).isoformat()


def distinct(themes: Sequence[Theme]) -> tuple[Theme, ...]:
    """Return each theme once, in order."""
    return tuple(dict.fromkeys(themes))
