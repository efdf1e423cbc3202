"""The supervisor with real processes: small Python scripts in the place of a store's."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import pytest

from aisle import channels, paths
from aisle.geometry import Pose2
from apps import supervisor as supervisor_module
from apps.processes import Condition, Exists, Process, Runs, Says, Site
from apps.supervisor import StartProblem, Step, Supervisor, supervised

pytestmark = pytest.mark.integration

PORT_BASE = 9250
WORK = "import signal; signal.pause()"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); {WORK}"
PARENT = (
    "import subprocess, sys\n"
    "child = subprocess.Popen([sys.executable, '-c', sys.argv[1]])\n"
    "open('child', 'w').write(str(child.pid))\n"
    f"{WORK}"
)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.setattr(supervisor_module, "_GRACE_S", 0.5)
    here = Pose2(0.0, 0.0, 0.0)
    return Site(tmp_path, tmp_path, tmp_path / "run", here, here, paths.reference_robot(), tmp_path)


def script(
    name: str, code: str, *arguments: str, ready: Condition | None = None, within_s: float = 20.0, respawn: bool = False
) -> Process:
    def command(_site: Site) -> list[str]:
        return [sys.executable, "-c", code, *arguments]

    return Process(name, "test", "", "", command, ready or Runs(), within_s, respawn)


def file(name: str) -> Exists:
    return Exists(lambda site: site.run_dir / name)


@asynccontextmanager
async def running(site: Site, *processes: Process, steps: list[Step] | None = None) -> AsyncIterator[Supervisor]:
    note = steps.append if steps is not None else lambda _step: None
    async with supervised(site, processes, PORT_BASE, note) as supervisor:
        yield supervisor


async def until(holds: Callable[[], bool], limit_s: float = 20.0) -> None:
    async with asyncio.timeout(limit_s):
        while not holds():
            await asyncio.sleep(0.05)


def is_alive(pid: int) -> bool:
    return psutil.pid_exists(pid) and bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)


def test_the_next_process_starts_only_when_the_one_before_is_ready(site: Site) -> None:
    late = "import threading; threading.Event().wait(0.5); open('first', 'w').close(); " + WORK
    looks = "import os; open('second', 'w').write(str(os.path.exists('first'))); " + WORK
    steps: list[Step] = []

    async def play() -> None:
        processes = (script("first", late, ready=file("first")), script("second", looks, ready=file("second")))
        async with running(site, *processes, steps=steps):
            await until(lambda: (site.run_dir / "second").read_text() != "")

    asyncio.run(play())
    assert (site.run_dir / "second").read_text() == "True"
    assert [(step.name, step.state) for step in steps] == [
        ("first", "starting"),
        ("first", "ready"),
        ("second", "starting"),
        ("second", "ready"),
    ]


def test_a_process_that_ends_at_start_is_named_with_the_end_of_its_log_and_nothing_is_left(site: Site) -> None:
    dies = "print('there is no map'); raise SystemExit(3)"
    pids: list[int] = []
    steps: list[Step] = []

    async def play() -> None:
        runner = Supervisor(
            site, (script("good", WORK), script("bad", dies, ready=file("never"))), PORT_BASE, steps.append
        )
        try:
            await runner.start()
        finally:
            pids.extend(runner.pids().values())
            await runner.stop()

    with pytest.raises(StartProblem, match=r"(?s)bad ended; its log .*bad\.log ends:\nthere is no map"):
        asyncio.run(play())
    assert steps[-1] == Step("bad", "failed")
    assert pids
    assert not any(is_alive(pid) for pid in pids)


def test_a_process_that_is_never_ready_is_named_with_the_limit(site: Site) -> None:
    async def play() -> None:
        async with running(
            site, script("slow", f"print('warming up', flush=True); {WORK}", ready=file("x"), within_s=2)
        ):
            pass

    with pytest.raises(StartProblem, match=r"(?s)slow was not ready within 2 s; .*warming up"):
        asyncio.run(play())


def test_a_deaf_process_and_its_deaf_child_are_gone_after_the_stop(site: Site) -> None:
    pids: list[int] = []

    async def play() -> None:
        deaf = script("deaf", STUBBORN, ready=Says("deaf"))
        parent = script("parent", PARENT, STUBBORN, ready=Says("deaf"))
        async with running(site, deaf, parent) as supervisor:
            pids.extend(supervisor.pids().values())
            pids.append(int((site.run_dir / "child").read_text()))

    asyncio.run(play())
    assert len(pids) == 3
    assert not any(is_alive(pid) for pid in pids)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_process_that_falls_comes_back_only_where_the_table_says_so(site: Site) -> None:
    async def play() -> None:
        async with running(site, script("back", WORK, respawn=True), script("gone", WORK)) as supervisor:
            before = supervisor.pids()
            for pid in before.values():
                psutil.Process(pid).kill()
            await until(lambda: supervisor.pids().get("back", before["back"]) != before["back"])
            await until(lambda: supervisor.fallen(0.0) == ["gone"])

    asyncio.run(play())
    # Circus leaves the pipes of a fallen process to the garbage collector, which says so: here, not in the next test.
    gc.collect()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_killed_process_that_comes_back_is_never_reported_as_fallen(site: Site) -> None:
    async def play() -> None:
        async with running(site, script("back", WORK, respawn=True)) as supervisor:
            before = supervisor.pids()["back"]
            psutil.Process(before).kill()
            reports: list[str] = []

            def is_back() -> bool:
                reports.extend(supervisor.fallen(asyncio.get_running_loop().time()))
                return supervisor.pids().get("back", before) != before

            await until(is_back)
            assert reports == []

    asyncio.run(play())
    gc.collect()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_process_that_finishes_with_code_zero_is_not_started_again(site: Site) -> None:
    async def play() -> None:
        shut = "open('runs', 'a').write('x')"
        async with running(site, script("window", shut, ready=file("runs"), respawn=True)) as supervisor:
            await until(lambda: supervisor.has_finished("window"))
            await until(lambda: supervisor.fallen(0.0) == ["window"])

    asyncio.run(play())
    assert (site.run_dir / "runs").read_text() == "x"
    gc.collect()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_process_that_falls_again_and_again_is_given_up(site: Site) -> None:
    async def play() -> None:
        falls = "open('runs', 'a').write('x'); import time; time.sleep(0.8); raise SystemExit(1)"
        async with running(site, script("sick", falls, ready=file("runs"), respawn=True)) as supervisor:
            await until(lambda: supervisor.fallen(0.0) == ["sick"])
            assert not supervisor.has_finished("sick")

    asyncio.run(play())
    assert (site.run_dir / "runs").read_text() == "x" * 6
    gc.collect()


def test_a_process_that_falls_while_another_one_starts_ends_the_start_at_once(site: Site) -> None:
    async def play() -> None:
        dies = script("dies", "print('no laser'); raise SystemExit(1)", respawn=True)
        async with running(site, dies, script("waits", WORK, ready=file("never"))):
            pass

    with pytest.raises(StartProblem, match=r"(?s)dies ended; its log .*no laser"):
        asyncio.run(play())


def test_the_log_of_the_process_that_another_one_blames_is_shown(site: Site) -> None:
    async def play() -> None:
        navigator = script("navigator", f"print('there is no map', flush=True); {WORK}", ready=Says("no map"))
        blames = "print('navigator did not start; its own log says why'); raise SystemExit(1)"
        async with running(site, navigator, script("manager", blames, ready=file("never"))):
            pass

    with pytest.raises(StartProblem, match=r"(?s)manager ended; .*the log of navigator .*there is no map"):
        asyncio.run(play())


def test_a_port_that_somebody_listens_at_is_one_line_before_anything_starts(site: Site) -> None:
    steps: list[Step] = []

    async def play() -> None:
        async with running(site, script("one", WORK), steps=steps):
            pass

    with socket.socket() as other:
        other.bind(("127.0.0.1", PORT_BASE + channels.GATEWAY.port_offset))
        other.listen()
        with pytest.raises(StartProblem, match=r"^port 9261 of the channel gateway is taken: .*AISLE_PORT_BASE"):
            asyncio.run(play())
    assert steps == []


TABLE = """
import asyncio, sys, tempfile
from pathlib import Path
from aisle import paths
from aisle.geometry import Pose2
from apps.processes import Process, Runs, Site
from apps.supervisor import ToldToStop, supervised, unless_told_to_stop

folder = Path(sys.argv[1])
here = Pose2(0.0, 0.0, 0.0)
site = Site(folder, folder, folder / "run", here, here, paths.reference_robot(), folder)
work = [sys.executable, "-c", "import signal; signal.pause()"]
rows = tuple(Process(name, "", "", "", lambda _site: work, Runs(), respawn=True) for name in ("one", "other"))

async def run():
    async with supervised(site, rows, 9250, lambda _step: None) as supervisor:
        print(*supervisor.pids().values(), flush=True)
        await asyncio.Event().wait()

try:
    asyncio.run(unless_told_to_stop(run()))
except ToldToStop:
    raise SystemExit(130)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_a_signal_stops_everything_once_and_leaves_nothing(tmp_path: Path, number: signal.Signals) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    command = [sys.executable, "-c", TABLE, str(tmp_path)]
    variables = {**os.environ, "TMPDIR": str(temporary)}
    with subprocess.Popen(
        command, cwd=paths.REPOSITORY, env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as table:
        assert table.stdout is not None
        pids = [int(word) for word in table.stdout.readline().split()]
        table.send_signal(number)
        _out, problems = table.communicate(timeout=30)
    assert table.returncode == 130, problems
    assert problems == ""
    assert len(pids) == 2
    assert not any(is_alive(pid) for pid in pids)
    assert list(temporary.iterdir()) == []


def test_only_what_the_table_started_is_stopped(site: Site) -> None:
    async def play() -> None:
        async with running(site, script("one", WORK)):
            pass

    with subprocess.Popen([sys.executable, "-c", WORK]) as bystander:
        asyncio.run(play())
        assert bystander.poll() is None
        bystander.kill()


def test_a_process_can_be_restarted_on_purpose(site: Site) -> None:
    async def play() -> None:
        async with running(site, script("one", WORK)) as supervisor:
            before = supervisor.pids()["one"]
            await supervisor.restart("one")
            await until(lambda: "one" in supervisor.pids())
            assert supervisor.pids()["one"] != before
            assert not is_alive(before)

    asyncio.run(play())


def test_its_sockets_are_for_this_user_only_and_go_away(site: Site) -> None:
    folders: list[Path] = []

    async def play() -> None:
        async with running(site, script("one", WORK)) as supervisor:
            folders.append(supervisor._sockets)
            assert supervisor._sockets.stat().st_mode & 0o077 == 0

    asyncio.run(play())
    assert not folders[0].exists()
