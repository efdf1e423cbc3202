"""Erasure: a shopper goes for good, and robots learn who went."""

from __future__ import annotations

from aisle.messages import Problem, ProblemCode
from aisle.messages.memory import MAX_ERASED, ErasedQuery, ErasedShoppers, EraseShopper, ShopperErased
from store_backend import memory
from store_backend.unit_of_work import UnitOfWork


def erase_shopper(command: EraseShopper, work: UnitOfWork) -> ShopperErased:
    """Destroy a shopper's key and remove every row; a shopper whom nobody knows is erased too: a robot may hold one."""
    work.erasures.hold_shopper(command.shopper_id)
    erased_unix_s = work.erasures.erased_unix_s(command.shopper_id)
    if erased_unix_s is None:
        erased_unix_s = work.now_unix_s
        remove_shopper(command.shopper_id, work)
    until_unix_s = erased_unix_s + memory.ERASURE_REACHES_IN_S
    return ShopperErased(erased_unix_s=erased_unix_s, reached_by_unix_s=until_unix_s)


def tell_erased(command: ErasedQuery, work: UnitOfWork) -> ErasedShoppers:
    """Return who was erased in the last seconds."""
    shopper_ids = work.erasures.erased_since(work.now_unix_s - command.within_s)
    return ErasedShoppers(shopper_ids=tuple(shopper_ids[:MAX_ERASED]), is_complete=len(shopper_ids) <= MAX_ERASED)


def remove_shopper(shopper_id: str, work: UnitOfWork) -> None:
    """Remove everything about a shopper and note the erasure."""
    work.safe.destroy(memory.owner_of(shopper_id))
    for rows in (work.facts, work.accesses, work.card_links):
        rows.remove_all(shopper_id)
    work.consents.remove_ledger(shopper_id)
    work.erasures.add_erasure(shopper_id, work.now_unix_s, work.safe.newest_store_key())


def refused_as_erased(shopper_id: str, work: UnitOfWork) -> Problem | None:
    """Hold a shopper for this transaction; say that nothing can be kept of one who was erased.

    A message that waited somewhere while its shopper was erased must not begin a new memory.
    """
    work.erasures.hold_shopper(shopper_id)
    if work.erasures.erased_unix_s(shopper_id) is None:
        return None
    return Problem(code=ProblemCode.FORBIDDEN, sentence="this shopper was erased; begin with a new number")
