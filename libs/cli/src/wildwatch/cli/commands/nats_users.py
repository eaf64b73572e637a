"""`wildwatch nats-users`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def nats_users(
    folder: Annotated[Path, typer.Argument(help="Where seeds and users.conf are kept; made if missing.")],
) -> None:
    """Make the NATS users of every service: a seed file each, and users.conf for nats-server.

    Seeds that are there are kept. `users.conf` holds public keys alone; include it in the server's
    configuration (deploy/nats/) and give each service its own seed file, nothing else.
    """
    from wildwatch.bus.permissions import service_users
    from wildwatch.cli.embedded import nats_users as users

    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    wanted = service_users()
    conf = folder / "users.conf"
    conf.write_text("# Written by `wildwatch nats-users`.\n" + users.render(wanted, folder))
    typer.echo(f"{conf} and the seeds of {', '.join(wanted)} are in {folder}")
