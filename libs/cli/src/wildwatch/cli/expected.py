"""Errors of the libraries that an operator can act on, as one line."""

from __future__ import annotations

from wildwatch.bus.errors import BusError
from wildwatch.cli.keys import KeyMistakeError
from wildwatch.runtime.settings import SettingsError
from wildwatch.store.errors import StoreError


def explained(error: BaseException) -> str | None:
    """The line for `error`, or None when it is a defect and its traceback is wanted."""
    if isinstance(error, (BusError, StoreError, SettingsError, KeyMistakeError)):
        return str(error)
    return None
