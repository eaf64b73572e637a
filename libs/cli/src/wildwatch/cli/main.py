"""The `wildwatch` command: each subcommand is a module of `wildwatch.cli.commands`."""

from __future__ import annotations

import sys

import typer

from wildwatch.cli.errors import StartError

app = typer.Typer(
    name="wildwatch",
    help="Watches and steers WildDuck mail infrastructure.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # plain help is quick help
    pretty_exceptions_enable=False,
)


@app.callback()
def _quieten() -> None:
    """Say what a command says and nothing else: the libraries' log lines are for services."""
    from wildwatch.runtime import logging

    logging.configure("cli", logging.LogSettings(level="error"))


def main() -> None:
    """Entry point; what an operator can mend is said in one line, exit code 1."""
    from wildwatch.cli import commands

    commands.register(app)
    try:
        app()
    except StartError as error:
        sys.stderr.write(f"wildwatch: {error}\n")
        sys.exit(1)
    except Exception as error:
        from wildwatch.cli.expected import explained

        text = explained(error)
        if text is None:
            raise
        sys.stderr.write(f"wildwatch: {text}\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
