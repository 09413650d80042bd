"""Keys for each purpose, derived from the one secret: what one signs is worth nothing to another."""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class SigningKeys:
    """One key of 32 bytes per purpose."""

    access_tokens: bytes
    invite_codes: bytes
    resume_tokens: bytes
    kept_answers: bytes
    oidc_flows: bytes

    @classmethod
    def derive(cls, secret: bytes) -> Self:
        """All keys of `secret`."""

        def key(purpose: str) -> bytes:
            return hmac.digest(secret, f"viva/{purpose}/1".encode(), "sha256")

        return cls(
            access_tokens=key("access-tokens"),
            invite_codes=key("invite-codes"),
            resume_tokens=key("resume-tokens"),
            kept_answers=key("kept-answers"),
            oidc_flows=key("oidc-flows"),
        )


def keyed_hash(key: bytes, value: str) -> bytes:
    """A hash nobody can compute without the key: for values short enough to be guessed."""
    return hmac.digest(key, value.encode(), "sha256")


def token_hash(token: str) -> bytes:
    """A hash for values of 128 random bits and more, which nobody guesses; of whatever bytes a header had."""
    return hashlib.sha256(token.encode(errors="surrogateescape")).digest()
