"""PostgreSQL refuses to run as root: the account it gets instead, and the least access that account needs."""

import os
import pwd
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

import structlog

log = structlog.get_logger(__name__)

ACCOUNT_NAME = "viva-postgres"
USERADD_TIMEOUT_SECONDS = 30


class EmbeddedPostgresError(Exception):
    """The embedded PostgreSQL could not be started; the message says why and what to do."""


@dataclass(frozen=True)
class Account:
    """A system account that can sign in nowhere and owns nothing but the database folder."""

    uid: int
    gid: int


def account_for_postgres(pgdata: Path) -> Account | None:
    """The account to run PostgreSQL as: None (our own) unless we are root.

    For root it is the owner of the data folder, if there is one already, or an account made for the purpose.
    """
    if os.geteuid() != 0:
        return None
    if pgdata.exists():
        return Account(uid=pgdata.stat().st_uid, gid=pgdata.stat().st_gid)
    try:
        entry = pwd.getpwnam(ACCOUNT_NAME)
    except KeyError:
        entry = _make_account()
    return Account(uid=entry.pw_uid, gid=entry.pw_gid)


def _make_account() -> pwd.struct_passwd:
    command = [
        "useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent",
        "--shell", "/usr/sbin/nologin", ACCOUNT_NAME,
    ]  # fmt: skip
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=USERADD_TIMEOUT_SECONDS)
        return pwd.getpwnam(ACCOUNT_NAME)
    except (OSError, subprocess.SubprocessError, KeyError) as error:
        said = getattr(error, "stderr", None) or error
        raise EmbeddedPostgresError(
            f"PostgreSQL does not run as root and the account {ACCOUNT_NAME} could not be made ({said}). "
            "Start Viva as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own."
        ) from error


def grant_access(path: Path, *, read_tree: bool) -> None:
    """Let other accounts pass through the folders above `path`, and read what is in it with `read_tree`.

    Only the missing bits are set: others may pass (`x`), but not list, the folders above.
    """
    for folder in path.resolve().parents:
        _add_mode(folder, stat.S_IXOTH)
    if not read_tree:
        return
    for entry in (path, *path.rglob("*")):
        if entry.is_symlink():
            continue
        runs = entry.is_dir() or entry.stat().st_mode & stat.S_IXUSR
        _add_mode(entry, stat.S_IROTH | (stat.S_IXOTH if runs else 0))


def _add_mode(path: Path, bits: int) -> None:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & bits != bits:
        log.info("access_granted", path=str(path), mode=oct(mode | bits))
        path.chmod(mode | bits)
