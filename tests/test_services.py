"""The fixtures themselves: what other tests take for granted."""

import asyncpg
from redis.asyncio import Redis


async def tables(url: str) -> set[str]:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        rows = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return {row["tablename"] for row in rows}
    finally:
        await connection.close()


async def test_a_fresh_database_is_migrated(database_url: str) -> None:
    assert "alembic_version" in await tables(database_url)


async def test_the_shared_database_has_no_tables(postgres_url: str) -> None:
    assert await tables(postgres_url) == set()


async def test_redis_is_empty_at_the_start_of_each_test(redis_url: str) -> None:
    async with Redis.from_url(redis_url) as redis:
        assert await redis.dbsize() == 0
        await redis.set("left", "behind")


async def test_and_of_the_next(redis_url: str) -> None:
    async with Redis.from_url(redis_url) as redis:
        assert await redis.dbsize() == 0
