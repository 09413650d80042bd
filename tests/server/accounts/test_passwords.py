"""How passwords are kept."""

import argon2
from argon2 import PasswordHasher

from server.accounts.passwords import hash_password, password_matches


async def test_a_password_matches_its_own_hash_only() -> None:
    made = await hash_password("correct horse battery")
    assert await password_matches(made, "correct horse battery")
    assert not await password_matches(made, "correct horse")
    assert not await password_matches("not a hash", "correct horse battery")
    assert not await password_matches(None, "correct horse battery")


def test_the_defaults_are_argon2id_as_recommended() -> None:
    hasher = PasswordHasher()
    assert hasher.type is argon2.Type.ID
    assert (hasher.time_cost, hasher.memory_cost) >= (3, 65536)  # RFC 9106 section 4, second option
