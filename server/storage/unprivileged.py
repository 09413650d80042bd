"""How PostgreSQL's programs are started: never as root, and never to outlive who started them."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

NOBODY = 65534
"""The account without rights that every Linux has; no new one is made on the machine."""


class EmbeddedPostgresError(Exception):
    """The embedded PostgreSQL could not be started; the message says why and what to do."""


@dataclass(frozen=True)
class Launcher:
    """The words in front of a PostgreSQL program, and the account it runs under (None: our own)."""

    uid: int | None
    gid: int | None

    @classmethod
    def for_data(cls, pgdata: Path) -> "Launcher":
        """The launcher for a data folder: as root under its owner, or `nobody` for a new one.

        Raises EmbeddedPostgresError where root has no way to become somebody else.
        """
        if os.geteuid() != 0:
            return cls(None, None)
        if shutil.which("setpriv") is None:
            raise EmbeddedPostgresError(
                "PostgreSQL does not run as root and there is no setpriv (package util-linux) to become "
                "somebody else: start Viva as an ordinary user, or set DATABASE_URL to a PostgreSQL you run"
            )
        if pgdata.exists() and pgdata.stat().st_uid:
            return cls(pgdata.stat().st_uid, pgdata.stat().st_gid)
        return cls(NOBODY, NOBODY)

    def words(self, *, dies_with_us: bool) -> list[str]:
        """What goes in front of a program's own words.

        With `dies_with_us` the kernel sends SIGINT (PostgreSQL's fast shutdown) when the thread that started
        it ends, however that comes about. `nobody` may pass through folders such as /root, whose modes stay
        as they are.
        """
        setpriv = shutil.which("setpriv")
        if setpriv is None:  # macOS: it goes on when Viva is killed, and is found again
            return []
        account = [
            *(f"--reuid={self.uid}", f"--regid={self.gid}", "--clear-groups"),
            *("--inh-caps=+dac_override", "--ambient-caps=+dac_override", "--securebits=+no_setuid_fixup"),
        ]
        words = [*(account if self.uid is not None else []), *(["--pdeathsig=INT"] if dies_with_us else [])]
        return [setpriv, *words] if words else []

    def own(self, folder: Path) -> None:
        """Give a folder to the account."""
        if self.uid is not None and self.gid is not None:
            os.chown(folder, self.uid, self.gid)
