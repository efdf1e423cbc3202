"""The rules of consent, for any ledger."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisle.messages.memory import FactKind, Language, Purpose, Reason
from store_backend import memory, wordings
from store_backend.consent import PURPOSES_OF, ConsentEntry, after_withdrawal, allowed, kept_for, state_of
from store_backend.memory import Content

ENTRIES = st.builds(ConsentEntry, st.sampled_from(Purpose), st.booleans(), st.floats(0, 1e9), st.just(1))
PURPOSES = st.frozensets(st.sampled_from(Purpose))


def test_everything_is_off_by_default() -> None:
    assert allowed(state_of([])) == frozenset()
    assert all(kept_for(kind, frozenset()) == frozenset() for kind in FactKind)


@given(ledger=st.lists(ENTRIES), last=ENTRIES)
def test_the_last_line_of_a_purpose_counts_and_touches_no_other(ledger: list[ConsentEntry], last: ConsentEntry) -> None:
    before, after = allowed(state_of(ledger)), allowed(state_of([*ledger, last]))
    assert (last.purpose in after) is last.given
    assert before - {last.purpose} == after - {last.purpose}


@given(kept=st.dictionaries(st.integers(0, 99), PURPOSES), withdrawn=st.sampled_from(Purpose))
def test_a_withdrawal_touches_what_was_kept_for_it_and_leaves_no_trace_of_it(
    kept: dict[int, frozenset[Purpose]], withdrawn: Purpose
) -> None:
    rest = after_withdrawal(kept, withdrawn)
    assert set(rest) == {number for number, purposes in kept.items() if withdrawn in purposes}
    assert all(rest[number] | {withdrawn} == kept[number] and withdrawn not in rest[number] for number in rest)


@given(kind=st.sampled_from(FactKind), purposes=PURPOSES)
def test_a_fact_is_kept_only_for_what_is_allowed_and_made_for_its_kind(
    kind: FactKind, purposes: frozenset[Purpose]
) -> None:
    assert kept_for(kind, purposes) == purposes & PURPOSES_OF[kind]


@pytest.mark.parametrize("version", wordings.VERSIONS)
@pytest.mark.parametrize("language", Language)
def test_every_purpose_has_words_of_its_own_in_every_language(version: int, language: Language) -> None:
    texts = wordings.texts_of(language, version)
    assert set(texts) == set(Purpose)
    assert len({wordings.texts_of(other, version)[purpose] for other in Language for purpose in Purpose}) == 16
    assert all(text.strip() and text[-1] in string.punctuation for text in texts.values())


@given(text=st.text(max_size=150), product_id=st.none() | st.integers(0, 2**63 - 1))
def test_the_sealed_part_of_a_fact_comes_back(text: str, product_id: int | None) -> None:
    content = Content(text, product_id)
    assert memory.unpacked(memory.packed(content)) == content


@given(shopper_id=st.text("0123456789abcdef", min_size=32, max_size=32))
def test_the_vaults_owner_leads_back_to_the_shopper(shopper_id: str) -> None:
    assert memory.shopper_of(memory.owner_of(shopper_id)) == shopper_id
    assert memory.shopper_of(f"contact-{shopper_id}") is None


def test_every_kind_of_fact_and_every_reason_has_its_rule() -> None:
    assert set(memory.KEPT_S) == set(PURPOSES_OF) == set(FactKind)
    assert all(memory.readable([], reason, frozenset(Purpose), 0.0) == () for reason in Reason)
