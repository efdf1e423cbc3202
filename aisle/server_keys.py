"""The public keys of a store's servers on another machine: fetched over a connection that CURVE has authenticated.

So a client knows a server's next key before the server has it, and forgets the last one afterwards.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from aisle import bus, channels, keys
from aisle.keys import KeyProblem
from aisle.messages import MalformedMessage
from aisle.messages.pairing import MOST_KEYS, ServerKey, ServerKeys, ServerKeysQuery

log = logging.getLogger(__name__)

SERVERS = ("store_backend", "gateway", "kiosk_ui")
# A kiosk serves its screen with the key that it was paired with; robots alone listen to it.
_PAIRED_SERVER, _ITS_CLIENT = "kiosk_ui", "gateway"
_AGAIN_S = 60.0
_TRY_AGAIN_S = 5.0


def server_keys(directory: Path, role: str = "") -> ServerKeys:
    """Return the servers' keys that lie in the folder of the store itself; a gateway needs those of paired kiosks."""
    names = [name for server in SERVERS for name in (server, keys.next_name(server))]
    paired = _paired(_names_in(directory)) if role == _ITS_CLIENT else []
    return ServerKeys(keys=tuple(_read(directory, [*names, *paired]))[:MOST_KEYS])


def _names_in(directory: Path) -> list[str]:
    return [path.stem for path in directory.glob("*.key")]


def _paired(names: Iterable[str]) -> list[str]:
    """Return those names of keys that belong to paired servers."""
    beginning, following = f"{_PAIRED_SERVER}@", keys.next_name(_PAIRED_SERVER)
    return sorted({name for name in names if name.startswith(beginning) and name != following})


def _read(directory: Path, names: list[str]) -> Iterator[ServerKey]:
    for name in names:
        try:
            yield ServerKey(name=name, public_key=keys.load_public_key(directory, name).decode())
        except KeyProblem:
            # A robot's gateway may have its keys elsewhere, and there is a next key only before a change.
            continue


def keep_server_keys(directory: Path, told: ServerKeys) -> list[str]:
    """Write what was told into a folder and drop next and paired keys that are none any more; return what changed.

    The keys of a server whose secret lies in the same folder are left alone: here they are made.
    """
    given = {one.name: one.public_key.encode() for one in told.keys}
    changed = []
    for server in SERVERS:
        if (directory / f"{server}.key_secret").exists() or server not in given:
            continue
        paired = _paired([*_names_in(directory), *given]) if server == _PAIRED_SERVER else []
        for name in (server, keys.next_name(server), *paired):
            if name not in given:
                (directory / f"{name}.key").unlink(missing_ok=True)
            elif _present(directory, name) != given[name]:
                keys.write_public_key(directory, name, given[name])
                changed.append(name)
    return changed


def _present(directory: Path, name: str) -> bytes | None:
    try:
        return keys.load_public_key(directory, name)
    except KeyProblem:
        return None


@dataclass(slots=True)
class KeyWatch:
    """Asks once a minute, without waiting, from the thread that owns the client."""

    client: bus.RequestClient
    directory: Path
    _again_s: float = float("-inf")
    _told: str = ""

    def poll(self, now_s: float) -> None:
        """Ask when it is time, and keep what was answered."""
        is_connected = self.client.is_connected
        # What is sent to nobody would pile up; after a refusal sending knocks once more.
        if now_s >= self._again_s and (is_connected or self.client.connection.refusal):
            self._again_s = now_s + (_AGAIN_S if is_connected else _TRY_AGAIN_S)
            self.client.send(ServerKeysQuery(), uuid.uuid4().hex, self.client.channel.stale_after_s)
        try:
            for _, told in self.client.collect():
                if isinstance(told, ServerKeys):
                    self._keep(told)
        except (bus.BusError, KeyProblem, MalformedMessage, OSError) as error:
            # A folder that is away or a disk that is full for a while must not end what the same thread does besides.
            self._tell(str(error))

    def _tell(self, trouble: str) -> None:
        if trouble != self._told:
            log.warning("the servers' keys cannot be fetched: %s", trouble)
        self._told = trouble

    def _keep(self, told: ServerKeys) -> None:
        self._told = ""
        changed = keep_server_keys(self.directory, told)
        if changed:
            log.info("keys fetched: %s", ", ".join(changed))


@contextmanager
def key_watch(identity: bus.Identity) -> Iterator[KeyWatch]:
    """Open a watch with a connection of its own. Raises KeyProblem."""
    with bus.request_client(channels.KEYS, identity) as client:
        yield KeyWatch(client, identity.keys_dir)


def fetch_server_keys(identity: bus.Identity) -> list[str]:
    """Ask once and wait; return the names that changed. Raises BusError, KeyProblem and MalformedMessage."""
    with bus.request_client(channels.KEYS, identity) as client:
        told = client.ask(ServerKeysQuery())
    if not isinstance(told, ServerKeys):
        raise bus.BusError(f"the backend does not tell its keys: {told.sentence}")
    return keep_server_keys(identity.keys_dir, told)
