import socket
from importlib.util import find_spec
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given

from aisle import channels, paths
from aisle.geometry import Pose2
from apps.processes import (
    LIFECYCLE_NODES,
    PROCESSES,
    Process,
    Site,
    as_markdown,
    environment,
    ros_domain,
    taken_channels,
)

NAMES = [process.name for process in PROCESSES]


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(
        store_dir=tmp_path / "store",
        keys_dir=tmp_path / "keys",
        run_dir=tmp_path / "run",
        home=Pose2(1.0, 2.0, 0.5),
        dock=Pose2(0.5, 0.5, 0.0),
        robot_config=paths.reference_robot(),
        model_dir=tmp_path / "model",
        scripted=True,
        script_product="milk",
    )


def test_every_process_has_a_name_of_its_own() -> None:
    assert len(NAMES) == len(set(NAMES))


def test_the_readme_shows_the_table() -> None:
    assert as_markdown() in (paths.REPOSITORY / "README.md").read_text(encoding="utf-8")


def test_the_table_says_of_every_process_what_it_reads_and_writes() -> None:
    rows = as_markdown().splitlines()[2:]
    assert [row.split(" | ")[0].removeprefix("| ") for row in rows] == NAMES
    assert all(cell.strip() for row in rows for cell in row.strip("|").split("|"))


@pytest.mark.parametrize("channel", channels.CHANNELS, ids=lambda channel: channel.name)
def test_whoever_serves_a_channel_is_a_process(channel: channels.Channel) -> None:
    assert channel.server in NAMES


def test_every_lifecycle_node_is_a_process_that_starts_before_the_lifecycle_manager() -> None:
    before = NAMES[: NAMES.index("lifecycle_manager")]
    assert set(LIFECYCLE_NODES) <= set(before)


@pytest.mark.parametrize(
    "process", [process for process in PROCESSES if process.name != "firmware"], ids=lambda process: process.name
)
def test_every_command_starts_a_module_that_exists(site: Site, process: Process) -> None:
    command = process.command(site)
    assert all(isinstance(part, str) for part in command)
    assert command[1] == "-m"
    assert find_spec(command[2]) is not None


def test_two_stores_on_one_machine_do_not_hear_each_other() -> None:
    one, other = environment(7600), environment(7620)
    assert one["AISLE_PORT_BASE"] != other["AISLE_PORT_BASE"]
    assert one["ROS_DOMAIN_ID"] != other["ROS_DOMAIN_ID"]
    assert one["ROS_AUTOMATIC_DISCOVERY_RANGE"] == "LOCALHOST"


@given(st.integers(1024, 65000), st.integers(channels.PORTS_PER_STORE, 2020))
def test_stores_whose_ports_lie_apart_have_ros_domains_of_their_own(base: int, apart: int) -> None:
    assert ros_domain(base) != ros_domain(base + apart)
    assert 0 <= ros_domain(base) <= 101


def test_a_port_that_somebody_listens_at_is_reported_with_its_channel() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        base = other.getsockname()[1] - channels.BACKEND.port_offset
        assert channels.BACKEND in taken_channels(base)
