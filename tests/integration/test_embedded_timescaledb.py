"""The TimescaleDB that `wildwatch up` and the tests bring with them."""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import asyncpg
import pytest

from wildwatch.cli.embedded.timescaledb import Cluster, Installation
from wildwatch.cli.errors import StartError

Factory = Callable[..., Cluster]


async def test_the_role_owns_a_database_with_the_extension(timescaledb: Cluster) -> None:
    connection = await asyncpg.connect(timescaledb.dsn())
    try:
        await connection.execute("CREATE TABLE sample (time timestamptz NOT NULL, value int)")
        await connection.execute("SELECT create_hypertable('sample', 'time')")
        chunks = await connection.fetchval("SELECT count(*) FROM show_chunks('sample')")
        superuser = await connection.fetchval("SELECT usesuper FROM pg_user WHERE usename = current_user")
    finally:
        await connection.execute("DROP TABLE sample")
        await connection.close()
    assert chunks == 0
    assert superuser is False


async def test_a_wrong_password_is_refused(timescaledb: Cluster) -> None:
    wrong = timescaledb.dsn().replace(":", ":x", 2).replace("postgresql:x", "postgresql:", 1)
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(wrong)


async def test_a_lasting_cluster_is_durable_and_keeps_its_data(timescaledb_factory: Factory) -> None:
    cluster = timescaledb_factory()
    settings = cluster.sql(
        "SELECT string_agg(name || '=' || setting, ' ' ORDER BY name) FROM pg_settings WHERE name IN "
        "('fsync', 'full_page_writes', 'synchronous_commit', 'max_locks_per_transaction')"
    )
    assert settings == "fsync=on full_page_writes=on max_locks_per_transaction=1024 synchronous_commit=on"
    cluster.sql("CREATE TABLE kept AS SELECT 7 AS value", "wildwatch")
    cluster.stop()
    assert not cluster.running()
    cluster.start()
    assert cluster.sql("SELECT value FROM kept", "wildwatch") == "7"


async def test_committed_rows_survive_a_kill(timescaledb_factory: Factory) -> None:
    cluster = timescaledb_factory()
    cluster.sql("CREATE TABLE kept AS SELECT 7 AS value", "wildwatch")
    cluster.kill()
    assert not cluster.running()
    cluster.start()
    assert cluster.sql("SELECT value FROM kept", "wildwatch") == "7"


def test_a_stale_pid_file_does_not_hinder_the_start(timescaledb_factory: Factory) -> None:
    cluster = timescaledb_factory(throwaway=True)
    lines = (cluster.data / "postmaster.pid").read_text().splitlines(keepends=True)
    cluster.stop()
    pid_file = cluster.data / "postmaster.pid"
    with subprocess.Popen(["sleep", "60"], user=cluster.data.stat().st_uid) as other:  # it got the old number
        pid_file.write_text("".join([f"{other.pid}\n", *lines[1:]]))
        os.chown(pid_file, cluster.data.stat().st_uid, cluster.data.stat().st_gid)
        assert not cluster.running()
        cluster.start()
        assert cluster.running()
        assert other.poll() is None
        other.terminate()


def test_a_second_start_on_the_same_folder_takes_over(
    timescaledb_factory: Factory, timescaledb_installation: Installation
) -> None:
    first = timescaledb_factory(throwaway=True)
    with Cluster(timescaledb_installation, first.folder, throwaway=True) as second:
        assert second.sql("SELECT 1") == "1"


def test_a_foreign_folder_is_left_alone(timescaledb_installation: Installation, servers_folder: Path) -> None:
    data = servers_folder / "foreign/data"
    data.mkdir(parents=True)
    (data / "letters.txt").write_text("dear diary")
    with pytest.raises(StartError, match=r"is not a database folder\. Move it away"):
        Cluster(timescaledb_installation, servers_folder / "foreign").start()
    assert (data / "letters.txt").read_text() == "dear diary"


def test_data_of_another_major_version_is_named(timescaledb_factory: Factory) -> None:
    cluster = timescaledb_factory(throwaway=True)
    cluster.stop()
    (cluster.data / "PG_VERSION").write_text("12\n")
    with pytest.raises(StartError, match="was written by PostgreSQL 12"):
        cluster.start()


def test_damage_is_reported_with_the_servers_own_words(timescaledb_factory: Factory) -> None:
    cluster = timescaledb_factory(throwaway=True)
    cluster.stop()
    (cluster.data / "global/pg_control").write_bytes(b"\0" * 8192)
    with pytest.raises(StartError, match=r"The database did not start: .*(FATAL|PANIC)"):
        cluster.start()


def test_secrets_are_private(timescaledb: Cluster) -> None:
    files = list((timescaledb.folder / "secrets").iterdir())
    assert len(files) == 2
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE(timescaledb.data.stat().st_mode) == 0o700


def test_it_listens_on_the_loopback_alone(timescaledb: Cluster) -> None:
    assert timescaledb.sql("SHOW listen_addresses") == "127.0.0.1"
    assert timescaledb.sql("SHOW unix_socket_directories") == ""
