"""The SQL of this package's questions, one statement a file, and how conditions are added to it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources


@cache
def statement(name: str) -> str:
    """The text of `<name>.sql`."""
    return (resources.files(__name__) / f"{name}.sql").read_text(encoding="utf-8")


@cache
def predicates() -> Mapping[str, str]:
    """Condition name → its SQL, from `predicates.sql`."""
    found = {}
    for part in statement("predicates").split("-- name: ")[1:]:
        name, _, text = part.partition("\n")
        found[name.strip()] = text.strip()
    return found


def with_conditions(name: str, conditions: list[str]) -> str:
    """`<name>.sql` with the conditions at each of its `/*where*/` marks."""
    return statement(name).replace("/*where*/", "".join(f"and ({condition})\n  " for condition in conditions))
