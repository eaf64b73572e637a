"""The table of rules that says what replies mean."""

from __future__ import annotations

from typing import Final

from wildwatch.mail.rules.model import Rule
from wildwatch.mail.rules.codes import by_codes

__all__ = ["ALL_RULES", "RULES_VERSION", "by_codes"]

RULES_VERSION: Final = 1
"""Goes up with each change that can alter a class; stored with every event."""

ALL_RULES: Final[tuple[Rule, ...]] = ()
