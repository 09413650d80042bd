"""Password hashes (argon2id), made and checked off the event loop."""

import asyncio
import secrets
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MEMORY_KIB, PASSES = 19 * 1024, 2
"""OWASP's recommendation (Password Storage Cheat Sheet); a hash takes so much memory while it is made."""


def make_hasher() -> PasswordHasher:
    """The hasher of every password: about 30 ms a hash."""
    return PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=1)


_hasher = make_hasher()
_threads = ThreadPoolExecutor(2, thread_name_prefix="passwords")  # so that a rush cannot eat the memory


@cache
def _nobody() -> str:
    """Checked when there is no such account, so that the answer takes as long as for a wrong password."""
    return _hasher.hash(secrets.token_urlsafe())


async def hash_password(password: str) -> str:
    """A salted hash that names its own parameters."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _hasher.hash, password)


async def password_matches(password_hash: str | None, password: str) -> bool:
    """Whether `password` made `password_hash`; takes as long when there is no hash, and is then False."""

    def check() -> bool:
        try:
            return _hasher.verify(password_hash or _nobody(), password)
        except (VerificationError, InvalidHashError):
            return False

    matches = await asyncio.get_running_loop().run_in_executor(_threads, check)
    return matches and password_hash is not None
