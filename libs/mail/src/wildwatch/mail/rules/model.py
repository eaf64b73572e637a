# ruff: noqa: RUF001, RUF003 - masks are in ‹›, and replies come in every script
"""What a rule is, and how rules are tried."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

import msgspec

MAX_GAP_CHARS: Final = 80
MAX_PAIR_CHARS: Final = 60


class Regex(NamedTuple):
    """A regular expression that is tried only where a plain piece of it, one of `needs`, is in the text."""

    needs: str | tuple[str, ...]
    pattern: str


class Pair(NamedTuple):
    """One of `subjects` and, at most 60 characters on, one of `predicates`; stems, separated by `|`."""

    subjects: str
    predicates: str


Phrase = str | Regex | Pair


class Rule(msgspec.Struct, frozen=True):
    """One row of the table: replies that contain one of `phrases` are of `bounce_class`.

    Phrases are compared with the masked reply in lower case; `*` stands for up to 80 characters.
    `providers` limits the row to replies of these providers, `code` to basic codes that start so.
    `permanent` overrides what the basic code says. `source` tells where the wording is known from.
    """

    name: str
    bounce_class: str
    phrases: tuple[Phrase, ...]
    providers: tuple[str, ...] = ()
    code: str = ""
    enhanced: str = ""
    detail: str | None = None
    permanent: bool | None = None
    source: str = ""


Search = Callable[[str], object]
_GRAM: Final = 4


class Test(NamedTuple):
    """One phrase of a rule: one of `needs` must be in the text, and `search`, if any, must find something."""

    needs: tuple[str, ...]
    search: Search | None
    rule: Rule


class Table:
    """Rules compiled, in their order.

    Asking some two thousand phrases one by one would cost 200 µs a reply. Each piece that a phrase needs is
    filed under its rarest run of four characters; only phrases of which such a run is in the text are
    asked.
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._tests = tuple(_test(phrase, rule) for rule in rules for phrase in rule.phrases)
        pieces = [(piece, number) for number, test in enumerate(self._tests) for piece in test.needs]
        common = Counter(gram for piece, _ in pieces for gram in _grams(piece))
        self._filed: dict[str, list[int]] = {}
        self._short: list[tuple[str, int]] = []
        for piece, number in pieces:
            grams = _grams(piece)
            if grams:
                self._filed.setdefault(min(grams, key=lambda gram: (common[gram], gram)), []).append(number)
            else:
                self._short.append((piece, number))

    def first_match(self, text: str, provider: str | None, basic: str, enhanced: str) -> Rule | None:
        """The first rule that fits. `text` is masked and folded and has a space at each end."""
        filed = self._filed
        asked: list[int] = []
        for gram in filed.keys() & {text[start : start + _GRAM] for start in range(len(text) - _GRAM + 1)}:
            asked += filed[gram]
        asked += [number for piece, number in self._short if piece in text]
        asked.sort()
        for number in asked:
            needs, search, rule = self._tests[number]
            if (
                (not rule.providers or provider in rule.providers)
                and basic.startswith(rule.code)
                and enhanced.startswith(rule.enhanced)
                and any(piece in text for piece in needs)
                and (search is None or search(text))
            ):
                return rule
        return None


def _grams(piece: str) -> set[str]:
    return {piece[start : start + _GRAM] for start in range(len(piece) - _GRAM + 1)}


_LETTERS: Final = str.maketrans(
    {
        "ł": "l",
        "ı": "i",
        "ø": "o",
        "đ": "d",
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "’": "'",
        "‹": "\x02",
        "›": "\x03",
    }
)
_MARKS = re.compile("[\u0300-\u036f\u3099\u309a]")


def fold(text: str) -> str:
    """Lower case without accents, for the reply and the phrases alike: `Boîte pleine` → `boite pleine`.

    A masked URL is renamed, so that phrases about URLs do not find it. The brackets of masks become control
    characters, so that a masked reply in plain English stays ASCII and fast.
    """
    text = text.replace("‹url›", "‹web›").replace("‹", "\x02").replace("›", "\x03").lower()
    if text.isascii():
        return text
    return _MARKS.sub("", unicodedata.normalize("NFKD", text.translate(_LETTERS)))


def _fold_pattern(pattern: str) -> str:
    """Letters beyond ASCII folded, the rest as it is: lower case would turn `\\S` into `\\s`."""
    return "".join(character if character.isascii() else fold(character) for character in pattern)


def _test(phrase: Phrase, rule: Rule) -> Test:
    if isinstance(phrase, Pair):
        subjects, predicates = (fold(stems).split("|") for stems in phrase)
        pattern = f"(?:{_either(subjects)}).{{0,{MAX_PAIR_CHARS}}}?(?:{_either(predicates)})"
        return Test(tuple(predicates), re.compile(pattern).search, rule)
    if isinstance(phrase, Regex):
        needs = (phrase.needs,) if isinstance(phrase.needs, str) else phrase.needs
        return Test(tuple(map(fold, needs)), re.compile(_fold_pattern(phrase.pattern)).search, rule)
    parts = fold(phrase).split("*")
    longest = max(parts, key=len)
    if len(parts) == 1:
        return Test((longest,), None, rule)
    return Test((longest,), _one_after_another(parts), rule)


def _either(stems: list[str]) -> str:
    return "|".join(map(re.escape, stems))


def _one_after_another(parts: list[str]) -> Search:
    """Whether the parts follow each other with at most 80 characters between two of them."""
    first, *others = parts

    def search(text: str) -> bool:
        start = text.find(first)
        while start >= 0:
            end = start + len(first)
            for part in others:
                found = text.find(part, end, end + MAX_GAP_CHARS + len(part))
                if found < 0:
                    break
                end = found + len(part)
            else:
                return True
            start = text.find(first, start + 1)
        return False

    return search
