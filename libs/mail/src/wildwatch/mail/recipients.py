"""The recipients of a message, which ZoneMTA joins with commas."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from wildwatch.mail.domain import split_address

MAX_LISTED: Final = 50
MAX_LISTED_BYTES: Final = 4_096


class Recipients(NamedTuple):
    """`total` is of all of them, `listed` the first that fit into 50 addresses and 4 kB."""

    total: int
    listed: tuple[str, ...]


def recipients(raw: Any) -> Recipients:
    """From `"a@example.org,b@example.org"` or a list of addresses; anything else has none."""
    if type(raw) is str:
        if "," not in raw:
            return Recipients(1, (raw,)) if raw else Recipients(0, ())
        parts = _outside_quotes(raw) if '"' in raw else raw.split(",")
    elif type(raw) is list:
        parts = [part for part in raw if type(part) is str]
    else:
        return Recipients(0, ())
    addresses = [part for part in (part.strip() for part in parts) if part]
    if len(addresses) == 1:
        return Recipients(1, (addresses[0],))
    listed: list[str] = []
    room = MAX_LISTED_BYTES
    for address in addresses[:MAX_LISTED]:
        text = split_address(address)[0]
        if not text:
            continue
        room -= len(text.encode("utf-8")) + 3
        if room < 0:
            break
        listed.append(text)
    return Recipients(len(addresses), tuple(listed))


def _outside_quotes(raw: str) -> list[str]:
    """Split at commas, but not inside a quoted local part such as `"a,b"@example.org`."""
    parts: list[str] = []
    is_open = False
    for piece in raw.split(","):
        if is_open:
            parts[-1] = f"{parts[-1]},{piece}"
        else:
            parts.append(piece)
        is_open ^= piece.count('"') % 2 == 1
    return parts
