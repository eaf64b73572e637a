"""ZoneMTA's `log:entry` object as it arrives: nothing about its types is taken for granted."""

from __future__ import annotations

import json
from typing import Any, Final

import msgspec


class UnusableEventError(ValueError):
    """An entry that cannot be an event. `field` is the culprit, `fix` tells its sender what to change."""

    def __init__(self, field: str, fix: str) -> None:
        super().__init__(f"{field}: {fix}")
        self.field = field
        self.fix = fix


class ZoneMtaEntry(msgspec.Struct, gc=False, kw_only=True):
    """The members of an entry that we look at, plus what the plugin adds. Others are skipped unread.

    Everything is `Any`: ZoneMTA writes `false`, nothing or a string for the same member.
    """

    id: Any = None
    seq: Any = None
    action: Any = None
    ts: Any = None
    """Epoch ms, from the plugin."""
    instance: Any = None
    ctx: Any = None
    pid: Any = None
    n: Any = None
    zone: Any = None
    pool: Any = None
    sender: Any = msgspec.field(default=None, name="from")
    return_path: Any = msgspec.field(default=None, name="returnPath")
    to: Any = None
    recipient: Any = None
    mx: Any = None
    mx_host: Any = msgspec.field(default=None, name="mxHost")
    host: Any = None
    ip: Any = None
    local_address: Any = msgspec.field(default=None, name="localAddress")
    zone_address: Any = msgspec.field(default=None, name="zoneAddress")
    src: Any = None
    response: Any = None
    response_text: Any = msgspec.field(default=None, name="responseText")
    description: Any = None
    reason: Any = None
    error: Any = None
    category: Any = None
    defcount: Any = None
    attempts: Any = None
    nextattempt: Any = None
    created: Any = None
    size: Any = None
    timer: Any = None
    message_id: Any = msgspec.field(default=None, name="messageId")
    message_id_queued: Any = msgspec.field(default=None, name="message-id")
    secure: Any = None
    tls: Any = None
    tls_version: Any = msgspec.field(default=None, name="tlsVersion")
    tls_cipher: Any = msgspec.field(default=None, name="tlsCipher")
    protocol: Any = None
    user: Any = None
    interface: Any = None
    header_from: Any = msgspec.field(default=None, name="headerFrom")
    rewritten_from: Any = msgspec.field(default=None, name="rwRcptFrom")
    score: Any = None
    result: Any = None
    tests: Any = None
    suppressed_address: Any = msgspec.field(default=None, name="suppressed address")
    suppressed_domain: Any = msgspec.field(default=None, name="suppressed domain")
    bounce_type: Any = msgspec.field(default=None, name="bounceType")
    bounce_id: Any = msgspec.field(default=None, name="bounceId")
    queued: Any = None


_NAMES: Final = {info.encode_name: info.name for info in msgspec.structs.fields(ZoneMtaEntry)}
_decode = msgspec.json.Decoder(ZoneMtaEntry).decode


def decode(raw: bytes) -> ZoneMtaEntry:
    """One entry from JSON, strictly first, then tolerantly. Raises `UnusableEventError` alone."""
    try:
        return _decode(raw)
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        return decode_tolerantly(raw)


def decode_tolerantly(raw: bytes) -> ZoneMtaEntry:
    """One entry from what a strict reader refuses: invalid UTF-8, lone surrogates, NaN.

    What cannot be read becomes U+FFFD here or in `normalise`. Raises `UnusableEventError` for what is no
    object.
    """
    try:
        loose = json.loads(bytes(raw).decode("utf-8", "replace"))
    except (ValueError, RecursionError) as error:
        raise UnusableEventError("event", "must be one JSON object; this is not JSON") from error
    if not isinstance(loose, dict):
        raise UnusableEventError("event", "must be a JSON object, a log:entry of ZoneMTA plus ts")
    return ZoneMtaEntry(**{_NAMES[key]: value for key, value in loose.items() if key in _NAMES})
