"""The embedded PostgreSQL: shared, gone with whoever started it, found again after a crash."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import psutil
import pytest

from server.storage.postgres import EmbeddedPostgres, EmbeddedPostgresError, embedded_postgres


@pytest.fixture
async def postgres(tmp_path: Path) -> AsyncIterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(tmp_path, durable=False)
    await server.start()
    yield server
    await server.stop()


async def ask(url: str, query: str) -> object:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


def pid_file(data_dir: Path) -> Path:
    return data_dir / "postgres" / "data" / "postmaster.pid"


def postmaster_pid(data_dir: Path) -> int:
    return int(pid_file(data_dir).read_text().splitlines()[0])


def is_alive(pid: int) -> bool:
    """Whether it runs; one that ended and was not reaped yet (containers) does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


async def test_serves_a_database_owned_by_a_role_that_row_security_binds(postgres: EmbeddedPostgres) -> None:
    assert await ask(postgres.url(), "SELECT current_database()") == "viva"
    assert await ask(postgres.url(), "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
    assert await ask(postgres.url(), "SELECT datcollate FROM pg_database WHERE datname = 'viva'") == "C"


async def test_listens_on_no_port_and_lets_no_other_user_in(
    postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    connections = psutil.Process(postmaster_pid(tmp_path)).net_connections(kind="inet")
    assert [connection for connection in connections if connection.status == psutil.CONN_LISTEN] == []
    assert (tmp_path / "postgres").stat().st_mode & 0o077 == 0


async def test_who_joins_it_leaves_it_running(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    second = EmbeddedPostgres(tmp_path, durable=False)
    assert await second.start() == postgres.url()
    pid = postmaster_pid(tmp_path)
    await second.stop()
    assert is_alive(pid)
    await postgres.stop()
    assert not pid_file(tmp_path).exists()


async def test_modes_of_the_folders_above_stay(tmp_path: Path) -> None:
    above = tmp_path / "closed"
    above.mkdir(mode=0o700)
    async with embedded_postgres(above / "data", durable=False) as url:
        assert await ask(url, "SELECT 1") == 1
    assert above.stat().st_mode & 0o777 == 0o700


async def test_data_survives_a_stop(tmp_path: Path) -> None:
    async with embedded_postgres(tmp_path) as url:
        await ask(url, "CREATE TABLE kept AS SELECT 42 AS answer")
    async with embedded_postgres(tmp_path) as url:
        assert await ask(url, "SELECT answer FROM kept") == 42


async def test_dies_with_its_owner_and_starts_again_with_its_data(tmp_path: Path) -> None:
    script = f"""
import asyncio, time
from pathlib import Path
from server.storage.postgres import EmbeddedPostgres
asyncio.run(EmbeddedPostgres(Path({str(tmp_path)!r})).start())
print("started", flush=True)
time.sleep(60)
"""
    owner = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    with owner, owner.stdout:
        while await asyncio.to_thread(owner.stdout.readline) != "started\n":
            assert owner.poll() is None
        pid = postmaster_pid(tmp_path)
        joined = await EmbeddedPostgres(tmp_path).start()
        await ask(joined, "CREATE TABLE kept AS SELECT 42 AS answer")
        owner.kill()
    async with embedded_postgres(tmp_path, durable=False) as url:
        assert postmaster_pid(tmp_path) != pid
        assert not is_alive(pid)
        assert await ask(url, "SELECT answer FROM kept") == 42


async def test_starts_anew_after_postgres_itself_was_killed(tmp_path: Path) -> None:
    first = EmbeddedPostgres(tmp_path)
    await ask(await first.start(), "CREATE TABLE kept AS SELECT 42 AS answer")
    os.kill(postmaster_pid(tmp_path), signal.SIGKILL)
    async with embedded_postgres(tmp_path) as url:
        assert await ask(url, "SELECT answer FROM kept") == 42
    await first.stop()


async def test_a_pid_that_went_to_another_process_is_not_taken_for_postgres(tmp_path: Path) -> None:
    async with embedded_postgres(tmp_path, durable=False):
        stale = pid_file(tmp_path).read_text().splitlines()
    pid_file(tmp_path).write_text("\n".join([str(os.getpid()), *stale[1:], ""]))
    async with embedded_postgres(tmp_path, durable=False) as url:
        assert await ask(url, "SELECT 1") == 1


async def test_a_path_too_long_for_a_socket_works(tmp_path: Path) -> None:
    async with embedded_postgres(tmp_path / "with a space" / ("deep" * 30), durable=False) as url:
        assert await ask(url, "SELECT 1") == 1


async def test_two_starts_at_once_share_one_server(tmp_path: Path) -> None:
    both = [EmbeddedPostgres(tmp_path, durable=False) for _ in range(2)]
    first, second = await asyncio.gather(*(server.start() for server in both))
    assert first == second
    for server in both:
        await server.stop()
    assert not pid_file(tmp_path).exists()


async def test_data_of_another_major_version_is_refused_by_name(tmp_path: Path) -> None:
    async with embedded_postgres(tmp_path, durable=False):
        pass
    (tmp_path / "postgres" / "data" / "PG_VERSION").write_text("16\n")
    with pytest.raises(EmbeddedPostgresError, match="PostgreSQL 16"):
        await EmbeddedPostgres(tmp_path).start()


async def test_a_broken_configuration_is_told_with_its_log(tmp_path: Path) -> None:
    async with embedded_postgres(tmp_path, durable=False):
        pass
    with (tmp_path / "postgres" / "data" / "postgresql.conf").open("a") as configuration:
        configuration.write("no_such_setting = 1\n")
    with pytest.raises(EmbeddedPostgresError, match="no_such_setting"):
        await EmbeddedPostgres(tmp_path).start()


async def test_an_interrupted_first_start_is_made_good(tmp_path: Path) -> None:
    (tmp_path / "postgres" / "data.new").mkdir(parents=True)
    (tmp_path / "postgres" / "data.new" / "PG_VERSION").write_text("18\n")
    async with embedded_postgres(tmp_path, durable=False) as url:
        assert await ask(url, "SELECT 1") == 1
