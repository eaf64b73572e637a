# ruff: noqa: RUF001, RUF002, RUF003 - masks are in ‹›, and replies come in every script
"""One kind of reply, one template: what varies from mail to mail is masked.

`451 4.7.650 The mail server [192.0.2.1] has been … (S775) [DB5.example.com 2026-11-22T…]` becomes `451
4.7.650 The mail server [‹ip›] has been … (S775) [‹host› ‹n›]`. Status codes, codes of providers such as
S3150, TSS04 or OFR_506, and names of block lists and help pages stay: they are what tells kinds apart.
"""

from __future__ import annotations

import re
from typing import Final

from wildwatch.mail.known_hosts import is_telling
from wildwatch.mail.reply import unfold
from wildwatch.mail.text import clean

MAX_TEMPLATE_CHARS: Final = 300
_MAX_REPLY_CHARS: Final = 2_000
_MAX_CACHED_TOKEN_CHARS: Final = 64

_TLD = (
    r"(?:[a-z]{2}|com|net|org|edu|gov|mil|int|info|biz|name|pro|coop|aero|museum|jobs|mobi|travel|email|online|site|"
    r"shop|store|cloud|tech|xyz|app|dev|page|live|group|agency|company|network|systems|solutions|services|hosting|"
    r"support|berlin|hamburg|koeln|wien|paris|london|local|localdomain|lan|internal|intranet|corp|home|test|example|"
    r"invalid|localhost|arpa|xn--[a-z0-9-]+)"
)
_VARYING = re.compile(
    rf"""
      (?P<kept>‹[a-z]+›|\bAS\(\d{{3,6}}\)|\bTLSv?\d(?:[._]\d)?\b|\b[Ii][Pp][Vv]?[46]\b)
    | (?P<url>\b(?:https?://|www\.)[^\s<>"'‹›()\[\]，。；、]+)
    | (?P<address>[A-Za-z0-9.!\#$%&'*+/=?^_`{{|}}~-]+@\[?[A-Za-z0-9.:-]+\]?)
    | (?P<name>(?<=<)[^\s<>‹›]+(?=>))
    | (?P<ip>(?<![\d.])\d{{1,3}}(?:\.\d{{1,3}}){{3}}(?:/\d{{1,2}})?(?!\d)
           |
           (?<![\w:])(?:IPv6:)?(?=[0-9A-Fa-f:]*:[0-9A-Fa-f]*:)(?:[0-9A-Fa-f]{{0,4}}:){{3,7}}[0-9A-Fa-f]{{0,4}}(?![\w:])
           |
           (?<![\w:])(?:[0-9A-Fa-f]{{1,4}}:){{1,6}}:(?:[0-9A-Fa-f]{{1,4}}(?::[0-9A-Fa-f]{{1,4}})*)?(?![\w:]))
    | (?P<enhanced>(?<![\w.])[245]\.\d{{1,3}}\.\d{{1,3}}(?![\w.]*\w))
    | (?P<time>\b\d{{4}}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?\b|\b\d{{1,2}}:\d\d(?::\d\d)?(?:\.\d+)?\b)
    |
    (?P<host>(?<![\w.-])(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?\.)+(?:{_TLD}|{_TLD.upper()})\b(?![.-]?\w))
    | (?P<code>(?<![A-Za-z0-9._-])[A-Z]{{1,6}}[-_:\#]?\d{{1,4}}(?:_\d{{1,4}})?[A-Za-z]?(?![A-Za-z0-9_-]|\.\w)
           |\bAUP\#[A-Za-z]*-?\d{{3,4}}\b|(?<![A-Za-z0-9])(?:(?:BL|RL|PT|DM)\d{{6}}|URLBL[01]{{3,4}}|IPBL[01]{{4,5}})(?![A-Za-z0-9])|(?<![A-Za-z0-9])S\d{{5}}(?![A-Za-z0-9]))
    | (?P<id>(?<![A-Za-z0-9])(?=[A-Za-z._+~-]*\d)[A-Za-z0-9](?:[A-Za-z0-9._+~-]*[A-Za-z0-9])?)
    """,
    re.VERBOSE,
)
_EDGES: Final = "()[]{}<>,;:.!?'\"`"
_CODE = re.compile(
    r"[A-Z]{1,6}\d{1,4}[A-Za-z]?|(?:BL|RL|PT|DM)\d{6}|S\d{5}|TLSv?\d|[Ii][Pp][Vv]?[46]|URLBL[01]{3,4}|IPBL[01]{4,5}"
)
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+")
_IPV4 = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
_CUT_SHORT = re.compile(r"[^\s‹›]*‹[a-z]*$|[^\s‹›]+$")


_CODE_IN_FRONT = re.compile(r"[2-5][0-9][0-9](?![0-9A-Za-z])")


class Masker:
    """Masks replies and remembers what became of words.

    At most `max_cache_entries` words are remembered; when that is reached all are forgotten and learnt again.
    """

    def __init__(self, *, max_cache_entries: int = 20_000) -> None:
        self._max_cache_entries = max_cache_entries
        self._words: dict[str, str] = {}

    def __len__(self) -> int:
        return len(self._words)

    def mask(self, reply: str) -> str:
        """The whole reply, unfolded and masked, not cut. Deterministic and idempotent."""
        line = unfold(clean(reply, _MAX_REPLY_CHARS))
        known = self._words
        head = line[:3] if _CODE_IN_FRONT.match(line) else ""
        out = []
        for word in line[len(head) :].split(" "):
            masked = known.get(word)
            if masked is None:
                masked = word if word.isalpha() else _mask_word(word)
                if len(word) <= _MAX_CACHED_TOKEN_CHARS:
                    if len(known) >= self._max_cache_entries:
                        known.clear()
                    known[word] = masked
            out.append(masked)
        return head + " ".join(out)


def template(reply: str) -> str:
    """The template of a reply, of at most 300 characters, cut between words."""
    return cut(Masker(max_cache_entries=1).mask(reply))


def cut(masked: str) -> str:
    """A masked reply cut to the length of a template, between words so that no mask is torn."""
    if len(masked) <= MAX_TEMPLATE_CHARS:
        return masked
    head = masked[: MAX_TEMPLATE_CHARS + 1].rpartition(" ")[0].rstrip()
    return head or _CUT_SHORT.sub("", masked[:MAX_TEMPLATE_CHARS])


def _mask_word(word: str) -> str:
    core = word.strip(_EDGES)
    if core.isalpha() and "<" not in word:
        return word
    plain = _mask_plain(core) if core.isascii() and "<" not in word else None
    if plain is None:
        return _VARYING.sub(_mask, word)
    start = word.find(core)
    return f"{word[:start]}{plain}{word[start + len(core) :]}"


def _mask_plain(core: str) -> str | None:
    """The words that come by the million, without the large expression. None: it has to decide."""
    if core.isalnum():
        if core.isdigit():
            return "‹n›"
        return core if _CODE.fullmatch(core) else "‹id›"
    if "@" in core:
        return "‹address›" if _ADDRESS.fullmatch(core) else None
    if core.count(".") == 3 and _IPV4.fullmatch(core):
        return "‹ip›"
    return None


def _mask(found: re.Match[str]) -> str:
    kind = found.lastgroup
    text = found.group()
    if kind in ("kept", "enhanced", "code"):
        return text
    if kind == "host":
        return text if is_telling(text) else "‹host›"
    if kind == "url":
        return _mask_url(text)
    if kind == "id":
        return "‹n›" if text.isdigit() else "‹id›"
    return {"address": "‹address›", "name": "‹address›", "ip": "‹ip›", "time": "‹n›"}[kind or ""]


_URL = re.compile(r"((?:https?://)?)([^/?#]+)(.*)", re.DOTALL)
_URL_PART = re.compile(r"[^/?&=;#,]+")


def _mask_url(url: str) -> str:
    parts = _URL.match(url)
    if parts is None or not is_telling(parts[2]):
        return "‹url›"
    return parts[1] + parts[2] + _URL_PART.sub(_mask_url_part, parts[3])


def _mask_url_part(found: re.Match[str]) -> str:
    text = found.group()
    is_word = len(text) <= 32 and text.replace("-", "").replace("_", "").replace(".", "").isalpha()
    return text if is_word else "‹id›"
