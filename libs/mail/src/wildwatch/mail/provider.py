"""Who runs a mail exchanger: the provider behind the MX that was used."""

from __future__ import annotations

from typing import Final

from wildwatch.mail.providers import BY_DOMAIN, BY_MX, DISPLAY_NAMES, OTHER

__all__ = ["DISPLAY_NAMES", "OTHER", "of_domain", "of_mx"]

_MAX_LABELS: Final = 10


def of_mx(host: str) -> str:
    """Slug of the provider of an MX host name, by its longest known suffix; `other` when unknown.

    A suffix counts at label borders only; case and a trailing dot do not matter.
    """
    return _longest(host, BY_MX)


def of_domain(domain: str) -> str:
    """Slug of the provider of a mail domain people have addresses in, for when no MX was reached."""
    name = domain.lower().rstrip(".")
    slug = BY_DOMAIN.get(name)
    if slug is not None:
        return slug
    # The families with a country at the end: hotmail.fr, yahoo.com.br, live.co.uk. Yahoo Japan is another
    # company.
    return _FAMILIES.get(name.partition(".")[0], OTHER) if 0 < name.count(".") <= 2 else OTHER


_FAMILIES: Final = {
    "hotmail": "outlook",
    "outlook": "outlook",
    "live": "outlook",
    "yahoo": "yahoo",
    "gmx": "gmx",
    "yandex": "yandex",
}


def _longest(host: str, table: dict[str, str]) -> str:
    name = host.lower().rstrip(".")
    for _ in range(_MAX_LABELS):
        slug = table.get(name)
        if slug is not None:
            return slug
        _, dot, name = name.partition(".")
        if not dot:
            break
    return OTHER
