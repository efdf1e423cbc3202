"""Consent and memory through the backend, on both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import update

from aisle.messages import ProblemCode, care, memory, store
from aisle.messages.memory import MAX_FACTS, FactKind, Language, Purpose, Reason
from store_backend import handlers, upkeep
from store_backend.backend import Backend
from store_backend.days import DAY_S
from store_backend.memory import KEPT_S, TICKET_LIVES_S
from store_backend.tables import consents, data_keys, facts, memory_accesses, replies
from store_backend.wordings import NEWEST_VERSION
from tests.catalogue.samples import MILK
from tests.store_backend.shoppers import ANNA, BEN, consent, fact, remembered, seen
from tests.store_backend.steps import NOW_S, answer, asked, call, opening, refused, rows, step

TODAY_S = NOW_S // DAY_S * DAY_S


def later(backend: Backend, by_s: float) -> Backend:
    """Return the same backend some time later."""
    return replace(backend, clock=lambda: NOW_S + by_s)


def kinds(told: memory.Memory) -> list[FactKind]:
    return [one.kind for one in told.facts]


@pytest.mark.parametrize("kind", FactKind)
def test_nothing_is_kept_of_a_shopper_who_was_never_asked(backend: Backend, kind: FactKind) -> None:
    code, sentence = refused(backend, fact(kind))
    assert code is ProblemCode.FORBIDDEN
    assert "ask for consent first" in sentence
    assert rows(backend, facts) == []


def test_a_shopper_sees_consents_and_facts_with_source_and_dates(backend: Backend) -> None:
    answer(backend, consent(Purpose.HISTORY_FOR_ADVICE))
    answer(backend, fact(FactKind.PURCHASE, "Milk 1 l", product_id=MILK, happened_unix_s=NOW_S - 60.0))
    told = seen(backend)
    states = {state.purpose: state for state in told.consents}
    assert [purpose for purpose, state in states.items() if state.given] == [Purpose.HISTORY_FOR_ADVICE]
    assert states[Purpose.HISTORY_FOR_ADVICE].changed_unix_s == TODAY_S
    assert states[Purpose.HISTORY_FOR_ADVICE].wording_version == NEWEST_VERSION
    (one,) = told.facts
    assert (one.text, one.product_id, one.source.value, one.purposes) == (
        "Milk 1 l", MILK, "kiosk", (Purpose.HISTORY_FOR_ADVICE,)
    )  # fmt: skip
    assert (one.happened_unix_s, one.corrected_unix_s) == (TODAY_S, None)
    assert one.kept_until_unix_s == TODAY_S + KEPT_S[FactKind.PURCHASE]


def test_a_withdrawal_removes_at_once_what_was_kept_for_it_alone(backend: Backend) -> None:
    remembered(backend)
    answer(backend, consent(Purpose.HISTORY_FOR_ADVICE, given=False))
    # The purchase was kept for the loyalty card too.
    assert set(kinds(seen(backend))) == set(FactKind)
    changed = answer(backend, consent(Purpose.LOYALTY, given=False))
    assert changed == memory.ConsentChanged(given=(Purpose.CONTACT, Purpose.WISH_LIST), facts_removed=2)
    assert set(kinds(seen(backend))) == {FactKind.WISH, FactKind.E_MAIL, FactKind.PHONE}
    assert len(rows(backend, facts)) == 3


def test_what_is_allowed_later_gives_no_right_to_what_was_kept_before(backend: Backend) -> None:
    answer(backend, consent(Purpose.HISTORY_FOR_ADVICE))
    answer(backend, fact(FactKind.PURCHASE))
    answer(backend, consent(Purpose.LOYALTY))
    assert answer(backend, consent(Purpose.HISTORY_FOR_ADVICE, given=False)).facts_removed == 1


def test_withdrawn_and_allowed_again_begins_empty_and_the_ledger_keeps_all_lines(backend: Backend) -> None:
    answer(backend, consent(Purpose.WISH_LIST))
    answer(backend, fact(FactKind.WISH))
    answer(backend, consent(Purpose.WISH_LIST, given=False))
    answer(backend, consent(Purpose.WISH_LIST))
    assert seen(backend).facts == ()
    assert [row["given"] for row in rows(backend, consents)] == [True, False, True]


def test_a_change_that_is_told_again_after_a_later_one_changes_nothing(backend: Backend) -> None:
    first = consent(Purpose.WISH_LIST)
    answer(backend, first)
    answer(backend, consent(Purpose.WISH_LIST, given=False))
    assert answer(backend, first).given == ()


def test_nobody_allows_in_words_that_are_not_in_use_but_everybody_withdraws(backend: Backend) -> None:
    code, sentence = refused(backend, consent(Purpose.CONTACT, wording_version=NEWEST_VERSION + 1))
    assert code is ProblemCode.VERSION
    assert f"the newest is {NEWEST_VERSION}" in sentence
    changed = answer(backend, consent(Purpose.CONTACT, given=False, wording_version=NEWEST_VERSION + 1))
    assert changed.given == ()


def test_the_words_come_in_the_language_that_is_asked_for(backend: Backend) -> None:
    told = answer(backend, memory.WordingsQuery(language=Language.ES), "kiosk_ui")
    assert (told.version, len(told.wordings)) == (NEWEST_VERSION, len(Purpose))
    assert all("tienda" in one.text for one in told.wordings)


def test_each_fact_can_be_corrected_and_deleted_by_its_own_shopper_only(backend: Backend) -> None:
    remembered(backend)
    remembered(backend, BEN)
    wish = next(one for one in seen(backend).facts if one.kind is FactKind.WISH)
    strange = memory.CorrectFact(shopper_id=BEN, fact_id=wish.fact_id, text="rye bread")
    assert "no fact" in refused(backend, strange)[1]
    assert not answer(backend, memory.DeleteFact(shopper_id=BEN, fact_id=wish.fact_id)).was_there
    correction = memory.CorrectFact(shopper_id=ANNA, fact_id=wish.fact_id, text="rye bread")
    answer(later(backend, 10.0), correction)
    corrected = next(one for one in seen(backend).facts if one.fact_id == wish.fact_id)
    assert (corrected.text, corrected.corrected_unix_s) == ("rye bread", TODAY_S)
    for was_there in (True, False):
        assert answer(backend, memory.DeleteFact(shopper_id=ANNA, fact_id=wish.fact_id)).was_there is was_there
    assert FactKind.WISH not in kinds(seen(backend))
    assert len(seen(backend, BEN).facts) == len(FactKind)


def test_nobody_reads_without_a_line_in_the_log_that_the_shopper_sees(backend: Backend) -> None:
    remembered(backend)
    answer(backend, memory.OpenMemory(shopper_id=ANNA, reader="robot-1", reason=Reason.ADVICE), "gateway")
    assert [(one.reader, one.reason, one.opened_unix_s) for one in seen(backend).accesses] == [
        ("admin: shopper", Reason.SHOPPER_ASKED, TODAY_S), ("gateway: robot-1", Reason.ADVICE, TODAY_S)
    ]  # fmt: skip
    assert refused(backend, memory.MemoryQuery(ticket="0" * 32))[0] is ProblemCode.FORBIDDEN


@pytest.mark.parametrize("reason", [Reason.SHOPPER_ASKED, Reason.CARE])
def test_a_robots_gateway_reads_for_advice_alone(backend: Backend, reason: Reason) -> None:
    remembered(backend)
    pretended = memory.OpenMemory(shopper_id=ANNA, reader="kiosk robot-1", reason=reason)
    code, sentence = refused(backend, pretended, "gateway")
    assert (code, sentence) == (
        ProblemCode.FORBIDDEN, f"the role gateway may not read a memory for the reason {reason.value}"
    )  # fmt: skip
    assert rows(backend, memory_accesses) == []
    advised = memory.OpenMemory(shopper_id=ANNA, reader="robot-1", reason=Reason.ADVICE)
    told = answer(backend, memory.MemoryQuery(ticket=answer(backend, advised, "gateway").ticket), "gateway")
    assert set(kinds(told)) == {FactKind.PURCHASE, FactKind.WISH}


def test_the_access_log_names_the_role_whatever_a_reader_calls_itself(backend: Backend) -> None:
    for role in ("gateway", "kiosk_ui"):
        pretended = memory.OpenMemory(shopper_id=ANNA, reader="admin: " + "x" * 57, reason=Reason.ADVICE)
        answer(backend, pretended, role)
    logged = [one.reader for one in seen(backend).accesses]
    assert logged == ["admin: shopper", "kiosk_ui: admin: " + "x" * 47, "gateway: admin: " + "x" * 48]


@pytest.mark.parametrize(("opener", "other"), [("kiosk_ui", "gateway"), ("gateway", "kiosk_ui"), ("admin", "web")])
def test_a_ticket_is_used_by_the_role_that_opened_it_alone(backend: Backend, opener: str, other: str) -> None:
    opening_it = memory.OpenMemory(shopper_id=ANNA, reader=f"{other}: r", reason=Reason.ADVICE)
    query = memory.MemoryQuery(ticket=answer(backend, opening_it, opener).ticket)
    code, sentence = refused(backend, query, other)
    assert (code, "ask for a new one" in sentence) == (ProblemCode.FORBIDDEN, True)
    assert answer(backend, query, opener).shopper_id == ANNA


def times_in(backend: Backend) -> set[float]:
    """Return every time in the tables that know shoppers by their numbers."""
    tables = (consents, facts, memory_accesses, data_keys)
    found = {value for table in tables for row in rows(backend, table) for value in row.values()}
    return {value for value in found if isinstance(value, float)}


def test_no_exact_time_stands_beside_a_shopper_when_the_tickets_have_ended(backend: Backend) -> None:
    remembered(backend)
    answer(backend, fact(FactKind.PURCHASE, happened_unix_s=NOW_S - 100_000.0))
    wish = next(one for one in seen(backend).facts if one.kind is FactKind.WISH)
    answer(backend, memory.CorrectFact(shopper_id=ANNA, fact_id=wish.fact_id, text="rye bread"))
    end_s = NOW_S + TICKET_LIVES_S
    assert {one for one in times_in(backend) if one % DAY_S} == {end_s}
    upkeep.sweep(backend.engine, end_s)
    assert end_s in times_in(backend)
    assert upkeep.sweep(backend.engine, end_s + 1.0) == 1
    assert {one for one in times_in(backend) if one % DAY_S} == set()
    assert [one.opened_unix_s for one in seen(backend).accesses] == [TODAY_S, TODAY_S]


def test_no_reply_that_is_kept_ties_a_fact_or_a_ticket_to_a_time(backend: Backend) -> None:
    remembered(backend)
    reading = memory.OpenMemory(shopper_id=ANNA, reader="shopper", reason=Reason.SHOPPER_ASKED)
    short = (reading, memory.OfferCardLink(shopper_id=ANNA), memory.OfferGreeting())
    lasting = (fact(FactKind.WISH), consent(Purpose.WISH_LIST))
    backend.write([asked(one, f"k{number}") for number, one in enumerate((*short, *lasting))])
    later(backend, TICKET_LIVES_S).forget_aged_replies()
    assert len(rows(backend, replies)) == 5
    later(backend, TICKET_LIVES_S + 1.0).forget_aged_replies()
    kept = rows(backend, replies)
    assert {row["request_key"] for row in kept} == {"k3", "k4"}
    assert {row["given_unix_s"] for row in kept} == {TODAY_S + DAY_S}


def test_the_facts_of_a_day_are_told_newest_first(backend: Backend) -> None:
    answer(backend, consent(Purpose.WISH_LIST))
    for number, age_s in enumerate((0.0, 90_000.0, 30.0, 20.0)):
        answer(backend, fact(FactKind.WISH, f"wish {number}", happened_unix_s=NOW_S - age_s))
    assert [one.text for one in seen(backend).facts] == ["wish 3", "wish 2", "wish 0", "wish 1"]


def test_a_ticket_ends(backend: Backend) -> None:
    opened = answer(backend, memory.OpenMemory(shopper_id=ANNA, reader="shopper", reason=Reason.SHOPPER_ASKED))
    query = memory.MemoryQuery(ticket=opened.ticket)
    assert answer(later(backend, TICKET_LIVES_S), query).shopper_id == ANNA
    assert "ask for a new one" in refused(later(backend, TICKET_LIVES_S + 1.0), query)[1]


@pytest.mark.parametrize(("reason", "expected"), [
    (Reason.ADVICE, {FactKind.PURCHASE, FactKind.WISH}),
    (Reason.CARE, {FactKind.E_MAIL, FactKind.PHONE, FactKind.WISH}),
    (Reason.SHOPPER_ASKED, set(FactKind)),
])  # fmt: skip
def test_a_reader_sees_only_what_the_reason_may_use(backend: Backend, reason: Reason, expected: set[FactKind]) -> None:
    remembered(backend)
    told = seen(backend, reason=reason)
    assert set(kinds(told)) == expected
    assert bool(told.accesses) is (reason is Reason.SHOPPER_ASKED)


def test_a_withdrawn_purpose_is_not_used_although_its_fact_is_kept_for_another(backend: Backend) -> None:
    remembered(backend)
    answer(backend, consent(Purpose.HISTORY_FOR_ADVICE, given=False))
    assert set(kinds(seen(backend, reason=Reason.ADVICE))) == {FactKind.WISH}


def test_a_fact_that_is_too_old_is_not_told_before_it_is_swept(backend: Backend) -> None:
    remembered(backend)
    told = seen(later(backend, KEPT_S[FactKind.WISH] + 1.0))
    assert set(kinds(told)) == {FactKind.CARD, FactKind.E_MAIL, FactKind.PHONE}


def test_a_fact_that_is_told_again_is_kept_once_and_its_key_is_of_one_shopper(backend: Backend) -> None:
    answer(backend, consent(Purpose.WISH_LIST))
    answer(backend, consent(Purpose.WISH_LIST, shopper_id=BEN))
    wish = fact(FactKind.WISH)
    assert answer(backend, wish) == answer(backend, wish)
    other = fact(FactKind.WISH, shopper_id=BEN, fact_key=wish.fact_key)
    assert "another shopper's" in refused(backend, other)[1]


def test_a_full_memory_lets_the_oldest_go(backend: Backend, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MAX_FACTS >= 1000
    monkeypatch.setattr(handlers.memory, "MAX_FACTS", 2)
    answer(backend, consent(Purpose.WISH_LIST))
    for number in range(4):
        answer(backend, fact(FactKind.WISH, f"wish {number}", happened_unix_s=NOW_S - 10.0 + number))
    assert [one.text for one in seen(backend).facts] == ["wish 3", "wish 2"]


def test_a_fact_that_was_changed_in_the_database_is_a_problem_and_not_the_end_of_the_process(backend: Backend) -> None:
    remembered(backend)
    opening_it = memory.OpenMemory(shopper_id=ANNA, reader="shopper", reason=Reason.SHOPPER_ASKED)
    ticket = answer(backend, opening_it).ticket
    first, second, *_ = rows(backend, facts)
    with backend.engine.begin() as connection:
        exchanged = update(facts).where(facts.c.fact_id == first["fact_id"]).values(sealed=second["sealed"])
        connection.execute(exchanged)
    code, sentence = refused(backend, memory.MemoryQuery(ticket=ticket))
    assert code is ProblemCode.FAILED
    assert "the vault refused MemoryQuery" in sentence
    assert "was changed since it was sealed" in sentence


def test_without_the_stores_keys_a_fact_is_refused_in_words(sqlite_backend: Backend) -> None:
    answer(sqlite_backend, consent(Purpose.WISH_LIST))
    code, sentence = refused(replace(sqlite_backend, key_file=None), fact(FactKind.WISH))
    assert code is ProblemCode.FAILED
    assert "opened without the store's keys" in sentence
    assert rows(sqlite_backend, facts) == []


def test_replies_that_are_kept_for_repeats_hold_nothing_personal(backend: Backend) -> None:
    remembered(backend)
    wish = fact(FactKind.WISH, "an unmistakable wish")
    ticket = memory.OpenMemory(shopper_id=ANNA, reader="shopper", reason=Reason.SHOPPER_ASKED)
    backend.write([asked(wish, "k1"), asked(ticket, "k2"), asked(memory.OfferCardLink(shopper_id=ANNA), "k3")])
    kept = [bytes(row["content"]) for row in rows(backend, replies)]
    assert len(kept) == 3
    assert not any(b"unmistakable" in content or ANNA.encode() in content for content in kept)


def test_every_service_is_the_same_with_and_without_a_card_and_consent(backend: Backend) -> None:
    services = (
        opening(), step("e1"), care.Feedback(session_id="s1", score=9), call("c1", "s1"),
        store.ProductQuery(product_id=MILK), store.StockQuery(product_ids=(MILK,)), store.ReplicaQuery(),
    )  # fmt: skip
    without = [answer(backend, one) for one in services]
    remembered(backend)
    assert [answer(backend, one) for one in services] == without


def test_no_service_has_a_place_for_a_shopper_or_a_card() -> None:
    """Outside the memory's own messages nobody could tell who has a card."""
    from store_backend.routing import ROUTES

    personal = {"shopper_id", "card"}
    services = [kind for kind in ROUTES if kind.__module__ != memory.__name__]
    assert services
    assert all(personal.isdisjoint(kind.__struct_fields__) for kind in services)
