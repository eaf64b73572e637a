"""An invented hour of mail for the page's tests: five hosts, eight providers, and one provider in trouble.

Outlook.com starts to slow down and refuse one address in the last third of the range; everything else is
as usual. The same seed gives the same scene.
"""

from __future__ import annotations

import itertools
import random
import uuid
from typing import NamedTuple

from wildwatch.contracts.mail import MailBatch, MailEvent
from wildwatch.mail.classify import RULES_VERSION, classify

HOSTS = ("out-01", "out-02", "out-03", "out-07", "out-09")


class Receiver(NamedTuple):
    slug: str
    mx: str
    domain: str
    weight: int
    deferred: float
    bounced: float
    typical_ms: int


RECEIVERS = (
    Receiver("google", "gmail-smtp-in.l.google.com", "gmail.example", 34, 0.021, 0.006, 1_100),
    Receiver("microsoft365", "example.mail.protection.outlook.com", "corp.example", 24, 0.028, 0.007, 1_700),
    Receiver("outlook", "outlook-com.olc.protection.outlook.com", "outlook.example", 14, 0.04, 0.008, 1_900),
    Receiver("yahoo", "mta5.am0.yahoodns.net", "yahoo.example", 11, 0.09, 0.008, 2_600),
    Receiver("apple", "mx01.mail.icloud.com", "icloud.example", 7, 0.018, 0.006, 900),
    Receiver("gmx", "mx00.gmx.net", "gmx.example", 5, 0.012, 0.008, 800),
    Receiver("orange", "smtp-in.orange.fr", "orange.example", 3, 0.06, 0.004, 9_000),
    Receiver("other", "mx.shop.example", "shop.example", 9, 0.045, 0.03, 2_400),
)

DEFERRALS = {
    "google": (
        "421 4.7.28 Gmail has detected an unusual rate of unsolicited mail originating from your IP address.",
        "other",
    ),
    "outlook": ("451 4.7.500 Server busy. Please try again later from [198.51.100.79]. (S77719)", "greylist"),
    "yahoo": (
        "421 4.7.0 [TSS04] Messages from 198.51.100.81 temporarily deferred due to user complaints",
        "rate",
    ),
    "orange": ("421 4.7.0 OFR005_104 Trop de connexions, veuillez verifier votre configuration", "rate"),
}
DEFERRAL = ("450 4.2.1 The user you are trying to contact is receiving mail too quickly", "rate")
BLOCK = (
    "451 4.7.650 The mail server [198.51.100.77] has been temporarily rate limited due to IP reputation.",
    "other",
)
LISTED = ("550 5.7.1 Service unavailable, Client host [198.51.100.77] blocked using Spamhaus.", "blacklist")
BOUNCE = ("550 5.1.1 <nobody@shop.example>: Recipient address rejected: User unknown", "recipient")


def batches(start_ms: int, end_ms: int, per_second: float, seed: int = 7) -> list[MailBatch]:
    """Events of `[start_ms, end_ms)`, in batches of one host and at most 500."""
    dice = random.Random(seed)
    by_host: dict[str, list[MailEvent]] = {host: [] for host in HOSTS}
    weights = [receiver.weight for receiver in RECEIVERS]
    serial = itertools.count(dice.randrange(1 << 12))
    n = int((end_ms - start_ms) / 1000 * per_second)
    for _ in range(n):
        time_ms = dice.randrange(start_ms, end_ms)
        progress = (time_ms - start_ms) / max(1, end_ms - start_ms)
        if dice.random() > 0.82 + 0.18 * abs(1 - 2 * progress):
            continue
        receiver = dice.choices(RECEIVERS, weights)[0]
        host = dice.choices(HOSTS, (28, 26, 24, 17, 5))[0]
        by_host[host] += _delivery(dice, receiver, time_ms, progress, next(serial))
    found = []
    for host, events in by_host.items():
        events.sort(key=lambda event: event.time_ms)
        for i in range(0, len(events), 500):
            part = events[i : i + 500]
            found.append(
                MailBatch(
                    batch=_uuid7(dice, part[-1].time_ms),
                    host=host,
                    received_ms=part[-1].time_ms + 180,
                    sent_ms=part[-1].time_ms + 90,
                    rules_version=RULES_VERSION,
                    events=part,
                )
            )
    return found


def _delivery(
    dice: random.Random, to: Receiver, time_ms: int, progress: float, serial: int
) -> list[MailEvent]:
    sender = dice.choice(
        ("news@brand.example", "offers@shop.example", "post@club.example", "anna@corp.example")
    )
    trouble = to.slug == "outlook" and progress > 0.68
    source_ip = dice.choice(
        ("198.51.100.77", "198.51.100.78", "198.51.100.79", "203.0.113.12", "203.0.113.141")
    )
    is_blocked = trouble and source_ip in {"198.51.100.77", "198.51.100.78"} and dice.random() < 0.32
    deferred = 0.22 if trouble else to.deferred
    queued_ms = int(dice.lognormvariate(0, 0.8) * to.typical_ms) + (
        240_000 if trouble and dice.random() < 0.1 else 0
    )
    created = time_ms - queued_ms
    recipient = f"{dice.choice(('m.rossi', 'k.vogel', 'ana', 'j.lind', 'p.novak'))}{serial % 97}@{to.domain}"
    shared = {
        "queue_id": f"{(created << 12) + serial % 4096:014x}{serial % 65_536:04x}",
        "sender": sender, "sender_domain": sender.partition("@")[2], "return_path": sender,
        "message_id": f"<{serial:x}@{sender.partition('@')[2]}>", "instance": "a1", "pid": 4711,
        "zone": dice.choice(("bulk-b", "news-a", "tx-1")),
    }  # fmt: skip
    events = [
        MailEvent(time_ms=created, action="queued", size=dice.randrange(4_000, 90_000), interface="feeder",
                  mailbox=sender, client_ip="10.1.2.3", **shared)
    ]  # fmt: skip
    attempt = {
        **shared, "time_ms": time_ms, "seq": "001", "pool": shared["zone"], "source_ip": source_ip,
        "mx": to.mx,
        "mx_ip": "192.0.2.25", "provider": to.slug, "recipient": recipient, "recipient_domain": to.domain,
        "queued_ms": queued_ms, "delivery_ms": min(queued_ms, 2_310), "attempt": 1 + (serial % 7 == 0),
        "tls": "TLSv1.3",
    }  # fmt: skip
    roll = dice.random()
    if is_blocked:
        reply = LISTED if roll < 0.2 else BLOCK
    elif roll < deferred:
        reply = DEFERRALS.get(to.slug, DEFERRAL)
    elif roll < deferred + to.bounced:
        reply = BOUNCE
    else:
        done = "250 2.6.0 <d41c.77@brand.example> [InternalId=4810363] Queued mail for delivery"
        events.append(MailEvent(action="delivered", response=done, smtp_code=250, enhanced_code="2.6.0",
                                size=dice.randrange(4_000, 90_000), **attempt))  # fmt: skip
        return events
    text, category = reply
    verdict = classify(text, provider=to.slug)
    is_final = text.startswith("5")
    events.append(
        MailEvent(
            action="bounced" if is_final else "deferred", response=text, smtp_code=int(text[:3]),
            enhanced_code=text.split()[1], reply_template=verdict.template, bounce_class=verdict.bounce_class,
            permanent=verdict.permanent, zonemta_category=category,
            next_attempt_ms=None if is_final else time_ms + 300_000,
            extra={"class_detail": verdict.detail} if verdict.detail else None, **attempt,
        )
    )  # fmt: skip
    return events


def _uuid7(dice: random.Random, ms: int) -> str:
    value = (ms << 80) | dice.getrandbits(80)
    value = (value & ~(0xF << 76)) | (7 << 76)
    value = (value & ~(0x3 << 62)) | (2 << 62)
    return str(uuid.UUID(int=value))
