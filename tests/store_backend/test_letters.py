from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisle import card_numbers
from aisle.messages.care import Channel
from aisle.messages.complaints import Contact, ContactKind
from store_backend.letters import MOST_BYTES, LetterProblem, read_letter

MAIL = (
    "From: Jo Doe <jo@example.org>\r\nSubject: Sour milk\r\nDate: Mon, 06 Nov 2017 10:00:00 +0100\r\n"
    "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nThe milk was sour. Grüße\r\n"
).encode()


def test_an_e_mail_is_read_and_its_sender_is_not_believed() -> None:
    letter = read_letter("a.eml", MAIL)
    assert (letter.channel, letter.text) == (Channel.E_MAIL, "Sour milk\nThe milk was sour. Grüße")
    assert letter.contact == Contact(kind=ContactKind.E_MAIL, address="jo@example.org", is_verified=False)
    assert letter.happened_unix_s == 1_509_958_800.0


def test_an_e_mail_without_plain_text_loses_its_tags_and_scripts() -> None:
    mail = b"From: a@b.de\r\nContent-Type: text/html\r\n\r\n<style>x{}</style><p>Too <b>loud</b> &amp; slow</p>"
    assert read_letter("a.eml", mail).text.split() == ["Too", "loud", "&", "slow"]
    assert read_letter("a.eml", mail).happened_unix_s is None


@pytest.mark.parametrize("table", [
    "<td>4111</td> <td>1111</td> <td>1111</td> <td>1111</td>",
    "<tr>\r\n      <td>4111</td>\r\n      <td>1111</td>\r\n      <td>1111</td>\r\n      <td>1111</td>\r\n   </tr>",
    "<td>4111</td><td>&nbsp;</td><td>1111</td><td>&nbsp;</td><td>1111</td><td>&nbsp;</td><td>1111</td>",
    "<b>4111</b>&#8211;1111&#8211;1111&#8211;1111",
])  # fmt: skip
def test_a_card_number_in_the_table_of_an_e_mail_is_masked(table: str) -> None:
    mail = b"From: a@b.de\r\nContent-Type: text/html\r\n\r\n<p>I paid with</p>" + table.encode() + b"<p>Bye</p>"
    assert read_letter("a.eml", mail).text.split() == f"I paid with {card_numbers.MASK} Bye".split()


def test_a_form_says_its_channel_and_may_say_that_a_contact_is_verified() -> None:
    content = (
        b'{"channel": "social", "text": "Too loud", "happened_unix_s": 5,'
        b' "contact": {"kind": "social", "address": "@jo", "is_verified": true}}'
    )
    letter = read_letter("a.JSON", content)
    assert (letter.channel, letter.text, letter.happened_unix_s) == (Channel.SOCIAL, "Too loud", 5.0)
    assert letter.contact == Contact(kind=ContactKind.SOCIAL, address="@jo", is_verified=True)


def test_a_text_file_is_a_call_note() -> None:
    assert read_letter("a.txt", b"Rief an: zu laut").channel is Channel.CALL_NOTES


def test_a_copy_of_a_file_is_the_same_message_and_another_file_is_not() -> None:
    assert read_letter("a.eml", MAIL).message_key == read_letter("copy.eml", MAIL).message_key
    assert read_letter("a.txt", b"a").message_key != read_letter("a.txt", b"b").message_key


@pytest.mark.parametrize(("name", "content", "words"), [
    ("a.pdf", b"x", r"only .eml, .json, .txt files are read"), ("a.txt", b" \n", "holds no text"),
    ("a.txt", b"\xff", "cannot be read"), ("a.json", b"{", "cannot be read"),
    ("a.json", b'{"channel": "pigeon", "text": "x"}', "pigeon"), ("a.txt", b"x" * (MOST_BYTES + 1), "at most"),
])  # fmt: skip
def test_a_file_that_is_no_complaint_is_named_with_the_reason(name: str, content: bytes, words: str) -> None:
    with pytest.raises(LetterProblem, match=words) as caught:
        read_letter(name, content)
    assert str(caught.value).startswith(f"{name}: ")


def test_a_text_that_is_too_long_says_that_it_was_cut() -> None:
    text = read_letter("a.txt", b"x" * 30_000).text
    assert len(text) == 20_000
    assert text.endswith(" [cut]")


@given(st.binary(max_size=300), st.sampled_from([".eml", ".json", ".txt"]))
def test_whatever_a_file_holds_it_is_a_complaint_or_a_problem(content: bytes, ending: str) -> None:
    try:
        letter = read_letter(f"a{ending}", content)
    except LetterProblem:
        return
    assert letter.text


def test_a_card_number_in_a_letter_is_removed_and_the_letter_is_kept() -> None:
    letter = read_letter("note.txt", b"Paid twice with 4111 1111 1111 1111, wants it back")
    assert letter.text == "Paid twice with [number removed], wants it back"


HTML = b"From: a@b.de\r\nContent-Type: text/html\r\n\r\n"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (b"a<br/>b<!-- c -->d", "a b d"),
        (b"<SCRIPT src=x>if (a < b) c</script >After", "After"),
        (b"<style>p{}</style><style>q{}</style>Seen", "Seen"),
        # What is left open hides nothing: it may be all that somebody wrote.
        (b"<style>Too loud", "Too loud"),
        (b"2 < 3 and no end", "2 < 3 and no end"),
        (b"<script><b>x</b></scr", "x"),
    ],
)
def test_of_a_page_what_a_reader_sees_is_kept(html: bytes, text: str) -> None:
    assert read_letter("m.eml", HTML + html).text == text


@pytest.mark.parametrize("page", [b"<", b"<script ", b"<style>", b"<a", b"</", b"&", b" \n"])
def test_a_page_that_repeats_one_thing_a_hundred_thousand_times_is_read_or_refused_at_once(page: bytes) -> None:
    # What looks at the rest of the page for each of them would take hours.
    with suppress(LetterProblem):
        assert len(read_letter("m.eml", HTML + page * 100_000).text) <= 20_000


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (b"From: " + b"a," * 100_000, "From"),
        (b"Subject: " + b"=?utf-8?q?a?= " * 30_000, "Subject"),
        (b"Content-Type: text/html" + b";a=b" * 100_000, "Content-Type"),
        (b"X: y\rcontent-disposition: a" + b";a=b" * 100_000, "content-disposition"),
        (b"Date: 1\r\n " + b"1 " * 2_000, "Date"),
    ],
)
def test_a_header_that_would_take_for_ever_is_named_with_its_limit(header: bytes, name: str) -> None:
    with pytest.raises(LetterProblem, match=rf"m\.eml: cannot be read: the header {name} has \d+ bytes, at most 2000"):
        read_letter("m.eml", header + b"\r\n\r\nhello")


def test_parts_that_lie_too_deep_in_each_other_are_said_to() -> None:
    parts = (f"Content-Type: multipart/mixed; boundary=a{depth}\n\n--a{depth}\n" for depth in range(3_000))
    with pytest.raises(LetterProblem, match="too deep"):
        read_letter("m.eml", "".join(parts).encode() + b"\nhello")
