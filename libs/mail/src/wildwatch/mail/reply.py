"""The parts of an SMTP reply: basic code, enhanced status code (RFC 3463), text."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

CODES_IN_FRONT_CHARS: Final = 16
"""Both codes, when there are any, lie within so many first characters."""

_CODES = re.compile(
    r"\s*(?P<basic>[2-5]\d\d)(?!\d)(?:[ -]?\s*\(?#?(?P<enhanced>[245]\.\d{1,3}\.\d{1,3})(?![\d.]))?"
)
_ENHANCED_ALONE = re.compile(r"\s*(?P<enhanced>[245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_ENHANCED_ANYWHERE = re.compile(r"[45]\.\d{1,3}\.\d{1,3}(?![\d.])")
_SEARCHED_CHARS: Final = 600


class Codes(NamedTuple):
    """`basic` is None for texts that are no SMTP reply, `enhanced` when the server gave none."""

    basic: int | None
    enhanced: str | None


def codes_in_front(text: str) -> Codes:
    """Codes at the very start: `550-5.7.1 …`, `550 #5.1.1 …`, `5.4.1 …`. Of delivered mail this is enough."""
    found = _CODES.match(text)
    if found:
        return Codes(int(found["basic"]), found["enhanced"])
    found = _ENHANCED_ALONE.match(text)
    return Codes(None, found["enhanced"] if found else None)


def codes(text: str) -> Codes:
    """Codes at the start, else an enhanced code further on, as qmail (`(#5.1.1)`) and gateways write it."""
    front = codes_in_front(text[:64])
    if front.enhanced is not None:
        return front
    for found in _ENHANCED_ANYWHERE.finditer(text, 0, _SEARCHED_CHARS):
        if found.start() == 0 or text[found.start() - 1] not in ".0123456789":
            return Codes(front.basic, found.group())
    return front


def unfold(reply: str) -> str:
    """One line of a reply of many: white space made single, the codes that each line repeats dropped."""
    line = " ".join(reply.split())
    basic = line[:3]
    if len(line) < 4 or not (basic.isascii() and basic.isdigit()) or line[3] not in " -":
        return line
    rest = line[4:]
    first = rest.partition(" ")[0]
    if first[:1] in ("2", "4", "5") and first.count(".") == 2:
        rest = rest.replace(f" {basic}-{first} ", " ").replace(f" {basic} {first} ", " ")
    return f"{basic} {rest}".replace(f" {basic}-", " ") if f" {basic}-" in rest else f"{basic} {rest}"
