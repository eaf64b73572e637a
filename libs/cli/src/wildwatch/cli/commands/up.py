"""`wildwatch up`."""

from __future__ import annotations

import os

import typer


def up() -> None:
    """Start everything on this machine, and keep it running until Ctrl-C.

    Settings come from the environment (`wildwatch env-example` lists them); data, logs and secrets stay
    in `var/`.
    """
    from wildwatch.cli.stack import up as stack
    from wildwatch.cli.stack.settings import UpSettings
    from wildwatch.runtime import settings

    stack.run(settings.load(UpSettings, os.environ), os.environ, typer.echo)
