import os
from pathlib import Path

from benchmarks.machine import cpu_model, one_core, this_machine


def test_the_processor_is_named_as_the_kernel_names_it(tmp_path: Path) -> None:
    cpuinfo = tmp_path / "cpuinfo"
    cpuinfo.write_text("processor\t: 0\nmodel name\t: Famous: Processor 3000\n")
    assert cpu_model(cpuinfo) == "Famous: Processor 3000"


def test_a_processor_without_a_name_is_unknown(tmp_path: Path) -> None:
    assert cpu_model(tmp_path / "nothing") == "unknown processor"


def test_one_core_is_given_back() -> None:
    before = os.sched_getaffinity(0)
    with one_core():
        assert len(os.sched_getaffinity(0)) == 1
        assert this_machine().cores == 1
    assert os.sched_getaffinity(0) == before
