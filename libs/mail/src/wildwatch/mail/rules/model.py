"""What a rule is, and how rules are tried."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

import msgspec

MAX_GAP_CHARS: Final = 80


class Regex(NamedTuple):
    """A regular expression that is tried only where `needs`, a plain piece of it, is in the text."""

    needs: str
    pattern: str


class Rule(msgspec.Struct, frozen=True):
    """One row of the table: replies that contain one of `phrases` are of `bounce_class`.

    Phrases are compared with the masked reply in lower case; `*` stands for up to 80 characters. `providers` limits
    the row to replies of these providers, `code` to basic codes that start so. `permanent` overrides what the basic
    code says. `source` tells where the wording is known from.
    """

    name: str
    bounce_class: str
    phrases: tuple[str | Regex, ...]
    providers: tuple[str, ...] = ()
    code: str = ""
    enhanced: str = ""
    detail: str | None = None
    permanent: bool | None = None
    source: str = ""


Search = Callable[[str], object]


class Test(NamedTuple):
    needs: str
    search: Search | None
    rule: Rule


def compile_rules(rules: Iterable[Rule], provider: str | None) -> tuple[Test, ...]:
    """The tests for replies of one provider, in the order of the table."""
    return tuple(
        _test(phrase, rule)
        for rule in rules
        if not rule.providers or provider in rule.providers
        for phrase in rule.phrases
    )


def first_match(tests: tuple[Test, ...], text: str, basic: str, enhanced: str) -> Rule | None:
    """The first rule that fits. `text` is masked, in lower case and has a space at each end."""
    for needs, search, rule in tests:
        if (
            needs in text
            and (search is None or search(text))
            and basic.startswith(rule.code)
            and enhanced.startswith(rule.enhanced)
        ):
            return rule
    return None


def _test(phrase: str | Regex, rule: Rule) -> Test:
    if isinstance(phrase, Regex):
        return Test(phrase.needs, re.compile(phrase.pattern).search, rule)
    parts = phrase.split("*")
    longest = max(parts, key=len)
    if len(parts) == 1:
        return Test(longest, None, rule)
    gap = f".{{0,{MAX_GAP_CHARS}}}?"
    return Test(longest, re.compile(gap.join(re.escape(part) for part in parts)).search, rule)
