"""The outcome of one check."""

from __future__ import annotations

from typing import Literal

import msgspec

Verdict = Literal["pass", "warn", "fail"]


class Result(msgspec.Struct, frozen=True):
    """`mend` says what to do; empty when it passed."""

    check: str
    verdict: Verdict
    found: str
    mend: str = ""


def passed(check: str, found: str) -> Result:
    """All is well."""
    return Result(check, "pass", found)


def warned(check: str, found: str, mend: str) -> Result:
    """It works, but not for long or not as well as it should."""
    return Result(check, "warn", found, mend)


def failed(check: str, found: str, mend: str) -> Result:
    """It does not work."""
    return Result(check, "fail", found, mend)
