"""How programs of different ages read each other's messages.

Each message carries `v`, "major.minor". Fields are only ever added, with defaults, and that raises
the minor; anything else raises the major. A reader

* of a newer minor keeps the fields it does not know in `extra`,
* of a newer major raises `NewerMajorError`: the message is put back with a delay for a reader that is
  new enough, and never becomes a dead letter.
"""

from __future__ import annotations

import re

import msgspec

CURRENT = "1.0"
MAJOR = 1
MINOR = 0


def current() -> str:
    """Default of every message's `v`; a factory, because a plain default is left out on the wire."""
    return CURRENT


class NewerMajorError(Exception):
    """The message speaks a newer major version than this program: put it back, do not drop it."""


# Strict: int() alone would read "1_0.0" as version 10 and have the message put back for ever.
_VERSION = re.compile(r"([1-9][0-9]{0,4})\.(0|[1-9][0-9]{0,4})", re.ASCII)


class _Versioned(msgspec.Struct):
    v: str = CURRENT


_decode_version = msgspec.json.Decoder(_Versioned).decode


def parse(v: str) -> tuple[int, int]:
    """`"1.3"` → `(1, 3)`; `ValueError` for anything else."""
    found = _VERSION.fullmatch(v)
    if found is None:
        raise ValueError(f"not a version: {v[:20]!r}")
    return int(found[1]), int(found[2])


def check(v: str) -> bool:
    """True when the message is of a newer minor, so unknown fields are worth keeping.

    Raises `NewerMajorError` for a newer major and `ValueError` for a malformed version.
    """
    if v == CURRENT:
        return False
    major, minor = parse(v)
    if major > MAJOR:
        raise NewerMajorError(f"message of version {v}, this program reads {CURRENT}")
    return minor > MINOR


def of_payload(payload: bytes) -> str:
    """The version a raw payload claims, read without decoding the rest of it.

    Raises `msgspec.DecodeError` when the payload is not a JSON object.
    """
    return _decode_version(payload).v
