"""`wildwatch doctor`."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from wildwatch.cli.checks.result import Result

_MARKS = {"pass": ("ok  ", "green"), "warn": ("warn", "yellow"), "fail": ("FAIL", "red")}


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON array of results.")] = False,
) -> None:
    """Check every part of this installation and say what to do about what is not well.

    Exit code 1 when a check failed; a warning alone is 0.
    """
    import msgspec

    results = asyncio.run(_all())
    if as_json:
        typer.echo(msgspec.json.format(msgspec.json.encode(results), indent=2).decode())
    else:
        for result in results:
            _print(result)
    if any(result.verdict == "fail" for result in results):
        raise typer.Exit(1)


def _print(result: Result) -> None:
    mark, colour = _MARKS[result.verdict]
    typer.echo(f"{typer.style(mark, fg=colour)}  {result.check}: {result.found}")
    if result.mend:
        typer.echo(f"      {result.mend}")


async def _all() -> list[Result]:
    from wildwatch.cli import probes, target
    from wildwatch.cli.checks import broker, database, machine
    from wildwatch.cli.checks.result import failed, passed
    from wildwatch.cli.errors import StartError

    results = [machine.python(), machine.node()]
    try:
        where = target.resolve()
    except StartError as error:
        return [*results, failed("installation", error.problem, error.mend)]
    results += machine.disks(
        {"data": where.var, "broker": where.var / "nats", "database": where.var / "timescaledb"}
    )
    results.append(machine.folder_is_private(where.var / "secrets"))
    parts = await asyncio.gather(
        database.check(where.database_url), broker.check(where.nats_url, where.seed_file)
    )
    for part in parts:
        results += part
    for name, answer in (await probes.services(where.health_urls)).items():
        see = f"See {where.var / 'log' / name}.log"
        results.append(passed(name, answer.text) if answer.ready else failed(name, answer.text, see))
    return results
