"""What happens to events while ingest is away, and when ZoneMTA ends in between."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from tests.e2e.zonemta.fixtures import MakeZoneMta
from tests.e2e.zonemta.mta import ZoneMta
from tests.e2e.zonemta.program import wait_until
from tests.e2e.zonemta.receiver import Receiver
from tests.e2e.zonemta.sink import Sink

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]

SOON = {"retry_base_ms": 100, "retry_max_ms": 1000}


def send_and_see(mta: ZoneMta, sink: Sink, name: str, count: int) -> list[str]:
    """Mail flows: every one of `count` mails reaches the sink. Returns their queue ids.

    Waits for their release too: a ZoneMTA that ends between the two sends the mail again and says so.
    """
    recipients = {f"ok{number}@{name}.test" for number in range(count)}
    ids = [mta.send(recipient) for recipient in sorted(recipients)]
    wait_until(
        lambda: recipients <= {to for delivery in sink.delivered for to in delivery.recipients},
        40,
        lambda: f"mail is stuck:\n{mta.log()[-3000:]}",
    )
    wait_until(lambda: mta.under_way() == 0, 40, lambda: f"not released:\n{mta.log()[-3000:]}")
    return ids


def spooled_events(mta: ZoneMta) -> int:
    return sum(int(path.name.split("_")[2]) for path in mta.spooled())


def expect_each_once(receiver: Receiver, ids: list[str]) -> None:
    """QUEUED and ACCEPTED of every message, once each."""
    receiver.wait_for(
        lambda events: (
            {(event["id"], event["action"]) for event in events}
            >= {(queue_id, action) for queue_id in ids for action in ("QUEUED", "ACCEPTED")}
        )
    )
    for queue_id in ids:
        found = receiver.of(queue_id)
        told = [(event["action"], event["ctx"], event["pid"], event["n"], event["ts"]) for event in found]
        assert sorted(event["action"] for event in found) == ["ACCEPTED", "QUEUED"], f"{told}"


def test_mail_flows_while_ingest_is_away_and_its_events_follow(
    zonemta: MakeZoneMta, receiver: Receiver, sink: Sink
) -> None:
    mta = zonemta(receiver.url, receiver.key, **SOON)
    before = send_and_see(mta, sink, "before", 2)
    expect_each_once(receiver, before)
    receiver.stop()
    during = send_and_see(mta, sink, "during", 5)
    wait_until(lambda: spooled_events(mta) >= 10, 20, lambda: f"{mta.spooled()}")
    assert "ingest cannot be used: ECONNREFUSED" in mta.log()
    receiver.start()
    after = send_and_see(mta, sink, "after", 2)
    expect_each_once(receiver, before + during + after)
    wait_until(lambda: not mta.spooled(), 20, lambda: f"left: {mta.spooled()}")


def test_a_restart_during_an_outage_loses_nothing(
    zonemta: MakeZoneMta, receiver: Receiver, sink: Sink
) -> None:
    mta = zonemta(receiver.url, receiver.key, **SOON)
    receiver.stop()
    first = send_and_see(mta, sink, "first", 4)
    assert mta.stop() == 0  # some events are still unsealed: the processes save them as they end
    assert spooled_events(mta) >= 8
    mta.start()
    second = send_and_see(mta, sink, "second", 2)
    receiver.start()
    expect_each_once(receiver, first + second)
    wait_until(lambda: not mta.spooled(), 20, lambda: f"left: {mta.spooled()}")
    assert mta.stop() == 0
    assert left_by_dead_processes(mta.spool) == []


def test_sealed_batches_survive_sigkill(zonemta: MakeZoneMta, receiver: Receiver, sink: Sink) -> None:
    mta = zonemta(receiver.url, receiver.key, **SOON)
    receiver.stop()
    ids = send_and_see(mta, sink, "killed", 3)
    wait_until(lambda: spooled_events(mta) >= 6, 20, lambda: f"{mta.spooled()}")
    mta.kill()
    mta.start()
    receiver.start()
    expect_each_once(receiver, ids)


def test_a_signalled_child_saves_its_events_and_is_replaced(
    zonemta: MakeZoneMta, receiver: Receiver, sink: Sink
) -> None:
    # batches that would not be sealed before the test is over: only the shutdown path can bring them
    mta = zonemta(receiver.url, receiver.key, batch_max_age_ms=60_000, sweep_interval_ms=200)
    ids = send_and_see(mta, sink, "child", 3)
    signalled = mta.child_pids(": sender/default") + mta.child_pids(": receiver/feeder")
    assert len(signalled) == 2
    for pid in signalled:
        os.kill(pid, signal.SIGTERM)
    expect_each_once(receiver, ids)


def test_a_wrong_key_stops_nothing_and_is_said(zonemta: MakeZoneMta, receiver: Receiver, sink: Sink) -> None:
    mta = zonemta(receiver.url, "wwk_wrong_key", **SOON)
    send_and_see(mta, sink, "wrongkey", 1)
    wait_until(lambda: receiver.refused_keys > 0, 20, lambda: mta.log()[-2000:])
    wait_until(lambda: "ingest refuses this host: 401" in mta.log(), 20, lambda: mta.log()[-2000:])
    assert "wwk_wrong_key" not in mta.log()
    wait_until(lambda: spooled_events(mta) >= 2, 20, lambda: f"{mta.spooled()}")
    assert receiver.events == []


def left_by_dead_processes(spool: Path) -> list[Path]:
    """Files outside the folder that the last main process kept for itself."""
    return [path for path in spool.rglob("*") if path.is_file()]
