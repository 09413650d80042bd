"""How passwords are kept."""

from server.accounts.passwords import hash_password, make_hasher, password_matches


async def test_a_password_matches_its_own_hash_only() -> None:
    made = await hash_password("correct horse battery")
    assert await password_matches(made, "correct horse battery")
    assert not await password_matches(made, "correct horse")
    assert not await password_matches("not a hash", "correct horse battery")
    assert not await password_matches(None, "correct horse battery")


def test_a_hash_is_argon2id_as_recommended() -> None:
    assert make_hasher().hash("correct horse battery").startswith("$argon2id$v=19$m=19456,t=2,p=1$")
