"""`wildwatch env-example`."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    import msgspec

_SETTINGS = (
    "wildwatch.cli.stack.settings:UpSettings",
    "wildwatch.ingest.settings:Settings",
    "wildwatch.writer.settings:Settings",
    "wildwatch.api.settings:Settings",
    "wildwatch.cli.demo.settings:Settings",
)
"""By name: the command shows settings of services, which libraries must not import."""


def env_example() -> None:
    """Print every setting with its description and default, as an environment file."""
    typer.echo(text(), nl=False)


def text() -> str:
    """The content of `.env.example`."""
    from wildwatch.runtime import settings

    return settings.example([_load(name) for name in _SETTINGS])


def _load(name: str) -> type[msgspec.Struct]:
    module, _, attribute = name.partition(":")
    found: type[msgspec.Struct] = getattr(importlib.import_module(module), attribute)
    return found
