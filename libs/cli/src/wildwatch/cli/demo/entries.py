"""ZoneMTA's `log:entry` objects with what the plugin adds, key by key as the real ones.

Optional keys are absent, or `false` where ZoneMTA writes that; subjects are left out as the plugin does.
"""

from __future__ import annotations

from typing import Any

from wildwatch.cli.demo.delivery import Delivery, Message
from wildwatch.cli.demo.replies import DATA, GREETING, NETWORK, Reply
from wildwatch.cli.demo.world import NO_TLS

Entry = dict[str, Any]


def _receiver(message: Message, action: str, to: str, md5: str) -> Entry:
    sender = message.sender
    over_http = sender.interface == "api"
    entry: Entry = {
        "id": message.queue_id,
        "action": action,
        "message-id": message.message_id,
        "from": message.envelope_from or "<>",
        "to": to,
        "src": sender.src,
        "body": message.size,
        "md5": md5,
        "interface": sender.interface,
    }
    if over_http:
        entry["src"] = False
        entry["transtype"] = "HTTP"
    else:
        entry["originhost"] = f"[{sender.src}]"
        entry["transhost"] = f"client.{sender.domain}"
        entry["transtype"] = "ESMTPSA"
    if message.user is not None:
        entry["user"] = message.user
    entry["headerFrom"] = sender.address
    return entry


def queued(message: Message, to: str, md5: str, check: Entry | None) -> Entry:
    entry = _receiver(message, "QUEUED", to, md5)
    if check is not None:
        entry["score"] = check["score"]
        entry["tests"] = check["tests"].replace(", ", ",")
    return entry


def refused(message: Message, to: str, md5: str, check: Entry) -> Entry:
    """NOQUEUE, as Rspamd's verdict makes it."""
    entry = queued(message, to, md5, check)
    entry["action"] = "NOQUEUE"
    entry["description"] = "spam"
    entry["responseText"] = "550 This message was classified as SPAM and may not be delivered"
    return entry


def spam_check(queue_id: str, score: float, result: str, tests: str) -> Entry:
    return {"id": queue_id, "action": "SPAMCHECK", "score": f"{score:.2f}", "result": result, "tests": tests}


def suppressed(message: Message, seq: str, recipient: str) -> Entry:
    return {
        "id": message.queue_id,
        "seq": seq,
        "action": "DROP",
        "reason": "Recipient was found from suppression list",
        "recipient": recipient,
        "suppressed address": recipient,
    }


def deleted(delivery: Delivery) -> Entry:
    return {
        "id": delivery.message.queue_id,
        "seq": delivery.seq,
        "action": "DELETED",
        "reason": "Deletion requested from API",
    }


def report_queued(message: Message, to: str, about: str, md5: str) -> Entry:
    """QUEUED of a non-delivery report."""
    return {
        "id": message.queue_id,
        "action": "QUEUED",
        "message-id": message.message_id,
        "from": "<>",
        "to": to,
        "body": message.size,
        "md5": md5,
        "interface": "bounce",
        "transtype": "HTTP",
        "headerFrom": f"Mail Delivery Subsystem <mailer-daemon@{about}>",
    }


def report_made(delivery: Delivery, report_id: str) -> Entry:
    return {
        "id": delivery.message.queue_id,
        "seq": delivery.seq,
        "action": "QUEUE_BOUNCE",
        "queued": "yes",
        "bounceType": "failure",
        "bounceId": report_id,
    }


def accepted(delivery: Delivery, mx: str, mx_ip: str, response: str, timer_ms: int) -> Entry:
    message = delivery.message
    entry: Entry = {
        "id": message.queue_id,
        "seq": delivery.seq,
        "action": "ACCEPTED",
        "zone": message.pool.zone,
        "from": message.envelope_from,
        "returnPath": message.return_path,
        "to": delivery.recipient,
        "mx": mx,
        "host": mx_ip,
        "ip": delivery.address,
        "response": response,
        "size": message.size + 900,
        "timer": timer_ms,
        "start": timer_ms * 3 // 4,
        "messageId": message.message_id,
        **delivery.domain.tls,
        "protocol": "smtp",
        "attempts": delivery.attempts,
        "created": message.created_ms,
        "interface": message.sender.interface,
        "pool": message.pool.name,
        "localAddress": delivery.address,
        "zoneAddress": delivery.address,
        "mxHost": mx,
    }
    if message.user is not None:
        entry["user"] = message.user
    return entry


def failed(
    delivery: Delivery,
    mx: str,
    mx_ip: str,
    reply: Reply,
    response: str,
    *,
    timer_ms: int,
    next_ms: int | None,
) -> Entry:
    """DEFERRED when there is a next attempt, else REJECTED.

    Without an SMTP session `ip`, `host`, `size` and the times are missing and `mx` is the recipient's domain.
    """
    message = delivery.message
    stage = reply.stage
    entry: Entry = {
        "id": message.queue_id,
        "seq": delivery.seq,
        "action": "REJECTED",
        "category": reply.category,
    }
    if next_ms is not None:
        entry["action"] = "DEFERRED"
        entry["defcount"] = delivery.attempts
        entry["nextattempt"] = next_ms
    no_session = stage in (GREETING, NETWORK)
    entry["zone"] = message.pool.zone
    entry["from"] = message.envelope_from
    entry["returnPath"] = message.return_path
    entry["to"] = delivery.recipient
    if no_session:
        entry["mx"] = delivery.domain.name
    else:
        entry["mx"] = mx
        entry["host"] = mx_ip
        entry["ip"] = delivery.address
    entry["response"] = response
    if not no_session:
        entry["size"] = message.size + 900 if stage == DATA else 420 + len(message.message_id)
        entry["timer"] = timer_ms if stage == DATA else False
        entry["start"] = timer_ms * 3 // 4
    entry["messageId"] = message.message_id
    entry.update(NO_TLS if no_session else delivery.domain.tls)
    entry["protocol"] = "smtp"
    entry["attempts"] = delivery.attempts
    entry["created"] = message.created_ms
    if message.user is not None:
        entry["user"] = message.user
    entry["interface"] = message.sender.interface
    entry["pool"] = message.pool.name
    if stage != NETWORK:
        entry["localAddress"] = delivery.address
    entry["zoneAddress"] = delivery.address
    if reply.category != "dns":
        entry["mxHost"] = mx
    return entry
