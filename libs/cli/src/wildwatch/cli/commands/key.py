"""`wildwatch key add | list | revoke`."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from wildwatch.bus.connection import Bus
    from wildwatch.store.api_keys import StoredKey
    from wildwatch.store.pool import Pool

app = typer.Typer(help="API keys of hosts: plugins and agents post with them.", no_args_is_help=True)


@app.command("add")
def add(
    host: Annotated[str, typer.Option(help="The host the key is bound to, as it names itself.")],
    scope: Annotated[
        list[str], typer.Option("--scope", help="mail, host, log or directives; repeat it for several.")
    ] = ["mail", "directives"],  # noqa: B006 - Typer reads it and changes nothing
    network: Annotated[
        list[str],
        typer.Option("--network", help="CIDR the key is good from; repeat it. None: from anywhere."),
    ] = [],  # noqa: B006 - as above
    expires: Annotated[int, typer.Option(help="Days until it expires; 0: never.")] = 0,
    note: Annotated[str, typer.Option(help="What it is for, shown in the list.")] = "",
) -> None:
    """Make a key and show it, this once: only its hash is kept."""
    import time

    from wildwatch.cli import keys

    key = keys.new_key()
    expires_ms = int((time.time() + expires * 86_400) * 1000) if expires > 0 else None
    described = keys.describe(key, host, scope, network, expires_ms)

    async def work() -> None:
        async with _opened() as (pool, bus):
            await keys.add(pool, bus, key, described, note)

    asyncio.run(work())
    typer.echo(key)
    typer.echo(f"This is the key of {described.host}; it is not shown again.", err=True)


@app.command("list")
def list_() -> None:
    """Show every key: prefix, host, scopes, networks, state."""
    from wildwatch.store import api_keys

    async def work() -> list[api_keys.StoredKey]:
        async with _opened() as (pool, _):
            return await api_keys.every(pool)

    rows = [("PREFIX", "HOST", "SCOPES", "NETWORKS", "STATE", "NOTE")]
    for key in asyncio.run(work()):
        networks = ",".join(key.networks) or "any"
        rows.append((key.prefix, key.host, ",".join(key.scopes), networks, _state(key), key.note))
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    for row in rows:
        typer.echo("  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip())


@app.command("revoke")
def revoke(prefix: Annotated[str, typer.Argument(help="The key's prefix, `ww_…`, from the list.")]) -> None:
    """End a key: ingest refuses it within 2 seconds."""
    from wildwatch.cli import keys
    from wildwatch.cli.errors import StartError

    async def work() -> bool:
        async with _opened() as (pool, bus):
            return await keys.revoke(pool, bus, keys.prefix_of(prefix))

    if not asyncio.run(work()):
        raise StartError(f"No valid key has the prefix {keys.prefix_of(prefix)}", "See `wildwatch key list`")
    typer.echo(f"{keys.prefix_of(prefix)} is revoked.")


def _opened() -> AbstractAsyncContextManager[tuple[Pool, Bus]]:
    from wildwatch.cli import target
    from wildwatch.cli.stack.preparing import opened

    where = target.resolve()
    return opened(where.database_url, where.nats_url, where.seed_file, patience_s=3)


def _state(key: StoredKey) -> str:
    import datetime as dt

    if key.revoked_at is not None:
        return f"revoked {key.revoked_at:%Y-%m-%d}"
    if key.expires_at is None:
        return "valid"
    gone = key.expires_at <= dt.datetime.now(dt.UTC)
    return f"{'expired' if gone else 'valid until'} {key.expires_at:%Y-%m-%d}"
