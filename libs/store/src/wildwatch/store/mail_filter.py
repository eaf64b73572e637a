"""Which mail events a question is about: a time range and conditions, turned into SQL in one place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from wildwatch.store import queries

FILTERS = (
    "action", "outcome", "host", "provider", "class", "zonemta_category", "template", "zone", "source_ip",
    "queue_id", "recipient_domain", "sender_domain",
)  # fmt: skip
"""What events can be filtered by. The empty text means: where it is not known."""


class TimeRange(msgspec.Struct, frozen=True):
    """`start <= time < end`, both aware."""

    start: datetime
    end: datetime


class MailFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Events with one of the values of each name in `include` and none of those in `exclude`.

    Names are those of `FILTERS`. `blocked_classes` are the bounce classes that mean "refused for
    reputation"; attempts of these classes have the outcome `blocked`.
    """

    include: Mapping[str, Sequence[str]] = {}
    exclude: Mapping[str, Sequence[str]] = {}
    blocked_classes: tuple[str, ...] = ()


class Conditions:
    """A filter as conditions with their parameters, numbered after the statement's own `fixed` ones.

    `ValueError` for a name that is not in `FILTERS`.
    """

    def __init__(self, fixed: Sequence[Any], filter_: MailFilter) -> None:
        self.parameters = list(fixed)
        self.texts: list[str] = []
        for name, values in filter_.include.items():
            self._add(name, values, "{}", filter_.blocked_classes)
        for name, values in filter_.exclude.items():
            self._add(name, values, "({}) is not true", filter_.blocked_classes)

    def before(self, key: Sequence[Any]) -> Conditions:
        """Only what comes after `key` in the order of the list of events."""
        first = len(self.parameters) + 1
        self.parameters += key
        numbers = ", ".join(f"${first + i}" for i in range(len(key)))
        self.texts.append(queries.predicates()["before"].replace("/*cursor*/", numbers))
        return self

    def _add(self, name: str, values: Sequence[str], form: str, blocked_classes: Sequence[str]) -> None:
        if name not in FILTERS:
            raise ValueError(f"no filter {name!r}")
        text = queries.predicates()[name].replace("${}", self._parameter(list(values)))
        if "/*blocked*/" in text:
            text = text.replace("/*blocked*/", self._parameter(list(blocked_classes)))
        self.texts.append(form.format(text))

    def _parameter(self, value: Any) -> str:
        self.parameters.append(value)
        return f"${len(self.parameters)}"
