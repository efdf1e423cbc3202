"""Consent: what shoppers allow and withdraw."""

from __future__ import annotations

import msgspec

from aisle.messages import Problem, ProblemCode
from aisle.messages.memory import ChangeConsent, ConsentChanged, Purpose, Wording, Wordings, WordingsQuery
from store_backend import wordings
from store_backend.consent import after_withdrawal, allowed, state_of
from store_backend.days import day_of
from store_backend.handlers.erasure import refused_as_erased
from store_backend.unit_of_work import UnitOfWork


def tell_wordings(command: WordingsQuery, _work: UnitOfWork) -> Wordings:
    """Return the newest words in a language."""
    texts = wordings.texts_of(command.language)
    newest = tuple(Wording(purpose=purpose, text=text) for purpose, text in texts.items())
    return Wordings(version=wordings.NEWEST_VERSION, wordings=newest)


def change_consent(command: ChangeConsent, work: UnitOfWork) -> ConsentChanged | Problem:
    """Write a change into the ledger, once for its key; what is withdrawn is removed at once."""
    refused = refused_as_erased(command.shopper_id, work) or _refused_wording(command)
    if refused is not None:
        return refused
    removed = 0
    if not work.consents.has_change(command.change_key):
        row = {**msgspec.structs.asdict(command), "changed_unix_s": day_of(work.now_unix_s)}
        work.consents.add_change({**row, "purpose": command.purpose.value, "language": command.language.value})
        removed = 0 if command.given else _withdraw(command.shopper_id, command.purpose, work)
    given = allowed(state_of(work.consents.ledger_of(command.shopper_id)))
    return ConsentChanged(given=tuple(sorted(given)), facts_removed=removed)


def _refused_wording(command: ChangeConsent) -> Problem | None:
    """Nobody can allow in words that are not asked any more; anybody can withdraw what was allowed in old words."""
    if command.wording_version == wordings.NEWEST_VERSION or not command.given:
        return None
    versions = f"wording {command.wording_version} is not in use, the newest is {wordings.NEWEST_VERSION}"
    return Problem(code=ProblemCode.VERSION, sentence=f"{versions}; show that and ask again")


def _withdraw(shopper_id: str, purpose: Purpose, work: UnitOfWork) -> int:
    kept = {fact.fact_id: fact.purposes for fact in work.facts.facts_of(shopper_id)}
    rest = after_withdrawal(kept, purpose)
    removed = [fact_id for fact_id, purposes in rest.items() if not purposes]
    work.facts.remove_facts(removed)
    for fact_id, purposes in rest.items():
        if purposes:
            work.facts.keep_for(fact_id, purposes)
    return len(removed)
