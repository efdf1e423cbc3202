"""Seals and opens personal data inside one transaction: data keys come from the database, the store's from its file."""

from __future__ import annotations

from dataclasses import dataclass, field

from store_backend import vault
from store_backend.days import day_of
from store_backend.key_file import StoreKeyFile
from store_backend.records.vault import DataKeyRecords
from store_backend.vault import StoreKeys, VaultProblem


@dataclass(frozen=True, slots=True)
class Safe:
    """The vault of one unit of work. An owner is a shopper or a contact, such as "shopper-..." or "contact-..."."""

    records: DataKeyRecords
    key_file: StoreKeyFile | None
    now_unix_s: float
    _opened: dict[str, bytes] = field(default_factory=dict, repr=False)

    def seal(self, owner: str, field_name: str, text: str) -> bytes:
        """Seal a text of an owner, who gets a data key with the first. Raises VaultProblem without a store key."""
        return vault.seal(self._data_key(owner) or self._new_data_key(owner), owner, field_name, text)

    def unseal(self, owner: str, field_name: str, sealed: bytes) -> str | None:
        """Open a text of an owner; None when the owner was erased. Raises VaultProblem when it was changed."""
        data_key = self._data_key(owner)
        return None if data_key is None else vault.unseal(data_key, owner, field_name, sealed)

    def destroy(self, owner: str) -> bool:
        """Destroy an owner's data key: nothing that it sealed can be read again. Tell whether there was one."""
        self._opened.pop(owner, None)
        return self.records.remove_key(owner)

    def mark(self, kind: str, text: str) -> str:
        """Return the mark by which the same text is found again, for example a verified contact."""
        return vault.mark(self._store_keys(), kind, text)

    def newest_store_key(self) -> int:
        """Return the number of the store's newest key, which nobody renews until this transaction ends."""
        self.records.hold_store_key()
        return self._store_keys().newest

    def _data_key(self, owner: str) -> bytes | None:
        if owner not in self._opened:
            wrapped = self.records.key_of(owner)
            data_key = None if wrapped is None else vault.unwrap(self._store_keys(), owner, wrapped)
            if data_key is None:
                return None
            self._opened[owner] = data_key
        return self._opened[owner]

    def _new_data_key(self, owner: str) -> bytes:
        # Held first and read then: a store key that is renewed in between would never open this data key.
        self.records.hold_store_key()
        data_key = vault.new_data_key()
        self.records.add_key(owner, vault.wrap(self._store_keys(), owner, data_key), day_of(self.now_unix_s))
        self._opened[owner] = data_key
        return data_key

    def _store_keys(self) -> StoreKeys:
        if self.key_file is None:
            raise VaultProblem("this backend was opened without the store's keys; give it the folder of `aisle keys`")
        return self.key_file.keys()
