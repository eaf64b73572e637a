"""Mail of every kind through a real ZoneMTA: each outcome is reported exactly once, with what it must say."""

from __future__ import annotations

from collections import Counter

import pytest
from tests.e2e.zonemta.configuration import ADDRESSES, INLINE_ADDRESS, INSTANCE
from tests.e2e.zonemta.fixtures import HOST, MakeZoneMta
from tests.e2e.zonemta.mta import RefusedError
from tests.e2e.zonemta.receiver import Event, Receiver

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]

KINDS = {
    "ok": ["ACCEPTED"],
    "slow": ["ACCEPTED"],
    "nouser": ["REJECTED"],
    "full": ["REJECTED"],
    "policy": ["REJECTED"],
    "spam": ["REJECTED"],
    "defer": ["DEFERRED", "DEFERRED"],
    "grey": ["DEFERRED", "DEFERRED"],
    "rate": ["DEFERRED", "DEFERRED"],
    "listed": ["DEFERRED", "DEFERRED"],
}
RETRIED_SOON = {"greet", "dead"}  # a second try may come before the end of the test, or not
TEMPORARY = {"full"}  # ZoneMTA's own rules may retry it; which way is its business


def test_every_outcome_arrives_once(zonemta: MakeZoneMta, receiver: Receiver) -> None:
    mta = zonemta(receiver.url, receiver.key)
    ids = {kind: mta.send(f"{kind}1@{kind}.test") for kind in KINDS}
    ids["greet"] = mta.send("ok1@greet.test")
    ids["dead"] = mta.send("ok1@dead.test")
    ids["multi"] = mta.send(["ok2@rcpt.test", "nouser2@rcpt.test"], sender="bob@other.test", user=None)
    mta.send("ok3@rcpt.test", subject="TESTDROP")
    with pytest.raises(RefusedError, match="not allowed here"):
        mta.send("ok4@rcpt.test", subject="TESTREJECT")
    expected = {**KINDS, "greet": ["DEFERRED"], "dead": ["DEFERRED"], "multi": ["ACCEPTED", "REJECTED"]}

    def outcomes(kind: str) -> list[Event]:
        return [event for event in receiver.of(ids[kind]) if event["ctx"] == "sender"]

    receiver.wait_for(
        lambda events: (
            all(len(outcomes(kind)) >= len(actions) for kind, actions in expected.items())
            and {"DROP", "NOQUEUE"} <= {event["action"] for event in events}
        )
    )
    assert mta.stop() == 0
    for kind, actions in expected.items():
        actual = [event["action"] for event in outcomes(kind)]
        if kind in RETRIED_SOON:
            assert set(actual) == {"DEFERRED"}, kind
            assert [event["attempts"] for event in outcomes(kind)] == list(range(1, len(actual) + 1)), kind
        elif kind not in TEMPORARY:
            assert sorted(actual) == actions, kind
        assert len([event for event in receiver.of(ids[kind]) if event["action"] == "QUEUED"]) == 1, kind

    _all_attempts_are_enriched([event for kind in KINDS for event in outcomes(kind)])
    _retries_count(outcomes("defer"))
    _refused_greeting_names_the_address(outcomes("greet")[0])
    _dead_server_names_the_address(outcomes("dead")[0])
    _whole_messages(receiver)
    _stamps(receiver)
    _no_mail_text(mta.log(), receiver)


def _all_attempts_are_enriched(attempts: list[Event]) -> None:
    for event in attempts:
        assert event["ip"] in ADDRESSES, event
        assert event["localAddress"] == event["zoneAddress"] == event["ip"], event
        assert event["pool"] == "main"
        assert event["user"] == "alice@example.test"
        assert event["interface"] == "feeder"
        assert event["mxHost"] == "127.0.0.1"
        queued_ms = int(event["id"][:-4], 16) >> 12
        assert abs(event["created"] - queued_ms) < 2000
        assert event["ts"] >= event["created"]
    blocked = [event for event in attempts if event["to"].startswith("listed")]
    assert {event["category"] for event in blocked} == {"blacklist"}
    assert all(event["ip"] in event["response"] for event in blocked)


def _retries_count(attempts: list[Event]) -> None:
    assert [(event["attempts"], event["defcount"]) for event in attempts] == [(1, 1), (2, 2)]
    assert attempts[0]["created"] == attempts[1]["created"]


def _refused_greeting_names_the_address(event: Event) -> None:
    assert "blocked using zen.spamhaus.org" in event["response"]
    assert not event.get("ip")
    assert event["localAddress"] in ADDRESSES
    assert event["localAddress"] in event["response"]
    assert event["zone"] == "greet"


def _dead_server_names_the_address(event: Event) -> None:
    assert not event.get("ip")
    assert "localAddress" not in event
    assert event["zoneAddress"] == INLINE_ADDRESS
    assert event["pool"] == "zone:dead"
    assert event["category"] == "network"


def _whole_messages(receiver: Receiver) -> None:
    by_action = {event["action"]: event for event in receiver.events}
    assert by_action["NOQUEUE"]["responseText"] == "550 5.7.0 not allowed here"
    assert by_action["DROP"]["description"] == "testdrop"
    multi = next(event for event in receiver.events if event["action"] == "QUEUED" and "," in event["to"])
    assert multi["to"] == "ok2@rcpt.test,nouser2@rcpt.test"
    assert multi["src"] == "127.0.0.1"
    assert "message-id" in multi
    assert by_action["QUEUE_BOUNCE"]["ctx"] == "main"


def _stamps(receiver: Receiver) -> None:
    assert receiver.duplicates == 0
    assert {body["host"] for body in receiver.bodies} == {HOST}
    assert {event["instance"] for event in receiver.events} == {INSTANCE}
    numbers: dict[int, list[int]] = {}
    for event in receiver.events:
        numbers.setdefault(event["pid"], []).append(event["n"])
    for pid, counted in numbers.items():
        assert Counter(counted) == Counter(range(1, len(counted) + 1)), f"gap in process {pid}"


def _no_mail_text(log: str, receiver: Receiver) -> None:
    assert "Confidential" not in str(receiver.bodies)
    assert receiver.key not in log
