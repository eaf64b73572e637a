"""From ZoneMTA's `log:entry` to a `MailEvent`.

What each member becomes, and why, is written in docs/classification.md. The traps of the entry (`false` for a
string, members that are missing, the recipient's domain in place of an MX) are handled here and nowhere else.
"""

from __future__ import annotations

import math
from typing import Any, Final

import msgspec

from wildwatch.contracts.mail import MailEvent
from wildwatch.mail import domain, provider, sanitise
from wildwatch.mail.classify import Classifier
from wildwatch.mail.entry import UnusableEventError, ZoneMtaEntry, decode, decode_tolerantly
from wildwatch.mail.known import Known
from wildwatch.mail.queue_id import created_ms
from wildwatch.mail.recipients import recipients
from wildwatch.mail.reply import CODES_IN_FRONT_CHARS, Codes, codes_in_front
from wildwatch.mail.sanitise import INT4_MAX, INT8_MAX
from wildwatch.mail.text import clean

__all__ = ["Normaliser", "UnusableEventError", "ZoneMtaEntry", "decode", "decode_tolerantly"]

MAX_AGE_MS: Final = 7 * 86_400_000
MAX_AHEAD_MS: Final = 600_000
MAX_QUEUE_AGE_MS: Final = 40 * 86_400_000
"""ZoneMTA drops what is older than 30 days; a longer time in the queue is a wrong clock."""

MAX_ID_CHARS: Final = 64
MAX_RESPONSE_CHARS: Final = 512
MAX_MESSAGE_ID_CHARS: Final = 255
MAX_LABEL_CHARS: Final = 128
MAX_NOTE_CHARS: Final = 512
MAX_TESTS_CHARS: Final = 1_024

_ACTIONS: Final = {
    "QUEUED": "queued", "ACCEPTED": "delivered", "DEFERRED": "deferred", "REJECTED": "bounced",
    "NOQUEUE": "refused",
    "DROP": "dropped", "DELETED": "deleted", "SPAMCHECK": "spam_check", "VIRUSCHECK": "virus_check",
    "QUEUE_BOUNCE": "dsn", "QUEUE_POLL": "poll",
}  # fmt: skip
_USUAL_CONTEXT: Final = {
    "queued": "receiver", "refused": "receiver", "spam_check": "receiver", "virus_check": "receiver",
    "delivered": "sender", "deferred": "sender", "bounced": "sender", "deleted": "main", "dsn": "main",
    "poll": "main",
}  # fmt: skip
_NOTES: Final = ("rewritten_from", "reason", "description", "result", "error", "suppressed_address",
                 "suppressed_domain", "bounce_type", "bounce_id")  # fmt: skip
_UNKNOWN: Final[tuple[str | None, str | None]] = (None, None)
_NULL_SENDER: Final[tuple[str | None, str | None]] = ("", None)
_NO_SERVER: Final[tuple[str | None, str]] = (None, provider.OTHER)
_NO_CODES: Final = Codes(None, None)
_MAY_BE_NESTED: Final = frozenset({"to", "recipient", "zone_address"})


class Normaliser:
    """Turns entries into events. One for each process; not for several threads at once.

    It remembers labels, domains, senders, addresses, servers, codes and verdicts, at most
    `max_cache_entries` of each; a full memory is emptied and learns anew, which costs time and changes no
    result.
    """

    def __init__(self, *, max_cache_entries: int = 20_000) -> None:
        size = max_cache_entries
        self._classifier = Classifier(max_cache_entries=size)
        self._labels: Known[str | None] = Known(_label, nothing=None, empty=None, max_entries=size)
        self._domains: Known[str | None] = Known(domain.canonical, nothing=None, empty=None, max_entries=size)
        self._senders: Known[tuple[str | None, str | None]] = Known(
            self._parse_address, nothing=_UNKNOWN, empty=_NULL_SENDER, max_entries=size
        )
        self._ips: Known[str | None] = Known(sanitise.ip, nothing=None, empty=None, max_entries=size)
        self._servers: Known[tuple[str | None, str]] = Known(
            _server, nothing=_NO_SERVER, empty=_NO_SERVER, max_entries=size
        )
        self._providers: Known[str] = Known(
            provider.of_domain, nothing=provider.OTHER, empty=provider.OTHER, max_entries=size
        )
        self._codes: Known[Codes] = Known(
            codes_in_front, nothing=_NO_CODES, empty=_NO_CODES, max_entries=size
        )

    def normalise(self, entry: ZoneMtaEntry, received_ms: int) -> MailEvent:
        """The event that an entry tells of; `received_ms` is our clock, epoch ms.

        Raises `UnusableEventError` when there is no identity, action or time to store it under.
        """
        queue_id = entry.id
        if type(queue_id) is not str or not (
            queue_id.isalnum() and len(queue_id) <= MAX_ID_CHARS and queue_id.isascii()
        ):
            raise UnusableEventError(
                "id", "must be ZoneMTA's queue id, a string of 1 to 64 letters and digits"
            )
        ts = entry.ts
        if type(ts) is not int and not (type(ts) is float and math.isfinite(ts)):
            raise UnusableEventError("ts", "must be the time of the entry as a number, epoch milliseconds")
        if type(entry.action) is not str or not entry.action:
            raise UnusableEventError("action", "must be the action of the log:entry, such as ACCEPTED")
        try:
            return self._event(entry, min(max(int(ts), -INT8_MAX), INT8_MAX), received_ms)
        except TypeError:
            # A list or object where a string belongs cannot be looked up. It means nothing; the rest is
            # still an event.
            return self._event(_without_nested(entry), min(max(int(ts), -INT8_MAX), INT8_MAX), received_ms)

    def remembered(self) -> dict[str, int]:
        """How many entries each memory holds now, by its name; for a gauge."""
        return {
            "labels": len(self._labels),
            "domains": len(self._domains),
            "senders": len(self._senders),
            "ips": len(self._ips),
            "servers": len(self._servers),
            "providers": len(self._providers),
            "codes": len(self._codes),
        } | self._classifier.remembered()

    def _event(self, entry: ZoneMtaEntry, at_ms: int, received_ms: int) -> MailEvent:
        action = _ACTIONS.get(entry.action, "other")
        shift_ms = 0 if -MAX_AHEAD_MS <= received_ms - at_ms <= MAX_AGE_MS else received_ms - at_ms
        labels = self._labels
        pid = entry.pid
        n = entry.n
        event = MailEvent(
            time_ms=at_ms + shift_ms,
            action=action,
            queue_id=entry.id,
            seq=labels[entry.seq] or "",
            instance=labels[entry.instance] or "",
            pid=pid if type(pid) is int and 0 <= pid <= INT4_MAX else sanitise.count(pid, INT4_MAX),
            n=n if type(n) is int and 0 <= n <= INT8_MAX else sanitise.count(n, INT8_MAX),
            zone=labels[entry.zone],
            pool=labels[entry.pool],
            interface=labels[entry.interface],
            mailbox=labels[entry.user],
        )
        extra: dict[str, Any] = {}
        message_id = entry.message_id or entry.message_id_queued
        if type(message_id) is str:
            if len(message_id) <= MAX_MESSAGE_ID_CHARS and message_id.isascii() and message_id.isprintable():
                event.message_id = message_id
            else:
                event.message_id = sanitise.text(message_id, MAX_MESSAGE_ID_CHARS)
        if action == "delivered" or action == "deferred" or action == "bounced":  # noqa: PLR1714 - the fastest form
            self._attempt(entry, event, extra, at_ms, shift_ms)
        else:
            self._message(entry, event, extra, at_ms)
            if action == "other":
                extra["action"] = labels[entry.action] or "?"
        if shift_ms:
            event.time_suspect = True
            extra["ts"] = at_ms
        context = entry.ctx
        if context is not None and context != _USUAL_CONTEXT.get(action):
            _note(extra, "ctx", labels[context])
        mailbox = event.mailbox
        if mailbox is not None and mailbox[-1] == "]" and "[" in mailbox[1:]:
            # zonemta-wildduck writes `username[login]` when somebody logs in with another of their addresses.
            event.mailbox, _, login = mailbox[:-1].partition("[")
            _note(extra, "login", login)
        if extra:
            event.extra = extra
        return event

    def _attempt(  # noqa: C901 - one line a member, on the hot path
        self, entry: ZoneMtaEntry, event: MailEvent, extra: dict[str, Any], at_ms: int, shift_ms: int
    ) -> None:
        """ACCEPTED, DEFERRED, REJECTED: one attempt at one recipient."""
        event.sender, event.sender_domain = self._senders[entry.sender]
        event.return_path = self._senders[entry.return_path][0]
        event.recipient, event.recipient_domain = self._address(entry.to)
        ips = self._ips
        event.source_ip = ips[entry.ip] or self._source_without_session(entry)
        event.mx_ip = ips[entry.host]
        server = entry.mx_host or entry.mx
        if event.mx_ip is None and not entry.mx_host and self._domains[server] == event.recipient_domain:
            server = None  # without a session ZoneMTA writes the recipient's domain into `mx`
        event.mx, event.provider = self._servers[server]
        if event.mx is None:
            event.provider = self._providers[event.recipient_domain]
        event.queued_ms = _queued_ms(entry, at_ms)
        timer = entry.timer
        event.delivery_ms = (
            timer if type(timer) is int and 0 <= timer <= INT8_MAX else sanitise.count(timer, INT8_MAX)
        )
        if entry.attempts is not None:
            event.attempt = sanitise.count(entry.attempts, INT4_MAX)
        if entry.tls_version or entry.tls_cipher:
            event.tls = self._labels[entry.tls_version] or self._labels[entry.tls_cipher] or "yes"
        elif entry.tls is True or entry.secure is True:
            event.tls = "yes"
        if entry.protocol != "smtp":
            _note(extra, "protocol", self._labels[entry.protocol])
        response = entry.response
        if type(response) is str:
            event.response = response = clean(response, MAX_RESPONSE_CHARS) or None
        if event.action == "delivered":
            event.size = sanitise.count(entry.size, INT8_MAX)
            if event.response is not None:
                event.smtp_code, event.enhanced_code = self._codes[event.response[:CODES_IN_FRONT_CHARS]]
            return
        event.zonemta_category = self._labels[entry.category]
        if event.action == "deferred":
            defcount = sanitise.count(entry.defcount, INT4_MAX)
            event.attempt = event.attempt if defcount is None else defcount
            next_ms = sanitise.count(entry.nextattempt, INT8_MAX)
            if next_ms is not None and abs(next_ms - at_ms) <= MAX_QUEUE_AGE_MS:
                event.next_attempt_ms = next_ms + shift_ms
        self._judge(event, extra)

    def _message(  # noqa: C901 - one line a member
        self, entry: ZoneMtaEntry, event: MailEvent, extra: dict[str, Any], at_ms: int
    ) -> None:
        """Everything that is no attempt: a message was queued, refused, dropped, checked, deleted."""
        event.sender, event.sender_domain = self._senders[entry.sender]
        event.return_path = self._senders[entry.return_path][0]
        if entry.header_from is not None and entry.header_from != entry.sender:
            header_from = self._senders[entry.header_from][0]
            if header_from != event.sender:
                _note(extra, "header_from", header_from)
        to = entry.to if entry.to is not None else entry.recipient
        if to is not None:
            found = recipients(to)
            if found.total == 1 and found.listed:
                event.recipient, event.recipient_domain = self._address(found.listed[0])
            elif found.total:
                extra["recipients"] = list(found.listed)
                extra["recipient_count"] = found.total
        event.client_ip = self._ips[entry.src]
        event.spam_score = sanitise.real(entry.score)
        if event.action == "queued":
            return
        if event.action in ("dropped", "deleted", "dsn"):
            event.queued_ms = _queued_ms(entry, at_ms)
        for name in _NOTES:
            _note(extra, name, sanitise.text(getattr(entry, name), MAX_NOTE_CHARS))
        if event.action in ("spam_check", "refused"):
            _note(extra, "tests", sanitise.text(entry.tests, MAX_TESTS_CHARS))
        if event.action == "dsn" and entry.queued == "no":
            extra["queued"] = False
        event.response = sanitise.text(entry.response_text, MAX_RESPONSE_CHARS)
        if event.action == "refused":
            event.response = event.response or sanitise.text(entry.error, MAX_RESPONSE_CHARS)
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

    def _source_without_session(self, entry: ZoneMtaEntry) -> str | None:
        """Our address when no session came about: the one bound when TCP connected, else the pool's
        choice."""
        chosen = entry.zone_address
        if type(chosen) is dict:
            chosen = chosen.get("address")
        return self._ips[entry.local_address] or (self._ips[chosen] if type(chosen) is str else None)

    def _address(self, raw: Any) -> tuple[str | None, str | None]:
        """An address that is not worth remembering: recipients rarely come twice."""
        if type(raw) is not str or not raw:
            return _NULL_SENDER if raw == "" else _UNKNOWN
        return self._parse_address(raw)

    def _parse_address(self, raw: str) -> tuple[str | None, str | None]:
        if (
            len(raw) <= domain.MAX_ADDRESS_CHARS
            and raw.isascii()
            and raw.isprintable()
            and raw[0] not in "< "
        ):
            _, at, name = raw.rpartition("@")
            if at and self._domains[name] == name:
                return raw, name
        return domain.split_address(raw)


def _label(raw: str) -> str | None:
    return clean(raw, MAX_LABEL_CHARS).strip() or None


def _server(raw: str) -> tuple[str | None, str]:
    host = domain.canonical(raw)
    return host, provider.of_mx(host) if host else provider.OTHER


def _note(extra: dict[str, Any], name: str, value: str | None) -> None:
    if value:
        extra[name] = value


def _without_nested(entry: ZoneMtaEntry) -> ZoneMtaEntry:
    return ZoneMtaEntry(
        **{
            name: value
            for name, value in msgspec.structs.asdict(entry).items()
            if not isinstance(value, list | dict) or name in _MAY_BE_NESTED
        }
    )


def _queued_ms(entry: ZoneMtaEntry, at_ms: int) -> int | None:
    """How long the message has been in the queue, by the clock of its own host.

    `created` counts only as a number: zonemta-wildduck sets it to a date that is the time of the log line.
    Else the queue id tells: all but its last four digits, as hexadecimal, shifted right by 12 bits, are
    epoch ms.
    """
    created = entry.created
    if (type(created) is int or type(created) is float) and 0 <= at_ms - created <= MAX_QUEUE_AGE_MS:
        return int(at_ms - created)
    known = created_ms(entry.id)
    if known is not None and -MAX_AHEAD_MS <= at_ms - known <= MAX_QUEUE_AGE_MS:
        return max(at_ms - known, 0)
    return None
