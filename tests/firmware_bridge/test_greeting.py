from __future__ import annotations

import msgspec
import pytest

from aisle.robot_model import RobotModel
from aisle_firmware_bridge.dictionary import MOST_BYTES, OWN_DICTIONARY
from aisle_firmware_bridge.greeting import Acquaintance, mismatches
from aisle_firmware_bridge.protocol import DictionaryPage
from tests.firmware_bridge.introductions import identity_of

TEXT = OWN_DICTIONARY.encode()


def met(robot: RobotModel, *pages: tuple[int, bytes]) -> Acquaintance:
    acquaintance = Acquaintance(7)
    acquaintance.meet(identity_of(robot, OWN_DICTIONARY))
    for start, text in pages:
        acquaintance.read(DictionaryPage(7, start, text))
    return acquaintance


def test_a_fitting_base_has_no_mismatch(robot: RobotModel) -> None:
    faster = msgspec.structs.replace(robot, limits=msgspec.structs.replace(robot.limits, speed_mps=1.5))
    identity = identity_of(robot, OWN_DICTIONARY)
    assert mismatches(identity, robot, known_board=1) == mismatches(identity, faster) == ()


def test_a_whole_dictionary_in_order_is_accepted(robot: RobotModel) -> None:
    assert met(robot, (0, TEXT[:900]), (900, TEXT[900:])).verdict(robot, None) == ()


def test_a_lost_page_may_come_later(robot: RobotModel) -> None:
    assert met(robot, (900, TEXT[900:]), (0, TEXT[:900])).verdict(robot, None) == ()


@pytest.mark.parametrize("pages", [(), ((0, TEXT[:900]),), ((900, TEXT[900:]),), ((0, TEXT[:899]), (900, TEXT[900:]))])
def test_nothing_is_decided_before_all_pages_came(robot: RobotModel, pages: tuple[tuple[int, bytes], ...]) -> None:
    assert met(robot, *pages).verdict(robot, None) is None


def test_a_second_hello_brings_only_what_was_missing(robot: RobotModel) -> None:
    acquaintance = met(robot, (0, TEXT[:900]))
    acquaintance.meet(identity_of(robot, OWN_DICTIONARY))
    acquaintance.read(DictionaryPage(7, 900, TEXT[900:]))
    assert acquaintance.verdict(robot, None) == ()


def test_pages_of_another_dictionary_are_forgotten(robot: RobotModel) -> None:
    acquaintance = met(robot, (0, TEXT[:900]))
    acquaintance.meet(identity_of(robot, OWN_DICTIONARY + "# more\n"))
    acquaintance.read(DictionaryPage(7, 900, TEXT[900:]))
    assert acquaintance.verdict(robot, None) is None


def test_no_page_beyond_the_largest_dictionary_is_kept(robot: RobotModel) -> None:
    acquaintance = met(robot, *((start, b"x") for start in range(0, 65_000, 100)))
    assert len(acquaintance._pages) <= MOST_BYTES // 100 + 1


def test_a_page_of_another_session_is_left_out(robot: RobotModel) -> None:
    acquaintance = met(robot)
    assert not acquaintance.hear(DictionaryPage(6, 0, TEXT))
    assert acquaintance.verdict(robot, None) is None


def test_a_dictionary_that_does_not_fit_its_check_sum_is_refused(robot: RobotModel) -> None:
    [reason] = met(robot, (0, TEXT[:-1] + b"?")).verdict(robot, None) or ()
    assert "check sum" in reason


def test_a_version_is_judged_before_the_dictionary(robot: RobotModel) -> None:
    acquaintance = Acquaintance(7)
    acquaintance.meet(identity_of(robot, OWN_DICTIONARY)._replace(protocol=9))
    assert acquaintance.verdict(robot, None) == ("it speaks protocol 9, this host 2: update the older one",)


def test_many_differences_are_told_in_few_words(robot: RobotModel) -> None:
    other = OWN_DICTIONARY.replace("_radps", "_rpm")
    acquaintance = Acquaintance(7)
    acquaintance.meet(identity_of(robot, other))
    acquaintance.read(DictionaryPage(7, 0, other.encode()))
    reasons = acquaintance.verdict(robot, None)
    assert reasons is not None
    assert len(reasons) == 4
    assert "more difference" in reasons[-1]
