# ruff: noqa: RUF001, RUF003 - masks are in ‹›, and replies come in every script
"""ZoneMTA's real entries, its traps, and the promise that nothing an entry holds can break a COPY."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wildwatch.contracts.mail import ACTIONS, MailBatch, MailEvent
from wildwatch.mail.normalise import Normaliser, UnusableEventError, decode

ENTRIES = Path(__file__).parents[2] / "data" / "zonemta" / "log-entries.ndjson"
NOW_MS = 1_795_319_000_000
QUEUE_ID = "1a201591aa60009e1e"
LIMITS = {
    "queue_id": 64,
    "seq": 128,
    "instance": 128,
    "message_id": 255,
    "zone": 128,
    "pool": 128,
    "mx": 255,
    "provider": 64,
    "sender": 320,
    "sender_domain": 255,
    "return_path": 320,
    "recipient": 320,
    "recipient_domain": 255,
    "mailbox": 128,
    "interface": 128,
    "enhanced_code": 16,
    "response": 512,
    "reply_template": 300,
    "bounce_class": 64,
    "zonemta_category": 128,
    "tls": 128,
    "source_ip": 45,
    "mx_ip": 45,
    "client_ip": 45,
    "action": 16,
}
TOPS = {
    "pid": 2**31,
    "smtp_code": 600,
    "attempt": 2**31,
    "n": 2**63,
    "size": 2**63,
    "queued_ms": 2**63,
    "delivery_ms": 2**63,
}


def normalise(received_ms: int = NOW_MS, **members: Any) -> MailEvent:
    entry = {"id": QUEUE_ID, "seq": "001", "action": "ACCEPTED", "ts": NOW_MS - 500, **members}
    return Normaliser().normalise(decode(json.dumps(entry).encode()), received_ms)


def check_storable(event: MailEvent) -> None:
    """What COPY and the rollups need of every event, whatever it was made from."""
    encoded = msgspec.json.encode(event)
    assert msgspec.json.decode(encoded, type=MailEvent) == event
    assert b"\\u0000" not in encoded
    assert event.action in ACTIONS
    for name, limit in LIMITS.items():
        value = getattr(event, name)
        assert value is None or len(value) <= limit, name
    for name, top in TOPS.items():
        value = getattr(event, name)
        assert value is None or 0 <= value < top, name
    for name in event.__struct_fields__:
        value = getattr(event, name)
        if isinstance(value, str):
            assert not {unicodedata.category(character) for character in value} & {"Cc", "Cs"}, name
    assert -(2**63) <= event.time_ms < 2**63
    assert event.next_attempt_ms is None or abs(event.next_attempt_ms - event.time_ms) < 2**40


def real_entries() -> list[tuple[dict[str, Any], int]]:
    found = []
    for line in ENTRIES.read_text("utf-8").splitlines():
        wrapped = json.loads(line)
        found.append(
            (
                wrapped["entry"] | {"ts": wrapped["ts"], "ctx": wrapped["ctx"], "pid": wrapped["pid"]},
                wrapped["ts"],
            )
        )
    return found


def test_every_real_entry_becomes_an_event() -> None:
    normaliser = Normaliser()
    seen = []
    for entry, at_ms in real_entries():
        private = {
            "subject": "Very private",
            "md5": "fc94c6533b04",
            "headers": "Very private",
            "body": 140_140,
        }
        event = normaliser.normalise(decode(json.dumps(entry | private).encode()), at_ms + 400)
        check_storable(event)
        assert event.time_ms == at_ms
        assert not event.time_suspect
        assert event.queue_id == entry["id"]
        assert event.pid == entry["pid"]
        assert event.queued_ms is None or 0 <= event.queued_ms < 3_600_000
        text = msgspec.json.encode(event).decode()
        assert not any(str(value) in text for value in private.values())
        seen.append((event.action, event.bounce_class))
    assert Counter(action for action, _ in seen) == {
        "queued": 282,
        "delivered": 269,
        "deferred": 32,
        "spam_check": 24,
        "bounced": 7,
        "dsn": 7,
        "dropped": 2,
        "refused": 2,
        "deleted": 1,
    }
    assert Counter(name for action, name in seen if action in ("deferred", "bounced")) == {
        "other": 10,
        "dnsbl_block": 9,
        "dns_network_timeout_tls": 6,
        "greylist": 3,
        "rate_limit": 3,
        "policy": 3,
        "unknown_user": 2,
        "spam_content": 2,
        "mailbox_full": 1,
    }


def test_a_delivered_entry_keeps_what_it_says() -> None:
    event = normalise(
        **{"from": "Alice@Example.TEST", "to": "bob@bücher.example", "returnPath": "srs0@example.test"},
        zone="bulk",
        pool="warm",
        mx="MX1.Rcpt.Test.",
        host="::ffff:192.0.2.9",
        ip="2001:DB8::0:7",
        response="250 2.0.0 OK queued as 1a201592b54",
        size=624,
        timer=22,
        messageId="<a@b>",
        protocol="smtp",
        tls=True,
        tlsVersion="TLSv1.3",
        tlsCipher="TLS_AES_256_GCM_SHA384",
        user="alice[alice.b@example.test]",
        interface="feeder",
        attempts=2,
        instance="mta1",
        pid=7,
        n=9,
        ctx="sender",
        created=NOW_MS - 3_500,
    )
    assert event == MailEvent(
        time_ms=NOW_MS - 500,
        action="delivered",
        queue_id=QUEUE_ID,
        seq="001",
        instance="mta1",
        pid=7,
        n=9,
        message_id="<a@b>",
        zone="bulk",
        pool="warm",
        source_ip="2001:db8::7",
        mx="mx1.rcpt.test",
        mx_ip="192.0.2.9",
        provider="other",
        sender="Alice@example.test",
        sender_domain="example.test",
        return_path="srs0@example.test",
        recipient="bob@xn--bcher-kva.example",
        recipient_domain="xn--bcher-kva.example",
        mailbox="alice",
        interface="feeder",
        smtp_code=250,
        enhanced_code="2.0.0",
        response="250 2.0.0 OK queued as 1a201592b54",
        attempt=2,
        queued_ms=3_000,
        delivery_ms=22,
        size=624,
        tls="TLSv1.3",
        extra={"login": "alice.b@example.test"},
    )


def test_a_greeting_refusal_is_pinned_on_the_address_we_came_from() -> None:
    refusal = {
        "action": "DEFERRED",
        "to": "ok@gmail.com",
        "mx": "gmail.com",
        "ip": False,
        "host": False,
        "size": 494,
        "response": "554 5.7.1 Service unavailable; Client host [192.0.2.7] blocked using zen.spamhaus.org",
        "category": "blacklist",
        "defcount": 3,
        "nextattempt": NOW_MS + 60_000,
        "timer": False,
    }
    event = normalise(**refusal, localAddress="192.0.2.7", zoneAddress="192.0.2.8")
    assert (event.source_ip, event.mx, event.mx_ip, event.provider) == ("192.0.2.7", None, None, "google")
    assert (event.bounce_class, event.permanent, event.zonemta_category) == ("dnsbl_block", True, "blacklist")
    assert (event.attempt, event.next_attempt_ms, event.size, event.delivery_ms) == (
        3,
        NOW_MS + 60_000,
        None,
        None,
    )
    assert event.extra == {"class_detail": "spamhaus"}
    assert normalise(**refusal, zoneAddress={"address": "192.0.2.8", "name": "out8"}).source_ip == "192.0.2.8"
    named = normalise(**refusal, mxHost="MX00.web.de.")
    assert (named.source_ip, named.mx, named.provider) == (None, "mx00.web.de", "gmx")


def test_an_implicit_mx_counts_when_a_session_took_place() -> None:
    event = normalise(to="bob@example.org", mx="example.org", host="192.0.2.9", ip="192.0.2.7")
    assert event.mx == "example.org"


def test_the_last_reply_decides_what_a_final_bounce_meant() -> None:
    event = normalise(action="REJECTED", response="451 4.3.0 Temporary local problem, please try later")
    assert (event.action, event.permanent) == ("bounced", False)
    assert normalise(action="REJECTED").bounce_class == "other"


@pytest.mark.parametrize(("raw", "stored"), [("<>", ""), ("", ""), (False, None), (None, None), (True, None)])
def test_the_null_sender_is_not_an_unknown_one(raw: object, stored: str | None) -> None:
    normaliser = Normaliser(max_cache_entries=1)
    for action in ("QUEUED", "ACCEPTED"):
        for _ in range(3):
            entry = decode(json.dumps({"id": QUEUE_ID, "action": action, "ts": NOW_MS, "from": raw}).encode())
            assert normaliser.normalise(entry, NOW_MS).sender == stored


def test_many_recipients_are_listed_within_bounds() -> None:
    three = normalise(action="QUEUED", to='a@x.test,"q,r"@X.test, <b@y.test>')
    assert three.recipient is None
    assert three.extra == {"recipients": ["a@x.test", '"q,r"@x.test', "b@y.test"], "recipient_count": 3}
    many = normalise(action="QUEUED", to=",".join(f"{'r' * 200}{n}@x.test" for n in range(300)))
    assert many.extra is not None
    assert many.extra["recipient_count"] == 300
    assert 10 < len(many.extra["recipients"]) <= 50
    assert len(json.dumps(many.extra["recipients"])) < 4_500


def test_the_plugin_named_date_of_zonemta_wildduck_is_no_creation_time() -> None:
    event = normalise(
        id="1a201591aa60009e1e",
        ts=1_795_318_950_743,
        received_ms=1_795_318_951_000,
        created="2026-11-22T03:42:30.743Z",
    )
    assert event.queued_ms == 1_795_318_950_743 - (0x1A201591AA6000 >> 12)


def test_queue_times_are_never_negative_nor_absurd() -> None:
    assert normalise(ts=(0x1A201591AA6000 >> 12) - 20, received_ms=0x1A201591AA6000 >> 12).queued_ms == 0
    assert normalise(id="ffffffffffffff9e1e").queued_ms is None
    assert normalise(id="not-hex".replace("-", "")).queued_ms is None


@pytest.mark.parametrize(
    ("ts", "suspect"),
    [
        (NOW_MS, False),
        (NOW_MS + 600_000, False),
        (NOW_MS + 600_001, True),
        (NOW_MS - 7 * 86_400_000, False),
        (NOW_MS - 7 * 86_400_000 - 1, True),
        (0, True),
        (-5, True),
        (10**300, True),
        (1.5, True),
        (NOW_MS + 0.5, False),
    ],
)
def test_a_wild_clock_is_replaced_and_flagged(ts: float, suspect: bool) -> None:
    event = normalise(action="DEFERRED", ts=ts, nextattempt=ts + 1_000)
    assert event.time_suspect is suspect
    check_storable(event)
    if suspect:
        assert event.time_ms == NOW_MS
        assert event.extra is not None
        assert event.extra["ts"] == max(min(int(ts), 2**63 - 1), -(2**63))
    if ts in (0, 1.5):
        assert event.next_attempt_ms == NOW_MS + 1_000


@pytest.mark.parametrize(
    ("members", "field"),
    [
        ({"id": None}, "id"),
        ({"id": ""}, "id"),
        ({"id": 5}, "id"),
        ({"id": "a b"}, "id"),
        ({"id": "a" * 65}, "id"),
        ({"id": "１２"}, "id"),
        ({"ts": None}, "ts"),
        ({"ts": "17"}, "ts"),
        ({"ts": True}, "ts"),
        ({"ts": float("nan")}, "ts"),
        ({"ts": float("inf")}, "ts"),
        ({"action": None}, "action"),
        ({"action": ""}, "action"),
        ({"action": ["ACCEPTED"]}, "action"),
    ],
)
def test_what_cannot_be_an_event_is_refused_by_name(members: dict[str, Any], field: str) -> None:
    with pytest.raises(UnusableEventError) as caught:
        normalise(**members)
    assert caught.value.field == field
    assert str(caught.value).startswith(f"{field}: must be ")


@pytest.mark.parametrize(
    "raw", [b"", b"[1]", b"null", b'"x"', b"{", b"[" * 100_000, b'{"id":' + b"[" * 20_000]
)
def test_what_is_no_json_object_is_refused(raw: bytes) -> None:
    with pytest.raises(UnusableEventError) as caught:
        decode(raw)
    assert caught.value.field == "event"


def test_broken_text_is_mended() -> None:
    raw = (
        b'{"id":"1a201591aa60009e1e","action":"DEFERRED","ts":1795319000000,"zone":"a\\u0000b\\ud800c",'
        b'"response":"451 caf\xe9 \\u202e\\n x","to":"\xffx@y.test"}'
    )
    event = Normaliser().normalise(decode(raw), NOW_MS)
    check_storable(event)
    assert event.zone == "ab\ufffdc"
    assert event.response == "451 caf\ufffd   x"
    assert event.recipient == "\ufffdx@y.test"


def test_memories_stay_within_their_bound() -> None:
    normaliser = Normaliser(max_cache_entries=5)
    for n in range(40):
        entry = {
            "id": QUEUE_ID,
            "action": "DEFERRED",
            "ts": NOW_MS,
            "zone": f"z{n}",
            "from": f"a@d{n}.test",
            "to": f"b@r{n}.test",
            "mxHost": f"mx.r{n}.test",
            "ip": f"192.0.2.{n}",
            "response": f"45{n % 10} 4.2.{n} word{'x' * n} full",
        }
        normaliser.normalise(decode(json.dumps(entry).encode()), NOW_MS)
        assert max(normaliser.remembered().values()) <= 6
    assert min(normaliser.remembered().values()) >= 1


def test_unknown_actions_keep_their_name() -> None:
    event = normalise(action="QUARANTINED")
    assert (event.action, event.extra) == ("other", {"action": "QUARANTINED"})


def test_a_list_in_the_place_of_a_string_spoils_nothing_else() -> None:
    event = normalise(
        zone=["a"], user={"name": "x"}, ip=["192.0.2.7"], mx="mx.example.org", to="bob@example.org"
    )
    assert (event.zone, event.mailbox, event.source_ip) == (None, None, None)
    assert (event.mx, event.recipient) == ("mx.example.org", "bob@example.org")


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(), max_size=40)
    | st.sampled_from(
        ["", "<>", "\x00", "\ud800", "450 4.2.2 full", "1.2.3.4", "::1", "a@b", "QUEUED", "smtp", "mx"]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
MEMBERS = [
    "seq",
    "action",
    "ts",
    "instance",
    "ctx",
    "pid",
    "n",
    "zone",
    "pool",
    "from",
    "returnPath",
    "to",
    "recipient",
    "mx",
    "mxHost",
    "host",
    "ip",
    "localAddress",
    "zoneAddress",
    "src",
    "response",
    "responseText",
    "description",
    "reason",
    "error",
    "category",
    "defcount",
    "attempts",
    "nextattempt",
    "created",
    "size",
    "timer",
    "messageId",
    "message-id",
    "secure",
    "tls",
    "tlsVersion",
    "tlsCipher",
    "protocol",
    "user",
    "interface",
    "headerFrom",
    "rwRcptFrom",
    "score",
    "result",
    "tests",
    "suppressed address",
    "suppressed domain",
    "bounceType",
    "bounceId",
    "queued",
    "subject",
    "id",
]
NORMALISER = Normaliser(max_cache_entries=8)


@settings(max_examples=600, deadline=None)
@given(
    action=st.sampled_from(
        [
            "QUEUED",
            "ACCEPTED",
            "DEFERRED",
            "REJECTED",
            "NOQUEUE",
            "DROP",
            "DELETED",
            "SPAMCHECK",
            "QUEUE_BOUNCE",
            "X",
        ]
    ),
    members=st.dictionaries(st.sampled_from(MEMBERS), JSON, max_size=12),
)
def test_no_json_breaks_it(action: str, members: dict[str, Any]) -> None:
    entry = {"id": QUEUE_ID, "action": action, "ts": NOW_MS, **members}
    raw = json.dumps(entry).encode("utf-8", "surrogatepass")
    try:
        event = NORMALISER.normalise(decode(raw), NOW_MS)
    except UnusableEventError as error:
        assert error.field in ("id", "ts", "action")  # noqa: PT017 - the only error there may be
        return
    check_storable(event)
    msgspec.json.encode(
        MailBatch(batch="b", host="h", received_ms=NOW_MS, sent_ms=NOW_MS, rules_version=1, events=[event])
    )


@settings(max_examples=300, deadline=None)
@given(
    raw=st.binary(max_size=80) | st.text(max_size=80).map(lambda text: text.encode("utf-8", "surrogatepass"))
)
def test_no_bytes_break_it(raw: bytes) -> None:
    try:
        check_storable(NORMALISER.normalise(decode(raw), NOW_MS))
    except UnusableEventError as error:
        assert str(error)  # noqa: PT017 - the only error there may be
