import hypothesis.strategies as st
import pytest
from hypothesis import given

from aisle import channels


def test_without_a_wish_the_ports_start_at_7600(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AISLE_PORT_BASE", raising=False)
    assert channels.BACKEND.endpoint() == "tcp://127.0.0.1:7601"


@pytest.mark.parametrize("text", ["1024", "9800", "65000"])
def test_the_variable_moves_all_channels(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("AISLE_PORT_BASE", text)
    assert channels.port_base() == int(text)
    assert channels.GATEWAY.endpoint() == f"tcp://127.0.0.1:{int(text) + 11}"


@pytest.mark.parametrize("text", ["", "abc", "1023", "65001", "-1", "7600.0", "\u0667\u0666\u0660\u0660", "9" * 5000])
def test_ports_that_cannot_be_used_are_refused_in_one_sentence(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("AISLE_PORT_BASE", text)
    with pytest.raises(channels.PortProblem, match="whole number from 1024 to 65000") as problem:
        channels.port_base()
    assert "\n" not in str(problem.value)
    assert len(str(problem.value)) < 250


@given(st.sampled_from(channels.CHANNELS))
def test_every_channel_fits_into_the_ports_of_its_store(channel: channels.Channel) -> None:
    assert 0 < channel.port_offset < channels.PORTS_PER_STORE
    assert 65000 + channel.port_offset < 65536


def test_no_two_listen_at_the_same_port() -> None:
    offsets = [channel.port_offset for channel in channels.CHANNELS] + [channels.MONITOR_PORT_OFFSET]
    assert len(set(offsets)) == len(offsets)


@pytest.mark.parametrize("host", ["store..local", "a" * 64, "-store", "store-", "store.", "", "a b", "store\n", "ü.de"])
def test_what_is_no_name_of_a_machine_is_refused_in_one_sentence(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setenv("AISLE_BACKEND_HOST", host)
    with pytest.raises(channels.PortProblem, match="AISLE_BACKEND_HOST is"):
        channels.BACKEND.endpoint()


@pytest.mark.parametrize("host", ["192.168.1.20", "store", "pc-1.store.example", "a" * 63])
def test_addresses_and_names_of_machines_are_taken(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setenv("AISLE_BACKEND_HOST", host)
    assert channels.BACKEND.endpoint() == f"tcp://{host}:{channels.port_base() + 1}"
