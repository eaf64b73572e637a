"""`wildwatch status`."""

from __future__ import annotations

import typer


def status() -> None:
    """Say of each service that runs here whether it is ready, and what it waits for."""
    import asyncio

    from wildwatch.cli import probes, target

    where = target.resolve()
    answers = asyncio.run(probes.services(where.health_urls))
    width = max((len(name) for name in answers), default=0)
    for name, answer in answers.items():
        typer.echo(f"{name:<{width}}  {answer.text}")
    if any(not answer.ready for answer in answers.values()):
        raise typer.Exit(1)
