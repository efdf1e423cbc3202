"""Messages about consent and about what the store remembers of a shopper who wants it.

A shopper is a random number that the shopper's own device or card holds: whoever knows it speaks for that shopper.
No reply to a request that changes something holds personal data, because replies are kept for repeated requests.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from aisle.messages.base import FROM_A_PERSON, Identifier, Message, Text

# `\Z` is the end; `$` would let a line end through behind it.
ShopperId = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}\Z")]
Ticket = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}\Z")]
GreetingToken = Annotated[str, Meta(pattern=r"^AISLE-HERE\.[0-9a-f]{32}\Z")]
ProductId = Annotated[int, Meta(ge=0, le=2**63 - 1)]
UnixSeconds = Annotated[float, Meta(ge=0.0, le=1e11)]
# A whole memory fits into one message; when there is more, the oldest gives way.
MAX_FACTS = 1000
MAX_ACCESSES = 500
FactText = Annotated[str, Meta(max_length=150, extra=FROM_A_PERSON)]
CardNumber = Annotated[str, Meta(pattern=r"^[A-Za-z0-9 -]{4,32}\Z", extra=FROM_A_PERSON)]
"""The number of a loyalty card. One that cannot be told from a payment card's is refused."""
MAX_ERASED = 20_000


class Purpose(StrEnum):
    """What a shopper may allow; each is off until it is allowed."""

    HISTORY_FOR_ADVICE = "history_for_advice"
    WISH_LIST = "wish_list"
    LOYALTY = "loyalty"
    CONTACT = "contact"


class Language(StrEnum):
    """The languages of the wordings."""

    DE = "de"
    EN = "en"
    ES = "es"
    FR = "fr"


class FactKind(StrEnum):
    """What is remembered."""

    PURCHASE = "purchase"
    WISH = "wish"
    CARD = "card"
    E_MAIL = "e_mail"
    PHONE = "phone"


class Source(StrEnum):
    """Where a fact came from."""

    TILL = "till"
    KIOSK = "kiosk"
    PHONE = "phone"
    WEB_FORM = "web_form"
    CARD = "card"
    STAFF = "staff"


class Reason(StrEnum):
    """Why somebody reads a memory."""

    SHOPPER_ASKED = "shopper_asked"
    ADVICE = "advice"
    CARE = "care"


class WordingsQuery(Message, frozen=True):
    """Ask for the words by which consent is asked for, as they stand now."""

    language: Language


class Wording(Message, frozen=True, tag=False):
    """The question of one purpose."""

    purpose: Purpose
    text: Text


class Wordings(Message, frozen=True):
    """The newest version of the words; whoever allows something names it."""

    version: Annotated[int, Meta(ge=1)]
    wordings: tuple[Wording, ...]


class ChangeConsent(Message, frozen=True):
    """A shopper allows a purpose, or withdraws it; `change_key` is made once by the sender."""

    change_key: Identifier
    shopper_id: ShopperId
    purpose: Purpose
    given: bool
    wording_version: Annotated[int, Meta(ge=1, le=10_000)]
    language: Language


class ConsentChanged(Message, frozen=True):
    """The change is in the ledger; `facts_removed` were kept for a withdrawn purpose alone."""

    given: tuple[Purpose, ...]
    facts_removed: Annotated[int, Meta(ge=0)]


class RememberFact(Message, frozen=True):
    """Keep a fact, if the shopper allows it; `fact_key` is made once by the sender. A purchase names its product."""

    fact_key: Identifier
    shopper_id: ShopperId
    kind: FactKind
    text: FactText
    source: Source
    product_id: ProductId | None = None
    happened_unix_s: UnixSeconds | None = None


class CorrectFact(Message, frozen=True):
    """The shopper says how it really is."""

    shopper_id: ShopperId
    fact_id: int
    text: FactText
    product_id: ProductId | None = None


class FactKept(Message, frozen=True):
    """The fact is kept, or corrected."""

    fact_id: int


class DeleteFact(Message, frozen=True):
    """Remove one fact; removing it again changes nothing."""

    shopper_id: ShopperId
    fact_id: int


class FactDeleted(Message, frozen=True):
    """The fact is not there any more; `was_there` is False when it was gone before."""

    was_there: bool


class OpenMemory(Message, frozen=True):
    """Say who will read a memory and why: nobody reads without a line in the access log, which the shopper sees.

    The log puts the sender's role, which its key has shown, before `reader`; only that role may use the ticket.
    """

    shopper_id: ShopperId
    reader: Identifier
    reason: Reason


class MemoryOpened(Message, frozen=True):
    """The ticket opens the memory for reading until then."""

    ticket: Ticket
    until_unix_s: float


class MemoryQuery(Message, frozen=True):
    """Read the memory that a ticket opens."""

    ticket: Ticket


class ConsentState(Message, frozen=True, tag=False):
    """How one purpose stands; the day (UTC) is None while it was never asked."""

    purpose: Purpose
    given: bool
    changed_unix_s: float | None = None
    wording_version: int | None = None


class Fact(Message, frozen=True, tag=False):
    """One thing that is remembered, for which purposes, and from where. Of times the day is kept (UTC)."""

    fact_id: int
    kind: FactKind
    purposes: tuple[Purpose, ...]
    text: Text
    product_id: int | None
    source: Source
    happened_unix_s: float
    corrected_unix_s: float | None
    kept_until_unix_s: float


class MemoryAccess(Message, frozen=True, tag=False):
    """Somebody read the memory; `reader` is a role and what the reader calls itself, the time is the day's (UTC)."""

    reader: Identifier
    reason: Reason
    opened_unix_s: float


class Memory(Message, frozen=True):
    """What is remembered, newest first: for advice only what advice may use, for the shopper everything."""

    shopper_id: ShopperId
    consents: tuple[ConsentState, ...]
    facts: Annotated[tuple[Fact, ...], Meta(max_length=MAX_FACTS)]
    accesses: Annotated[tuple[MemoryAccess, ...], Meta(max_length=MAX_ACCESSES)]
    told_unix_s: float


class EraseShopper(Message, frozen=True):
    """Erase everything about a shopper, everywhere, for good."""

    shopper_id: ShopperId


class ShopperErased(Message, frozen=True):
    """Nothing is left in the database; copies of the shopper's key elsewhere open nothing after `reached_by_unix_s`."""

    erased_unix_s: float
    reached_by_unix_s: float


class ErasedQuery(Message, frozen=True):
    """Ask who was erased in the last seconds; a robot asks for longer than its copies live."""

    within_s: Annotated[float, Meta(gt=0.0, le=8 * 86_400.0)]


class ErasedShoppers(Message, frozen=True):
    """Those who were erased; `is_complete` False means that there were more, so that every copy must go."""

    shopper_ids: Annotated[tuple[ShopperId, ...], Meta(max_length=MAX_ERASED)]
    is_complete: bool


class RecallShopper(Message, frozen=True):
    """Ask the robot for what its adviser may use of the shopper at its screen.

    The first time the answer is NOT_READY, because the store is asked; whoever asks asks again, and serves without
    when that takes too long. The robot keeps the memory for this visit, in working memory.
    """

    session_id: Identifier
    shopper_id: ShopperId


class ForgetCopy(Message, frozen=True):
    """Tell the robot to drop its copy, because the shopper has changed something at its screen."""

    shopper_id: ShopperId


class OfferCardLink(Message, frozen=True):
    """Ask for a token that links a loyalty card to a shopper; it is shown as a QR code to the shopper's phone."""

    shopper_id: ShopperId


class CardLinkOffered(Message, frozen=True):
    """The token is good once, until then."""

    token: Annotated[str, Meta(max_length=200)]
    until_unix_s: float


class LinkCard(Message, frozen=True):
    """The phone has read the token and says which card it is."""

    token: Annotated[str, Meta(max_length=200)]
    card: CardNumber


class OfferGreeting(Message, frozen=True):
    """Ask for a token by which a shopper's phone can say who stands at a screen; it is shown as a QR code."""


class GreetingOffered(Message, frozen=True):
    """The token is good once, until then."""

    token: GreetingToken
    until_unix_s: float


class Greet(Message, frozen=True):
    """The phone has read the token and says whose it is."""

    token: GreetingToken
    shopper_id: ShopperId


class Greeted(Message, frozen=True):
    """The screen that shows the token may know it."""


class GreetingQuery(Message, frozen=True):
    """Ask whose phone has read a token."""

    token: GreetingToken


class Greeting(Message, frozen=True):
    """Whose phone it was; None while none has read the token, and when the token is good no more."""

    shopper_id: ShopperId | None


# These may never wait in an outbox on a disk or be recorded: they name a shopper, or hold what a shopper said. What a
# kiosk must not forget to ask for, an erasure and a withdrawal, waits in its state file (kiosk_ui.demands).
PERSONAL = (
    ChangeConsent, RememberFact, CorrectFact, DeleteFact, OpenMemory, MemoryQuery, Memory, EraseShopper, OfferCardLink,
    LinkCard, RecallShopper, ForgetCopy, Greet, Greeting,
)  # fmt: skip
