"""The labelled replies: tab-separated, `\\n` stands for a line end, `?` for a permanence nobody can tell."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

_HERE = Path(__file__).parent


class Labelled(NamedTuple):
    bounce_class: str
    permanent: bool | None
    mx: str | None
    source: str
    reply: str


def read(name: str) -> list[Labelled]:
    """`replies`, which the rules were made with, or `replies-holdout`, written before a rule met them."""
    rows = []
    for line in (_HERE / f"{name}.tsv").read_text("utf-8").splitlines()[1:]:
        bounce_class, permanent, mx, source, reply = line.split("\t")
        meant = {"yes": True, "no": False, "?": None}[permanent]
        rows.append(Labelled(bounce_class, meant, mx or None, source, reply.replace("\\n", "\r\n")))
    return rows
