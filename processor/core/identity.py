"""Keyed hashes in place of ids: personal data never reaches a state.

BLAKE2b with a secret key (RFC 7693), one personalisation per use, so that equal ids of different
kinds do not meet. Who does not have the key can neither reverse a hash nor test a guess.
"""

import hashlib

KEY_SIZE = 32
"""Bytes of the secret key."""

ENTITY_HASH_SIZE = 16
"""Bytes of the hash of an entity's or a customer's id."""

_PART_BITS = 56
"""Question, segment and order ids get 56 bits: with the register's code below them they fit 64 (see
core.state)."""


class Identity:
    """The hashes made with one secret key."""

    def __init__(self, key: bytes) -> None:
        """Keep a keyed hasher for each use.

        Raises:
            ValueError: the key is not KEY_SIZE bytes long.
        """
        if len(key) != KEY_SIZE:
            raise ValueError(f"an id key has {KEY_SIZE} bytes, not {len(key)}")
        self.key_digest = hashlib.blake2b(key, digest_size=8, person=b"cx key id").hexdigest()
        self._entity = hashlib.blake2b(key=key, digest_size=ENTITY_HASH_SIZE, person=b"cx entity")
        self._customer = hashlib.blake2b(
            key=key, digest_size=ENTITY_HASH_SIZE, person=b"cx customer"
        )
        self._event = hashlib.blake2b(key=key, digest_size=8, person=b"cx event")
        self._part = hashlib.blake2b(key=key, digest_size=_PART_BITS // 8, person=b"cx part")

    def entity(self, entity_id: bytes) -> bytes:
        """The 16 bytes under which an entity's state is stored."""
        hasher = self._entity.copy()
        hasher.update(entity_id)
        return hasher.digest()

    def customer(self, customer_id: str) -> bytes:
        """The 16 bytes that stand for a customer; the key of the customer's case."""
        hasher = self._customer.copy()
        hasher.update(customer_id.encode())
        return hasher.digest()

    def event(self, event_id: str) -> int:
        """The 64 bits that break ties between versions of equal time."""
        hasher = self._event.copy()
        hasher.update(event_id.encode())
        return int.from_bytes(hasher.digest(), "big")

    def part(self, part_id: str) -> int:
        """The 56 bits that name a question, segment, transfer or order within its entity."""
        hasher = self._part.copy()
        hasher.update(part_id.encode())
        return int.from_bytes(hasher.digest(), "big")
