from __future__ import annotations

import math

import pytest

from aisle_firmware_bridge.firmware_build import FirmwareBuildError, FuzzReport, ToolMissing
from benchmarks import fuzz
from benchmarks.peer_environment import PeerProblem
from benchmarks.rows import BenchmarkProblem, Request


def asked(monkeypatch: pytest.MonkeyPatch, request: Request) -> list[int]:
    """Return how many inputs each fuzzer was asked for."""
    inputs: list[int] = []

    def note(count: int) -> FuzzReport:
        inputs.append(count)
        return FuzzReport(count, 1.0)

    monkeypatch.setattr(fuzz, "_fuzz_firmware", note)
    monkeypatch.setattr(fuzz, "_fuzz_host", note)
    assert [row.value for row in fuzz.run(request)] == inputs
    return inputs


def test_both_parsers_get_ten_million_inputs_or_as_many_as_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    assert asked(monkeypatch, Request()) == [10_000_000] * 2
    assert asked(monkeypatch, Request(options={"--inputs": "123"})) == [123] * 2


@pytest.mark.parametrize(
    "problem", [ToolMissing("'clang' not found; the fuzzer needs libFuzzer"), PeerProblem("no uv")]
)
def test_a_fuzzer_that_is_not_installed_has_no_figure_and_says_why(problem: Exception) -> None:
    def fail() -> FuzzReport:
        raise problem

    row = fuzz._row("firmware", "fuzz_firmware", fail)
    assert math.isnan(row.value)
    assert str(problem) in row.note


def test_a_fuzzer_that_broke_something_ends_the_benchmark() -> None:
    def fail() -> FuzzReport:
        raise FirmwareBuildError("the fuzzer ended early: AddressSanitizer")

    with pytest.raises(BenchmarkProblem, match=r"firmware broke: .*AddressSanitizer"):
        fuzz._row("firmware", "fuzz_firmware", fail)
