"""Text that may be stored: no NUL, no lone surrogates, nothing that moves a reader's cursor, not too long."""

from __future__ import annotations

from typing import Final

_BLANK: Final = " "
_CONTROLS: Final[dict[int, str | None]] = {
    **dict.fromkeys(range(0x20), None),
    **dict.fromkeys(range(0x7F, 0xA0), None),
    **dict.fromkeys((0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029), _BLANK),
    # Marks that reorder or hide what follows them: a reply must not be able to disguise itself on a page.
    **dict.fromkeys((0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF), None),
}


def clean(text: str, limit: int) -> str:
    """`text` without control characters and lone surrogates, of at most `limit` characters.

    Line ends and tabs become spaces. Printable ASCII, nearly everything, comes back as the same object.
    """
    if text.isascii() and text.isprintable():
        return text if len(text) <= limit else text[:limit]
    if len(text) > limit * 4:
        text = text[: limit * 4]
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return whole.translate(_CONTROLS)[:limit]
