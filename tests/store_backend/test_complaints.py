"""Complaints across channels and the backlog: joined by verified contacts and staff alone, sealed, counted by week."""

from __future__ import annotations

import string
import threading
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisle.messages import ProblemCode, complaints, journey, staff
from aisle.messages.care import Channel
from aisle.messages.complaints import ComplaintState, Contact, ContactKind, TakeComplaint, Theme
from store_backend.backend import Backend
from store_backend.complaints import day_text, monday_of, same_form, themes_of, verified_address
from store_backend.tables import complaint_messages, metadata
from tests.store_backend.steps import NOW_S, answer, refused, rows

MAIL = Contact(kind=ContactKind.E_MAIL, address="Jo.Doe@Example.org", is_verified=True)
SAME_MAIL = Contact(kind=ContactKind.E_MAIL, address=" jo.doe@example.org", is_verified=True)
CLAIMED_MAIL = Contact(kind=ContactKind.E_MAIL, address="jo.doe@example.org")
SECRET = "unmistakable quokka"


def take(backend: Backend, key: str, contact: Contact | None = None, **changes: Any) -> int:
    command = TakeComplaint(**{
        "message_key": key, "channel": Channel.WEB_FORM, "text": f"The milk was sour, {SECRET}", "contact": contact,
        **changes,
    })  # fmt: skip
    taken = answer(backend, command)
    assert isinstance(taken, complaints.ComplaintTaken), taken
    return taken.complaint_id


def thread(backend: Backend, complaint_id: int, **query: Any) -> complaints.Thread:
    shown = answer(backend, complaints.ThreadQuery(complaint_id=complaint_id, **query))
    assert isinstance(shown, complaints.Thread)
    return shown


def test_one_verified_contact_has_one_thread_across_channels_in_the_order_of_writing(backend: Backend) -> None:
    first = take(backend, "m1", MAIL)
    assert take(backend, "m2", SAME_MAIL, channel=Channel.SOCIAL, happened_unix_s=NOW_S - 50.0) == first
    shown = thread(backend, first)
    assert [one.channel for one in shown.messages] == [Channel.SOCIAL, Channel.WEB_FORM]
    assert shown.messages[1].text == f"The milk was sour, {SECRET}"
    assert shown.messages[1].contact == MAIL.address


@pytest.mark.parametrize(("one", "other"), [
    (CLAIMED_MAIL, CLAIMED_MAIL), (MAIL, CLAIMED_MAIL), (CLAIMED_MAIL, MAIL), (None, None),
    (MAIL, Contact(kind=ContactKind.SOCIAL, address=MAIL.address, is_verified=True)),
    (MAIL, Contact(kind=ContactKind.E_MAIL, address="jo.d0e@example.org", is_verified=True)),
])  # fmt: skip
def test_likeness_never_joins(backend: Backend, one: Contact | None, other: Contact | None) -> None:
    assert take(backend, "m1", one) != take(backend, "m2", other)


def test_staff_join_what_they_know_to_be_one(backend: Backend) -> None:
    first, second = take(backend, "m1", CLAIMED_MAIL), take(backend, "m2", channel=Channel.CALL_NOTES)
    join = complaints.JoinComplaints(complaint_id=first, other_id=second, staff_id="7")
    assert answer(backend, join).complaint_id == first
    assert thread(backend, first).message_count == 2
    assert thread(backend, second).state is ComplaintState.JOINED
    assert refused(backend, join) == (ProblemCode.ALREADY, "complaint 2 was joined into 1; use that one")
    same = complaints.JoinComplaints(complaint_id=first, other_id=first, staff_id="7")
    assert "is the same complaint" in refused(backend, same)[1]


def test_a_message_that_comes_again_is_kept_once(backend: Backend) -> None:
    assert take(backend, "m1") == take(backend, "m1") == 1
    assert len(rows(backend, complaint_messages)) == 1


def test_what_a_contact_writes_after_the_solution_opens_a_new_complaint(backend: Backend) -> None:
    first = take(backend, "m1", MAIL)
    answer(backend, complaints.SolveComplaint(complaint_id=first, staff_id="7"))
    second = take(backend, "m2", MAIL)
    assert second != first
    listed = answer(backend, complaints.ComplaintsQuery()).complaints
    assert [one.complaint_id for one in listed] == [second]
    both = answer(backend, complaints.ComplaintsQuery(also_solved=True)).complaints
    assert [one.state for one in both] == [ComplaintState.OPEN, ComplaintState.SOLVED]


def test_neither_text_nor_contact_lies_open_in_any_table(backend: Backend) -> None:
    take(backend, "m1", MAIL, text=f"This is outrageous, {SECRET}")
    answer(backend, complaints.TakeSuggestion(suggestion_key="g1", channel=Channel.KIOSK, text=SECRET))
    everything = repr([list(row.values()) for table in metadata.sorted_tables for row in rows(backend, table)]).lower()
    assert SECRET not in everything
    assert "example.org" not in everything


def test_who_is_erased_cannot_be_read_or_found_again(backend: Backend) -> None:
    first = take(backend, "m1", MAIL)
    answer(backend, complaints.EraseContact(complaint_id=first))
    (message,) = thread(backend, first).messages
    assert (message.text, message.contact) == (None, None)
    again = take(backend, "m2", MAIL)
    assert again != first
    assert thread(backend, again).messages[0].contact == MAIL.address


@pytest.mark.integration
def test_two_first_messages_of_one_contact_at_once_make_one_thread(backend: Backend) -> None:
    taken: list[int] = []
    for number in range(20):
        contact = msgspec.structs.replace(MAIL, address=f"{number}@example.org")
        both = threading.Barrier(2)

        def send(half: int, contact: Contact = contact, both: threading.Barrier = both, number: int = number) -> None:
            both.wait()
            taken.append(take(backend, f"m{number}-{half}", contact))

        senders = [threading.Thread(target=send, args=(half,)) for half in range(2)]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
    assert len(taken) == 40
    assert len(set(taken)) == 20


def test_a_message_with_a_card_number_is_not_taken_in() -> None:
    with pytest.raises(ValueError, match="holds a card number"):
        TakeComplaint(message_key="m1", channel=Channel.WEB_FORM, text="I paid with 4111 1111 1111 1111")


def test_an_angry_message_raises_an_alert_that_does_not_quote_it(backend: Backend) -> None:
    take(backend, "m1", text=f"This is unacceptable! {SECRET}", channel=Channel.E_MAIL)
    take(backend, "m2")
    (card,) = answer(backend, staff.AlertsQuery()).alerts
    assert (card.rule, card.about) == (staff.Rule.ANGRY_TEXT, "complaint 1")
    assert card.story == "An angry message came by e mail: read complaint 1."


def test_a_long_thread_is_shown_page_by_page_and_each_page_fits_into_a_message(backend: Backend) -> None:
    for number in range(12):
        take(backend, f"m{number}", MAIL, text="€" * 20_000, happened_unix_s=NOW_S - 100.0 + number)
    assert [len(thread(backend, 1, first=begin).messages) for begin in (0, 10)] == [10, 2]


@pytest.mark.parametrize("command", [
    complaints.ThreadQuery(complaint_id=9), complaints.SolveComplaint(complaint_id=9, staff_id="7"),
    complaints.EraseContact(complaint_id=9), complaints.JoinComplaints(complaint_id=9, other_id=8, staff_id="7"),
])  # fmt: skip
def test_a_complaint_that_is_not_there_is_named(backend: Backend, command: Any) -> None:
    assert refused(backend, command)[1] == "there is no complaint 9; ask for the complaints"


@pytest.mark.parametrize(("kind", "one", "other"), [
    (ContactKind.PHONE, "+49 (30) 1234-5", "0049 30 12345"), (ContactKind.SOCIAL, "@Jo", "@jo "),
])  # fmt: skip
def test_two_ways_to_write_an_address_are_one(kind: ContactKind, one: str, other: str) -> None:
    first, second = (same_form(Contact(kind=kind, address=address)) for address in (one, other))
    assert first.lstrip("+").removeprefix("00") == second.lstrip("+").removeprefix("00")


@given(st.text(string.printable, min_size=1, max_size=50))
def test_an_address_that_nobody_verified_joins_nothing(address: str) -> None:
    assert verified_address(Contact(kind=ContactKind.E_MAIL, address=address)) is None


@pytest.mark.parametrize(("text", "themes"), [
    ("I could not find the shelf", {Theme.SEARCH, Theme.SHELF}),
    ("Der Roboter war zu laut", {Theme.ROBOT, Theme.ACCESS}), ("Demasiado caro", {Theme.PRICE}),
    ("La caisse était fermée", {Theme.PAYMENT}), ("Lovely!", {Theme.OTHER}),
])  # fmt: skip
def test_words_name_themes_in_each_language(text: str, themes: set[Theme]) -> None:
    assert set(themes_of(text)) == themes


@given(st.integers(0, 4_000_000_000))
def test_a_week_begins_on_a_monday_and_holds_its_days(unix_s: int) -> None:
    monday = monday_of(float(unix_s))
    assert 0 <= unix_s // 86_400 - monday < 7
    assert (monday + 3) % 7 == 0


def test_suggestions_are_counted_by_week_and_theme_as_staff_corrected_them(backend: Backend) -> None:
    texts = ("The robot is slow", "The robot is loud", "Nice")
    for number, text in enumerate(texts):
        command = complaints.TakeSuggestion(suggestion_key=f"g{number}", channel=Channel.KIOSK, text=text)
        assert answer(backend, command, "kiosk_ui") == answer(backend, command, "kiosk_ui")
    answer(backend, complaints.TagSuggestion(suggestion_id=3, themes=(Theme.STAFF, Theme.STAFF)))
    period = journey.Period(since_unix_s=0.0, until_unix_s=2 * NOW_S)
    counts = answer(backend, complaints.ThemesQuery(period=period)).counts
    monday = day_text(monday_of(NOW_S))
    assert [(one.monday, one.theme, one.n) for one in counts] == [
        (monday, Theme.ACCESS, 1), (monday, Theme.ROBOT, 2), (monday, Theme.STAFF, 1),
    ]  # fmt: skip
    shown = answer(backend, complaints.BacklogQuery(theme=Theme.ROBOT)).suggestions
    assert [one.text for one in shown] == ["The robot is loud", "The robot is slow"]


def test_a_suggestion_that_was_erased_cannot_be_read_and_stays_counted(backend: Backend) -> None:
    answer(backend, complaints.TakeSuggestion(suggestion_key="g1", channel=Channel.KIOSK, text="The robot is slow"))
    erased = answer(backend, complaints.EraseSuggestion(suggestion_id=1))
    assert erased == complaints.SuggestionTaken(suggestion_id=1, themes=(Theme.ROBOT,))
    (shown,) = answer(backend, complaints.BacklogQuery(theme=Theme.ROBOT)).suggestions
    assert shown.text is None
    code, sentence = refused(backend, complaints.EraseSuggestion(suggestion_id=9))
    assert (code, sentence) == (ProblemCode.FAILED, "there is no suggestion 9; ask for the backlog")
