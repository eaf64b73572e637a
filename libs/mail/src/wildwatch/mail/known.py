"""A bounded memory of what strings mean."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Generic, TypeVar

MAX_KEY_CHARS: Final = 512

V = TypeVar("V")


class Known(dict[Any, V], Generic[V]):
    """What a string was found to mean. Other hashable keys and None mean `nothing`, the empty string `empty`.

    A dictionary, so that a hit costs no Python call. It holds `max_entries`; when full it is emptied and
    learns anew, which costs time and changes no answer. Keys above 512 characters are answered but not
    kept, so that the memory is bounded in bytes too.
    """

    def __init__(self, make: Callable[[str], V], *, nothing: V, empty: V, max_entries: int) -> None:
        super().__init__()
        self._make = make
        self._nothing = nothing
        self._empty = empty
        self._max_entries = max_entries
        self._begin()

    def __missing__(self, key: Any) -> V:
        if type(key) is not str:
            return self._nothing
        value = self._make(key)
        if len(key) <= MAX_KEY_CHARS:
            if len(self) >= self._max_entries:
                self._begin()
            self[key] = value
        return value

    def _begin(self) -> None:
        self.clear()
        self[None] = self._nothing
        self[""] = self._empty
