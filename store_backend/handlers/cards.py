"""Tokens that a screen shows and a phone reads: to link a loyalty card, to say who is there. No service needs one."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from aisle.messages import Problem, ProblemCode
from aisle.messages.memory import (
    CardLinkOffered,
    FactKept,
    FactKind,
    Greet,
    Greeted,
    Greeting,
    GreetingOffered,
    GreetingQuery,
    LinkCard,
    OfferCardLink,
    OfferGreeting,
    Purpose,
    RememberFact,
    Source,
)
from store_backend import card_token
from store_backend.card_token import CardToken
from store_backend.consent import allowed, state_of
from store_backend.handlers.erasure import refused_as_erased
from store_backend.handlers.memory import remember_fact
from store_backend.unit_of_work import UnitOfWork

_HERE = "AISLE-HERE."


def offer_card_link(command: OfferCardLink, work: UnitOfWork) -> CardLinkOffered | Problem:
    """Make a token for a shopper who allows the loyalty card."""
    refused = refused_as_erased(command.shopper_id, work)
    if refused is not None:
        return refused
    if Purpose.LOYALTY not in allowed(state_of(work.consents.ledger_of(command.shopper_id))):
        return _refused("the shopper does not allow the loyalty card; ask for consent first")
    token = CardToken(secrets.token_hex(16), int(work.now_unix_s + card_token.LIVES_S))
    work.card_links.add_token(token.number, command.shopper_id, token.until_unix_s)
    return CardLinkOffered(token=card_token.written(token, _sign(work)), until_unix_s=token.until_unix_s)


def link_card(command: LinkCard, work: UnitOfWork) -> FactKept | Problem:
    """Use a token up and keep which card it is."""
    token = card_token.read(command.token, _sign(work), work.now_unix_s)
    if isinstance(token, str):
        return _refused(token)
    shopper_id = work.card_links.shopper_of(token.number)
    if shopper_id is None or not work.card_links.use(token.number):
        return _refused("this code was used before; show a new one")
    key = f"card-{token.number}"
    return remember_fact(
        RememberFact(fact_key=key, shopper_id=shopper_id, kind=FactKind.CARD, text=command.card, source=Source.CARD),
        work,
    )


def offer_greeting(_command: OfferGreeting, work: UnitOfWork) -> GreetingOffered:
    """Make a token that a phone can read from a screen."""
    number, until_unix_s = secrets.token_hex(16), work.now_unix_s + card_token.LIVES_S
    work.card_links.add_greeting(number, until_unix_s)
    return GreetingOffered(token=f"{_HERE}{number}", until_unix_s=until_unix_s)


def greet(command: Greet, work: UnitOfWork) -> Greeted | Problem:
    """Let the screen that shows a token know whose phone has read it."""
    refused = refused_as_erased(command.shopper_id, work)
    if refused is not None:
        return refused
    if not work.card_links.greet(command.token.removeprefix(_HERE), command.shopper_id, work.now_unix_s):
        return _refused("this code was used before or is too old; show a new one")
    return Greeted()


def tell_greeting(command: GreetingQuery, work: UnitOfWork) -> Greeting:
    """Say whose phone has read a token."""
    return Greeting(shopper_id=work.card_links.greeted(command.token.removeprefix(_HERE), work.now_unix_s))


def _sign(work: UnitOfWork) -> Callable[[str], str]:
    return lambda said: work.safe.mark("card token", said)


def _refused(sentence: str) -> Problem:
    return Problem(code=ProblemCode.FORBIDDEN, sentence=sentence)
