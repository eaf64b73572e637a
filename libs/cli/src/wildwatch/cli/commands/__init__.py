"""The subcommands. Importing one must stay cheap: what it needs is imported when it runs."""

from __future__ import annotations

import typer


def register(app: typer.Typer) -> None:
    """Add every subcommand to `app`."""
    from wildwatch.cli import explain
    from wildwatch.cli.commands import dead, doctor, env_example, key, migrate, nats_users, status, up

    app.command("up")(up.up)
    app.command("migrate")(migrate.migrate)
    app.add_typer(key.app, name="key")
    app.add_typer(dead.app, name="dead")
    app.add_typer(explain.app, name="explain")
    app.command("doctor")(doctor.doctor)
    app.command("status")(status.status)
    app.command("nats-users")(nats_users.nats_users)
    app.command("env-example")(env_example.env_example)
