"""What a rule is, and how rules are tried."""

from __future__ import annotations

import re
import unicodedata
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


_LETTERS: Final = str.maketrans(
    {"ł": "l", "ı": "i", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "’": "'"}
)


def fold(text: str) -> str:
    """Lower case without accents, for the reply and the phrases alike: `Boîte pleine` → `boite pleine`."""
    text = text.lower()
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return "".join(character for character in apart if not unicodedata.combining(character))


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


def _fold_pattern(pattern: str) -> str:
    """Letters beyond ASCII folded, the rest as it is: lower case would turn `\\S` into `\\s`."""
    return "".join(character if character.isascii() else fold(character) for character in pattern)


def _test(phrase: str | Regex, rule: Rule) -> Test:
    if isinstance(phrase, Regex):
        return Test(fold(phrase.needs), re.compile(_fold_pattern(phrase.pattern)).search, rule)
    parts = fold(phrase).split("*")
    longest = max(parts, key=len)
    if len(parts) == 1:
        return Test(longest, None, rule)
    gap = f".{{0,{MAX_GAP_CHARS}}}?"
    return Test(longest, re.compile(gap.join(re.escape(part) for part in parts)).search, rule)
