"""Realistic examples of every message. Times and names are fixed, so the files change only when we do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from wildwatch.contracts import subjects
from wildwatch.contracts.mail import MailBatch, MailEvent, MailMessage
from wildwatch.contracts.messages import (
    ApiKey,
    Command,
    DeadLetter,
    Directives,
    Fact,
    HostSample,
    Job,
    LiveMail,
    PausedAddress,
    ServiceSample,
)
from wildwatch.contracts.post import MailPost, PostAnswer, Problem, RejectedEvent

_HOST: Final = "mta1.example.net"
_AT_MS: Final = 1_795_318_946_537
_BATCH: Final = "01a20158-f169-7a11-8c55-3f0e0b1d2c3a"
_ENTRY: Final = (
    b'{"ts":1795318946537,"id":"1a20158e29a0007d3b","seq":"001","action":"ACCEPTED","zone":"default",'
    b'"from":"alice@example.test","to":"bob@example.org","mx":"mx.example.org","host":"198.51.100.26",'
    b'"ip":"192.0.2.7","response":"250 2.0.0 OK","instance":"default","pid":704,"n":18}'
)


def delivered() -> MailEvent:
    """A message handed over at the first attempt."""
    return MailEvent(
        time_ms=_AT_MS, action="delivered", queue_id="1a20158e29a0007d3b", seq="001", instance="default",
        pid=704, n=18, message_id="<b2f4@example.test>", zone="default", pool="transactional",
        source_ip="192.0.2.7", mx="mx.example.org", mx_ip="198.51.100.26", provider="google",
        sender="alice@example.test", sender_domain="example.test", recipient="bob@example.org",
        recipient_domain="example.org", mailbox="alice", smtp_code=250, enhanced_code="2.0.0",
        response="250 2.0.0 OK", attempt=1, queued_ms=2_140, delivery_ms=45, size=4_869, tls="TLSv1.3",
    )  # fmt: skip


def deferred() -> MailEvent:
    """A temporary refusal by a list of bad senders, to be tried again."""
    return MailEvent(
        time_ms=_AT_MS + 900, action="deferred", queue_id="1a20158e2b80007d3b", seq="001",
        instance="default", zone="default", source_ip="2001:db8::7", recipient_domain="example.org",
        smtp_code=451, enhanced_code="4.7.1", bounce_class="blocklisted", permanent=False, attempt=3,
        response="451 4.7.1 Try again later", reply_template="451 4.7.1 Try again later",
        next_attempt_ms=_AT_MS + 600_900, queued_ms=1_900_000,
    )  # fmt: skip


def queued() -> MailEvent:
    """A message taken in; events about a whole message have no `seq`."""
    return MailEvent(
        time_ms=_AT_MS - 2_140, action="queued", queue_id="1a20158e29a0007d3b", interface="feeder",
        message_id="<b2f4@example.test>", client_ip="203.0.113.9", mailbox="alice", size=4_869,
        spam_score=0.8,
    )  # fmt: skip


def batch(*events: MailEvent, name: str = _BATCH) -> MailBatch:
    """One post as ingest passes it on."""
    return MailBatch(
        batch=name, host=_HOST, received_ms=_AT_MS + 1_204, sent_ms=_AT_MS + 1_190, rules_version=1,
        events=list(events),
    )  # fmt: skip


def all_examples() -> Mapping[type[msgspec.Struct], Mapping[str, msgspec.Struct]]:
    """Type → name → example."""
    return {
        MailMessage: {
            "one-post": MailMessage(batches=[batch(queued(), delivered())]),
            "gathered-posts": MailMessage(
                batches=[
                    batch(delivered()),
                    batch(deferred(), name="01a20158-f4a1-7c3e-9d10-6b1f2a3c4d5e"),
                ]
            ),
        },
        HostSample: {
            "one-moment": HostSample(
                batch=_BATCH, host=_HOST, at_ms=_AT_MS, agent_version="0.1.0",
                metrics={"cpu.share": 0.21, "memory.used_bytes": 3_221_225_472.0},
                services=[
                    ServiceSample(name="zonemta", instance="default", state="up", metrics={"queued": 412.0}),
                    ServiceSample(name="rspamd", state="down", reason="connection refused"),
                ],
            ),
        },
        Fact: {
            "ip-paused": Fact(
                id="01a20158-f200-7000-8000-000000000001", kind="ip.paused", key="192.0.2.7", at_ms=_AT_MS,
                actor="dnsbl", reason="listed by two checks", data={"list": "bl.example"},
            ),
            "host-silent": Fact(
                id="01a20158-f200-7000-8000-000000000002", kind="host.silent", key=_HOST, at_ms=_AT_MS,
                actor="alert-evaluator",
            ),
        },
        Job: {
            "tick": Job(job="dnsbl-sweep", due_ms=1_795_318_800_000),
            "run-now": Job(job="report-daily", requested_by="carol", arguments={"day": "2026-11-21"}),
        },
        DeadLetter: {
            "one-event": DeadLetter(
                stream="MAIL", subject=subjects.mail(_HOST), reason="event-unusable",
                detail="ts: must be epoch milliseconds", at_ms=_AT_MS, by="ingest", host=_HOST, batch=_BATCH,
                index=3, payload='{"id":"1a20158e29a0007d3b","action":"ACCEPTED"}', form="zonemta_entry",
                host_received_ms=_AT_MS,
            ),
            "bytes": DeadLetter(
                stream="MAIL", subject=subjects.mail(_HOST), reason="message-unreadable",
                detail="JSON is malformed", at_ms=_AT_MS, by="writer", stream_seq=90_211, payload="//79AA==",
                encoding="base64",
            ),
        },
        LiveMail: {
            "one-second": LiveMail(
                writer="writer-1", at_ms=_AT_MS, committed=512, oldest_ms=_AT_MS - 900,
                by_host=[(1_795_318_946, _HOST, "delivered", 480), (1_795_318_946, _HOST, "deferred", 32)],
                by_provider=[(1_795_318_946, "google", "delivered", 300)],
            ),
            "nothing": LiveMail(writer="writer-1", at_ms=_AT_MS + 1_000, committed=0),
        },
        ApiKey: {
            "plugin": ApiKey(
                prefix="ww_k7m2p9qr", host=_HOST, scopes=["mail", "directives"],
                networks=["192.0.2.0/24", "2001:db8::/32"], expires_ms=1_826_854_946_537,
            ),
            "anywhere": ApiKey(prefix="ww_a2b3c4d5", host="mta2.example.net", scopes=["mail"]),
        },
        Directives: {
            "paused": Directives(
                epoch=1, version=18, host=_HOST,
                paused=[PausedAddress(address="192.0.2.7", until_ms=_AT_MS + 3_600_000, reason="listed")],
                caps={"192.0.2.8|google": 500},
                commands=[Command(id="c1", action="requeue", expires_ms=_AT_MS + 60_000)],
            ),
            "nothing": Directives(epoch=1, version=0, host=_HOST),
        },
        MailPost: {
            "one-event": MailPost(
                batch=_BATCH, host=_HOST, sent_at=_AT_MS + 1_190, events=[msgspec.Raw(_ENTRY)]
            ),
        },
        PostAnswer: {
            "taken": PostAnswer(accepted=500),
            "one-rejected": PostAnswer(
                accepted=499, rejected=[RejectedEvent(3, "ts: must be epoch milliseconds")], directives=17
            ),
            "again": PostAnswer(accepted=500, duplicate=True),
        },
        Problem: {
            "bad-key": Problem(
                type="https://wildwatch.dev/problems/bad-key", status=401,
                title="The API key is not known, expired or revoked",
                detail="list keys with `wildwatch key list`",
            ),
            "wrong-host": Problem(
                type="https://wildwatch.dev/problems/wrong-host", status=403,
                title="This key belongs to another host", detail="the key is for host `mta2.example.net`",
                field="host",
            ),
        },
    }  # fmt: skip
