"""`wildwatch migrate`."""

from __future__ import annotations

import asyncio
from typing import Annotated, Literal

import typer


def migrate(
    phase: Annotated[
        Literal["pre", "post", "all"], typer.Option(help="`pre` before new code, `post` after it, or `all`.")
    ] = "all",
) -> None:
    """Bring the database to this version's schema, and the streams to this version's settings."""
    from wildwatch.cli import target
    from wildwatch.store import migrate as migrations

    applied = asyncio.run(migrations.migrate(target.resolve().database_url, phase))
    for name in applied:
        typer.echo(f"applied {name}")
    typer.echo("The database is up to date.")
