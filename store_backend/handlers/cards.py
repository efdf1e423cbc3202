"""Loyalty cards: linked by a token that the kiosk shows and the shopper's phone reads. No service asks for one."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from aisle.messages import Problem, ProblemCode
from aisle.messages.memory import (
    CardLinkOffered,
    FactKept,
    FactKind,
    LinkCard,
    OfferCardLink,
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


def _sign(work: UnitOfWork) -> Callable[[str], str]:
    return lambda said: work.safe.mark("card token", said)


def _refused(sentence: str) -> Problem:
    return Problem(code=ProblemCode.FORBIDDEN, sentence=sentence)
