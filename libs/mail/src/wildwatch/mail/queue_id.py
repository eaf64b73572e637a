"""What a ZoneMTA queue id tells: when its message was created."""

from __future__ import annotations

_DIGITS = 18
_PROCESS_DIGITS = 4


def created_ms(queue_id: str) -> int | None:
    """Creation of the message, epoch ms; None for what is no queue id.

    All but the last four hexadecimal digits, shifted right by 12 bits.
    """
    if len(queue_id) != _DIGITS:
        return None
    try:
        return int(queue_id[:-_PROCESS_DIGITS], 16) >> 12
    except ValueError:
        return None
