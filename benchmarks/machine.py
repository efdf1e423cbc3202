"""The machine that a figure was taken on: a figure without it says nothing."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec


class Machine(msgspec.Struct, frozen=True):
    """Processor, cores that may be used, load when the benchmark started, system and Python."""

    cpu: str
    cores: int
    load_1min: float
    system: str
    python: str

    def __str__(self) -> str:
        return f"{self.cpu}, {self.cores} cores, load {self.load_1min:.1f}, {self.system}, Python {self.python}"


def this_machine() -> Machine:
    """Describe the machine and how busy it is now."""
    return Machine(
        cpu=cpu_model(Path("/proc/cpuinfo")),
        cores=len(os.sched_getaffinity(0)),
        load_1min=os.getloadavg()[0],
        system=f"{platform.system()} {platform.machine()}",
        python=platform.python_version(),
    )


def cpu_model(cpuinfo: Path) -> str:
    """Return the processor's name as the kernel gives it, "unknown processor" where it gives none."""
    if cpuinfo.is_file():
        for line in cpuinfo.read_text(errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return "unknown processor"


@contextmanager
def one_core() -> Iterator[None]:
    """Keep this process, and the threads it starts meanwhile, on a single core."""
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(allowed)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)
