"""From ZoneMTA's `log:entry` to a `MailEvent`, one function for each kind of entry.

What each member becomes, and why, is written in docs/classification.md. The source address, the MX and the class of
a reply are the product's bread, so their traps (`false`, missing, the recipient's domain in place of an MX) are
handled here and nowhere else.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final, Generic, TypeVar

from wildwatch.contracts.mail import MailEvent
from wildwatch.mail import domain, provider, sanitise
from wildwatch.mail.classify import Classifier
from wildwatch.mail.entry import UnusableEventError, ZoneMtaEntry, decode, decode_tolerantly
from wildwatch.mail.recipients import recipients
from wildwatch.mail.reply import CODES_IN_FRONT_CHARS, codes_in_front
from wildwatch.mail.sanitise import INT4_MAX, INT8_MAX
from wildwatch.mail.text import clean

__all__ = ["Normaliser", "UnusableEventError", "ZoneMtaEntry", "decode", "decode_tolerantly"]

MAX_AGE_MS: Final = 7 * 86_400_000
MAX_AHEAD_MS: Final = 600_000
MAX_QUEUE_AGE_MS: Final = 40 * 86_400_000
"""ZoneMTA drops what is older than 30 days; a larger time in the queue is a wrong clock."""

MAX_ID_CHARS: Final = 64
MAX_ADDRESS_CHARS: Final = 320
MAX_RESPONSE_CHARS: Final = 512
MAX_MESSAGE_ID_CHARS: Final = 255
MAX_LABEL_CHARS: Final = 128
MAX_NOTE_CHARS: Final = 512
MAX_CACHED_KEY_CHARS: Final = 512

_ACTIONS: Final = {
    "QUEUED": "queued",
    "ACCEPTED": "delivered",
    "DEFERRED": "deferred",
    "REJECTED": "bounced",
    "NOQUEUE": "refused",
    "DROP": "dropped",
    "DELETED": "deleted",
    "SPAMCHECK": "spam_check",
    "VIRUSCHECK": "virus_check",
    "QUEUE_BOUNCE": "dsn",
    "QUEUE_POLL": "poll",
}
_ATTEMPTS: Final = frozenset({"delivered", "deferred", "bounced"})
_USUAL_CONTEXT: Final = {"queued": "receiver", "refused": "receiver", "spam_check": "receiver",
                         "virus_check": "receiver", "delivered": "sender", "deferred": "sender", "bounced": "sender",
                         "deleted": "main", "dsn": "main", "poll": "main"}  # fmt: skip

V = TypeVar("V")


class _Known(dict[str, V], Generic[V]):
    """What a string was found to mean. Emptied when it holds `max_entries`; very long keys are never kept."""

    def __init__(self, make: Callable[[str], V], max_entries: int) -> None:
        super().__init__()
        self._make = make
        self._max_entries = max_entries

    def __missing__(self, key: str) -> V:
        value = self._make(key)
        if len(key) <= MAX_CACHED_KEY_CHARS:
            if len(self) >= self._max_entries:
                self.clear()
            self[key] = value
        return value


class Normaliser:
    """Turns entries into events. One for each process; not for several threads at once.

    It remembers names of domains, servers, zones, addresses and verdicts: `max_cache_entries` of each kind. A full
    memory is emptied and learns anew, which costs time and changes no result.
    """

    def __init__(self, *, max_cache_entries: int = 20_000) -> None:
        self._classifier = Classifier(max_cache_entries=max_cache_entries)
        self._labels = _Known(lambda raw: clean(raw, MAX_LABEL_CHARS).strip() or None, max_cache_entries)
        self._domains = _Known(domain.canonical, max_cache_entries)
        self._ips = _Known(sanitise.ip, max_cache_entries)
        self._mxs = _Known(_mx, max_cache_entries)
        self._providers_by_domain = _Known(provider.of_domain, max_cache_entries)
        self._codes = _Known(codes_in_front, max_cache_entries)

    def normalise(self, entry: ZoneMtaEntry, received_ms: int) -> MailEvent:
        """The event that an entry tells of; `received_ms` is our clock, epoch ms.

        Raises `UnusableEventError` when there is no identity, action or time to store it under.
        """
        queue_id = entry.id
        if type(queue_id) is not str or not 0 < len(queue_id) <= MAX_ID_CHARS or not _is_word(queue_id):
            raise UnusableEventError(
                "id", "must be ZoneMTA's queue id, a string of 1 to 64 letters and digits"
            )
        ts = entry.ts
        if type(ts) is not int and not (type(ts) is float and math.isfinite(ts)):
            raise UnusableEventError("ts", "must be the time of the entry as a number, epoch milliseconds")
        name = entry.action
        if type(name) is not str or not name:
            raise UnusableEventError("action", "must be the action of the log:entry, such as ACCEPTED")
        action = _ACTIONS.get(name, "other")
        at_ms = int(ts)
        shift = 0 if -MAX_AHEAD_MS <= received_ms - at_ms <= MAX_AGE_MS else received_ms - at_ms

        event = MailEvent(
            time_ms=at_ms + shift,
            action=action,
            queue_id=queue_id,
            seq=self._label(entry.seq) or "",
            instance=self._label(entry.instance) or "",
            pid=sanitise.count(entry.pid, INT4_MAX),
            n=sanitise.count(entry.n, INT8_MAX),
            zone=self._label(entry.zone),
            pool=self._label(entry.pool),
            interface=self._label(entry.interface),
        )
        extra: dict[str, Any] = {}
        if shift:
            event.time_suspect = True
            extra["ts"] = min(max(at_ms, -INT8_MAX), INT8_MAX)
        if entry.ctx is not None:
            context = self._label(entry.ctx)
            if context is not None and context != _USUAL_CONTEXT.get(action):
                extra["ctx"] = context
        if entry.user is not None:
            self._user(entry.user, event, extra)
        message_id = entry.message_id or entry.message_id_queued
        if type(message_id) is str:
            event.message_id = sanitise.text(message_id, MAX_MESSAGE_ID_CHARS)

        if action in _ATTEMPTS:
            self._attempt(entry, event, extra, at_ms, shift)
        else:
            self._message(entry, event, extra, at_ms)
            if action == "other":
                extra["action"] = self._label(name) or "?"
        if extra:
            event.extra = extra
        return event

    def _attempt(
        self, entry: ZoneMtaEntry, event: MailEvent, extra: dict[str, Any], at_ms: int, shift: int
    ) -> None:
        """ACCEPTED, DEFERRED, REJECTED: one attempt at one recipient."""
        event.sender, event.sender_domain = self._address(entry.sender)
        event.return_path = (
            event.sender if entry.return_path == entry.sender else self._address(entry.return_path)[0]
        )
        event.recipient, event.recipient_domain = self._address(entry.to)
        event.source_ip = self._source_ip(entry)
        event.mx_ip = self._ip(entry.host)
        self._server(entry, event)
        event.queued_ms = _queued_ms(entry, at_ms)
        event.delivery_ms = sanitise.count(entry.timer, INT8_MAX)
        event.tls = self._tls(entry)
        protocol = entry.protocol
        if protocol is not None and protocol != "smtp":
            _note(extra, "protocol", self._label(protocol))

        response = entry.response
        if type(response) is str and response:
            event.response = clean(response, MAX_RESPONSE_CHARS)
        if event.action == "delivered":
            event.size = sanitise.count(entry.size, INT8_MAX)
            event.attempt = sanitise.count(entry.attempts, INT4_MAX)
            if event.response:
                event.smtp_code, event.enhanced_code = self._codes[event.response[:CODES_IN_FRONT_CHARS]]
            return

        event.zonemta_category = self._label(entry.category)
        event.attempt = sanitise.count(entry.attempts, INT4_MAX)
        if event.action == "deferred":
            defcount = sanitise.count(entry.defcount, INT4_MAX)
            event.attempt = event.attempt if defcount is None else defcount
            next_ms = sanitise.count(entry.nextattempt, INT8_MAX)
            if next_ms is not None and abs(next_ms - at_ms) <= MAX_QUEUE_AGE_MS:
                event.next_attempt_ms = next_ms + shift
        self._judge(event, extra)

    def _message(self, entry: ZoneMtaEntry, event: MailEvent, extra: dict[str, Any], at_ms: int) -> None:
        """Everything that is no attempt: a message was queued, refused, dropped, checked, deleted."""
        event.sender, event.sender_domain = self._address(entry.sender)
        if entry.return_path is not None:
            event.return_path = self._address(entry.return_path)[0]
        found = recipients(entry.to if entry.to is not None else entry.recipient)
        if found.count == 1 and found.listed:
            event.recipient, event.recipient_domain = self._address(found.listed[0])
        elif found.count:
            extra["recipients"] = list(found.listed)
            extra["recipient_count"] = found.count
        event.client_ip = self._ip(entry.src)
        event.spam_score = sanitise.real(entry.score)
        if event.action in ("dropped", "deleted", "dsn"):
            event.queued_ms = _queued_ms(entry, at_ms)
        header_from = self._address(entry.header_from)[0]
        if header_from and header_from != event.sender:
            extra["header_from"] = header_from
        for name, value in (
            ("rewritten_from", entry.rewritten_from),
            ("reason", entry.reason),
            ("description", entry.description),
            ("result", entry.result),
            ("error", entry.error),
            ("suppressed_address", entry.suppressed_address),
            ("suppressed_domain", entry.suppressed_domain),
            ("bounce_type", entry.bounce_type),
            ("bounce_id", entry.bounce_id),
        ):
            if value is not None:
                _note(extra, name, sanitise.text(value, MAX_NOTE_CHARS))
        if event.action in ("spam_check", "refused"):
            _note(extra, "tests", sanitise.text(entry.tests, MAX_NOTE_CHARS * 2))
        if event.action == "dsn" and entry.queued == "no":
            extra["queued"] = False
        text = sanitise.text(entry.response_text, MAX_RESPONSE_CHARS)
        if text is not None:
            event.response = text
        if event.action == "refused" and event.response is not None:
            self._judge(event, extra)
        elif event.response is not None:
            event.smtp_code, event.enhanced_code = self._codes[event.response[:CODES_IN_FRONT_CHARS]]

    def _judge(self, event: MailEvent, extra: dict[str, Any]) -> None:
        if event.response is None:
            event.bounce_class = "other"
            return
        verdict = self._classifier.classify(event.response, event.provider)
        event.smtp_code, event.enhanced_code = verdict.codes
        event.reply_template = verdict.template
        event.bounce_class = verdict.bounce_class
        event.permanent = verdict.permanent
        if verdict.detail is not None:
            extra["class_detail"] = verdict.detail

    def _server(self, entry: ZoneMtaEntry, event: MailEvent) -> None:
        """MX and provider. Without a session ZoneMTA writes the recipient's domain into `mx`: that is none."""
        raw = entry.mx_host
        if type(raw) is not str or not raw:
            raw = entry.mx
            if type(raw) is not str or not raw:
                raw = None
            elif event.mx_ip is None and self._domains[raw] == event.recipient_domain:
                raw = None
        if raw is not None:
            event.mx, event.provider = self._mxs[raw]
        if event.mx is None:
            name = event.recipient_domain
            event.provider = self._providers_by_domain[name] if name else provider.OTHER

    def _source_ip(self, entry: ZoneMtaEntry) -> str | None:
        """Our address: the session's, else the one bound when TCP connected, else the one chosen from the pool."""
        found = self._ip(entry.ip)
        if found is None and entry.local_address is not None:
            found = self._ip(entry.local_address)
        if found is None and entry.zone_address is not None:
            chosen = entry.zone_address
            found = self._ip(chosen.get("address") if type(chosen) is dict else chosen)
        return found

    def _tls(self, entry: ZoneMtaEntry) -> str | None:
        if entry.tls_version or entry.tls_cipher:
            return self._label(entry.tls_version) or self._label(entry.tls_cipher) or "yes"
        return "yes" if entry.tls is True or entry.secure is True else None

    def _user(self, raw: Any, event: MailEvent, extra: dict[str, Any]) -> None:
        """`username[login]` of zonemta-wildduck: the account, and the address it logged in with."""
        name = self._label(raw)
        if name is not None and name[-1] == "]" and "[" in name[1:]:
            name, _, login = name[:-1].partition("[")
            if login != name:
                _note(extra, "login", login)
        event.mailbox = name

    def _label(self, raw: Any) -> str | None:
        return self._labels[raw] if type(raw) is str and raw else None

    def _ip(self, raw: Any) -> str | None:
        return self._ips[raw] if type(raw) is str and raw else None

    def _address(self, raw: Any) -> tuple[str | None, str | None]:
        """Address and domain. `""` is the null sender, written `<>` or `''` by ZoneMTA; None is unknown."""
        if type(raw) is not str:
            return None, None
        if raw in ("", "<>"):
            return "", None
        if len(raw) <= MAX_ADDRESS_CHARS and raw.isascii() and raw.isprintable() and raw[0] not in "< ":
            _, at, name = raw.rpartition("@")
            if at and self._domains[name] == name:
                return raw, name
        address, known = domain.split_address(clean(raw, MAX_ADDRESS_CHARS * 2))
        return address[:MAX_ADDRESS_CHARS] or None, known


def _mx(raw: str) -> tuple[str | None, str]:
    host = domain.canonical(raw)
    return host, provider.of_mx(host) if host else provider.OTHER


def _note(extra: dict[str, Any], name: str, value: str | None) -> None:
    if value:
        extra[name] = value


def _is_word(text: str) -> bool:
    return text.isascii() and (
        text.isalnum() or text.replace("-", "").replace("_", "").replace(".", "").isalnum()
    )


def _queued_ms(entry: ZoneMtaEntry, at_ms: int) -> int | None:
    """How long the message has been in the queue, by the clock of its own host.

    `created` counts only as a number: zonemta-wildduck sets it to a date that is the time of the log line. Else the
    queue id tells: all but its last four digits, as hexadecimal, shifted right by 12 bits, are epoch ms.
    """
    created = entry.created
    if type(created) in (int, float) and 0 <= at_ms - created <= MAX_QUEUE_AGE_MS:
        return int(at_ms - created)
    queue_id = entry.id
    if len(queue_id) == 18:
        try:
            waited = at_ms - (int(queue_id[:-4], 16) >> 12)
        except ValueError:
            return None
        if -MAX_AHEAD_MS <= waited <= MAX_QUEUE_AGE_MS:
            return max(waited, 0)
    return None
