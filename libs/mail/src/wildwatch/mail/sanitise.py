"""Values of unknown type turned into values a column can hold, or None."""

from __future__ import annotations

import ipaddress
import math
from typing import Any, Final

from wildwatch.mail.text import clean

INT2_MAX: Final = 2**15 - 1
INT4_MAX: Final = 2**31 - 1
INT8_MAX: Final = 2**63 - 1


def count(value: Any, top: int) -> int | None:
    """A whole number clamped to 0 … `top`; None for anything that is not a finite number."""
    if type(value) is int:
        return value if 0 <= value <= top else (0 if value < 0 else top)
    if type(value) is float and math.isfinite(value):
        return min(max(int(value), 0), top)
    return None


def real(value: Any) -> float | None:
    """A finite float from a number or from the strings ZoneMTA writes for scores (`"3.40"`)."""
    if type(value) not in (int, float, str) or (type(value) is str and len(value) > 32):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def text(value: Any, limit: int) -> str | None:
    """A non-empty cleaned string of at most `limit` characters; None for everything else."""
    if type(value) is not str or not value:
        return None
    return clean(value, limit).strip() or None


def ip(value: str) -> str | None:
    """The canonical text of an address; IPv4 in IPv6 becomes IPv4, scopes and brackets go. None if it is
    none."""
    plain = value.strip().strip("[]").partition("%")[0]
    if plain[:5].lower() == "ipv6:":
        plain = plain[5:]
    if len(plain) > 45:
        return None
    try:
        address = ipaddress.ip_address(plain)
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)
