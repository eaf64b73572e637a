"""Domain names as they are stored: A-labels in lower case, and the part that somebody registered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import idna

from wildwatch.mail.text import clean

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

MAX_DOMAIN_CHARS: Final = 255
MAX_ADDRESS_CHARS: Final = 320


def canonical(name: str) -> str | None:
    """`Bücher.Example.` → `xn--bcher-kva.example`; None when nothing is left.

    Names that IDNA refuses are kept in lower case, cleaned and cut: an odd name must still be countable.
    """
    name = clean(name, MAX_DOMAIN_CHARS).strip().rstrip(".")
    if name.isascii():
        return name.lower() or None
    try:
        return idna.encode(name, uts46=True).decode("ascii").lower()[:MAX_DOMAIN_CHARS]
    except UnicodeError:
        return name.lower()[:MAX_DOMAIN_CHARS] or None


def split_address(address: str) -> tuple[str | None, str | None]:
    """`<Bob@Example.ORG>` → `("Bob@example.org", "example.org")`, cut to 320 characters.

    The local part keeps its case, it is the recipient's business. The null sender, `<>` or an empty string,
    is `("", None)`; what has no domain has None there; what is nothing but control characters is `(None,
    None)`.
    """
    plain = clean(address, MAX_ADDRESS_CHARS * 2).strip()
    bare = plain.removeprefix("<").removesuffix(">").strip()
    if not bare:
        return ("", None) if plain == "<>" or not address else (None, None)
    local, at, domain = bare.rpartition("@")
    if not at:
        return bare[:MAX_ADDRESS_CHARS], None
    name = canonical(domain)
    if name is None:
        return local[:MAX_ADDRESS_CHARS] or None, None
    return f"{local}@{name}"[:MAX_ADDRESS_CHARS], name


class RegistrableDomains:
    """The registrable part of a name by the public suffix list that ships with `publicsuffixlist`.

    The list (some 10 MB once parsed) is read at the first question. Answers are kept for at most
    `max_cache_entries` names; when that is reached they are all forgotten and learnt again.
    """

    def __init__(self, *, max_cache_entries: int = 20_000) -> None:
        self._max_cache_entries = max_cache_entries
        self._known: dict[str, str | None] = {}
        self._list: PublicSuffixList | None = None

    def of(self, name: str) -> str | None:
        """`mail.shop.example.co.uk` → `example.co.uk`; None for a public suffix itself or no name."""
        if name in self._known:
            return self._known[name]
        if self._list is None:
            from publicsuffixlist import PublicSuffixList

            self._list = PublicSuffixList()
        if len(self._known) >= self._max_cache_entries:
            self._known.clear()
        plain = canonical(name)
        found = self._list.privatesuffix(plain) if plain else None
        answer = str(found) if found else None
        self._known[name] = answer
        return answer
