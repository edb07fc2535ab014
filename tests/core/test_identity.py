"""Keyed hashes in place of ids."""

import pytest

from processor.core.identity import ENTITY_HASH_SIZE, Identity

KEY = bytes(range(32))


def test_equal_ids_have_equal_hashes_under_one_key_only() -> None:
    assert Identity(KEY).entity(b"k") == Identity(KEY).entity(b"k")
    assert Identity(KEY).entity(b"k") != Identity(bytes(32)).entity(b"k")
    assert Identity(KEY).key_digest != Identity(bytes(32)).key_digest


def test_ids_of_different_kinds_do_not_meet() -> None:
    identity = Identity(KEY)
    assert identity.entity(b"k") != identity.customer("k")
    assert identity.event("k") >> 8 != identity.part("k")


def test_hashes_have_the_widths_that_states_rely_on() -> None:
    identity = Identity(KEY)
    assert len(identity.entity(b"k")) == len(identity.customer("k")) == ENTITY_HASH_SIZE
    assert max(identity.event(str(n)) for n in range(200)).bit_length() == 64
    assert max(identity.part(str(n)) for n in range(200)).bit_length() == 56


def test_a_key_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="an id key has 32 bytes, not 3"):
        Identity(b"abc")
