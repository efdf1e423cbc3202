from __future__ import annotations

import ctypes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisle_firmware_bridge.dictionary import OWN_DICTIONARY, differences, message_fields
from aisle_firmware_bridge.firmware_build import FirmwarePaths
from aisle_firmware_bridge.protocol import Bumpers, Cliffs, Contacts, Faults, Mode, Parameter, Result, StopChain


def test_host_and_firmware_have_the_same_dictionary(firmware_paths: FirmwarePaths) -> None:
    library = ctypes.CDLL(str(firmware_paths.library))
    count = ctypes.c_size_t.in_dll(library, "DICTIONARY_BYTES").value
    assert (ctypes.c_char * count).in_dll(library, "DICTIONARY").raw == OWN_DICTIONARY.encode()


@pytest.mark.parametrize(
    ("here", "there", "sentence"),
    [
        (
            "battery_mv:u16:mV",
            "battery_mv:u32:mV",
            "message status has 'battery_mv' as u16 in mV here and 'battery_mv' as u32 in mV in the base, in place 8",
        ),
        ("last_command:u16:- ", "", "message status has 'last_command' as u16 here and 'frames_rejected'"),
        ("= 7 status_period:us\n", "", "only this host knows the parameter 7"),
        ("= 7 status_period:us\n", "= 7 status_period:us\n= 99 horn:-\n", "only the base knows the parameter 99"),
        ("> 02 arm ", "> 02 honk ", "what is the message arm here is the message honk in the base"),
        ("driving latched", "latched driving", "list mode has 'driving' here and 'latched' in the base, in place 3"),
    ],
)
def test_a_difference_is_named_in_a_sentence(here: str, there: str, sentence: str) -> None:
    [found] = differences(OWN_DICTIONARY.replace(here, there, 1).encode())
    assert sentence in found


@given(st.binary(max_size=300))
def test_no_text_is_taken_for_ours_but_ours(text: bytes) -> None:
    assert differences(text)


@given(st.integers(0, len(OWN_DICTIONARY) - 1), st.characters(codec="ascii"))
def test_every_changed_letter_is_noticed(place: int, letter: str) -> None:
    changed = OWN_DICTIONARY[:place] + letter + OWN_DICTIONARY[place + 1 :]
    assert bool(differences(changed.encode())) == (changed != OWN_DICTIONARY)


def test_an_unknown_message_is_said_so() -> None:
    with pytest.raises(KeyError, match="no message 0x7f"):
        message_fields(0x7F)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("mode", Mode),
        ("faults", Faults),
        ("bumpers", Bumpers),
        ("cliffs", Cliffs),
        ("contacts", Contacts),
        ("stop_chain", StopChain),
        ("result", Result),
    ],
)
def test_the_enums_have_the_words_of_the_dictionary(name: str, words: type) -> None:
    [line] = [line for line in OWN_DICTIONARY.splitlines() if line.startswith(f"# {name} ")]
    assert [word.name.lower() for word in words] == line.split()[2:]  # type: ignore[attr-defined]


def test_the_parameters_have_the_numbers_of_the_dictionary() -> None:
    lines = [line.split() for line in OWN_DICTIONARY.splitlines() if line.startswith("= ")]
    assert [(int(number), name.split(":")[0]) for _, number, name in lines] == [
        (int(parameter), parameter.name.lower()) for parameter in Parameter
    ]
