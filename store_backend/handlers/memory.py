"""Memory: keeping facts that a shopper allows, and letting the shopper see, correct and delete each."""

from __future__ import annotations

import secrets

from aisle.messages import Problem, ProblemCode
from aisle.messages.memory import (
    MAX_FACTS,
    ConsentState,
    CorrectFact,
    DeleteFact,
    Fact,
    FactDeleted,
    FactKept,
    Memory,
    MemoryOpened,
    MemoryQuery,
    OpenMemory,
    Purpose,
    Reason,
    RememberFact,
)
from store_backend import memory
from store_backend.consent import Consents, allowed, kept_for, state_of
from store_backend.days import day_of
from store_backend.handlers.erasure import refused_as_erased
from store_backend.memory import Content
from store_backend.records.facts import SealedFact
from store_backend.unit_of_work import UnitOfWork


def remember_fact(command: RememberFact, work: UnitOfWork) -> FactKept | Problem:
    """Keep a fact for the purposes that its shopper allows, once for its key; the oldest gives way to it."""
    refused = refused_as_erased(command.shopper_id, work)
    if refused is not None:
        return refused
    present = work.facts.fact_with(command.fact_key)
    if present is not None:
        return FactKept(fact_id=present[0]) if present[1] == command.shopper_id else _taken_key()
    purposes = kept_for(command.kind, allowed(state_of(work.consents.ledger_of(command.shopper_id))))
    if not purposes:
        return _not_allowed(command)
    fact_id = work.facts.add_fact(_row_of(command, work), purposes)
    _make_room(command.shopper_id, work)
    return FactKept(fact_id=fact_id)


def correct_fact(command: CorrectFact, work: UnitOfWork) -> FactKept | Problem:
    """Put the shopper's words in place of a fact's content."""
    work.erasures.hold_shopper(command.shopper_id)
    fact = work.facts.fact_of(command.shopper_id, command.fact_id)
    if fact is None:
        return Problem(code=ProblemCode.FAILED, sentence=f"there is no fact {command.fact_id} of this shopper")
    sealed = _sealed(command.shopper_id, fact.fact_key, Content(command.text, command.product_id), work)
    corrected_unix_s = day_of(work.now_unix_s)
    until_unix_s = memory.kept_until(fact.kind, fact.happened_unix_s, corrected_unix_s)
    work.facts.correct(fact.fact_id, sealed, corrected_unix_s, until_unix_s)
    return FactKept(fact_id=fact.fact_id)


def delete_fact(command: DeleteFact, work: UnitOfWork) -> FactDeleted:
    """Remove one fact of a shopper."""
    fact = work.facts.fact_of(command.shopper_id, command.fact_id)
    if fact is not None:
        work.facts.remove_facts([fact.fact_id])
    return FactDeleted(was_there=fact is not None)


def open_memory(command: OpenMemory, work: UnitOfWork) -> MemoryOpened | Problem:
    """Write into the access log who will read, and give a ticket for it."""
    refused = _refused_reader(command, work) or refused_as_erased(command.shopper_id, work)
    if refused is not None:
        return refused
    ticket, until_unix_s = secrets.token_hex(16), work.now_unix_s + memory.TICKET_LIVES_S
    reader = memory.reader_of(work.role, command.reader)
    row = {"shopper_id": command.shopper_id, "reader": reader, "reason": command.reason.value}
    times = {"opened_unix_s": day_of(work.now_unix_s), "ticket_until_unix_s": until_unix_s}
    work.accesses.add_access({**row, "ticket": ticket, **times})
    return MemoryOpened(ticket=ticket, until_unix_s=until_unix_s)


def tell_memory(command: MemoryQuery, work: UnitOfWork) -> Memory | Problem:
    """Return what the ticket's reason may use of a memory; the shopper sees everything, and who looked."""
    ticket = work.accesses.ticket(command.ticket, work.now_unix_s)
    if ticket is None or not memory.is_reader(work.role, ticket.reader):
        return Problem(code=ProblemCode.FORBIDDEN, sentence="this ticket opens no memory now; ask for a new one")
    consents = state_of(work.consents.ledger_of(ticket.shopper_id))
    facts = _facts(ticket.shopper_id, work)
    is_shopper = ticket.reason is Reason.SHOPPER_ASKED
    return Memory(
        shopper_id=ticket.shopper_id,
        consents=_states(consents),
        facts=memory.readable(facts, ticket.reason, allowed(consents), work.now_unix_s),
        accesses=work.accesses.accesses_of(ticket.shopper_id) if is_shopper else (),
        told_unix_s=work.now_unix_s,
    )


def _refused_reader(command: OpenMemory, work: UnitOfWork) -> Problem | None:
    if memory.may_open(work.role, command.reason):
        return None
    sentence = f"the role {work.role} may not read a memory for the reason {command.reason.value}"
    return Problem(code=ProblemCode.FORBIDDEN, sentence=sentence)


def _row_of(command: RememberFact, work: UnitOfWork) -> dict[str, object]:
    happened_unix_s = day_of(work.now_unix_s if command.happened_unix_s is None else command.happened_unix_s)
    return {
        "fact_key": command.fact_key,
        "shopper_id": command.shopper_id,
        "kind": command.kind.value,
        "sealed": _sealed(command.shopper_id, command.fact_key, Content(command.text, command.product_id), work),
        "source": command.source.value,
        "happened_unix_s": happened_unix_s,
        "kept_until_unix_s": memory.kept_until(command.kind, min(happened_unix_s, day_of(work.now_unix_s)), None),
    }


def _make_room(shopper_id: str, work: UnitOfWork) -> None:
    if work.facts.count_facts(shopper_id) > MAX_FACTS:
        facts = work.facts.facts_of(shopper_id)
        work.facts.remove_facts([fact.fact_id for fact in facts[MAX_FACTS:]])


def _sealed(shopper_id: str, fact_key: str, content: Content, work: UnitOfWork) -> bytes:
    return work.safe.seal(memory.owner_of(shopper_id), memory.field_of(fact_key), memory.packed(content))


def _facts(shopper_id: str, work: UnitOfWork) -> list[Fact]:
    opened = ((one, _content(shopper_id, one, work)) for one in work.facts.facts_of(shopper_id))
    return [_fact(one, content) for one, content in opened if content is not None]


def _content(shopper_id: str, fact: SealedFact, work: UnitOfWork) -> Content | None:
    text = work.safe.unseal(memory.owner_of(shopper_id), memory.field_of(fact.fact_key), fact.sealed)
    return None if text is None else memory.unpacked(text)


def _fact(fact: SealedFact, content: Content) -> Fact:
    return Fact(
        fact_id=fact.fact_id,
        kind=fact.kind,
        purposes=tuple(sorted(fact.purposes)),
        text=content.text,
        product_id=content.product_id,
        source=fact.source,
        happened_unix_s=fact.happened_unix_s,
        corrected_unix_s=fact.corrected_unix_s,
        kept_until_unix_s=fact.kept_until_unix_s,
    )


def _states(consents: Consents) -> tuple[ConsentState, ...]:
    return tuple(_state(purpose, consents) for purpose in Purpose)


def _state(purpose: Purpose, consents: Consents) -> ConsentState:
    entry = consents.get(purpose)
    if entry is None:
        return ConsentState(purpose=purpose, given=False)
    times = {"changed_unix_s": entry.changed_unix_s, "wording_version": entry.wording_version}
    return ConsentState(purpose=purpose, given=entry.given, **times)  # type: ignore[arg-type]


def _not_allowed(command: RememberFact) -> Problem:
    sentence = f"the shopper allows no purpose that a {command.kind.value} may be kept for; ask for consent first"
    return Problem(code=ProblemCode.FORBIDDEN, sentence=sentence)


def _taken_key() -> Problem:
    return Problem(code=ProblemCode.FAILED, sentence="this fact key belongs to another shopper's fact; make a new one")
