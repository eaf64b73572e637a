"""`wildwatch explain reply`: what an SMTP reply means, and which rule says so."""

from __future__ import annotations

import sys
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from wildwatch.mail.explain import Explanation, answer_line, explain

app: Final = typer.Typer(help="Explain what mail events and replies mean.", no_args_is_help=True)


@app.callback()
def _explain() -> None:
    """Keeps `reply` a command of its own while it is the only one."""


@app.command()
def reply(
    text: Annotated[str | None, typer.Argument(help="The reply, as the server sent it.")] = None,
    mx: Annotated[str | None, typer.Option(help="Host name of the server that sent it.")] = None,
    ndjson: Annotated[
        bool, typer.Option("--ndjson", help='Read {"reply", "mx"} lines from stdin, write one answer a line.')
    ] = False,
) -> None:
    """Class, culprit and permanence of a reply, with the rule that decided."""
    if ndjson:
        _answer_lines()
    elif text is None:
        raise typer.BadParameter("give the reply, or --ndjson and lines on stdin", param_hint="TEXT")
    else:
        _show(explain(text, mx))


def _answer_lines() -> None:
    out = sys.stdout.buffer
    for line in sys.stdin.buffer:
        if line.strip():
            out.write(answer_line(line) + b"\n")
            out.flush()


def _show(found: Explanation) -> None:
    verdict, rule = found.verdict, found.rule
    meant = {True: "for good", False: "for now", None: "not said"}[verdict.permanent]
    rows = (
        ("class", verdict.bounce_class),
        ("detail", verdict.detail or "-"),
        ("meant", meant),
        ("provider", found.provider_name or "-"),
        ("template", verdict.template),
        ("rule", rule.name),
        ("source", rule.source or "-"),
        ("rules version", str(found.rules_version)),
    )
    table = Table.grid(padding=(0, 2))
    for name, value in rows:
        table.add_row(Text(name, style="dim"), Text(value))
    Console(soft_wrap=not sys.stdout.isatty()).print(table)


if __name__ == "__main__":
    app()
