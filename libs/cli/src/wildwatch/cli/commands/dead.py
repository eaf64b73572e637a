"""`wildwatch dead list | show | replay`."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from wildwatch.bus.connection import Bus
    from wildwatch.bus.dead import Buried

app = typer.Typer(help="Dead letters: what could not be taken in, with its reason.", no_args_is_help=True)

_Reason = Annotated[str, typer.Option(help="Only letters with this reason.")]
_Limit = Annotated[int, typer.Option(help="So many letters at most.")]


@app.command("list")
def list_(reason: _Reason = "", limit: _Limit = 1_000) -> None:
    """Show letters grouped by stream and reason: how many, and the newest."""
    from collections import defaultdict

    groups: defaultdict[tuple[str, str], list[Buried]] = defaultdict(list)
    for buried in asyncio.run(_letters(reason, limit)):
        groups[buried.letter.stream, buried.letter.reason].append(buried)
    if not groups:
        typer.echo("No dead letters.")
    for (stream, why), letters in sorted(groups.items(), key=lambda group: -len(group[1])):
        newest = letters[-1]
        typer.echo(
            f"{len(letters):>6}  {stream}  {why}  newest {newest.seq} by {newest.letter.by}"
            f" of {newest.letter.host or 'no host'}: {newest.letter.detail}"
        )


@app.command("show")
def show(seq: Annotated[int, typer.Argument(help="Its number, from the list.")]) -> None:
    """Show one letter as JSON. Its payload may hold mail addresses."""
    import msgspec

    letter = asyncio.run(_one(seq)).letter
    typer.echo(msgspec.json.format(msgspec.json.encode(letter), indent=2).decode())


@app.command("replay")
def replay(
    seq: Annotated[int, typer.Argument(help="Its number; 0 with --reason for all of a reason.")] = 0,
    reason: _Reason = "",
    limit: _Limit = 1_000,
) -> None:
    """Send letters on their way again; each counts once, however often it is replayed."""
    from wildwatch.cli import replay as replaying
    from wildwatch.cli.errors import StartError
    from wildwatch.mail.normalise import Normaliser

    if not seq and not reason:
        raise StartError("Nothing chosen", "Give a number, or --reason")

    async def work() -> tuple[int, list[str]]:
        letters = [await _one(seq)] if seq else await _letters(reason, limit)
        normaliser, done, kept = Normaliser(), 0, []
        async with _opened() as bus:
            for buried in letters:
                try:
                    await replaying.replay(bus, buried, normaliser)
                    done += 1
                except replaying.NotReplayableError as error:
                    kept.append(f"{buried.seq} stays: {error}")
        return done, kept

    done, kept = asyncio.run(work())
    for line in kept:
        typer.echo(line, err=True)
    typer.echo(f"{done} replayed, {len(kept)} kept.")
    if kept:
        raise typer.Exit(1)


def _opened() -> AbstractAsyncContextManager[Bus]:
    from wildwatch.bus.connection import NatsSettings, connect
    from wildwatch.cli import target

    where = target.resolve()
    settings = NatsSettings(
        url=tuple(where.nats_url.split(",")), seed_file=str(where.seed_file), first_connect_timeout_s=3
    )
    return connect(settings, "admin")


async def _letters(reason: str, limit: int) -> list[Buried]:
    from wildwatch.bus import dead

    async with _opened() as bus:
        return [b async for b in dead.browse(bus, limit=limit) if not reason or b.letter.reason == reason]


async def _one(seq: int) -> Buried:
    from wildwatch.bus import dead
    from wildwatch.cli.errors import StartError

    async with _opened() as bus:
        async for buried in dead.browse(bus, after_seq=seq - 1, limit=1):
            if buried.seq == seq:
                return buried
    raise StartError(f"There is no dead letter {seq}", "See `wildwatch dead list`")
