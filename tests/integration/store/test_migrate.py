"""Migrations: from nothing, again, at once by several, and never over a changed file."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest

from wildwatch.store import migrate
from wildwatch.store.errors import NotFitError


async def query(url: str, sql: str) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(url)
    try:
        return list(await connection.fetch(sql))
    finally:
        await connection.close()


async def pending(url: str) -> list[str]:
    connection = await asyncpg.connect(url)
    try:
        return await migrate.pending(connection)
    finally:
        await connection.close()


def own_edition(names: list[str]) -> list[str]:
    """What the test server's edition takes of all there is."""
    return [name for name in names if not name.endswith(".community")]


async def test_an_empty_database_gets_everything_and_the_second_time_nothing(empty_database_url: str) -> None:
    assert await pending(empty_database_url) == await migrate.migrate(empty_database_url)
    assert await migrate.migrate(empty_database_url) == []
    assert await pending(empty_database_url) == []
    tables = {
        row["hypertable_name"]
        for row in await query(
            empty_database_url, "select hypertable_name from timescaledb_information.hypertables"
        )
    }
    assert {"mail_event", "ingested_batch"} <= tables


async def test_pre_before_post(empty_database_url: str) -> None:
    everything = await pending(empty_database_url)
    pre = await migrate.migrate(empty_database_url, "pre")
    assert pre == [name for name in everything if name.split("_")[1] == "pre"]
    assert await migrate.migrate(empty_database_url, "post") == [n for n in everything if n not in pre]


async def test_several_at_once_apply_each_file_once(empty_database_url: str) -> None:
    done = await asyncio.gather(*(migrate.migrate(empty_database_url) for _ in range(4)))
    assert sorted(map(len, done))[:3] == [0, 0, 0]
    assert max(map(len, done)) > 0
    assert await pending(empty_database_url) == []


async def test_a_file_changed_after_it_was_applied_is_refused(empty_database_url: str) -> None:
    [first, *_] = await migrate.migrate(empty_database_url)
    await query(empty_database_url, f"update schema_migration set checksum = 'x' where name = '{first}'")
    with pytest.raises(NotFitError, match=f"{first} was changed after it was applied"):
        await migrate.migrate(empty_database_url)


async def test_a_migration_that_fails_leaves_nothing_of_itself(empty_database_url: str) -> None:
    await query(empty_database_url, "create table api_key (in_the_way int)")
    with pytest.raises(asyncpg.DuplicateTableError):
        await migrate.migrate(empty_database_url)
    missing = await pending(empty_database_url)
    assert any("api_key" in name for name in missing)
    await query(empty_database_url, "drop table api_key")
    assert await migrate.migrate(empty_database_url) == missing


async def test_a_database_ahead_of_this_version_is_left_alone(empty_database_url: str) -> None:
    """A rolling deploy goes back and forth: what a newer version applied is none of our business."""
    await migrate.migrate(empty_database_url)
    await query(
        empty_database_url, "insert into schema_migration (name, checksum) values ('9999_pre_future', 'x')"
    )
    assert await migrate.migrate(empty_database_url) == []
    assert await pending(empty_database_url) == []


def test_files_are_numbered_named_and_ordered() -> None:
    names = [migration.name for migration in migrate.available()]
    assert names == sorted(names)
    for migration in migrate.available():
        number, phase, *rest = migration.name.split("_")
        assert (len(number), number.isdigit(), phase in ("pre", "post"), bool(rest)) == (4, True, True, True)
        assert migration.edition in (None, "apache", "community")
